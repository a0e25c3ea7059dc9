"""The command `export`: a run in the layout of a CRM.

In: what somebody types. Out: files and a line each. It computes nothing itself: see
`simlib.crm.writing`.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

LARGEST_SEED = 2**32 - 1

ScenarioName = Annotated[
    str,
    typer.Argument(metavar="SCENARIO", help="A packaged name (see scenarios) or file."),
]
LayoutName = Annotated[
    str, typer.Option(metavar="NAME", help="hubspot, salesforce, pipedrive or plain.")
]
Place = Annotated[
    Path, typer.Option(metavar="PLACE", help="A folder, or a file PLACE.csv.")
]
Seed = Annotated[
    int, typer.Option(min=0, max=LARGEST_SEED, help="Where the random numbers begin.")
]
Spelling = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="labels: as people export it, for Salesforce a report; "
        "api: as programs do, for Salesforce the Data Loader.",
    ),
]
Flaws = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help="A flaw of real exports, or all of them: all; may be repeated.",
    ),
]


def export(
    scenario: ScenarioName,
    *,
    layout: LayoutName,
    out: Place,
    seed: Seed = 0,
    spelling: Spelling = "labels",
    flaws: Flaws = None,
) -> None:
    """Simulate SCENARIO once and write what a CRM would export of it."""
    from simlib.cli.waiting import waiting
    from simlib.crm import write_export
    from simlib.run import simulate
    from simlib.scenario import load

    said = load(scenario)
    with waiting("one run", None):
        run = simulate(said, seed=seed)
        paths = write_export(
            run, out, layout, spelling=spelling, flaws=flaws or (), seed=seed
        )
    for path in paths:
        typer.echo(f"{path}: written")
    last = said.start + dt.timedelta(days=int(said.horizon))
    files = " ".join(str(path) for path in paths)
    typer.echo(f"To read it back: simlib calibrate {files} --as-of {last}")
