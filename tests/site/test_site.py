"""The whole site, as somebody meets it who opens it from a stick, without a network.

Slow: it makes the site. What needs a browser is skipped where Playwright or Chromium is
missing. With PICTURES set to a folder, screenshots are left there to be looked at.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from browser import lab

from tools.site_grids import entries
from tools.site_pages import EXPLORERS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]
in_a_browser = pytest.mark.skipif(
    lab.CHROMIUM is None, reason="no Chromium on this machine"
)

ROOT = Path(__file__).resolve().parents[2]
GRIDS = list(entries())
SIZES = {"desk": (1280, 900), "phone": (390, 844)}
MARKS = {"a": "href", "link": "href", "img": "src", "script": "src", "source": "src"}
LOOKED_AT = ["index", "search", "docs/glossary", "docs/claims", "api/simlib.money"]
LOOKED_AT += ["notebooks/exercises/01_leaky_bucket_ex"]
LOOKED_AT += [f"notebooks/{lesson}" for lesson in GRIDS]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, made from what was computed before, if anything was."""
    pytest.importorskip("sphinx", reason="the extra `site` is not installed")
    build = tmp_path_factory.mktemp("build")
    if (ROOT / "build" / "site-grids").is_dir():
        shutil.copytree(ROOT / "build" / "site-grids", build / "site-grids")
    command = [sys.executable, ROOT / "tools" / "make_site.py", build]
    made = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    assert made.returncode == 0, made.stderr
    return build / "site"


class Links(HTMLParser):
    """What a page asks for or leads to, and the places in it that have a name."""

    def __init__(self, path):
        super().__init__()
        self.links, self.names = [], set()
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attrs):
        """Note one element."""
        said = dict(attrs)
        self.names.add(said.get("id"))
        if said.get(MARKS.get(tag)):
            self.links.append((tag, said[MARKS[tag]]))


class Visit:
    """A page of the site in a browser without network, and what went wrong on it."""

    def __init__(self, page, site):
        self.page, self.site = page, site
        self.errors, self.strangers = [], []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._see)

    def _hear(self, message):
        if message.type in {"error", "warning"}:
            self.errors.append(message.text)

    def _see(self, request):
        if not request.url.startswith((self.site.as_uri(), "data:")):
            self.strangers.append(request.url)

    def open(self, name):
        """Go to a page by its name."""
        self.page.goto(f"{self.site.as_uri()}/{name}")
        self.page.wait_for_load_state()


@pytest.fixture
def visit(site):
    """Return what opens a page at a width."""
    pytest.importorskip("playwright", reason="no Playwright for Python here")
    opened = []

    def opens(size):
        width, height = SIZES[size]
        view = lab.browser(viewport={"width": width, "height": height}, offline=True)
        opened.append(view)
        return Visit(view.__enter__(), site)

    yield opens
    for view in opened:
        view.__exit__(None, None, None)


def pages(site):
    """Return the pages by their names, as `docs/glossary.html`."""
    found = {path.relative_to(site).as_posix(): path for path in site.rglob("*.html")}
    return {name: path for name, path in found.items() if "_static" not in name}


def test_every_explorer_of_a_lesson_was_computed():
    """A lesson that shows sliders in Jupyter has some that work on the site."""
    lessons = sorted((ROOT / "notebooks").glob("*.ipynb"))
    shown = [
        path.stem
        for path in lessons
        if any(one in path.read_text("utf-8") for one in EXPLORERS)
    ]

    assert sorted(GRIDS) == shown


def test_every_link_leads_somewhere_in_the_folder(site):
    """Pictures, scripts and pages are there, and so are the places in them."""
    read = {path: Links(path) for path in pages(site).values()}
    broken = []
    for path, links in read.items():
        for tag, link in links.links:
            parts = urlsplit(link)
            if tag == "a" and parts.scheme in {"http", "https"}:
                continue  # a reference that a reader may follow
            target = path
            if parts.path:
                target = (path.parent / unquote(parts.path)).resolve()
            place = unquote(parts.fragment)
            missing = place and target in read and place not in read[target].names
            if parts.scheme or not target.exists() or missing:
                broken.append(f"{path.relative_to(site)}: {link}")

    assert [] == broken


def test_a_lesson_costs_a_few_hundred_kilobytes(site):
    """What an explorer needs fits a slow stick and an old phone."""
    grids = site / "_static" / "grids"
    sizes = {lesson: (grids / f"{lesson}.js").stat().st_size for lesson in GRIDS}

    assert {} == {lesson: size for lesson, size in sizes.items() if size > 500_000}


