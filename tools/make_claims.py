"""Try the claims of the articles, and write docs/claims.md whole, maps included.

In: the claims, and the page's first words, tools/claims_head.md. Out: docs/claims.md,
its maps, and in docs/claims what came out of each trial. A claim is tried only where no
full trial of it, as it stands now, is kept there; one that was stopped goes on where it
was (build/claims). All of them take about half an hour of one core.

Usage: python tools/make_claims.py [--quick] [--again]

--quick     where no full trial is kept, try quickly: some seconds a claim
--again     try all claims anew, since the model has changed
"""

from __future__ import annotations

import argparse
import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from simlib.claims import Trial, names, trial
from simlib.claims.records import record_of, trial_of
from simlib.cli.claim_pages import draw, overview, page
from simlib.errors import StudyError
from simlib.files import written_safely

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGE, KEPT, MAPS = DOCS / "claims.md", DOCS / "claims", DOCS / "images" / "claims"
HEAD, STORE = ROOT / "tools" / "claims_head.md", ROOT / "build" / "claims"
PLACE = re.compile(r"\{(E\d+)(?:: ([^}]+))?\}")


def main() -> None:
    """Try what must be tried, then write the page and its maps."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="try the missing quickly")
    parser.add_argument("--again", action="store_true", help="try all anew")
    asked = parser.parse_args()
    os.environ["MPLBACKEND"] = "Agg"  # files need no screen
    tried = list(trials(quick=asked.quick, again=asked.again))
    MAPS.mkdir(parents=True, exist_ok=True)
    draw(tried, MAPS)
    with written_safely(PAGE) as temporary:
        head = HEAD.read_text(encoding="utf-8")
        temporary.write_text(text(head, tried), encoding="utf-8", newline="\n")
    print(f"{PAGE.relative_to(ROOT)}: {in_full(tried)}")


def trials(*, quick: bool, again: bool) -> Iterator[Trial]:
    """Yield a trial of each claim: the one that is kept, or a new one."""
    for name in names():
        found = None if again else kept(name)
        if found is None or (found.quick and not quick):
            print(f"{name}: {'quickly' if quick else 'in full'}", flush=True)
            found = trial(name, quick=quick, store=STORE)
            keep(found)
        yield found


def kept(name: str) -> Trial | None:
    """Return what is kept of a claim's trial, if it is the claim as it stands."""
    path = KEPT / f"{name}.json"
    if not path.exists():
        return None
    try:
        return trial_of(json.loads(path.read_text(encoding="utf-8")))
    except StudyError as changed:
        print(changed)
        return None


def keep(tried: Trial) -> None:
    """Write down what came out of a trial, as soon as it is there."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with written_safely(KEPT / f"{tried.claim.name}.json") as temporary:
        said = json.dumps(record_of(tried)) + "\n"
        temporary.write_text(said, encoding="utf-8", newline="\n")


def text(head: str, tried: Sequence[Trial]) -> str:
    """Return the page: its first words with their figures, then each claim."""
    by_name = {each.claim.name: each for each in tried}

    def figure(place: re.Match[str]) -> str:
        found, check = by_name[place[1]], place[2]
        if check is None:
            return f"{found.effect.mean:.3f}"
        values = {said.name: value.mean for said, value in found.checks}
        return f"{values[check]:.3f}"

    head = PLACE.sub(figure, head.replace("{trials}", in_full(tried)))
    folder = MAPS.relative_to(DOCS).as_posix()
    lines = [line for each in tried for line in page(each, folder)]
    table = "\n".join([*overview(tried), ""])
    return head.replace("{overview}\n", table) + "\n".join(lines)


def in_full(tried: Sequence[Trial]) -> str:
    """Return how many of the trials are full ones, and which are not."""
    quick = [each.claim.name for each in tried if each.quick]
    if not quick:
        return f"All {len(tried)} trials here are full ones."
    full = len(tried) - len(quick)
    return f"Of these trials {full} are full ones, and quick ones {', '.join(quick)}."


if __name__ == "__main__":
    main()
