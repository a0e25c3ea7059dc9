"""Make the static site in build/site: lessons, glossary, package, and working sliders.

In: the project as it stands. Out: a folder that opens from any web server or a stick.
Results of the explorers are kept in build/site-grids, so that a second call is quick.

Usage: python tools/make_site.py [FOLDER instead of build]
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from simlib.errors import SimlibError  # noqa: E402
from tools.site_grids import grids_of, written  # noqa: E402
from tools.site_pages import set_out  # noqa: E402

BUILD = ROOT / "build"
WORKERS = os.cpu_count() or 1


def main() -> int:
    """Compute, set out, make; return what a shell should be told."""
    try:
        return make(Path(sys.argv[1]) if len(sys.argv) > 1 else BUILD)
    except SimlibError as error:
        print(f"make_site: {error}", file=sys.stderr)
        return 1


def make(build: Path) -> int:
    """Make the site in the folder `site` of a folder for what is built."""
    source, new = build / "site-source", build / "site-new"
    scripts = []
    for grid in grids_of().values():
        script, is_old = written(grid, build / "site-grids", WORKERS)
        print(f"{grid.lesson}: {grid.points} settings", "as before" if is_old else "")
        scripts.append(script)
    lacking = set_out(source, [script.stem for script in scripts])
    for lesson in lacking:
        print(f"{lesson}: no entry in site/grids.yaml, its explorer stays a picture")
    (source / "static" / "grids").mkdir()
    for script in scripts:
        shutil.copy(script, source / "static" / "grids")
    shutil.rmtree(new, ignore_errors=True)
    code = rendered(source, new)
    if code == 0:
        shutil.rmtree(build / "site", ignore_errors=True)
        new.rename(build / "site")
        print(f"Open {build / 'site' / 'index.html'}, or copy the whole folder")
    return code


def rendered(source: Path, new: Path) -> int:
    """Let Sphinx write the pages of a folder into a new one; return its exit code."""
    try:
        from sphinx.cmd.build import build_main
    except ImportError:
        raise SimlibError('Sphinx is missing: pip install -e ".[site]"') from None

    doctrees = new.with_name("site-doctrees")
    code = build_main(["-q", "-j", "2", "-d", f"{doctrees}", f"{source}", f"{new}"])
    (new / ".buildinfo").unlink(missing_ok=True)
    (new / ".nojekyll").touch()  # some hosts leave out names such as _static
    for page in new.rglob("*.html"):
        page.write_text(named_by_its_words(page.read_text("utf-8")), "utf-8")
    return code


def named_by_its_words(html: str) -> str:
    """Return a page on which what is folded is called what it says, aloud as well."""
    return html.replace('<summary aria-label="Toggle hidden content">', "<summary>")


if __name__ == "__main__":
    sys.exit(main())
