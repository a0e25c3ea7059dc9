"""Common random numbers, at small scale: what the table in docs/ says, holds."""

from __future__ import annotations

import pytest

from benchmarks.variance import BEGIN, END, PAPER, POLICIES, gain

BY_NAME = {policy.name: policy for policy in POLICIES}


@pytest.mark.parametrize(
    "name",
    ["a better page: 1.2% leave a name, not 1%", "the hole mended: 40% instead of 25%"],
)
def test_pairing_saves_most_of_the_runs(name):
    """A paired difference has less than half of the variance of independent runs."""
    assert gain(BY_NAME[name], 30).factor > 2


def test_the_table_has_a_line_for_each_change():
    """Ten changes, in the order of the script, each with a factor above 1."""
    table = PAPER.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    rows = [line.strip("|").split("|") for line in table.splitlines()]
    shown = [row for row in rows if len(row) > 1][2:]
    factors = [float(row[-1].strip(" *")) for row in shown]

    assert [row[0].strip() for row in shown] == [policy.name for policy in POLICIES]
    assert len(factors) == 10
    assert min(factors) > 1
