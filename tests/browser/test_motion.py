"""Leads in motion in JupyterLab, as somebody with a mouse or a keyboard meets them.

Slow, and skipped where there is no Chromium. With PICTURES set to a
folder, screenshots are left there to be looked at.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import lab

import simlib as sl
from simlib.motion.worlds import whereabouts

pytestmark = [pytest.mark.slow, lab.needs_browser]

FIVE_THOUSAND = """
import simlib as sl
run = sl.simulate(sl.load("baseline"), seed=7)
widget = sl.motion(run, by="kind", most=5000)
widget
"""
NASTY = """
import dataclasses
import simlib as sl
def renamed(people):
    changes = {"horizon": 60, "teams.sdr.people": people}
    run = sl.simulate(sl.load("sales_desk").changed(changes), seed=1)
    name = "<img src=x onerror=alert(1)>"
    graph = dataclasses.replace(run.log.graph, sources=(name,))
    return dataclasses.replace(run.log, graph=graph)
widget = sl.motion(renamed(3), renamed(1), names=("<b>three</b>", "one"))
widget
"""
NO_LAGS = """
import simlib as sl
month = sl.load("holed_bucket").changed({"horizon": 28})
sl.motion(sl.simulate(month, seed=1), by="kind")
"""
FRAMES = """() => new Promise((done) => {
  const begun = performance.now();
  let frames = 0;
  const count = (now) => {
    frames += 1;
    if (now - begun < 3000) requestAnimationFrame(count);
    else done((1000 * frames) / (now - begun));
  };
  requestAnimationFrame(count);
})"""
PIXELS = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) sum = (sum * 31 + data[i] + data[i + 3]) % 1e9;
  return sum;
}"""  # noqa: E501

SOMEWHERE = """(glass) => {
  const canvas = glass.previousElementSibling; // the dots that will not move again
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  const at = data.findIndex((value, i) => i % 4 === 3 && value === 255) >> 2;
  const scale = width / canvas.clientWidth;
  return at >= 0 && { x: (at % width) / scale, y: Math.floor(at / width) / scale };
}"""

# How many pixels the dots cover that will not move again.
COVERED = """() => {
  const canvas = document.querySelectorAll(".lead-motion-stack canvas")[1];
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((value, i) => i % 4 === 3 && value === 255).length;
}"""  # noqa: E501
LEAST_OF_A_DOT = 25


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    """A JupyterLab with three notebooks."""
    folder = tmp_path_factory.mktemp("lab")
    lab.notebook(folder, "no_lags.ipynb", NO_LAGS)
    lab.notebook(folder, "many.ipynb", FIVE_THOUSAND)
    lab.notebook(folder, "nasty.ipynb", NASTY)
    with lab.server(folder) as served:
        yield served


@pytest.fixture(params=[1280, 390])
def many(address, request) -> Iterator[lab.Page]:
    """5,000 dots on a wide and on a narrow page."""
    size = {"width": request.param, "height": 1000}
    with lab.browser(viewport=size) as page:
        opened = lab.Page(page, address)
        opened.run_all("many.ipynb")
        page.locator(".lead-motion").wait_for(timeout=60_000)
        yield opened


@pytest.fixture
def nasty(address) -> Iterator[lab.Page]:
    """Two worlds whose names are markup, for somebody who wants no motion."""
    with lab.browser(reduced_motion="reduce") as page:
        opened = lab.Page(page, address)
        opened.run_all("nasty.ipynb")
        page.locator(".lead-motion").wait_for(timeout=60_000)
        yield opened


