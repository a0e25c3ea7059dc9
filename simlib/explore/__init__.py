"""Explorers: sliders beside pictures of a scenario.

In: a scenario. Out: a widget for JupyterLab and for an app, and a still picture
wherever there is no browser. The room itself can be called, so that
``sl.explore(scenario)`` and ``simlib.explore.controls`` both work. It adds no model of
its own: every figure comes from `simlib.run`, `simlib.metrics` and `simlib.studies`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

from simlib.errors import StudyError

if TYPE_CHECKING:
    from simlib.explore.controls import Asked
    from simlib.explore.later import Soon
    from simlib.explore.widget import Explorer
    from simlib.scenario import Scenario

__all__ = ["explore"]

MOST_REPLICATIONS = 1000


def explore(
    scenario: Scenario,
    controls: Asked = None,
    views: Iterable[str] | None = None,
    replications: int = 20,
    seed: int = 0,
    *,
    settings: Mapping[str, Any] | None = None,
    soon: Soon | None = None,
) -> Explorer:
    """Show a scenario with sliders, pictures and figures that follow them.

    Parameters
    ----------
    scenario : Scenario
    controls : sequence of str, or mapping
        The paths that can be moved, such as ``"teams.sdr.people"``; ``*`` in a path
        moves all that it fits, by a factor. In a mapping from path to range:
        ``(low, high)``, ``(low, high, step)``, a list of choices, a label, a mapping
        with label, unit, low, high, step or choices, or None. By default up to six
        that suit the scenario.
    views : iterable of str
        The pictures to choose from: funnel, months, waits, ladder, ages, luck. By
        default all that the scenario has something for.
    replications : int
        Runs of each setting, from which bands and intervals come.
    seed : int
        The same seed gives every setting the same buyers.
    settings : mapping
        Where to begin: what `Explorer.settings` once was.
    soon : callable
        How work is put off, for tests: it is given seconds and a function. By default
        the kernel's event loop does it.

    Returns
    -------
    Explorer
        The widget, to be shown as the last line of a cell.

    Raises
    ------
    StudyError
        For anything but a scenario, a path that leads nowhere, an unknown view, or
        settings that do not fit.
    """
    from simlib.explore.controls import controls_for
    from simlib.explore.session import Session
    from simlib.explore.views import views_for
    from simlib.explore.widget import Explorer
    from simlib.scenario import Scenario

    if not isinstance(scenario, Scenario):
        raise StudyError(
            f"explore: it shows a scenario, and was given a {type(scenario).__name__}; "
            f"load one with sl.load(name)"
        )
    if type(replications) is not int or not 1 <= replications <= MOST_REPLICATIONS:
        raise StudyError(
            f"explore: replications is {replications!r}; give a whole number from 1 to "
            f"{MOST_REPLICATIONS:,}"
        )
    session = Session(scenario, controls_for(scenario, controls), replications, seed)
    explorer = Explorer(session, views_for(scenario, views), soon)
    if settings:
        explorer.settings = settings
        explorer.later.finish()
    return explorer


class _Room(ModuleType):
    """A room that can be called as its main function."""

    def __call__(self, *args: Any, **kwargs: Any) -> Explorer:
        return explore(*args, **kwargs)


_Room.__call__.__doc__ = explore.__doc__
sys.modules[__name__].__class__ = _Room
