"""What goes wrong, said so that a user can mend it.

In: nothing. Out: the exceptions that every room raises. A message names the place,
what was given, what may be given, and the nearest good value; it never needs a
traceback to be understood.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = [
    "DataError",
    "FileError",
    "LogError",
    "ScenarioError",
    "SimlibError",
    "StudyError",
    "TheoryError",
    "nearest",
]


class SimlibError(Exception):
    """The root of everything that Lead Lab raises on purpose."""


class ScenarioError(SimlibError, ValueError):
    """A scenario says something impossible; the message names the path."""


class TheoryError(SimlibError, ValueError):
    """A closed form was asked outside the range in which it holds."""


class LogError(SimlibError, ValueError):
    """An event log is not what it should be, or cannot be read or written."""


class StudyError(SimlibError, ValueError):
    """A study was asked for something it cannot do."""


class FileError(SimlibError, OSError):
    """A file cannot be written."""


class DataError(SimlibError, ValueError):
    """A file of data (a CRM export, a table) cannot be used as it is."""


def nearest(given: object, known: Iterable[str]) -> str:
    """Return ``" Did you mean 'x'?"`` for the closest known name, or ``""``."""
    names = [str(name) for name in known]
    by_lower = {name.lower(): name for name in names}
    close = difflib.get_close_matches(str(given).lower(), by_lower, n=1, cutoff=0.6)
    return f" Did you mean '{by_lower[close[0]]}'?" if close else ""
