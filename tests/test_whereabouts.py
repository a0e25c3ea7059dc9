"""The still picture of leads in motion: what is drawn, and what it is called."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from simlib import plots
from simlib.errors import StudyError

TABLE = pd.DataFrame(
    [
        {"world": "A", "day": day, "stage": stage, "group": group, "count": count}
        for day in (10, 20)
        for stage, counts in {"mql": (4, 0), "lost": (9, 7)}.items()
        for group, count in zip(("web", "ads"), counts, strict=True)
    ]
)


@pytest.fixture(autouse=True)
def leaves_nothing() -> Iterator[None]:
    """Leave no figure behind."""
    from matplotlib import pyplot as plt

    yield
    plt.close("all")


def test_a_panel_for_each_world_and_day():
    """Panels are named by world and day, the first of a row names the stages."""
    both = pd.concat([TABLE, TABLE.assign(world="B")])
    panels = plots.whereabouts(both)
    names = [label.get_text() for label in panels[0].get_yticklabels()]

    assert ["A, day 10", "A, day 20", "B, day 10", "B, day 20"] == [
        ax.get_title(loc="left") for ax in panels
    ]
    assert ["mql", "lost"] == names


def test_bars_carry_their_numbers():
    """The number at a bar's end is the whole of the stage, and so is its length."""
    ax = plots.whereabouts(TABLE)[0]
    ends = [text.get_position()[0] for text in ax.texts]

    assert [" 4", " 16"] == [text.get_text() for text in ax.texts]
    assert [4, 16] == pytest.approx(ends)
    assert [4, 9, 0, 7] == [bar.get_width() for bar in ax.patches]


def test_who_is_not_there_is_not_in_the_legend():
    """A group without anybody on any day has no colour to look for."""
    nobody = TABLE[TABLE["group"] == "ads"].assign(group="mail", count=0)
    ax = plots.whereabouts(pd.concat([TABLE, nobody]))[0]

    assert ["web", "ads"] == ax.get_legend_handles_labels()[1]


def test_many_groups_become_few():
    """Of more than six groups the smallest are drawn as one, named last."""
    parts = [TABLE.assign(group=f"source {n}", count=n) for n in range(9)]
    panels = plots.whereabouts(pd.concat(parts))
    names = panels[0].get_legend_handles_labels()[1]

    assert (6, "others") == (len(names), names[-1])


def test_a_missing_column_is_named():
    """A table without days is refused by name."""
    with pytest.raises(StudyError, match=r"the table has no column day"):
        plots.whereabouts(TABLE.drop(columns="day"))
