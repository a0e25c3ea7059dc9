"""Pictures: what is drawn, what it is called, and whether it can be read."""

from __future__ import annotations

import importlib.util
import io
import itertools
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from simlib import plots
from simlib.errors import SimlibError
from simlib.plots.ends import name_ends, readable
from simlib.plots.style import SHADES


def script(name):
    """Return a script of the benchmarks as a module."""
    path = Path(__file__).parents[1] / "benchmarks" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"benchmarks_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


picture = script("picture")
FUNNEL = pd.DataFrame(
    {
        "stage": ["captured", "mql", "customer"],
        "reached": [1000, 300, 12],
        "lost": [700, 288, 0],
    }
)
CURVES = pd.DataFrame(
    {
        "cohort": [1, 1, 1, 2, 2],
        "age_days": [0, 30, 60, 0, 30],
        "share": [0, 0.01, 0.02, 0, 0.015],
        "mature": [True, True, True, True, False],
    }
)
STOCK = pd.DataFrame(
    {
        "day": [0, 1, 0, 1],
        "stage": ["captured", "captured", "mql", "mql"],
        "count": [3, 4, 0, 2],
    }
)
LADDER = pd.DataFrame(
    {
        "source": ["Google", "Google", "LinkedIn", "LinkedIn"],
        "rung": ["lead", "customer", "lead", "customer"],
        "cost": [50.0, 3443.53, 120.0, float("nan")],
        "currency": ["USD"] * 4,
    }
)
ANSWERS = pd.DataFrame(
    {"team": ["sdr", "sdr", "sdr"], "hours": [0, 1, 24], "share": [0.2, 0.5, 0.9]}
)
MEANS = pd.DataFrame(
    {"name": ["open", "gated"], "mean": [10, 12], "low": [9, 11], "high": [11, 13]}
)
CREDIT = pd.DataFrame(
    {
        "source": ["ads", "ads", "search", "search"],
        "credit": ["last touch", "true"] * 2,
        "metric": ["customers"] * 4,
        "mean": [0, 5, 9, 4],
        "low": [0, 4, 8, 3],
        "high": [0, 6, 10, 5],
    }
)
PAIRS = [(1, 3), (2, 5), (5, 6)]
DEALS = pd.DataFrame(
    {
        "period": [1, 2],
        "pipeline_value": [240_000.0, 480_000.0],
        "later_won_value": [48_000.0, 24_000.0],
        "still_open_value": [0.0, 96_000.0],
        "currency": ["USD"] * 2,
    }
)
PICTURES = {
    "pipeline": lambda: plots.pipeline(DEALS),
    "trend": lambda: plots.trend([1, 1.1, 1, 0.4, 0.5], 3, label="MQLs for each lead"),
    "credit": lambda: plots.credit(CREDIT),
    "funnel": lambda: plots.funnel(FUNNEL),
    "cohort_curves": lambda: plots.cohort_curves(CURVES),
    "work_in_progress": lambda: plots.work_in_progress(STOCK),
    "cost_ladder": lambda: plots.cost_ladder(LADDER),
    "response_times": lambda: plots.response_times(ANSWERS),
    "counts": lambda: plots.counts([0, 1, 1, 2]),
    "months": lambda: plots.months([2, 0, 1], label="new customers"),
    "intervals": lambda: plots.intervals(MEANS, label="customers a month"),
    "coverage": lambda: plots.coverage(PAIRS, 4, label="customers a month"),
}


@pytest.fixture(autouse=True)
def without_a_screen() -> Iterator[None]:
    """Draw into memory, and leave no figure behind."""
    from matplotlib import pyplot as plt

    mpl.use("Agg")
    yield
    plt.close("all")


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_has_a_title_and_a_named_axis(name: str) -> None:
    """A picture says what it shows and what its axis counts."""
    ax = PICTURES[name]()

    assert ax.get_title(loc="left")
    assert ax.get_xlabel()


