"""Colours: whoever sees fewer of them tells two lines, dots or worlds apart.

Sight is simulated by the matrices of Machado, Oliveira and Fernandes (2009) for the
full loss of one kind of cone. A difference of 2 in CIE L*a*b* is just seen; `APART` is
ten times that, chosen after a first look, in which the least was 26.
"""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from simlib import plots

APART = 20.0
SIGHT = {
    "full": np.eye(3),
    "without red": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "without green": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "without blue": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
WHITE = [0.9505, 1.0, 1.089]
SITE = Path(__file__).parents[1] / "site" / "static" / "explorer.css"


def seen(colour, sight):
    """Return where a colour lies in CIE L*a*b* for somebody's sight."""
    code = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    light = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    light = np.clip(np.asarray(SIGHT[sight]) @ light, 0, 1)
    share = np.asarray(TO_XYZ) @ light / WHITE
    x, y, z = np.where(share > 0.008856, np.cbrt(share), 7.787 * share + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def least(colours, sight):
    """Return the smallest difference between two of some colours."""
    pairs = combinations([seen(one, sight) for one in colours], 2)
    return min(float(np.linalg.norm(one - two)) for one, two in pairs)


@pytest.mark.parametrize("sight", SIGHT)
def test_lines_and_dots_are_told_apart_by_anybody(sight):
    """No two of the house's shades look alike."""
    assert least(plots.SHADES, sight) > APART


@pytest.mark.parametrize("sight", SIGHT)
def test_a_and_b_of_the_site_are_told_apart_by_anybody(sight):
    """What is held and what is set, on a light and on a dark page."""
    pairs = re.findall(r"--now: (#\w{6}); --old: (#\w{6})", SITE.read_text("utf-8"))

    assert 2 == len(pairs)
    assert min(least(pair, sight) for pair in pairs) > APART


def test_colour_is_never_alone():
    """Every shade goes with a dash of its own, and every dot with a shape."""
    marks = [plots.mark_of(turn) for turn in range(len(plots.SHADES))]

    assert len(plots.LINES) == len(set(map(str, plots.LINES))) == len(plots.SHADES)
    assert len({mark["shape"] for mark in marks}) == len(plots.SHADES)
