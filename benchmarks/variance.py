"""What common random numbers bring: the variance of a paired difference.

Usage: python benchmarks/variance.py [REPLICATIONS]

In: ten changes of policy, each a packaged scenario and what is changed in it. Out: the
table in docs/common_random_numbers.md, written anew. For each change the difference
between both worlds is taken run by run on the same buyers and leads; its variance is
held against that of a difference between independent runs, var(before) + var(after).
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import simlib as sl
from simlib.files import written_safely
from simlib.studies import Interval, interval

PAPER = Path(__file__).resolve().parent.parent / "docs" / "common_random_numbers.md"
BEGIN, END = "<!-- begin of the table -->", "<!-- end of the table -->"
REPLICATIONS, SEED = 200, 1


@dataclass(frozen=True)
class Policy:
    """A change of policy: what it is called, where it is made, what it shall move."""

    name: str
    scenario: str
    changes: dict[str, Any]
    metric: str = "customers"


NEXT = "stages.{}.next.{}.rate"
POLICIES = (
    Policy("six SDRs instead of five", "baseline", {"teams.sdr.people": 6}),
    Policy("SDRs call hot leads first", "baseline", {"teams.sdr.order": "hot_first"}),
    Policy(
        "a fifth more from paid search",
        "baseline",
        {"sources.paid_search.leads.per_month": 120},
    ),
    Policy(
        "fewer unsubscribe: 3.0% a month, not 3.8%",
        "baseline",
        {"nurture.drop_out_per_month": 0.03},
    ),
    Policy(
        "four people at the desk instead of three",
        "sales_desk",
        {"teams.sdr.people": 4},
        "reached.sql",
    ),
    Policy(
        "180 leads a month instead of 150",
        "sales_desk",
        {"sources.all_leads.leads.per_month": 180},
        "reached.sql",
    ),
    Policy(
        "the hole mended: 40% instead of 25%",
        "holed_bucket",
        {NEXT.format("sql", "opportunity"): 0.40},
    ),
    Policy(
        "a better page: 1.2% leave a name, not 1%",
        "leaky_bucket",
        {
            NEXT.format("visitor", "captured"): dict.fromkeys(
                ("ready", "not_yet", "misfit", "junk"), 0.012
            )
        },
        "leads",
    ),
    Policy(
        "40% of the MQLs accepted instead of 35%",
        "recycling_chain",
        {NEXT.format("mql", "sql"): 0.40},
    ),
    Policy(
        "the LinkedIn money moved to outbound",
        "linkedin_budget",
        {
            "sources.linkedin_ads.leads.per_month": 0,
            "sources.outbound.leads.per_month": 75,
        },
        "reached.opportunity",
    ),
)


@dataclass(frozen=True)
class Gain:
    """What pairing brings for one change.

    Attributes
    ----------
    difference : Interval
        After minus before, a run, paired.
    paired, apart : float
        Standard deviation of the difference: on the same leads, and of independent
        runs.
    """

    difference: Interval
    paired: float
    apart: float

    @property
    def factor(self) -> float:
        """How many times as many independent runs know the difference as well."""
        return (self.apart / self.paired) ** 2 if self.paired else math.inf


def gain(policy: Policy, replications: int = REPLICATIONS) -> Gain:
    """Return what pairing brings for a change of policy."""
    before = sl.load(policy.scenario)
    worlds = {"before": before, "after": before.changed(policy.changes)}
    studies = sl.compare(worlds, replications, SEED).studies.values()
    one, two = (study.values(policy.metric) for study in studies)
    apart = math.sqrt(one.var(ddof=1) + two.var(ddof=1))
    return Gain(interval(two - one), float((two - one).std(ddof=1)), apart)


def row(policy: Policy, found: Gain) -> str:
    """Return a change and what pairing brings for it as a line of the table."""
    cells = (
        policy.name,
        f"`{policy.scenario}`",
        f"`{policy.metric}`",
        str(found.difference),
        f"{found.paired:,.3g}",
        f"{found.apart:,.3g}",
        f"**{found.factor:,.3g}**",
    )
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Measure all changes and write the table."""
    replications = int(sys.argv[1]) if sys.argv[1:] else REPLICATIONS
    lines = [
        f"Each line: {replications} replications of both worlds, seed {SEED}.",
        "",
        "| what is changed | scenario | figure | paired difference (95% interval) "
        "| sd, paired | sd, apart | factor |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: |",
    ]
    for policy in POLICIES:
        lines.append(row(policy, gain(policy, replications)))
        print(lines[-1], flush=True)
    text = PAPER.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    whole = "\n".join([f"{before}{BEGIN}", *lines, f"{END}{after}"])
    with written_safely(PAPER) as temporary:
        temporary.write_text(whole, encoding="utf-8")


if __name__ == "__main__":
    main()
