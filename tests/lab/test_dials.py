"""Dials: what each moves in a scenario, and what it leaves alone."""

from __future__ import annotations

import pytest

import simlib as sl
from simlib.errors import StudyError

USUAL = {"gating": "selective", "demand": "funded", "volume": 1, "people": 1}
DEMAND = ["content", "brand_ads", "events", "newsletter", "social_selling"]
PRESETS = ["b2c", "enterprise", "mid_market", "self_serve", "small_business"]


@pytest.fixture
def firm():
    """The mid-market preset."""
    return sl.load("mid_market")


def test_demand_is_made_by_who_is_remembered_by_those_in_no_need(firm):
    """Content, brand and the like; a lead form brings names, and no memory."""
    assert [*DEMAND, "direct_mail"] == sl.lab.demand_sources(firm)


def test_what_is_not_demand_is_capture(firm):
    """All other sources but the raised hands, which nobody can buy."""
    every = set(firm.sources) - set(sl.lab.demand_sources(firm)) - {"direct"}

    assert every == set(sl.lab.capture_sources(firm))


def test_leads_without_a_market_are_captured():
    """A source that simply brings leads is one whose volume can be turned."""
    assert ["all_leads"] == sl.lab.capture_sources(sl.load("sales_desk"))
    assert [] == sl.lab.demand_sources(sl.load("sales_desk"))


def test_the_usual_settings_change_nothing(firm):
    """Dials that stand where they stood leave the scenario as it is."""
    assert firm == sl.lab.turned(firm, **USUAL)


def test_cut_demand_stops_on_day_0_with_its_money(firm):
    """Sources that make demand are met no more, and cost nothing more."""
    run = sl.simulate(sl.lab.turned(firm, demand="cut").changed({"horizon": 60}))
    spent = sl.money.spend_by_source(run).set_index("source")["media"]

    assert 0 == spent[sl.lab.demand_sources(firm)].sum()
    assert spent["organic_search"] > 0


def test_volume_multiplies_what_is_caught_and_its_monthly_bill(firm):
    """Twice the visits of searchers at twice the price; demand stays as it is."""
    twice = sl.lab.turned(firm, volume=2)
    search, mail = (twice.sources[at] for at in ("organic_search", "outbound_email"))

    assert ({"ready": 0.6, "junk": 0.04}, 4000) == (
        search.meets.per_month,
        search.cost.per_month,
    )
    assert 360 == mail.meets.in_all_per_month
    assert firm.sources["content"] == twice.sources["content"]


def test_volume_of_leads_that_simply_come():
    """Half the leads a month of a source without a market."""
    half = sl.lab.turned(sl.load("sales_desk"), volume=0.5)
    [source] = half.sources.values()

    assert sl.load("sales_desk").sources["all_leads"].leads.per_month == (
        2 * source.leads.per_month
    )


@pytest.mark.parametrize(("times", "people"), [(2, [4, 6]), (0.1, [1, 1])])
def test_people_are_whole_and_at_least_one(firm, times, people):
    """Two SDRs and three account executives, times a factor."""
    teams = sl.lab.turned(firm, people=times).teams.values()

    assert people == [team.people for team in teams]


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_has_the_dials_of_demand(name):
    """Gating, demand and volume turn in all presets, people where there are some."""
    firm = sl.load(name)
    absent = [dial for dial in sl.lab.DIALS if sl.lab.missing(firm, dial)]

    assert absent == ([] if firm.teams else ["people"])


def test_a_firm_without_a_market_says_what_it_cannot_do():
    """The table of dials names the reason, and so does the error."""
    desk = sl.load("sales_desk")
    table = sl.lab.dials(desk)["moves"]

    assert "nothing here: there is no market behind the leads" == table["gating"]
    assert "3 sdr" == table["people"]
    with pytest.raises(StudyError, match="'demand': there is no market behind"):
        sl.lab.turned(desk, demand="cut")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"gates": "none"}, "dial 'gates': it may be gating, demand, volume, people"),
        ({"gating": "all"}, "dial 'gating' is 'all'; it may be none, selective"),
        ({"demand": "cutt"}, "Did you mean 'cut'?"),
        ({"volume": 0}, "give a factor above 0"),
        ({"people": "many"}, "give a factor above 0"),
    ],
)
def test_a_wrong_setting_is_answered_in_a_line(firm, settings, message):
    """What was given, and what may be."""
    with pytest.raises(StudyError) as caught:
        sl.lab.turned(firm, **settings)

    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