@pytest.mark.parametrize("name", PICTURES)
def test_no_text_leaves_the_picture(name: str) -> None:
    """Every label lies inside the figure once it is drawn."""
    ax = PICTURES[name]()
    ax.figure.canvas.draw()
    frame = ax.figure.bbox
    boxes = [text.get_window_extent() for text in ax.texts if text.get_text()]

    outside = [b for b in boxes if b.x0 < frame.x0 - 1 or b.x1 > frame.x1 + 1]

    assert not outside


def test_funnel_draws_a_bar_as_long_as_the_count() -> None:
    """The bars of the funnel are the counts that reached and that were lost."""
    bars = [bar.get_width() for bar in plots.funnel(FUNNEL).patches]

    assert bars == [1000, 300, 12, 700, 288, 0]


def test_a_pipeline_stands_beside_what_came_of_it() -> None:
    """A bar for the value opened, one for what was won of it, one for what is open."""
    bars = [bar.get_height() for bar in plots.pipeline(DEALS).patches]

    assert bars == [240, 480, 48, 24, 0, 96]


def test_a_trend_has_a_line_for_all_months_and_one_for_each_part() -> None:
    """All months fall; before and after the change nothing does."""
    ax = plots.trend([2, 2, 2, 1, 1, 1], 3, label="MQLs for each lead")
    lines = [line.get_ydata() for line in ax.lines if len(line.get_ydata()) > 2]
    slopes = [line[-1] - line[0] for line in lines[1:]]

    assert slopes[0] < -1
    assert slopes[1:] == pytest.approx([0, 0], abs=1e-9)


def test_a_trend_of_one_month_is_refused() -> None:
    """No line goes through a single point."""
    with pytest.raises(SimlibError, match="2 months or more"):
        plots.trend([1.0])


def test_the_immature_part_of_a_cohort_is_not_drawn_solid() -> None:
    """Only mature ages are drawn with a solid line."""
    solid = [
        line for line in plots.cohort_curves(CURVES).lines if line._linestyle == "-"
    ]

    assert [list(line.get_xdata()) for line in solid] == [[0, 30, 60], [0]]


def test_cost_ladder_leaves_out_what_has_no_cost() -> None:
    """A source that reached no customer has no point there."""
    ends = [list(line.get_ydata()) for line in plots.cost_ladder(LADDER).lines]

    assert ends == [[50.0, 3443.53], [120.0]]


def test_intervals_say_all_means_to_the_same_decimal() -> None:
    """Numbers below each other look alike: no 266 beside a 301.2, no 1.2e+04."""
    ax = plots.intervals(MEANS.assign(mean=[9.96, 12345.6], low=0, high=13000))

    assert [text.get_text() for text in ax.texts] == ["10", "12,346"]


def test_a_rare_count_is_not_said_to_be_none() -> None:
    """A bar that came up once in 201 times is below 1%, and not 0%."""
    ax = plots.counts([0] * 200 + [1])

    assert [text.get_text() for text in ax.texts] == ["100%", "<1%"]


def test_coverage_crosses_the_intervals_that_miss_the_truth() -> None:
    """Of three intervals around 4, the first is too low and the last too high."""
    truth, crosses = plots.coverage(PAIRS, 4, names=["a", "b", "c"]).lines

    assert list(truth.get_xdata()) == [4, 4]
    assert crosses.get_xydata().tolist() == [[2, 2], [5.5, 0]]


def test_coverage_dots_a_line_where_nothing_would_have_changed() -> None:
    """The line of no effect is dotted, and the truth's is dashed."""
    truth, nothing, _ = plots.coverage(PAIRS, 4, nothing=1).lines

    assert (list(nothing.get_xdata()), nothing.get_linestyle()) == ([1, 1], ":")
    assert truth.get_linestyle() == "--"


