"""An explorer in JupyterLab, as somebody with a keyboard or a phone meets it.

One of them is quick and always runs where there is a Chromium; the others are slow.
With PICTURES set to a folder, screenshots are left there to be looked at.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from browser import lab

pytestmark = lab.needs_browser

CELLS = ("import simlib as sl", "sl.explore(sl.load('holed_bucket'), seed=1)")
RATE = "stages.opportunity.next.customer.rate"
FITTED = (
    "import simlib as sl",
    f"firm = sl.load('sales_desk').changed({{'{RATE}': 0.274104}})",
    f"sl.explore(firm, {{'{RATE}': 'won'}}, replications=2)",
)
SIZES = {"desk": (1280, 900), "phone": (390, 844)}
PICTURE = "img.lead-explore-picture"
# Each picture that was painted, and how high the picture was in every frame.
WATCH = """() => {
    const image = document.querySelector('img.lead-explore-picture');
    window.seen = new Set([image.src]);
    window.heights = new Set();
    new MutationObserver(() => window.seen.add(image.src))
        .observe(image, {attributes: true, attributeFilter: ['src']});
    const look = () => {
        window.heights.add(Math.round(image.getBoundingClientRect().height));
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A JupyterLab with two notebooks."""
    folder = tmp_path_factory.mktemp("explore")
    lab.notebook(folder, "explore.ipynb", *CELLS)
    lab.notebook(folder, "fitted.ipynb", *FITTED)
    with lab.server(folder) as served:
        yield served


def left_to_look_at(page, name):
    """Leave a screenshot where somebody asked for one."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"explore_{name}.png")


PHONE = pytest.param("phone", marks=pytest.mark.slow)


@pytest.mark.parametrize("size", ["desk", PHONE])
def test_a_key_moves_slider_and_picture_without_flicker(address, size):
    """One press of an arrow key changes the picture in place; nothing else happens."""
    width, height = SIZES[size]
    with lab.browser(viewport={"width": width, "height": height}) as page:
        seen = lab.Page(page, address)
        seen.run_all("explore.ipynb")
        page.locator(PICTURE).wait_for(timeout=60_000)
        page.get_by_text("20 runs, seed 1. as given.").wait_for()
        page.wait_for_function(f"document.querySelector('{PICTURE}').naturalWidth > 0")
        page.evaluate(WATCH)
        page.get_by_label("sdr: people", exact=True).press("ArrowRight")
        page.get_by_text("20 runs, seed 1. sdr: people 4.").wait_for()
        page.wait_for_function("window.seen.size > 1")
        left_to_look_at(page, size)

        assert page.locator(PICTURE).get_attribute("alt").startswith("Picture: Funnel")
        assert page.evaluate("window.heights.size") == 1
        assert ([], []) == (seen.errors, seen.strangers)
        assert [] == lab.barriers(page, ".lead-explore")
        assert 0 == page.get_by_text("Jupyter news").count()  # as our settings say


@pytest.mark.slow
def test_a_and_b_stand_beside_each_other(address):
    """What is held is named, and the difference has a column."""
    with lab.browser(viewport={"width": 1280, "height": 900}) as page:
        seen = lab.Page(page, address)
        seen.run_all("explore.ipynb")
        page.get_by_role("button", name="Hold this run as A").click(timeout=60_000)
        page.get_by_label("sdr: people", exact=True).press("ArrowLeft")
        page.get_by_role("columnheader", name="B minus A").wait_for()
        page.get_by_role("button", name="Let go of A").wait_for()
        left_to_look_at(page, "held")

        assert [] == seen.errors


@pytest.mark.slow
def test_a_fitted_rate_is_short_to_read_and_says_how_weak_its_range_is(address):
    """Four digits in the box, all on asking and where typed; how weak is read aloud."""
    with lab.browser(viewport={"width": 390, "height": 844}) as page:
        seen = lab.Page(page, address)
        seen.run_all("fitted.ipynb")
        box = page.get_by_role("spinbutton", name="won, exact, %")
        box.wait_for(timeout=60_000)
        slider = page.get_by_role("slider", name="won")
        place = slider.get_attribute("aria-describedby")
        said = page.locator(f"[id='{place}']").inner_text()
        shown = (box.input_value(), box.get_attribute("title"))
        box.fill("21.23456")
        box.press("Enter")
        page.get_by_text("2 runs, seed 0. won 21.23%.").wait_for(timeout=60_000)
        typed = (box.input_value(), box.get_attribute("title"))

        box.fill("90")
        box.press("Enter")
        cut = page.get_by_text("90 lies outside the range: 35 is taken.")
        cut.wait_for(timeout=60_000)
        slider.press("ArrowLeft")
        cut.wait_for(state="detached", timeout=60_000)

        assert ("27.41", "exactly 27.4104") == shown
        assert ("21.23456", "") == typed
        assert "Range 15 to 35: weak evidence (C)" == said
        assert ([], []) == (seen.errors, seen.strangers)
