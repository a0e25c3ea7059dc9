"""Two worlds: the same buyers and leads under two scenarios, one by one.

In: two scenarios and one address of luck. Out: `Worlds`: everybody whose outcome
differs, by name, with both histories. No interval is needed here: nothing but the
scenario differs. A saved file keeps the table; the runs come back by their address.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simlib.errors import StudyError
from simlib.funnel import Histories, histories
from simlib.log import KINDS
from simlib.run import Run, simulate
from simlib.scenario import Scenario
from simlib.studies.saving import Said, scenario_of, versions, write_table

if TYPE_CHECKING:
    import pandas as pd

ABSENT = "never came"
BUYER = "buyer "
GOING_ON = "in progress"
ENDED = "ended by visit cap"
Fate = tuple[str, list[int]]


@dataclass(frozen=True, repr=False)
class Worlds:
    """Two runs on the same people.

    Attributes
    ----------
    first, second : Run
    names : tuple of str
        What the two worlds are called.
    versions : mapping of str to str
        Of Python and of what the runs depend on.
    kept : DataFrame or None
        The table of a saved file.
    """

    first: Run
    second: Run
    names: tuple[str, str]
    versions: Mapping[str, str] = field(default_factory=versions, repr=False)
    kept: pd.DataFrame | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        return (
            f"Worlds {' and '.join(self.names)}: seed {self.first.seed}, replication "
            f"{self.first.replication}; table() names those who fare otherwise, "
            "stories() tells their lives"
        )

    def save(self, path: str | Path) -> Path:
        """Write the table to a ``.parquet`` file, with scenarios, seed, versions."""
        said = {
            "names": list(self.names),
            "scenarios": [run.scenario.to_yaml() for run in (self.first, self.second)],
            "seed": self.first.seed,
            "replication": self.first.replication,
        }
        return write_table(self.table(), "worlds", said, path, self.versions)

    @classmethod
    def loaded(cls, frame: pd.DataFrame, said: Said) -> Worlds:
        """Return the worlds of a saved table; they are run again by their address."""
        one, two = (
            simulate(scenario_of(text), said["seed"], said["replication"])
            for text in said["scenarios"]
        )
        first, second = said["names"]
        return cls(one, two, (first, second), said["versions"], frame)

    def table(self) -> pd.DataFrame:
        """Return those whose outcome differs, in order of their name.

        Returns
        -------
        DataFrame
            ``lead`` (its lasting name), ``source``, ``kind`` at arrival, and for each
            world ``outcome_WORLD`` (a terminal, "in progress" or "never came"),
            ``day_WORLD`` (when it came to that) and ``history_WORLD``.
        """
        import pandas as pd

        if self.kept is not None:
            return self.kept.copy()
        one, two = _outcomes(self.first), _outcomes(self.second)
        everybody = sorted({*one, *two})
        changed = [
            name
            for name in everybody
            if one.get(name, (ABSENT,))[0] != two.get(name, (ABSENT,))[0]
        ]
        rows = []
        for name in changed:
            run, number = self._first_found(one, two, name)
            leads = run.log.leads
            row: dict[str, object] = {
                "lead": name,
                "source": run.log.graph.sources[leads.source[number]],
                "kind": KINDS[leads.kind[number]],
            }
            for world, run, found in zip(
                self.names, (self.first, self.second), (one, two), strict=True
            ):
                outcome, numbers = found.get(name, (ABSENT, []))
                row[f"outcome_{world}"] = outcome
                row[f"day_{world}"] = _last_day(run, numbers)
                row[f"history_{world}"] = _history(run, numbers)
            rows.append(row)
        return pd.DataFrame(rows, columns=None if rows else self._columns())

    def _columns(self) -> list[str]:
        parts = ("outcome", "day", "history")
        each = [f"{part}_{world}" for world in self.names for part in parts]
        return ["lead", "source", "kind", *each]

    def _first_found(
        self,
        one: dict[str, Fate],
        two: dict[str, Fate],
        name: str,
    ) -> tuple[Run, int]:
        """Return the first world in which a name came, and its first row there."""
        if name in one:
            return self.first, one[name][1][0]
        return self.second, two[name][1][0]

    def stories(
        self, count: int = 3, won: str | None = None, lost: str | None = None
    ) -> list[str]:
        """Return the first few differing lives, each told in both worlds.

        A buyer of a market is told from the meetings that came before any lead.

        Parameters
        ----------
        count : int
        won, lost : str, optional
            Only those who became customers in the world `won`, and not in `lost`.
        """
        table = self.table()
        for world, wanted in ((won, True), (lost, False)):
            if world is not None:
                is_won = table[f"outcome_{world}"].isin(self._won())
                table = table[is_won == wanted]
        return [self._story(row) for row in table.head(count).to_dict("records")]

    def _won(self) -> set[str]:
        """Return the names of the stages in which a lead is won."""
        stages = (*self.first.log.graph.stages, *self.second.log.graph.stages)
        return {stage.name for stage in stages if stage.terminal == "won"}

    def _story(self, row: dict[Hashable, Any]) -> str:
        """Return one differing life, told in both worlds."""
        lines = [f"{row['lead']} ({row['kind']})"]
        for world, run in zip(self.names, (self.first, self.second), strict=True):
            lines.append(f"  {world}: {row[f'history_{world}'] or ABSENT}")
            if run.lives and row["lead"].startswith(BUYER):
                from simlib.market import story_of

                buyer = int(row["lead"].removeprefix(BUYER))
                said = story_of(run.lives, run.log.graph.sources, buyer)
                lines.append(f"    the buyer: {said}")
        return "\n".join(lines)


def two_worlds(
    first: Scenario,
    second: Scenario,
    seed: int = 0,
    replication: int = 0,
    names: tuple[str, str] = ("A", "B"),
    engine: str = "auto",
) -> Worlds:
    """Run two scenarios on the same buyers and leads.

    Parameters
    ----------
    first, second : Scenario
    seed, replication : int
        The luck that both worlds share.
    names : tuple of str
        What the worlds are called in tables.
    engine : {"auto", "simpy", "fast"}

    Raises
    ------
    StudyError
        If both worlds have the same name.
    """
    if names[0] == names[1]:
        raise StudyError(f"both worlds are called '{names[0]}'; give them two names")
    runs = [simulate(world, seed, replication, engine) for world in (first, second)]
    return Worlds(runs[0], runs[1], names)


def _outcomes(run: Run) -> dict[str, Fate]:
    """Return how everybody stands at the horizon, and their rows, by lasting name.

    A buyer of a market may be a lead several times, one after the other: it stands
    where its customer stands, or else where its last lead does.
    """
    past, log = histories(run.log), run.log
    labels = np.array(
        [
            *(at.name if at.terminal else GOING_ON for at in log.graph.stages),
            ENDED,
            ABSENT,
        ],
        dtype=object,
    )
    names = log.leads.names(log.graph.sources)
    fates: dict[str, Fate] = {}
    for number, outcome in enumerate(labels[past.final_stage]):
        if outcome == ABSENT:
            continue
        name = names[number]
        if name.startswith(BUYER):
            name = name.split("/")[0]
        rows = fates[name][1] if name in fates else []
        fates[name] = (outcome, [*rows, number])
    return fates


def _last_day(run: Run, numbers: list[int]) -> float:
    return float(histories(run.log).final_entry[numbers[-1]]) if numbers else np.nan


def _history(run: Run, numbers: list[int]) -> str:
    """Return one life as text: ``day 3.2 captured, day 9.0 mql (went cold)``."""
    past, graph = histories(run.log), run.log.graph
    visits = past.visits
    steps = []
    for row in (row for number in numbers for row in _rows_of(past, number)):
        stage = visits.stage[row]
        name = ENDED if stage == past.ended else graph.stage_names[stage]
        reason = graph.reasons[visits.reason[row]]
        why = f" ({reason})" if reason else ""
        steps.append(f"day {visits.entered[row]:.1f} {name}{why}")
    return ", ".join(steps)


def _rows_of(past: Histories, number: int) -> NDArray[np.intp]:
    """Return the rows of a lead's visits; visits are ordered by lead."""
    lead = past.visits.lead
    low, high = np.searchsorted(lead, [number, number + 1])
    return np.arange(low, high)