def test_lines_can_be_told_apart_without_colour() -> None:
    """No two of the lines that a picture can hold share a dash."""
    looks = [plots.look_of(turn)["ls"] for turn in range(len(plots.LINES))]

    assert len({str(look) for look in looks}) == len(plots.LINES)


def test_a_table_without_the_column_is_refused_by_name() -> None:
    """The message names the picture, what is missing and what there is."""
    with pytest.raises(SimlibError, match=r"plots.funnel: .* no column lost; it has"):
        plots.funnel(FUNNEL.drop(columns="lost"))


def test_names_at_the_ends_lie_where_a_drawing_finds_them() -> None:
    """Names are placed without drawing the axes, and a drawing moves no line's end."""
    ends = [("low", 1, 2, "black"), ("lower", 1, 1.9, "black"), ("high", 1, 90, "red")]
    (ax,) = plots.quick_panels(1)
    ax.plot([0, 1], [1.9, 90])
    name_ends(ax, ends)
    ax.figure.canvas.draw()

    heights = [text.get_window_extent() for text in ax.texts]
    middles = sorted((box.y0 + box.y1) / 2 for box in heights)
    drawn = sorted(ax.transData.transform((x, y))[1] for _, x, y, _ in ends)

    line = 0.18 * ax.figure.dpi
    assert middles == pytest.approx([drawn[0], drawn[0] + line, drawn[2]], abs=1)
    first, second, _ = sorted(heights, key=lambda box: box.y0)
    assert first.y1 <= second.y0


def over_a_line(ax):
    """Return the names of an Axes that lie over a line or over one another."""
    ax.figure.canvas.draw()
    boxes = {text.get_text(): text.get_window_extent() for text in ax.texts}
    boxes.pop("", None)  # a thin line that leads to a name
    points = {}
    for line in ax.lines:
        x, y = ax.transData.transform(line.get_xydata()).T
        at = np.linspace(0, len(x) - 1, 5000)
        points[line] = np.column_stack(
            [np.interp(at, range(len(x)), p) for p in (x, y)]
        )
    return [
        name
        for name, box in boxes.items()
        if any(box.count_contains(path) for path in points.values())
        or any(box.overlaps(other) for other in boxes.values() if other is not box)
    ]


def test_no_name_lies_over_a_line_that_goes_on() -> None:
    """A cohort that ends in the middle of another is named where there is room."""
    (ax,) = plots.quick_panels(1)
    ax.plot([0, 50, 100], [0, 40, 80])
    ax.plot([0, 25, 50], [0, 20, 41])
    ax.plot([0, 25, 52], [0, 10, 38])
    named = [
        ("long", 100, 80, "black"),
        ("short", 50, 41, "red"),
        ("x", 52, 38, "blue"),
    ]
    name_ends(ax, named)

    assert [] == over_a_line(ax)
    assert 3 < len(ax.texts)  # a thin line leads to what was moved


def test_where_lines_end_together_their_names_stay() -> None:
    """Nothing is moved beyond the ends that the names belong to."""
    (ax,) = plots.quick_panels(1)
    ax.plot([0, 1], [0, 80])
    ax.plot([0, 1], [5, 20])
    name_ends(ax, [("high", 1, 80, "black"), ("low", 1, 20, "red")])

    assert ["low", "high"] == [text.get_text() for text in ax.texts]
    assert {6} == {text.get_position()[0] for text in ax.texts}


