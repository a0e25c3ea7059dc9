"""The class app: every explorer as a page without code.

In: a folder of lessons, and the packaged scenarios. Out: a server on this machine whose
visitors move sliders. They run no code: the server lets through only what widgets say
to each other.

The rooms: `slices` (the statements of a lesson that its explorer needs), `pages` (the
folder that is served), `landing` (the first page), `server` (Voila, with our rules).
"""

from __future__ import annotations

from simlib.app.landing import landing
from simlib.app.pages import Page, pages_of, written

__all__ = ["Page", "landing", "pages_of", "written"]
