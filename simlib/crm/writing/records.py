"""What a CRM knows of each lead, one row a lead, before any layout.

In: an `EventLog`, or a `Run`. Out: `Records`. It writes nothing, and knows no layout: a
CRM keeps the first time that a lead came to a stage, how it stands, and one deal for
each lead that got so far.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from simlib.crm.showing import shown
from simlib.draws import Floats
from simlib.errors import DataError
from simlib.funnel import histories
from simlib.funnel.columns import Ints
from simlib.funnel.history import Histories
from simlib.funnel.marks import NURTURE
from simlib.log import EventLog, Graph
from simlib.run import Run

OPEN, WON, LOST = 0, 1, 2
OPPORTUNITY = "opportunity"


@dataclass(frozen=True)
class Records:
    """Leads in the order of arrival; arrays of one length, times in days, nan: never.

    Attributes
    ----------
    number : array of int
        1, 2, ... : what fake ids are made from.
    source : array of str
    created, won, lost : array of float
    stages : dict of str to array of float
        When each lead first came to a stage, ends left out.
    state : array of int
        `OPEN`, `WON` or `LOST`; it may say more than the dates do.
    reason : array of str
        Why it was lost.
    amount : array of float
    deal : array of float
        When its deal was opened.
    planned : array of float
        When its open deal is meant to close.
    changed : array of float
        When the record was last changed.
    capture_action : array of str
        What it did to leave its name, "" where nothing tells.
    fit_score : array of float
        0 to 100, nan where nothing tells.
    entry, deal_stage : str
        Where leads begin, and the stage in which they have a deal.
    start : datetime.date
        Day 0.
    horizon : float
    """

    number: Ints
    source: Any
    created: Floats
    won: Floats
    lost: Floats
    stages: dict[str, Floats]
    state: Ints
    reason: Any
    amount: Floats
    deal: Floats
    planned: Floats
    changed: Floats
    capture_action: Any
    fit_score: Floats
    entry: str
    deal_stage: str
    start: dt.date
    horizon: float

    def __len__(self) -> int:
        return len(self.number)

    @property
    def closed(self) -> Floats:
        """When each was won or lost."""
        return np.where(self.state == WON, self.won, self.lost)

    def only(self, rows: Any) -> Records:
        """Return the chosen leads."""
        arrays = {
            one.name: getattr(self, one.name)[rows]
            for one in fields(self)
            if isinstance(getattr(self, one.name), np.ndarray)
        }
        stages = {name: days[rows] for name, days in self.stages.items()}
        return replace(self, **arrays, stages=stages)

    def standing(self, names: dict[str, str]) -> Any:
        """Return the last of some stages that each lead has reached, as words.

        Parameters
        ----------
        names : dict
            Stage to its word, in the order of the funnel; the first one is where all
            begin.
        """
        first, *later = names
        found = np.full(len(self), names[first], dtype=object)
        for stage in later:
            if stage in self.stages:
                found[np.isfinite(self.stages[stage])] = names[stage]
        return found


def records_of(seen: EventLog | Run) -> Records:
    """Return the records of a log, as its CRM view shows them.

    Parameters
    ----------
    seen : EventLog or Run
        A run has a scenario, which may tell of a score of fit and of capture actions.

    Raises
    ------
    DataError
        If there is no lead in it.
    """
    log = seen.log if isinstance(seen, Run) else seen
    hints = _hints(seen) if isinstance(seen, Run) else _no_hints(log)
    log = log if log.meta.get("view") == "crm" else log.crm()
    told = histories(log)
    rows = np.flatnonzero(told.is_lead)
    rows = rows[np.argsort(told.captured[rows], kind="stable")]
    if not len(rows):
        raise DataError("the log has no leads: there is nothing to export")
    state = np.select([told.is_customer, told.is_lost_lead], [WON, LOST], OPEN)
    ended = np.where(state != OPEN, told.final_entry, np.nan)
    entry, deal_stage = _entry(told), _deal_stage(log.graph)
    stages = _stages(told)
    deal = stages[deal_stage].copy()
    # Won without a deal before: it is put in on the day of the win.
    deal = np.where(np.isnan(deal) & (state == WON), ended, deal)
    names = np.array(log.graph.sources, dtype=object)
    return Records(
        number=np.arange(len(log.leads)) + 1,
        source=names[told.source],
        created=told.captured,
        won=np.where(state == WON, ended, np.nan),
        lost=np.where(state == LOST, ended, np.nan),
        stages=stages,
        state=state,
        reason=np.where(state == LOST, _reasons(told, log.graph), ""),
        amount=np.where(np.isfinite(deal), log.leads.amount, np.nan),
        deal=deal,
        planned=np.full(len(log.leads), np.nan),
        changed=told.final_entry,
        **hints,
        entry=entry,
        deal_stage=deal_stage,
        start=log.graph.start,
        horizon=log.graph.horizon,
    ).only(rows)


def _no_hints(log: EventLog) -> dict[str, Any]:
    """Return that nothing tells of the leads of a log."""
    count = len(log.leads)
    nothing = np.full(count, "", dtype=object)
    return {"capture_action": nothing, "fit_score": np.full(count, np.nan)}


def _hints(run: Run) -> dict[str, Any]:
    """Return what a CRM shows of each lead beside its dates, as `shown` has it."""
    hints, table = _no_hints(run.log), shown(run)
    names = run.log.leads.names(run.log.graph.sources)
    for name in hints.keys() & set(table):
        found = table[name].astype(object).reindex(names)
        told = found.notna().to_numpy()
        hints[name][told] = found.to_numpy()[told]
    return hints


def _stages(told: Histories) -> dict[str, Floats]:
    return {
        stage.name: told.first_entry[:, code].copy()
        for code, stage in enumerate(told.graph.stages)
        if not stage.terminal and not stage.anonymous
    }


def _entry(told: Histories) -> str:
    """Return the stage in which most leads begin."""
    visits = told.visits
    first = np.append(True, visits.lead[1:] != visits.lead[:-1])
    usual = [
        code
        for code, stage in enumerate(told.graph.stages)
        if not stage.terminal and not stage.anonymous
    ]
    counts = np.bincount(visits.stage[first], minlength=len(told.graph.stages) + 1)
    return told.graph.stages[max(usual, key=lambda code: counts[code])].name


def _deal_stage(graph: Graph) -> str:
    if graph.pipeline_stage in graph.stage_names:
        return graph.pipeline_stage
    if OPPORTUNITY in graph.stage_names:
        return OPPORTUNITY
    usual = [at.name for at in graph.stages if not at.terminal and not at.anonymous]
    return [name for name in usual if name != NURTURE][-1]


def _reasons(told: Histories, graph: Graph) -> Any:
    """Return the reason of each lead's last step."""
    visits = told.visits
    last = np.flatnonzero(~visits.is_over)
    found = np.full(len(told.leads), "", dtype=object)
    found[visits.lead[last]] = np.array(graph.reasons, dtype=object)[
        visits.reason[last]
    ]
    return found
