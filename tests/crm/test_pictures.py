"""Pictures of a calibration show what was seen, and the truth where it is known."""

from __future__ import annotations

import numpy as np
import pytest
from known_funnels import crm_log

import simlib as sl


@pytest.fixture(scope="module")
def found():
    """Return the calibration of a log of two sources."""
    return sl.crm.calibrate(crm_log(seed=1, horizon=200))


def marks(ax, label):
    """Return where the marks of one label lie, from the top."""
    [line] = [line for line in ax.lines if line.get_label() == label]
    return line.get_xdata()


def test_shares_show_what_is_won_so_far(found):
    """One diamond for each row of the table, in percent."""
    ax = sl.crm.pictures.shares(found)

    assert marks(ax, "won so far") == pytest.approx(100 * found.table["share_seen"])
    assert "truth" not in [line.get_label() for line in ax.lines]
    sl.plots.close(ax)


def test_shares_show_the_truth_where_it_is_known(found):
    """A cross at a source whose truth is told; a name that is no source is left."""
    first = found.table["source"].iloc[0]
    ax = sl.crm.pictures.shares(found, {first: 7.0, "nobody": 9.0})

    truth = marks(ax, "truth")
    assert (7.0, len(found.table)) == (truth[0], len(truth))
    assert np.isnan(truth[1:]).all()
    sl.plots.close(ax)
