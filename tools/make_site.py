"""Make the static site in build/site: lessons, glossary, package, and working sliders.

In: the project as it stands. Out: a folder that opens from any web server or a stick.
Results of the explorers are kept in build/site-grids, so that a second call is quick.

Usage: python tools/make_site.py [FOLDER instead of build]
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from simlib.errors import SimlibError  # noqa: E402
from tools.site_grids import grids_of, written  # noqa: E402
from tools.site_pages import set_out  # noqa: E402

BUILD = ROOT / "build"


def main() -> int:
    """Compute, set out, make; return what a shell should be told."""
    try:
        return make(Path(sys.argv[1]) if len(sys.argv) > 1 else BUILD)
    except SimlibError as error:
        print(f"make_site: {error}", file=sys.stderr)
        return 1


def make(build: Path) -> int:
    """Make the site in the folder `site` of a folder for what is built."""
    from sphinx.cmd.build import build_main

    source, site = build / "site-source", build / "site"
    scripts = []
    for grid in grids_of().values():
        script, is_old = written(grid, build / "site-grids")
        print(f"{grid.lesson}: {grid.points} settings", "as before" if is_old else "")
        scripts.append(script)
    lacking = set_out(source, [script.stem for script in scripts])
    for lesson in lacking:
        print(f"{lesson}: no entry in site/grids.yaml, its explorer stays a picture")
    (source / "static" / "grids").mkdir()
    for script in scripts:
        shutil.copy(script, source / "static" / "grids")
    shutil.rmtree(site, ignore_errors=True)
    doctrees = build / "site-doctrees"
    code = build_main(
        ["-q", "-j", "2", "-d", str(doctrees), "-b", "html", str(source), str(site)]
    )
    if code == 0:
        (site / ".buildinfo").unlink(missing_ok=True)
        for page in site.rglob("*.html"):
            page.write_text(named_by_its_words(page.read_text("utf-8")), "utf-8")
        print(f"Open {site / 'index.html'}, or copy the whole folder")
    return code


def named_by_its_words(html: str) -> str:
    """Return a page on which what is folded is called what it says, aloud as well."""
    return html.replace('<summary aria-label="Toggle hidden content">', "<summary>")


if __name__ == "__main__":
    sys.exit(main())
