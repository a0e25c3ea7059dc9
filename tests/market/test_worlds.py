"""The same buyers in two worlds: who was won only because the content was open."""

from __future__ import annotations

from functools import cache

import simlib as sl


@cache
def worlds() -> sl.studies.Worlds:
    """Return a market whose content is open, and the same with everything gated."""
    base = sl.load("gating").changed({"horizon": 1461, "market.buyers": 4000})
    open_, gated = (
        base.changed({"market.gating": policy}) for policy in ("none", "everything")
    )
    return sl.two_worlds(open_, gated, seed=7, names=("open", "gated"))


def test_some_are_won_only_where_the_content_is_open():
    """They are named, and told from the first page that they read."""
    stories = worlds().stories(50, won="open", lost="gated")

    assert stories
    assert all(story.startswith("buyer ") for story in stories)
    assert all(", thinks of us (memory" in story for story in stories)
    assert any("turns away from the form" in story for story in stories)


def test_nobody_differs_before_the_policy_does():
    """Whoever's outcome differs was met by the policy after day 730.5."""
    table = worlds().table()
    days = table[["day_open", "day_gated"]].max(axis=1)

    assert len(table) > 20
    assert (days.dropna() > 730.5).all()


def test_the_names_are_of_buyers_not_of_sources():
    """A buyer is the same one through whatever source it came; the source is said."""
    table = worlds().table()

    assert set(table["source"]) <= {"content", "direct"}
    assert table["lead"].is_unique
