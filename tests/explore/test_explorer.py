"""Explorers: what moves with a slider, what is dropped, what is said, what is kept."""

from __future__ import annotations

import asyncio
import io

import ipywidgets as widgets
import numpy as np
import pytest
from PIL import Image

import simlib as sl
from simlib.errors import SimlibError, StudyError
from simlib.explore import figures
from simlib.explore.samples import Sample
from simlib.explore.views import VIEWS

PEOPLE = "teams.sdr.people"
LEADS = "sources.website.leads.per_month"
QUALIFIED = "stages.captured.next.sql.rate"
LAG = {"stages.opportunity.next.customer.lag": 3}


class Queue(list):
    """Work that is put off until a test says so."""

    def __call__(self, seconds, work):
        """Put work off."""
        self.append(work)

    def run(self):
        """Do everything, what is put off meanwhile included."""
        while self:
            self.pop(0)()


@pytest.fixture
def textbook():
    """The textbook sum, which runs in a millisecond."""
    return sl.load("textbook")


@pytest.fixture
def explorer(textbook):
    """An explorer of the textbook sum with four runs."""
    return sl.explore(textbook, [LEADS, QUALIFIED], replications=4, seed=7)


@pytest.fixture
def later():
    """Where work waits."""
    return Queue()


@pytest.fixture
def slow(textbook, later):
    """The same explorer, whose work waits in `later`."""
    return sl.explore(textbook, [LEADS, QUALIFIED], replications=4, seed=7, soon=later)


def customers(scenario, seed=7, runs=4):
    """Return the customers of some runs, simulated directly."""
    found = [sl.simulate(scenario, seed, number) for number in range(runs)]
    return [sl.metrics.metrics_of(run)["customers"] for run in found]


def shown(explorer):
    """Return the customers of the runs that an explorer shows."""
    return explorer.session.now.values("customers").tolist()


def test_it_shows_the_scenario_as_it_is(explorer, textbook):
    """At first the figures are those of the scenario, run by run."""
    assert customers(textbook) == shown(explorer)


def test_a_slider_moves_the_figures_as_a_simulation_says(explorer, textbook):
    """Percent on the screen is a share in the scenario; the figures are its runs."""
    explorer.controls[QUALIFIED].value = 25.0

    assert customers(textbook.changed({QUALIFIED: 0.25})) == shown(explorer)
    assert {"values": {QUALIFIED: 0.25}, "view": "funnel"} == explorer.settings


def test_more_leads_bring_more_customers(explorer):
    """Direction: four times the visitors, and the mean rises in table and picture."""
    before, picture = np.mean(shown(explorer)), explorer.picture.value
    explorer.controls[LEADS].value = 400

    assert np.mean(shown(explorer)) > before
    assert explorer.picture.value != picture


def test_only_the_newest_setting_is_run(slow, later, textbook):
    """Of ten settings in a row nine are never run, and work is asked for once."""
    for leads in range(110, 210, 10):
        slow.controls[LEADS].value = leads
    waiting = len(later)
    later.run()

    assert waiting == 1
    assert [{}, {LEADS: 200}] == [dict(key) for key in slow.session._samples]
    assert customers(textbook.changed({LEADS: 200})) == shown(slow)


def test_a_setting_that_came_meanwhile_is_run_next(slow, later, monkeypatch):
    """What was begun for an older setting does not go on once there is a newer one."""
    monkeypatch.setattr("simlib.explore.session.PATIENCE", 0.0)
    slow.controls[LEADS].value = 200
    later.pop(0)()
    slow.controls[LEADS].value = 300
    later.run()
    samples = slow.session._samples

    assert {"stale": 1, "now": 4} == {
        "stale": len(samples[(LEADS, 200),].kept),
        "now": len(samples[(LEADS, 300),].kept),
    }


def test_the_first_run_is_shown_before_the_others(slow, later, monkeypatch):
    """A picture comes after one run; the interval follows when all are done."""
    monkeypatch.setattr("simlib.explore.session.PATIENCE", 0.0)
    slow.controls[LEADS].value = 200
    later.pop(0)()
    first = slow.status.value
    later.run()

    assert "1 of 4 runs so far" in first
    assert "4 runs, seed 7" in slow.status.value


def test_reset_goes_back_to_the_start(explorer, textbook):
    """After a reset the controls and the figures are those of the scenario."""
    explorer.controls[LEADS].value = 300
    explorer.reset_button.click()

    assert 100.0 == explorer.controls[LEADS].value
    assert customers(textbook) == shown(explorer)


