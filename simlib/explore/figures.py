"""Figures: the table of numbers beside a picture, as HTML and as text.

In: samples by world. Out: rows of means with their 95% intervals; with A held, the
paired differences B minus A. Every name is escaped.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

import numpy as np

from simlib.explore.samples import Sample
from simlib.explore.session import Session
from simlib.funnel.columns import Floats
from simlib.scenario import Scenario
from simlib.scenario.steps import takes_time
from simlib.studies import (
    Further,
    Interval,
    further_customer,
    interval,
    ratio_interval,
)

WORLD = {"now": "now", "A": "A (held)", "B": "B (now)"}
PINNED = ("leads", "customers", "cac")
HANDS = "a buyer may raise a hand more than once"
YOUNG = "of all leads so far, young ones included"
POINTS = "; pp: percentage points"
MONEY = {"spend", "cost_per.lead", "cac", "payback_months"}
EACH = "each further customer costs"
NOTES = {"cac": "mean of the runs, each its own spend / customers"}


@dataclass(frozen=True)
class Row:
    """One figure: the metric, what it is called, how it is shown, and a note.

    `decimals` are those of a small number that has no other factor than 1.
    """

    metric: str
    label: str
    factor: float = 1.0
    unit: str = ""
    note: str = ""
    decimals: int = 1

    def said(self, number: float, *, sign: bool = False) -> str:
        """Return a number as text; an undefined one is a dash.

        With a sign it is a difference: that of two percentages is in points.
        """
        shown = number * self.factor
        if not math.isfinite(shown):
            return "-"
        size = abs(shown)
        few = self.decimals if self.factor == 1 else 2
        decimals = 0 if size >= 100 else 1 if size >= 10 else few
        text = f"{shown:{'+' if sign else ''},.{decimals}f}"
        if float(text.replace(",", "")) == 0:
            text = text.lstrip("+-")
        unit = "pp" if self.unit == "%" and sign else self.unit
        return f"{text} {unit}" if unit else text


def rows_for(sample: Sample) -> list[Row]:
    """Return the figures that a scenario has, the most telling first."""
    scenario = sample.scenario
    money = scenario.currency
    rows = [
        Row("visitors", "visitors"),
        Row("leads", "leads"),
        Row("hand_raisers", "raised hands", note=HANDS),
        *_defined(scenario),
        Row("customers", "customers"),
        Row(
            "conversion.lead_to_customer", "leads won, %", 100.0, "%", _young(scenario)
        ),
    ]
    asked = dict.fromkeys(s.team for s in scenario.stages.values() if s.team)
    for team in list(asked)[:1]:
        name = str(team).replace("_", " ")
        rows += [
            Row(f"wait_days.{team}.mean", f"wait for {name}, hours", 24.0),
            Row(f"gave_up.{team}.share", f"gave up on {name}, %", 100.0, "%"),
            Row(f"utilisation.{team}", f"{name} busy, %", 100.0, "%"),
        ]
    rows += [
        Row("spend", f"spend, {money}"),
        Row("cost_per.lead", f"cost of a lead, {money}"),
        *_qualified(sample),
        Row("cac", f"cost of a customer (CAC), {money}"),
        Row("payback_months", "payback, months"),
    ]
    return [row for row in rows if _is_there(sample, row)]


def _defined(scenario: Scenario) -> list[Row]:
    """Return how many count as an MQL, where the word's definition can be changed."""
    if scenario.intent is None or "mql" not in scenario.stages:
        return []
    return [
        Row("reached.mql", "MQLs"),
        Row("leads_per.mql", "leads per MQL", decimals=2),
    ]


def _young(scenario: Scenario) -> str:
    """Return why the view of ages ends higher, where a scenario has that view."""
    return YOUNG if takes_time(scenario) else ""


def _qualified(sample: Sample) -> list[Row]:
    """Return the cost of whom the pipeline begins with, where demand can be changed."""
    scenario = sample.scenario
    stage = scenario.deal.pipeline_stage if scenario.deal else ""
    if scenario.market is None or stage not in scenario.stages:
        return []
    word = stage.replace("_", " ")
    return [Row(f"cost_per.{stage}", f"cost of one {word}, {scenario.currency}")]


def _is_there(sample: Sample, row: Row) -> bool:
    values = sample.values(row.metric)
    is_money = row.metric in MONEY
    return bool(np.isfinite(values).any() and (not is_money or np.nanmax(values) > 0))


def table_html(worlds: Mapping[str, Sample]) -> str:
    """Return the table of figures."""
    if not worlds:
        return ""
    both = len(worlds) == 2
    heads = [WORLD[world] for world in worlds] + (["B minus A"] if both else [])
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "".join(_line(worlds, row, both=both) for row in rows_for(_last(worlds)))
    points = POINTS if both else ""
    caption = f"Mean of the runs, and below it its 95% interval{points}"
    table = _table(caption, f'<th scope="col">figure</th>{head}', body)
    return f'<div class="lead-explore-span">{escape(span(worlds))}.</div>{table}'


def span(worlds: Mapping[str, Sample]) -> str:
    """Return how long the runs are, and how many leads come a month, in words."""
    said = {world: _span(sample) for world, sample in worlds.items()}
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return "; ".join(f"{world}: {text}" for world, text in said.items())


def _span(sample: Sample) -> str:
    scenario = sample.scenario
    months = scenario.horizon / scenario.days_per_month
    leads = float(np.mean(sample.values("leads"))) / months
    rate = f"{leads:,.{0 if leads >= 10 else 1}f}"
    long = f"{months:,.0f} months" if months >= 2 else f"{scenario.horizon:,.0f} days"
    return f"{long}, about {rate} leads a month"


