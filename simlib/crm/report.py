"""One HTML page about a calibration: pictures, tables, and what the data cannot tell.

In: a `Calibration`, and a `Backtest` if there is one. Out: a file that holds all of it,
pictures too, and asks no other for anything. Names of sources and stages are escaped;
nothing of a single lead is in it.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simlib.crm.calibrated import Calibration
from simlib.files import written_safely

if TYPE_CHECKING:
    from simlib.crm.backtests import Backtest

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1d2b3a; max-width: 60rem;
       margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; font-size: 0.9rem; }
th, td { padding: 0.25rem 0.7rem; text-align: right; border-bottom: 1px solid #c9deee; }
th:first-child, td:first-child { text-align: left; }
img { max-width: 100%; }
li { margin: 0.4rem 0; }
"""
COLUMNS = {
    "source": "source",
    "leads": "leads",
    "won": "won",
    "share_seen": "won so far",
    "share_final": "ever won",
    "low": "from",
    "high": "to",
    "p10_days": "10% by day",
    "p50_days": "50% by day",
    "p90_days": "90% by day",
    "plateau": "followed long enough",
}
SHARES = ("share_seen", "share_final", "low", "high")


def write_report(
    calibration: Calibration, path: str | Path, backtest: Backtest | None = None
) -> Path:
    """Write the page, whole or not at all.

    Parameters
    ----------
    calibration : Calibration
    path : str or Path
    backtest : Backtest, optional
        Adds how a forecast from the past would have done.
    """
    path = Path(path)
    text = report(calibration, backtest)
    with written_safely(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return path


def report(calibration: Calibration, backtest: Backtest | None = None) -> str:
    """Return the page as HTML text."""
    from simlib.crm import pictures

    parts = [
        f"<h1>Your own funnel, as of {calibration.as_of}</h1>",
        _rows(calibration),
        "<h2>What the data cannot tell</h2>",
        _list(calibration.warnings, "Nothing stood out."),
        "<h2>How many are won, and when</h2>",
        _table(calibration),
        _picture(pictures.shares(calibration)),
        _picture(pictures.won_by_age(calibration)),
        "<h2>Stage by stage</h2>",
        *(_stage(calibration, number) for number in range(len(calibration.fits))),
        "<h2>How leads arrive</h2>",
        _picture(pictures.arrivals(calibration)),
    ]
    if backtest is not None:
        parts += [
            f"<h2>Backtest: forecast as of {backtest.calibration.as_of}</h2>",
            f"<p><strong>{html.escape(backtest.verdict)}</strong></p>",
            _list(backtest.findings, ""),
            _picture(pictures.backtest_months(backtest)),
        ]
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>Your own funnel</title><style>{STYLE}</style></head>\n"
        f"<body>\n{body}\n</body></html>\n"
    )


def _rows(calibration: Calibration) -> str:
    rows = calibration.summary()["rows"]
    said = f"<p>{rows['read']:,} rows read, {rows['used']:,} used.</p>"
    dropped = [f"{count:,} dropped: {why}" for why, count in rows["dropped"].items()]
    return said + (_list(dropped, "") if dropped else "")


def _list(sentences: Iterable[str], otherwise: str) -> str:
    items = "".join(f"<li>{html.escape(one)}</li>" for one in sentences)
    return f"<ul>{items}</ul>" if items else f"<p>{otherwise}</p>"


def _table(calibration: Calibration) -> str:
    head = "".join(f"<th>{title}</th>" for title in COLUMNS.values())
    rows = [
        "".join(f"<td>{_cell(name, row[name])}</td>" for name in COLUMNS)
        for row in calibration.table.to_dict("records")
    ]
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def _cell(name: str, value: Any) -> str:
    if isinstance(value, str):
        return html.escape(value)
    if name == "plateau":
        return "yes" if value else "no"
    if name in SHARES:
        return f"{value:.1%}"
    if value != value:  # noqa: PLR0124 - nan: nobody was won
        return "none"
    return f"{value:,.0f}"


def _stage(calibration: Calibration, number: int) -> str:
    from simlib.crm import pictures

    fit = calibration.fits[number]
    names = calibration.stays.stage_names
    parts = [_picture(pictures.stage_lags(calibration, fit))]
    for way, to in enumerate(fit.ways):
        tried = ", ".join(
            f"{label} {aic - min(fit.aic[way].values()):+.1f}"
            for label, aic in sorted(fit.aic[way].items(), key=lambda one: one[1])
        )
        parts.append(
            f"<p>to {html.escape(names[to])}: AIC against the best: {tried}</p>"
        )
    return "".join(parts)


def _picture(ax: Any) -> str:
    """Return a picture as an image inside the page, and let go of the figure."""
    from simlib import plots

    figure: Any = ax.figure
    file = io.BytesIO()
    figure.savefig(file, format="png")
    plots.close(ax)
    code = base64.b64encode(file.getvalue()).decode()
    alt = html.escape(str(ax.get_title(loc="left")), quote=True)
    return f'<p><img alt="{alt}" src="data:image/png;base64,{code}"></p>'
