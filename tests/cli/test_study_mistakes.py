"""What one may type wrongly in a study, and the one line that answers it."""

from __future__ import annotations

import pytest
from cli.typed import said


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["compare", "textbook", "textbok"], "Did you mean 'textbook'?"),
        (["compare", "textbook", "textbook"], "textbook is named twice"),
        (["compare", "textbook"], "a comparison needs two"),
        (["sweep", "textbook"], "give --grid PATH=V1,V2 or --table FILE.csv"),
        (["sweep", "textbook", "--grid", "horizon"], "write path=v1,v2"),
        (["sweep", "textbook", "--grid", "horizn=1,2"], "Did you mean 'horizon'?"),
        (["sweep", "textbook", "--table", "none.csv"], "there is no such file"),
        (["sensitivity", "textbook", "--range", "horizon=1"], "two numbers"),
        (["optimise", "textbook", "--range", "horizon=9,1"], "horizon"),
        (["compare", "textbook", "baseline", "--metric", "cca"], "Did you mean 'cac'"),
        (
            ["compare", "textbook", "baseline", "--metric", "wait_days.sdrr.mean"],
            "there is no 'sdrr'. Did you mean 'sdr'?",
        ),
        (["compare", "textbook", "baseline", "--until", "cac"], "write metric=share"),
        (["compare", "textbook", "baseline", "--until", "cac=5"], "between 0 and 1"),
        (["compare", "textbook", "baseline", "--until", "ca=0.1"], "you mean 'cac'?"),
        (["sweep", "textbook", "--grid", "horizon=9", "--metric", "x"], "metric 'x'"),
        (
            ["sweep", "textbook", "--grid", "horizon=9", "--grid", "horizon=8"],
            "--grid horizon: is given twice",
        ),
        (["sensitivity", "textbook", "--range", "horizon=1,2", "--metric", "x"], "'x'"),
        (
            ["compare", "textbook", "baseline", "--executor", "proceses"],
            "Did you mean 'processes'?",
        ),
        (["compare", "textbook", "baseline", "--out", "no/a.csv"], "no folder no"),
        (["worlds", "textbook", "textbok"], "Did you mean 'textbook'?"),
        (["worlds", "textbook", "textbook"], "textbook is named twice"),
        (["compare", "textbook", "baseline", "--set", "horizn=9"], "--set horizn: "),
        (
            ["compare", "textbook", "baseline", "--engine", "fats"],
            "Did you mean 'fast'?",
        ),
        (["compare", "textbook", "baseline", "--maximum", "50"], "--replications 50"),
        (["sweep", "textbook", "--grid", "horizon=9", "--maximum", "9"], "no --until"),
        (["compare", "textbook", "baseline", "--by", "moth"], "mean 'month'?"),
        (
            ["compare", "textbook", "holed_bucket", "--by", "month", "--metric", "cac"],
            "does not add up by month",
        ),
        (["compare", "textbook", "baseline", "--out", "a.txt"], "FILE.parquet or FILE"),
    ],
)
def test_a_mistake_is_answered_in_one_line(capsys, words, line):
    """Exit code 2, nothing on standard output, and one line that says what to do."""
    code, out, beside = said(capsys, *words)

    assert (2, "", 1) == (code, out, beside.count("\n"))
    assert line in beside