def _table(caption: str, head: str, body: str) -> str:
    """Return a table that scrolls sideways where there is no room, by key as well."""
    return (
        '<div class="lead-explore-scroll" tabindex="0" role="region" '
        f'aria-label="{caption}"><table class="lead-explore-figures">'
        f"<caption>{caption}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _last(worlds: Mapping[str, Sample]) -> Sample:
    return list(worlds.values())[-1]


def _line(worlds: Mapping[str, Sample], row: Row, *, both: bool) -> str:
    cells = [_cell(row, interval(one.values(row.metric))) for one in worlds.values()]
    if both:
        cells.append(_cell(row, difference(worlds, row.metric), sign=True))
    line = _row(row.label, NOTES.get(row.metric, row.note), cells)
    if row.metric == "cac":
        line += _together(worlds) + _further_line(worlds)
    return line


def _row(label: str, note: str, cells: list[str]) -> str:
    """Return a row of the table; a note stands small below its label."""
    small = f"<small>{escape(note)}</small>" if note else ""
    return f'<tr><th scope="row">{escape(label)}{small}</th>{"".join(cells)}</tr>'


def _together(worlds: Mapping[str, Sample]) -> str:
    """Return the row of what somebody gets who divides spend by customers.

    A ratio of means, which counts runs without a customer as well. The mean of the
    runs' own costs lies above it: a run with few customers has a high cost of each.
    """
    row = Row("cac", f"spend / customers, {_last(worlds).scenario.currency}")
    cells = [
        _cell(row, ratio_interval(one.values("spend"), one.values("customers")))
        for one in worlds.values()
    ]
    if len(worlds) == 2:
        cells.append("<td></td>")
    return _row(row.label, "of all runs together", cells)


def _further_row(worlds: Mapping[str, Sample]) -> Row:
    return Row("cac", f"{EACH}, {_last(worlds).scenario.currency}")


def _further_line(worlds: Mapping[str, Sample]) -> str:
    """Return the row of what each further customer costs, "" if it has none."""
    found, row = further_of(worlds), _further_row(worlds)
    if found is None:
        return ""
    cell = f"<td>{escape(found.why)}</td>" if found.why else _cell(row, found.cost)
    note = "difference of spend / difference of customers"
    return _row(row.label, note, ["<td></td>", "<td></td>", cell])


def further_of(worlds: Mapping[str, Sample]) -> Further | None:
    """Return what each further customer costs from A to B; None without A and B."""
    if len(worlds) != 2:
        return None
    spend, customers = (_gaps(worlds, name) for name in ("spend", "customers"))
    return further_customer(spend, customers)


def difference(worlds: Mapping[str, Sample], metric: str) -> Interval:
    """Return B minus A, paired: replication by replication, the same buyers."""
    return interval(_gaps(worlds, metric))


def _gaps(worlds: Mapping[str, Sample], metric: str) -> Floats:
    """Return B minus A in each replication that both have, shape (pairs,)."""
    one, two = (sample.values(metric) for sample in worlds.values())
    pairs = min(len(one), len(two))
    return np.asarray(two[:pairs] - one[:pairs])


def _cell(row: Row, found: Interval, *, sign: bool = False) -> str:
    middle = row.said(found.mean, sign=sign)
    if not math.isfinite(found.low):
        return f"<td>{middle}</td>"
    low, high = row.said(found.low, sign=sign), row.said(found.high, sign=sign)
    return f"<td>{middle}<small>{low} to {high}</small></td>"


def pins_html(session: Session) -> str:
    """Return the small table of pinned runs."""
    if not session.pins:
        return ""
    rows = [row for row in rows_for(session.pins[-1].sample) if row.metric in PINNED]
    head = "".join(f'<th scope="col">{escape(row.label)}</th>' for row in rows)
    lines = []
    for number, pin in enumerate(session.pins, start=1):
        cells = "".join(_cell(r, interval(pin.sample.values(r.metric))) for r in rows)
        name = f"{number}: {escape(pin.text)}"
        lines.append(f'<tr><th scope="row">{name}</th>{cells}</tr>')
    return _table("Pinned runs", f'<th scope="col">run</th>{head}', "".join(lines))


def status(session: Session) -> str:
    """Return how many runs there are, in words."""
    if not session.now:
        return ""
    done, wanted = len(session.now.kept), session.now.wanted
    runs = f"{wanted} runs" if done >= wanted else f"{done} of {wanted} runs so far"
    pair = ", the same buyers in A and B" if session.held else ""
    return f"{runs}, seed {session.seed}{pair}. {session.text(session.shown)}."


def as_text(session: Session) -> str:
    """Return what is shown as lines of text."""
    return "\n".join(_lines(session))


def _lines(session: Session) -> Iterator[str]:
    yield f"Explorer of '{session.scenario.name}': {status(session)}"
    for row in rows_for(_last(session.worlds)) if session.worlds else ():
        parts = [
            f"{WORLD[world]} {_said(row, interval(sample.values(row.metric)))}"
            for world, sample in session.worlds.items()
        ]
        yield f"  {row.label}: {'; '.join(parts)}"
    found = further_of(session.worlds)
    if found:
        row = _further_row(session.worlds)
        yield f"  {row.label}: {found.why or _said(row, found.cost)}"


def _said(row: Row, found: Interval) -> str:
    return f"{row.said(found.mean)} ({row.said(found.low)} to {row.said(found.high)})"


def alternative(title: str, worlds: Mapping[str, Sample]) -> str:
    """Return a picture's text for who cannot see it."""
    parts = []
    for world, sample in worlds.items():
        values: Floats = sample.values("customers")
        parts.append(
            f"{WORLD[world]}: {interval(values).mean:,.1f} customers on average"
        )
    return f"Picture: {title}. {'; '.join(parts)}. The table below has the figures."
