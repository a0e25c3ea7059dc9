"""The class app in Chromium: the door, a page, its sliders, what one takes away.

The app stands under a path and wants a word, as behind a proxy. The quick test opens
one page; the slow ones open every kind. With PICTURES set to a folder, screenshots are
left there to be looked at.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from app.serving import serving
from browser import lab

pytest.importorskip("voila", reason="no Voila on this machine")
pytestmark = lab.needs_browser

STATUS, PICTURE = ".lead-explore-status", "img.lead-explore-picture"
SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
SLOW = pytest.mark.slow
PAGES = [
    "lesson_05_the_sales_desk",
    *(
        pytest.param(name, marks=SLOW)
        for name in (
            "lesson_00_start_here",
            "lesson_01_leaky_bucket",
            "lesson_02_predictable_on_average",
            "lesson_08_demand",
            "lesson_09_to_gate_or_not_to_gate",
            "lesson_14_your_own_funnel",
            "lab_mid_market",
            "scenario_baseline",
        )
    ),
]


@pytest.fixture(scope="module")
def address():
    """Where the app is served."""
    with serving("--token=rivers", "--base-url=/lab/") as port:
        yield f"http://127.0.0.1:{port}/lab/"


def left_to_look_at(page, name):
    """Leave a screenshot where somebody asked for one."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def overflow(page):
    """Return by how many pixels the page is wider than the window."""
    return page.evaluate(
        "Math.max(0, document.documentElement.scrollWidth - window.innerWidth)"
    )


def settled(page):
    """Wait until all runs of the settings are there; return what the page says."""
    status = page.locator(STATUS)
    status.filter(has_text=re.compile(r"^\d+ runs, ")).wait_for(timeout=120_000)
    return status.inner_text()


@pytest.mark.parametrize("size", [pytest.param("desk", marks=SLOW), "phone"])
def test_who_knows_the_word_comes_in(address, size):
    """The door asks for the word, the first page opens; neither keeps anybody out."""
    with lab.browser(viewport=SIZES[size]) as page:
        seen = lab.Page(page, address.removesuffix("/lab/"))
        page.goto(address)
        left_to_look_at(page, f"app_door_{size}")
        kept_out = lab.barriers(page, "body")
        said, seen.errors = seen.errors, []
        page.get_by_label("The word of the class").fill("rivers")
        page.get_by_role("button", name="Come in").press("Enter")
        page.get_by_role("link", name="05 The sales desk").wait_for()
        left_to_look_at(page, f"app_first_{size}")

        assert ([], []) == (kept_out, lab.barriers(page, "body"))
        assert 0 == overflow(page)
        assert [True] == ["403" in one for one in said]  # what the browser notes of it
        assert ([], []) == (seen.errors, seen.strangers)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_moves_by_keys_and_keeps_nobody_out(address, name):
    """A slider moves the picture, A and B stand side by side, at both widths."""
    with lab.browser(viewport=SIZES["desk"]) as page:
        seen = lab.Page(page, address.removesuffix("/lab/"))
        page.goto(f"{address}voila/render/{name}.ipynb?token=rivers", timeout=120_000)
        settled(page)
        picture = page.locator(PICTURE)
        first = picture.get_attribute("src")
        page.get_by_role("button", name="Hold this run as A").click()
        slider = page.get_by_role("slider").first
        slider.press("ArrowLeft")
        slider.press("ArrowLeft")
        page.get_by_role("columnheader", name="B minus A").wait_for(timeout=60_000)
        page.locator(STATUS).filter(has_not_text="as given").wait_for(timeout=60_000)
        settled(page)
        left_to_look_at(page, f"app_{name}_desk")
        wide = (lab.barriers(page, "body"), overflow(page))
        page.set_viewport_size(SIZES["phone"])
        left_to_look_at(page, f"app_{name}_phone")

        assert ([], 0) == wide
        assert ([], 0) == (lab.barriers(page, "body"), overflow(page))
        assert first != picture.get_attribute("src")
        assert ([], []) == (seen.errors, seen.strangers)


@SLOW
@pytest.mark.timeout(300)
def test_settings_travel_by_a_link_and_figures_can_be_taken_away(address):
    """The link opens the same settings; PNG, SVG and CSV are files of that name."""
    first = f"{address}voila/render/lesson_05_the_sales_desk.ipynb?token=rivers"
    with lab.browser(viewport=SIZES["desk"]) as page:
        page.goto(first, timeout=120_000)
        settled(page)
        page.get_by_role("slider").first.press("ArrowRight")
        page.locator(STATUS).filter(has_text="leads a month").wait_for()
        said = settled(page)
        page.get_by_role("button", name="Link and downloads").click()
        link = page.get_by_role("link", name="Link to these settings")
        link.wait_for(timeout=60_000)
        heads = {}
        for kind in ("PNG", "SVG", "CSV"):
            with page.expect_download() as taken:
                page.get_by_role("link", name=kind).first.click()
            content = Path(taken.value.path()).read_bytes()
            heads[taken.value.suggested_filename.rsplit(".", 1)[1]] = content[:5]
        link.click()
        page.wait_for_url(re.compile("leads"), timeout=120_000)
        left_to_look_at(page, "app_link")
        again = settled(page)

    assert said == again
    assert {"png", "svg", "csv"} == set(heads)
    assert (b"\x89PNG\r", b"<?xml") == (heads["png"], heads["svg"])


@SLOW
@pytest.mark.timeout(300)
def test_a_file_of_100_mb_is_refused_with_a_way_on(address, tmp_path):
    """A line says what is wrong and what to do; then a right file opens."""
    large, right = tmp_path / "large.yaml", tmp_path / "right.yaml"
    large.write_bytes(b"x" * 100_000_000)
    right.write_text("extends: textbook\nname: <b>Mine</b>\n", encoding="utf-8")
    with lab.browser(viewport=SIZES["desk"]) as page:
        seen = lab.Page(page, address.removesuffix("/lab/"))
        own = f"{address}voila/render/your_own_scenario.ipynb?token=rivers"
        page.goto(own, timeout=120_000)
        button = page.get_by_role("button", name="Choose a scenario file")
        for path in (large, right):
            with page.expect_file_chooser() as chooser:
                button.click(timeout=120_000)
            chooser.value.set_files(path)
            if path is large:
                page.get_by_role("alert").wait_for(timeout=60_000)
                said = page.get_by_role("alert").inner_text()
                left_to_look_at(page, "app_too_large")
                page.get_by_role("link", name="Load this page anew").click()
        settled(page)

        assert "a scenario has 2 MB at most" in said
        assert 0 == page.get_by_role("alert").count()
        assert ([], []) == (seen.errors, seen.strangers)
