"""Cells as a CRM writes them: times, truths, ids, amounts, and people who do not exist.

In: arrays. Out: lists of text. A cell that a spreadsheet would take for a formula is
escaped: it begins with an apostrophe, as spreadsheets have it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np

from simlib.draws import Floats
from simlib.funnel.columns import Ints

FORMULA = ("=", "+", "-", "@", "\t", "\r")
SECONDS = 86_400
FIRST = ("Ada", "Zoë", "Grace", "José", "Linus", "Anaïs", "Björn", "Mary Ann")
LAST = ("Müller", "O'Neil", "Nuñez", "Smith", "Çelik", "van Dijk", "Lefèvre", "Jones")
FIRMS = ("Acme, Inc.", "Initech", 'The "Best" Ltd', "Globex & Co", "Umbrella")
# What a column of a person's is about, by a word in its name; the first that fits.
KINDS_OF_COLUMNS = (
    ("mail", "person{number}@example.com"),
    ("phone", "+1 555 01{two}"),
    ("owner", "{owner}"),
    ("modified by", "{owner}"),
    ("contact person", "{first} {last}"),
    ("first", "{first}"),
    ("last", "{last}"),
    ("company", "{firm}"),
    ("opportunity", "{firm} for {first} {last}"),
    ("deal", "{firm} for {first} {last}"),
)
OWNERS = ("Robin Example", "Sam Example", "Kim Example")


def escaped(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def times(days: Floats, start: dt.date, form: str) -> list[str]:
    """Return times as text, ``""`` for nan.

    Parameters
    ----------
    days : array of float
        Days from `start`; the clock shows the second that has begun.
    start : datetime.date
    form : str
        As for strftime.
    """
    midnight = dt.datetime.combine(start, dt.time())
    known = np.isfinite(days)
    # A hair is added: what was a whole second must not fall into the one before.
    seconds = np.floor(np.where(known, days, 0) * SECONDS + 1e-4).astype(np.int64)
    return [
        (midnight + dt.timedelta(seconds=number)).strftime(form) if there else ""
        for number, there in zip(seconds.tolist(), known.tolist(), strict=True)
    ]


def truths(flags: Any, words: tuple[str, str]) -> list[str]:
    """Return flags as two words, no and yes."""
    return [words[int(flag)] for flag in flags]


def amounts(values: Floats) -> list[str]:
    """Return amounts of money with two decimals, ``""`` for nan."""
    return [f"{value:.2f}" if value == value else "" for value in values.tolist()]  # noqa: PLR0124 - nan


def scores(values: Floats) -> list[str]:
    """Return scores as whole numbers, ``""`` for nan."""
    return ["" if np.isnan(value) else f"{value:.0f}" for value in values]


def ids(numbers: Ints, prefix: str = "", width: int = 0, suffix: str = "") -> list[str]:
    """Return fake ids, ``""`` for the number 0."""
    return [
        f"{prefix}{number:0{width}d}{suffix}" if number else ""
        for number in numbers.tolist()
    ]


def person(part: str, numbers: Ints) -> list[str]:
    """Return what is invented about people, firms and deals.

    Parameters
    ----------
    part : str
        What a column is about, by its name; a person's name if nothing else fits.
    numbers : array of int
    """
    word = part.lower()
    kind = next(
        (kind for key, kind in KINDS_OF_COLUMNS if key in word), "{first} {last}"
    )
    return [_invented(kind, number) for number in numbers.tolist()]


def _invented(form: str, number: int) -> str:
    return form.format(
        first=_of(FIRST, number),
        last=_of(LAST, number // len(FIRST)),
        firm=_of(FIRMS, number),
        owner=_of(OWNERS, number),
        number=number,
        two=f"{number % 100:02d}",
    )


def _of(words: Sequence[str], number: int) -> str:
    return words[number % len(words)]
