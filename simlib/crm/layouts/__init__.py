"""How the exports of common CRMs are laid out: names of columns and of what they hold.

In: nothing. Out: `LAYOUTS`, plain data, used by reading and by writing. It opens no
file and decides nothing.

A table of a layout has *parts*, what a column is for:

``id``           of the row, the same in every table of the layout
``lead``         id of the lead that a deal belongs to (or several, with ``;``)
``deal``         id of the deal that a lead became, or that a row of history is about
``created``      when the lead or deal was put in; in a history, when the step was made
``source``       where it came from
``status``       how it stands: open, won, lost; `WORDS` says in which words
``stage``        the stage it stands in, or that a row of history or stages names
``won, lost``    when it was won or lost, if those are columns of their own
``closed``       when it was closed, either way; only planned for as long as it is open
``is_won, is_closed``  true or false
``converted``    when a lead became a deal
``amount``       what it is worth
``reason``       why it was lost
``deleted``      true for what is in the bin of the CRM
``order``        place of a stage among the stages
``exported``     when a row was last changed: no export is older than that

Other columns that are often there, persons among them, are *personal*: made up by
writing; reading never looks at them. Nor does it at the score of fit and the capture
action, which stand in a table's *hints*: they are written if a scenario tells of them.
"""

from __future__ import annotations

from simlib.crm.layouts.hubspot import HUBSPOT
from simlib.crm.layouts.others import PIPEDRIVE, PLAIN, REACHED
from simlib.crm.layouts.record import (
    API,
    CAPTURED,
    CUSTOMER,
    LABELS,
    LOST,
    OPPORTUNITY,
    Column,
    Layout,
    Table,
)
from simlib.crm.layouts.salesforce import REPORT_FOOTER, REPORT_TIME, SALESFORCE

__all__ = [
    "API",
    "CAPTURED",
    "CUSTOMER",
    "LABELS",
    "LAYOUTS",
    "LOST",
    "OPPORTUNITY",
    "REACHED",
    "REPORT_FOOTER",
    "REPORT_TIME",
    "Column",
    "Layout",
    "Table",
]

LAYOUTS: dict[str, Layout] = {
    layout.name: layout for layout in (HUBSPOT, SALESFORCE, PIPEDRIVE, PLAIN)
}