@in_a_browser
@pytest.mark.parametrize("size", SIZES)
def test_everybody_can_use_every_page(site, visit, size):
    """No error, nothing from outside, no sideways scroll, and axe-core is content."""
    axe = pytest.importorskip("axe_playwright_python", reason="no axe-core here")
    rules = resources.files(axe).joinpath("axe.min.js").read_text("utf-8")
    seen, width = visit(size), SIZES[size][0]
    complaints = []
    for name in pages(site):
        seen.open(name)
        wide = seen.page.evaluate("document.documentElement.scrollWidth")
        complaints += [f"{name} is {wide} wide"] if wide > width else []
        if name.removesuffix(".html") in LOOKED_AT:  # of each kind; axe-core is slow
            left_to_look_at(seen.page, f"{Path(name).stem}_{size}")
            complaints += [f"{name}: {one}" for one in broken_on(seen.page, rules)]

    assert ([], [], []) == (complaints, seen.errors, seen.strangers)


def broken_on(page, rules):
    """Return the rules for people with disabilities that a page breaks badly."""
    page.evaluate(rules)
    # axe would fetch style sheets, which a folder does not serve.
    found = page.evaluate("() => axe.run({preload: false})")["violations"]
    bad = [one for one in found if one["impact"] in {"serious", "critical"}]
    return [f"{one['id']}: {one['nodes'][0]['html'][:90]}" for one in bad]


def left_to_look_at(page, name):
    """Leave a screenshot where somebody asked for one."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"site_{name}.png")


@in_a_browser
@pytest.mark.parametrize("lesson", GRIDS)
def test_an_explorer_begins_where_the_lesson_does(visit, lesson):
    """Its figures are those stored in the lesson; the lesson's picture gives way."""
    seen = visit("desk")
    seen.open(f"notebooks/{lesson}.html")
    rows = seen.page.locator(".lead-grid tbody tr")
    found = [
        re.sub(r"\s+", " ", " ".join(row.locator("th, td").all_inner_texts()))
        for row in rows.all()
    ]
    book = json.loads((ROOT / f"notebooks/{lesson}.ipynb").read_text("utf-8"))
    (cell,) = [
        cell
        for cell in book["cells"]
        if any(one in "".join(cell["source"]) for one in EXPLORERS)
        and cell["cell_type"] == "code"
    ]
    told = "".join(cell["outputs"][0]["data"]["text/plain"]).splitlines()[1:]
    interval = r": now (.*?)(?: \((.*)\))?$"
    stored = [re.sub(r"\s+", " ", re.sub(interval, r" \1 \2", one)) for one in told]

    assert [one.strip() for one in stored] == found
    assert seen.page.locator("img[alt^='The explorer as it']").is_hidden()


@in_a_browser
@pytest.mark.parametrize("size", SIZES)
def test_a_key_moves_slider_picture_and_words(visit, size):
    """An arrow key changes what is seen and what is said; Reset brings it back."""
    seen = visit(size)
    seen.open("notebooks/01_leaky_bucket.html")
    place = seen.page.locator(".lead-grid")
    picture = place.get_by_role("img")
    as_given = picture.get_attribute("aria-label")
    people = place.get_by_role("slider", name="people at the desk")
    people.press("ArrowRight")
    place.get_by_text("Setting: people at the desk 4. Customers:").wait_for()
    left_to_look_at(seen.page, f"moved_{size}")
    moved = picture.get_attribute("aria-label")
    text = people.get_attribute("aria-valuetext")
    trust = place.locator(f"[id='{people.get_attribute('aria-describedby')}']")
    place.get_by_role("button", name="Reset").click()
    place.get_by_text("Setting: as given.").wait_for()
    place.get_by_role("slider", name="leads a month").press("ArrowRight")
    place.get_by_role("slider", name="leads a month").press("ArrowLeft")

    assert (as_given, "4") == (picture.get_attribute("aria-label"), text)
    assert "our judgement (D)" == trust.inner_text()
    assert moved != as_given
    assert ([], []) == (seen.errors, seen.strangers)


@in_a_browser
def test_a_and_b_are_the_same_buyers(visit):
    """B minus A is nothing at first, then a difference, in sight on a phone as well."""
    seen = visit("phone")
    seen.open("notebooks/02_predictable_on_average.html")
    place = seen.page.locator(".lead-grid")
    place.get_by_role("button", name="Hold this run as A").click()
    row = place.locator("tbody tr", has_text="customers")
    same = row.locator("td").last.inner_text()
    place.get_by_role("slider", name="leads that qualify").press("End")
    more = row.locator("td").last.inner_text()
    figures = place.get_by_role("region", name="Figures")
    hidden = figures.evaluate("it => it.scrollWidth - it.clientWidth")
    for picture in ("Along a slider", "Funnel", "Luck"):
        place.get_by_role("radio", name=picture).check()
        left_to_look_at(seen.page, f"held_{picture.split()[0].lower()}")

    assert same.split() == ["0.0", "0.0", "to", "0.0"]
    assert re.fullmatch(r"\+\d+\.\d\s+\+\d+\.\d to \+\d+\.\d", more)
    assert (0, []) == (hidden, seen.errors)


@in_a_browser
def test_a_search_finds_a_word_without_a_server(visit):
    """The search of a copied folder answers, without an error."""
    seen = visit("phone")
    seen.open("search.html?q=nurture")
    seen.page.locator("#search-results li").first.wait_for()

    assert ([], []) == (seen.errors, seen.strangers)