def test_what_is_held_is_compared_with_pair_by_pair(explorer, textbook):
    """B minus A is the mean difference of the same runs in both worlds."""
    explorer.hold_button.click()
    explorer.controls[QUALIFIED].value = 25.0
    one, two = customers(textbook), customers(textbook.changed({QUALIFIED: 0.25}))
    found = figures.difference(explorer.session.worlds, "customers")

    assert pytest.approx(np.mean(two) - np.mean(one)) == found.mean
    assert "B minus A" in explorer.figures.value
    assert ["A", "B"] == list(explorer.session.worlds)


def test_who_lets_go_compares_with_nothing(explorer):
    """A second press on the same button takes A away."""
    explorer.hold()
    explorer.hold_button.click()

    assert ["now"] == list(explorer.session.worlds)
    assert "B minus A" not in explorer.figures.value


def test_pinned_runs_are_listed_and_can_be_gone_back_to(explorer):
    """A pin says what was changed; choosing it moves the controls there."""
    explorer.controls[LEADS].value = 300
    explorer.pin_button.click()
    explorer.reset()
    explorer.go_back.value = 0

    assert "website: leads a month 300" in explorer.pinned.value
    assert 300.0 == explorer.controls[LEADS].value


def test_a_bad_combination_is_said_and_the_picture_stays(textbook):
    """Two rates above 1 in sum are no scenario: its message, no traceback."""
    both = textbook.changed({"stages.captured.next.customer": {"rate": 0.3}})
    other = "stages.captured.next.customer.rate"
    explorer = sl.explore(both, {QUALIFIED: (0, 1), other: (0, 1)}, replications=2)
    explorer.controls[other].value = 60.0
    good, figures_then = explorer.picture.value, explorer.figures.value
    explorer.controls[QUALIFIED].value = 80.0

    assert "they must sum to 1 or less" in explorer.alert.value
    assert 'role="alert"' in explorer.alert.value
    assert (good, figures_then) == (explorer.picture.value, explorer.figures.value)


def test_the_message_goes_when_the_setting_is_good_again(textbook):
    """What is mended is not complained about any more."""
    both = textbook.changed({"stages.captured.next.customer": {"rate": 0.3}})
    explorer = sl.explore(both, {QUALIFIED: (0, 1)}, replications=2)
    explorer.controls[QUALIFIED].value = 80.0
    explorer.controls[QUALIFIED].value = 20.0

    assert not explorer.alert.value


def test_names_of_a_scenario_are_text_and_never_markup(textbook):
    """A currency or a label with angle brackets is written out, not obeyed."""
    hostile = textbook.changed({"currency": "<b>x"})
    explorer = sl.explore(
        hostile.changed({"sources.website.cost.per_month": 5}),
        {LEADS: "<script>leads"},
        replications=2,
    )
    explorer.controls[LEADS].value = 200
    explorer.pin()
    said = explorer.figures.value + explorer.pinned.value + explorer.status.value

    assert "&lt;b&gt;x" in said
    assert "<script" not in said
    assert "<b>" not in said


def test_every_control_has_a_label():
    """Sliders, lists and buttons all say what they are; a picture has its text."""
    explorer = sl.explore(sl.load("sales_desk"), replications=2)
    labels = [
        getattr(one, "label", "") if one._model_module == "anywidget" else ""
        for one in explorer.controls.values()
    ]
    described = [getattr(one, "description", "") for one in explorer.controls.values()]
    named = [label or text for label, text in zip(labels, described, strict=True)]
    buttons = [explorer.reset_button, explorer.hold_button, explorer.pin_button]

    assert all(named)
    assert all(button.description for button in buttons)
    assert explorer.picture.text.startswith("Picture: Funnel. now: ")
    assert isinstance(explorer.controls["teams.sdr.order"], widgets.Dropdown)


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_a_picture(view, held):
    """Each view draws one world, and two."""
    desk = sl.load("sales_desk").changed({"horizon": 60} | LAG)
    explorer = sl.explore(desk, [PEOPLE], [view], replications=2)
    if held:
        explorer.hold()
        explorer.controls[PEOPLE].value = 1
    with Image.open(io.BytesIO(explorer.picture.value)) as picture:
        size = picture.size

    assert (624, 444) == size
    assert not explorer.alert.value


def test_the_picture_of_costs_says_what_the_table_says():
    """The last rung is the cost of a customer in the figures beside it."""
    bucket = sl.load("holed_bucket").changed({"horizon": 200})
    explorer = sl.explore(bucket, [PEOPLE], ["ladder"], replications=5, seed=1)
    ax = VIEWS["ladder"].draw(explorer.session.worlds)
    cac = figures.interval(explorer.session.now.values("cac")).mean

    assert pytest.approx(cac) == ax.lines[0].get_ydata()[-1]