def test_the_picture_of_the_engines_is_drawn_from_its_page() -> None:
    """Figures come from the tables alone, and no two names lie over each other."""
    page = (
        "## 2,000 leads (2 rounds)\n"
        "| Ciw | 9 | 4,303 | 0.06 | 1 |\n| R simmer, closures | 9 | 61,538 | 1 | 1 |\n"
        "| SimPy, hand-written, one shared stream | 1 | 107,545 | 1.00 | 1 |\n"
        "| our SimPy engine, drawing included | 1 | 92,599 | 1 | 1 |\n"
        "## 200,000 leads (1 round)\n"
        "| R simmer, closures | 9 | 42,012 | 1 | 1 |\n| Ciw | 9 | 5,927 | 1 | 1 |\n"
        "| SimPy, hand-written, one shared stream | 1 | 42,831 | 1.00 | 1 |\n"
        "| our SimPy engine, drawing included | 1 | 48,267 | 1 | 1 |\n"
        "## 2,000,000 leads (1 round)\n"
        "| SimPy, hand-written, one shared stream | 1 | 16,235 | 1.00 | 1 |\n"
        "## Ratios\n| Ciw | 1 | 2 | 3 | 4 |\n"
    )
    speeds = picture.speeds_of(page)

    assert [(2_000, 4303), (200_000, 5927)] == speeds["Ciw"]
    assert ["SimPy engine", "hand-written SimPy", "R simmer", "Ciw"] == list(speeds)
    assert [] == over_a_line(picture.drawn(speeds))


def test_names_stay_between_the_ends_of_the_axes() -> None:
    """Five lines that end at the top and one at 0 are named inside the axes, apart."""
    shades = [*SHADES[:5], "black"]
    ends = [(str(turn), 1, 90, shade) for turn, shade in enumerate(shades[:5])]
    (ax,) = plots.quick_panels(1)
    ax.plot([0, 1], [0, 90])
    ax.set_ylim(0, 90)
    name_ends(ax, [*ends, ("nothing", 1, 0, "black")])
    ax.figure.canvas.draw()

    boxes = sorted((text.get_window_extent() for text in ax.texts), key=lambda b: b.y0)
    assert ax.bbox.y0 <= boxes[0].y0
    assert boxes[-1].y1 <= ax.bbox.y1
    assert all(one.y1 <= two.y0 for one, two in itertools.pairwise(boxes))


@pytest.mark.parametrize("shade", SHADES)
def test_a_name_is_as_dark_as_letters_must_be(shade: str) -> None:
    """On white, a name has the contrast of 4.5 that WCAG asks for; dark ones stay."""
    red, green, blue = to_rgb(readable(shade))
    linear = [((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert 1.05 / (light + 0.05) >= 4.4  # a shade is rounded to 1 of 255
    assert readable("#1d2b3a") == "#1d2b3a"


def test_quick_panels_become_one_png_of_the_size_asked_for() -> None:
    """Two panels of 9 by 4 inches at 72 dots per inch are 648 by 288 dots."""
    left, right = plots.quick_panels(2, size=(9, 4), dots_an_inch=72)
    plots.funnel(FUNNEL, left)
    plots.work_in_progress(STOCK, right)

    with Image.open(io.BytesIO(plots.png(right))) as picture:
        assert (picture.format, picture.size) == ("PNG", (648, 288))


def test_a_saved_picture_is_a_whole_png(tmp_path: Path) -> None:
    """The file is a picture of the figure's size, and no temporary file is left."""
    path = plots.save(plots.funnel(FUNNEL), tmp_path / "funnel.png")

    with Image.open(path) as picture:
        assert picture.size[0] > 500
    assert [file.name for file in tmp_path.iterdir()] == ["funnel.png"]


def test_a_picture_of_two_worlds_says_what_is_compared():
    """Worlds and measure stand in the title and beside the axis; or it is refused."""
    table = pd.DataFrame({"year": [1, 2], "mean": [1, 0.9], "low": 0.8, "high": 1.1})
    worlds = ("everything", "selective")
    ratio = plots.through_time({"leads": table, "hands": table}, worlds=worlds)
    gap = plots.through_time({"": table}, 0, worlds=worlds, measure="SQLs a month")

    assert [
        ("Leads and hands: everything against selective", "/"),
        ("SQLs a month: everything against selective", "-"),
    ] == [(ax.get_title(loc="left"), ax.get_ylabel()[-11]) for ax in (ratio, gap)]
    with pytest.raises(SimlibError, match="say what is compared"):
        plots.through_time({"customers": table})
