"""How Sphinx makes the site: everything local, no lesson executed.

In: the folder that `tools/make_site.py` sets out. Out: HTML that asks nothing of the
network and opens from a folder.
"""

from __future__ import annotations

from pathlib import Path

import simlib

project = "Lead Lab"
author = "Lead Lab"
release = simlib.__version__
html_title = "Lead Lab"
language = "en-GB"

extensions = ["myst_nb", "sphinx.ext.autodoc", "numpydoc"]
exclude_patterns = ["jupyter_execute"]

# Lessons are shown as they were run, and checked elsewhere (`make lessons`).
nb_execution_mode = "off"
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # by default from the network
nb_merge_streams = True
myst_enable_extensions: list[str] = []  # a dollar is money here, no mathematics
myst_heading_anchors = 4

autodoc_member_order = "groupwise"
autodoc_typehints = "none"  # numpydoc says them
autodoc_preserve_defaults = True
numpydoc_show_class_members = False  # autodoc lists them

html_theme = "pydata_sphinx_theme"
html_static_path = ["static"]
html_css_files = ["site.css", "explorer.css"]
html_show_sourcelink = False
html_copy_source = False
html_show_search_summary = False  # it would fetch pages, which a folder cannot serve
html_theme_options = {
    "logo": {"text": "Lead Lab"},
    "navbar_align": "left",
    "navbar_end": ["theme-switcher"],
    "navbar_persistent": ["search-button"],
    "header_links_before_dropdown": 6,
    "show_toc_level": 2,
    "back_to_top_button": False,  # on a phone it would lie on the sliders
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
html_context = {"default_mode": "light"}  # the lessons' pictures are drawn on white
html_sidebars = {"index": [], "docs/glossary": []}
copyright = "Lead Lab. Lessons: CC BY 4.0; code: MIT"  # noqa: A001  (Sphinx's name)


SCRIPTS = ("statistics.js", "pictures.js", "explorer.js")


def setup(app):
    app.connect("html-page-context", _scripts)


def _scripts(app, pagename, _template, _context, _doctree):
    """Load an explorer and its data on the page that has one, and only there."""
    lesson = Path(pagename).name
    if (Path(app.srcdir) / "static" / "grids" / f"{lesson}.js").exists():
        for name in (
            f"grids/{lesson}.js",
            "statistics.js",
            "pictures.js",
            "explorer.js",
        ):
            app.add_js_file(name, loading_method="defer")