def test_five_years_are_shown_by_the_quarter(textbook):
    """Sixty months are too many for the eye: three are added up, the rest is left."""
    sample = Sample(textbook.changed({"horizon": 1826.25}), 1, 2)
    sample.run_some(60)
    ax = VIEWS["months"].draw({"now": sample})
    months = np.mean([kept.months for kept in sample.kept], axis=0)

    assert "new customers in the quarter" == ax.get_ylabel()
    assert months.reshape(20, 3).sum(axis=1).tolist() == pytest.approx(
        ax.lines[0].get_ydata().tolist()
    )


def test_who_spends_nothing_pays_nothing_back():
    """A scenario without a cost, as after a fit, has no line about money."""
    free = sl.explore(sl.load("growing_firm"), [], ["funnel"], 1)

    assert "USD" not in repr(free)
    assert "payback" not in repr(free)


def test_without_widgets_there_is_a_picture_and_text(explorer):
    """The output holds a PNG and text beside the live view, for print and GitHub."""
    bundle, about = explorer._repr_mimebundle_()
    live = "application/vnd.jupyter.widget-view+json"

    assert {live, "image/png", "text/plain"} == set(bundle)
    assert about["image/png"]["alt"].startswith(
        "Explorer of 'The textbook sum': 4 runs"
    )
    assert "customers: now" in about["image/png"]["alt"]
    assert bundle["text/plain"].splitlines()[0] == (
        "Explorer of 'The textbook sum': 4 runs, seed 7. as given."
    )


def test_the_text_is_the_same_in_every_run(textbook, explorer):
    """What a stored lesson compares holds no address and no time."""
    again = sl.explore(textbook, [LEADS, QUALIFIED], replications=4, seed=7)

    assert repr(explorer) == repr(again)


def test_settings_come_out_and_go_in(textbook, explorer):
    """A link carries values, view and what is held, and brings all of it back."""
    explorer.controls[LEADS].value = 200
    explorer.hold()
    explorer.controls[QUALIFIED].value = 20.0
    explorer.view = "luck"
    said = explorer.settings
    again = sl.explore(
        textbook, [LEADS, QUALIFIED], replications=4, seed=7, settings=said
    )

    assert said == {
        "values": {LEADS: 200.0, QUALIFIED: 0.2},
        "view": "luck",
        "held": {LEADS: 200.0},
    }
    assert said == again.settings
    assert shown(explorer) == shown(again)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"values": {"teams.x": 1}}, "there is no such control"),
        ({"values": {LEADS: 1e9}}, "it may be 0 to 400"),
        ({"values": {LEADS: "<b>"}}, "give a number"),
        ({"values": {LEADS: float("nan")}}, "give a number"),
        ({"view": "pie"}, "view 'pie'"),
        ({"code": "1"}, "unknown code"),
    ],
)
def test_settings_that_do_not_fit_are_refused(explorer, said, message):
    """What a link brings is checked, and nothing has moved if it is bad."""
    with pytest.raises(StudyError, match=message):
        explorer.settings = said

    assert {"values": {}, "view": "funnel"} == explorer.settings


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"scenario": "textbook"}, r"sl\.load"),
        ({"replications": 0}, "whole number from 1"),
        ({"controls": ["stages.sqll.next"]}, "Did you mean 'sql'"),
        ({"controls": ["name"]}, "no number"),
        ({"controls": {LEADS: (5, 1)}}, "no range"),
        ({"controls": ["teams.*.people"]}, "nothing like it"),
        ({"views": ["waits"]}, "nothing for it"),
        ({"views": ["funel"]}, "Did you mean 'funnel'"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_words(textbook, asked, message):
    """The message names the place and what there is."""
    with pytest.raises(SimlibError, match=message):
        sl.explore(**{"scenario": textbook, "replications": 2} | asked)


def test_in_a_kernel_the_loop_does_the_work(textbook):
    """Where an event loop runs, a slider returns at once, and the figures follow."""

    async def move():
        explorer, done = sl.explore(textbook, [LEADS], replications=2), asyncio.Event()
        explorer.controls[LEADS].value = 200
        at_once = shown(explorer)
        explorer.status.observe(lambda _: done.set(), names="value")
        await asyncio.wait_for(done.wait(), 60)
        return at_once, explorer.session.shown

    at_once, then = asyncio.run(move())

    assert customers(textbook, seed=0, runs=2) == at_once
    assert {LEADS: 200} == then
