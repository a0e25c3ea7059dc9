"""What one lead, one MQL ... one customer costs."""

from __future__ import annotations

import dataclasses

import pytest
from logs import GRAPH, RUN, log_of, run_of, source

from simlib.log import StageInfo
from simlib.money import ALL_SOURCES, cost_ladder, cost_per_by_source

NAN = float("nan")


def of(table, name, column="cost"):
    """Return a source's rungs with their costs."""
    one = table[table["source"] == name]
    return dict(zip(one["rung"], one[column], strict=True))


def test_a_ladder_divides_the_spend_by_who_reached_each_rung():
    """Web spent 1,654 on 3 leads, 3 MQLs, one opportunity and one customer."""
    table = cost_ladder(RUN)

    assert of(table, "web") == pytest.approx(
        {"lead": 1654 / 3, "mql": 1654 / 3, "opportunity": 1654, "customer": 1654}
    )
    assert of(table, "ads") == pytest.approx(
        {"lead": 1718 / 3, "mql": 1718 / 2, "opportunity": 1718, "customer": NAN},
        nan_ok=True,
    )


def test_all_sources_come_last():
    """3,372 were spent on 6 leads, 5 MQLs, 2 opportunities and one customer."""
    table = cost_ladder(RUN)

    assert list(dict.fromkeys(table["source"])) == ["web", "ads", ALL_SOURCES]
    assert of(table, ALL_SOURCES) == pytest.approx(
        {"lead": 562, "mql": 674.4, "opportunity": 1686, "customer": 3372}
    )
    assert list(of(table, ALL_SOURCES, "reached").values()) == [6, 5, 2, 1]


def test_people_can_be_left_out():
    """Without people, web's three leads cost 254 and the ads' three 118."""
    table = cost_ladder(RUN)

    assert of(table, "web", "cost_without_people")["lead"] == pytest.approx(254 / 3)
    assert of(table, "ads", "cost_without_people")["lead"] == pytest.approx(118 / 3)


def test_where_leads_begin_in_several_stages_each_is_a_rung():
    """The first stage is left out only where every lead passes it."""
    lives = [
        ("web", [(1, "enter", "captured")]),
        ("ads", [(1, "enter", "mql")]),
    ]

    assert list(of(cost_ladder(run_of(log_of(lives))), "web")) == [
        "lead",
        "captured",
        "mql",
        "opportunity",
        "customer",
    ]


def test_the_cheapest_lead_is_not_the_cheapest_customer():
    """50 a lead and 120 a lead become 3,443.53 and 24,000 a customer."""
    stages = ("captured", "mql", "sql", "opportunity", "customer")
    infos = [StageInfo(name) for name in stages[:-1]]
    infos += [StageInfo("customer", terminal="won"), StageInfo("lost", terminal="lost")]
    graph = dataclasses.replace(GRAPH, stages=tuple(infos), teams=())

    def lives(name, *reached):
        """Return lives of which so many reach each stage."""
        for number in range(reached[0]):
            far = sum(number < count for count in reached)
            yield name, [(at, "enter", stages[at]) for at in range(far)]

    # 1,000 x .30 x .40 x .55 x .22 = 14.52 and 1,000 x .20 x .25 x .50 x .20 = 5: a
    # hundred times as many of the first make whole customers.
    web = lives("web", 25_000, 7500, 3000, 1650, 363)
    log = log_of([*web, *lives("ads", 1000, 200, 50, 25, 5)], graph)
    sources = {"web": source(per_lead=50), "ads": source(per_lead=120)}
    table = cost_ladder(run_of(log, sources=sources, teams={}, nurture=None))

    assert [round(cost, 2) for cost in of(table, "web").values()] == [
        *(50, 166.67, 416.67, 757.58, 3443.53)
    ]
    assert list(of(table, "ads").values()) == [120, 600, 2400, 4800, 24_000]


def test_a_wide_table_has_a_column_for_each_rung():
    """The same costs, one row for each source, and nan where nobody came so far."""
    table = cost_per_by_source(RUN)

    assert list(table) == [
        "source",
        "cost_per_lead",
        "cost_per_mql",
        "cost_per_opportunity",
        "cost_per_customer",
        "currency",
    ]
    assert table["source"].tolist() == ["web", "ads", ALL_SOURCES]
    assert table["cost_per_customer"].tolist() == pytest.approx(
        [1654, NAN, 3372], nan_ok=True
    )
