"""The first page of the class app, and the door before it.

In: `Page` records. Out: pages of HTML, each complete in itself: no script, no font and
no picture from anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from simlib.app.pages import Page, parts_of

HEADS = {
    "lesson": "Lessons",
    "lab": "The scenario lab: choose a firm, turn the dials",
    "own": "Your own",
    "scenario": "All scenarios",
}
STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; color: #1f2933; background: #fff;
       margin: 0 auto; max-width: 60rem; padding: 1.5rem; }
h1 { font-size: 1.8rem; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; margin-top: 2rem; }
ul { list-style: none; padding: 0; display: grid; gap: .8rem;
     grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); }
li { border: 1px solid #9aa5b1; border-radius: .4rem; padding: .8rem 1rem; }
a { color: #0b4f8a; font-weight: 600; } a:focus { outline: 3px solid #0b4f8a; }
p { margin: .3rem 0 0; }
form { display: flex; flex-wrap: wrap; gap: .8rem; align-items: end; margin: 1.5rem 0; }
label { display: grid; gap: .3rem; } input, button { font: inherit; padding: .5rem; }
"""
WELCOME = (
    "Choose a page, move a slider, and see what becomes of the leads. Nobody else sees "
    "what you do, and nothing is kept: a link at the foot of each page holds your "
    "settings. A page takes some seconds to open."
)
CLOSED = (
    "This class is open to whoever knows its word. Open the whole link that your "
    "trainer gave you, or type the word here."
)
WRONG = "That was not the word. Capital and small letters are different here."


def landing(pages: Iterable[Page]) -> str:
    """Return the first page as HTML."""
    every = list(pages)
    parts = []
    for kind, head in HEADS.items():
        items = "".join(_item(page) for page in every if page.kind == kind)
        if items:
            parts.append(f"<h2>{head}</h2><ul>{items}</ul>")
    return _whole(f"<p>{WELCOME}</p>{''.join(parts)}")


def door(first: str, *, was_wrong: bool = False) -> str:
    """Return the page, as HTML, of who comes without the word of the class.

    Parameters
    ----------
    first
        The address of the first page, to which the form sends the word.
    was_wrong
        Whether a word came, and was not the right one.
    """
    note = f'<p role="alert">{WRONG}</p>' if was_wrong else ""
    return _whole(
        f'<p>{CLOSED}</p>{note}<form action="{escape(first)}">'
        '<label>The word of the class <input name="token" required autofocus></label> '
        "<button>Come in</button></form>"
    )


def _whole(inside: str) -> str:
    """Return a page around what stands below its heading."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><title>Lead Lab</title><style>{STYLE}</style>'
        f"</head><body><main><h1>Lead Lab</h1>{inside}</main></body></html>"
    )


def _item(page: Page) -> str:
    link = f"voila/render/{page.name}.ipynb"
    parts = (
        f'<a href="voila/render/{escape(to)}.ipynb">{escape(part)}</a>'
        if to
        else escape(part)
        for part, to in parts_of(page.about)
    )
    about = f"<p>{''.join(parts)}</p>"
    return f'<li><a href="{link}">{escape(page.title)}</a>{about}</li>'