def pictured(page, name: str) -> None:
    """Leave a screenshot where somebody asked for one."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_it_plays_scrubs_and_follows(many):
    """Play moves the day and the dots; keys scrub; a story is told; nothing fails."""
    page, root = many.page, many.page.locator(".lead-motion")
    glass, now = root.locator("canvas[role=img]"), root.locator("output")
    before = glass.evaluate(PIXELS)
    root.get_by_role("button", name="Play").click()
    frames = page.evaluate(FRAMES)
    root.get_by_role("button", name="Pause").click()
    day_after = int(re.findall(r"Day (\d+)", now.inner_text())[0])

    assert day_after > 0
    assert before != glass.evaluate(PIXELS)

    slider = root.get_by_role("slider", name="Day")
    slider.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.get_by_text("Day 1 · Tue 7 Jan 2025", exact=True).wait_for()
    root.get_by_role("button", name="Next who is won").click()

    assert "is won" in root.locator("ol").inner_text()

    wide = root.evaluate("it => [it.scrollWidth, it.clientWidth]")
    pictured(page, f"motion-{page.viewport_size['width']}-{frames:.0f}-frames-a-second")

    assert wide[0] <= wide[1]
    assert ([], []) == (many.errors, many.strangers)


def test_it_counts_as_the_log_does(many):
    """What a screen reader hears on day 200 are the numbers of the same run here."""
    log = sl.simulate(sl.load("baseline"), seed=7).log
    rows = whereabouts({"": log}, "source", [200])
    counted = dict.fromkeys((row["stage"] for row in rows), 0)
    for row in rows:
        counted[row["stage"]] += row["count"]
    root = many.page.locator(".lead-motion")
    root.get_by_role("slider", name="Day").fill("200")
    heard = root.locator("canvas[role=img]").get_attribute("aria-label") or ""

    assert counted == {
        stage: int(number)
        for stage, number in re.findall(r"(\w+) (\d+)[ ,(]", heard + " ")
        if stage in counted
    }


def test_the_crm_knows_no_kinds(many):
    """At a click the kinds are gone, and the legend says why."""
    root = many.page.locator(".lead-motion")
    legend = root.locator("ul")
    assert "not_yet" in legend.inner_text()

    root.get_by_label("Show").select_option("crm")

    assert "the CRM does not know the kind" == legend.inner_text()


def test_who_is_through_a_desk_at_once_is_drawn(address):
    """Where nothing but the queue takes time, those lost on the last day are seen."""
    month = sl.load("holed_bucket").changed({"horizon": 28})
    rows = whereabouts({"": sl.simulate(month, seed=1).log}, "source", [28])
    lost = sum(row["count"] for row in rows if row["stage"] == "lost")
    with lab.browser(viewport={"width": 1280, "height": 1000}) as page:
        opened = lab.Page(page, address)
        opened.run_all("no_lags.ipynb")
        root = page.locator(".lead-motion")
        root.get_by_role("slider", name="Day").press("End", timeout=60_000)
        enough = f"({COVERED})() > {LEAST_OF_A_DOT * lost}"
        page.wait_for_function(enough, timeout=60_000)
        pictured(page, "motion-no-lags")

        assert lost > 50
        assert ([], []) == (opened.errors, opened.strangers)


def test_a_click_follows_a_dot(nasty):
    """A click on a dot tells in both worlds the story of the lead that it is."""
    page, root = nasty.page, nasty.page.locator(".lead-motion")
    root.get_by_role("slider", name="Day").fill("30")
    glass = root.locator("canvas[role=img]").first
    page.wait_for_function(SOMEWHERE, arg=glass.element_handle())
    glass.click(position=glass.evaluate(SOMEWHERE))
    root.locator("ol").first.wait_for()

    assert 2 == root.locator("ol").count()
    assert "comes from <img" in root.locator("ol li").first.inner_text()


def test_names_are_text_and_nothing_moves(nasty):
    """Markup in names is shown as such; without motion a key still changes the day."""
    page, root = nasty.page, nasty.page.locator(".lead-motion")
    root.get_by_role("button", name="Play").focus()
    page.keyboard.press("Enter")
    root.get_by_role("button", name="Pause").wait_for()
    page.keyboard.press("Enter")
    root.get_by_role("spinbutton").fill("3")
    page.keyboard.press("Enter")
    page.locator(".lead-motion ol").first.wait_for()
    pictured(page, "motion-two")

    assert ["<b>three</b>", "one"] == root.locator("figcaption").all_inner_texts()
    assert 2 == root.locator("ol").count()
    assert 0 == root.locator("img, b").count()
    assert ([], []) == (nasty.errors, nasty.strangers)


def test_everybody_can_use_it(nasty):
    """The rules for people with disabilities that a machine can check are kept."""
    page, root = nasty.page, nasty.page.locator(".lead-motion")
    root.get_by_role("button", name="Next who is won").click()
    root.locator("ol").first.wait_for()

    assert [] == lab.barriers(page, ".lead-motion", least="minor")
