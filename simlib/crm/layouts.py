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

Other columns that are often there, persons among them, are named in `PERSONAL` for
writing; reading never looks at them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

LABELS, API = "labels", "api"  # the two spellings of a header
CAPTURED, OPPORTUNITY, CUSTOMER, LOST = "captured", "opportunity", "customer", "lost"


@dataclass(frozen=True)
class Column:
    """The names of one column: as people see it, and as programs see it.

    Attributes
    ----------
    label, api : str
        What is written; ``""`` if there is no such column in that spelling.
    other : tuple of str
        Further names under which it is read.
    """

    label: str
    api: str = ""
    other: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name under which the column is read."""
        return tuple(name for name in (self.label, self.api, *self.other) if name)


@dataclass(frozen=True)
class Table:
    """One kind of file of a layout.

    Attributes
    ----------
    name : str
        What it holds: contacts, leads, deals, opportunities, history, stages.
    parts : dict
        Part (see the module's text) to its column.
    stages : dict
        Stage of a funnel to the column with the date on which it was reached, in the
        order of the funnel. The first is where a row begins, if it has no column of
        its own but ``created``.
    needs : tuple of str
        Parts (or stages) without which a file is not such a table.
    marks : tuple of str
        Parts (or stages) whose columns tell such a table from others: it has one.
    personal : tuple of Column
        Names, addresses, numbers of persons: written as made up, never read.
    """

    name: str
    parts: dict[str, Column]
    stages: dict[str, Column] = field(default_factory=dict)
    needs: tuple[str, ...] = ("created",)
    marks: tuple[str, ...] = ()
    personal: tuple[Column, ...] = ()


@dataclass(frozen=True)
class Layout:
    """A CRM's way of exporting.

    Attributes
    ----------
    name : str
    tables : tuple of Table
        Rows of people before rows of deals, history and stages.
    words : dict
        ``won``, ``lost``, ``open`` to the values of status or stage that mean it; the
        first is written. Compared in lower case.
    sources : dict
        Label of a source to its internal word, where the CRM has a fixed list.
    delimiter, encoding : str
        As a file with labels is written.
    dates : str
        How a file with labels writes a time (strftime).
    """

    name: str
    tables: tuple[Table, ...]
    words: dict[str, tuple[str, ...]]
    sources: dict[str, str] = field(default_factory=dict)
    delimiter: str = ","
    encoding: str = "utf-8"
    dates: str = "%Y-%m-%d %H:%M"

    def table(self, name: str) -> Table:
        """Return the table of a name."""
        return next(table for table in self.tables if table.name == name)


def _entered(what: str, api: str) -> Column:
    label = f'Date entered "{what} (Lifecycle Stage Pipeline)"'
    return Column(label, f"hs_v2_date_entered_{api}")


def _became(what: str, api: str) -> Column:
    return Column(
        f"Became a{'n' if what[0] in 'AEIO' else ''} {what} Date",
        f"hs_lifecyclestage_{api}_date",
        _entered(what, api).names,
    )


_HUBSPOT_SOURCE = Column(
    "Original Source",
    "hs_analytics_source",
    ("Original Traffic Source", "Original Source Type"),
)
_PERSONS = (
    Column("First Name", "firstname"),
    Column("Last Name", "lastname"),
    Column("Email", "email"),
    Column("Phone Number", "phone"),
)

HUBSPOT = Layout(
    "hubspot",
    (
        Table(
            "contacts",
            {
                "id": Column("Record ID", "hs_object_id", ("Contact ID", "vid")),
                "created": Column("Create Date", "createdate"),
                "source": _HUBSPOT_SOURCE,
                "status": Column("Lifecycle Stage", "lifecyclestage"),
                "lost": _entered("Lost", "lost"),  # a stage that many firms add
                "exported": Column(
                    "Last Modified Date", "lastmodifieddate", ("Last Activity Date",)
                ),
            },
            {
                CAPTURED: _became("Lead", "lead"),
                "mql": _became("Marketing Qualified Lead", "marketingqualifiedlead"),
                "sql": _became("Sales Qualified Lead", "salesqualifiedlead"),
                OPPORTUNITY: _became("Opportunity", "opportunity"),
                CUSTOMER: _became("Customer", "customer"),
            },
            marks=("status", CAPTURED, "mql", "sql", OPPORTUNITY, CUSTOMER),
            personal=_PERSONS,
        ),
        Table(
            "deals",
            {
                "id": Column("Record ID", "hs_object_id", ("Deal ID", "dealId")),
                "lead": Column(
                    "Associated Contact IDs",
                    "associated_contact_ids",
                    ("Associated Contact Record IDs",),
                ),
                "created": Column("Create Date", "createdate"),
                "source": _HUBSPOT_SOURCE,
                "status": Column("Deal Stage", "dealstage"),
                "closed": Column("Close Date", "closedate"),
                "is_won": Column("Is Closed Won", "hs_is_closed_won"),
                "is_closed": Column("Is Deal Closed?", "hs_is_closed"),
                "amount": Column("Amount", "amount"),
                "reason": Column("Closed Lost Reason", "closed_lost_reason"),
                "exported": Column("Last Modified Date", "hs_lastmodifieddate"),
            },
            needs=("created", "status"),
            marks=("status",),
            personal=(Column("Deal Name", "dealname"), Column("Deal owner", "")),
        ),
    ),
    {
        "won": ("Closed Won", "closedwon", "won", "customer", "evangelist"),
        "lost": ("Closed Lost", "closedlost", "lost"),
        "open": (
            "Appointment Scheduled",
            "appointmentscheduled",
            "Qualified To Buy",
            "qualifiedtobuy",
            "Presentation Scheduled",
            "presentationscheduled",
            "Decision Maker Bought-In",
            "decisionmakerboughtin",
            "Contract Sent",
            "contractsent",
        ),
    },
    {
        "Organic Search": "ORGANIC_SEARCH",
        "Paid Search": "PAID_SEARCH",
        "Email Marketing": "EMAIL_MARKETING",
        "Organic Social": "SOCIAL_MEDIA",
        "Paid Social": "PAID_SOCIAL",
        "Referrals": "REFERRALS",
        "AI Referrals": "AI_REFERRALS",
        "Direct Traffic": "DIRECT_TRAFFIC",
        "Offline Sources": "OFFLINE",
        "Other Campaigns": "OTHER_CAMPAIGNS",
    },
)

_LEAD_SOURCE = Column("Lead Source", "LeadSource")

SALESFORCE = Layout(
    "salesforce",
    (
        Table(
            "leads",
            {
                "id": Column("Lead ID", "Id", ("Lead Id",)),
                "created": Column("Create Date", "CreatedDate", ("Created Date",)),
                "source": _LEAD_SOURCE,
                "status": Column("Lead Status", "Status"),
                "converted": Column("Converted Date", "ConvertedDate"),
                "lost": Column(  # a field that many firms add
                    "Unqualified Date", "Unqualified_Date__c", ("Disqualified Date",)
                ),
                "deal": Column(
                    "Opportunity ID",
                    "ConvertedOpportunityId",
                    ("Converted Opportunity ID",),
                ),
                "deleted": Column("", "IsDeleted"),
                "exported": Column("Last Modified", "SystemModstamp"),
            },
            marks=("status", "converted", "deal"),
            personal=(
                Column("First Name", "FirstName"),
                Column("Last Name", "LastName"),
                Column("Company / Account", "Company"),
                Column("Email", "Email"),
                Column("Phone", "Phone"),
            ),
        ),
        Table(
            "opportunities",
            {
                "id": Column("Opportunity ID", "Id", ("Opportunity Id",)),
                "created": Column("Created Date", "CreatedDate", ("Create Date",)),
                "source": _LEAD_SOURCE,
                "status": Column("Stage", "StageName"),
                "closed": Column("Close Date", "CloseDate"),
                "is_won": Column("Won", "IsWon"),
                "is_closed": Column("Closed", "IsClosed"),
                "amount": Column("Amount", "Amount"),
                "reason": Column("Loss Reason", "Loss_Reason__c"),
                "deleted": Column("", "IsDeleted"),
                "exported": Column("Last Modified Date", "SystemModstamp"),
            },
            needs=("created", "status", "closed"),
            marks=("status",),
            personal=(
                Column("Opportunity Name", "Name"),
                Column("Opportunity Owner", ""),
            ),
        ),
        Table(
            "history",
            {
                "deal": Column("Opportunity ID", "OpportunityId", ("Opportunity Id",)),
                "stage": Column("To Stage", "StageName"),
                "created": Column(
                    "Last Modified",
                    "CreatedDate",
                    ("Last Modified Date", "Stage Change Date"),
                ),
            },
            needs=("deal", "stage", "created"),
            marks=("deal",),
            personal=(Column("Opportunity Name", ""), Column("Last Modified By", "")),
        ),
        Table(
            "stages",
            {
                "stage": Column("Stage Name", "MasterLabel", ("Label", "ApiName")),
                "order": Column("Sort Order", "SortOrder", ("Order",)),
                "is_won": Column("Won", "IsWon"),
                "is_closed": Column("Closed", "IsClosed"),
            },
            needs=("stage", "is_won", "is_closed"),
            marks=("stage",),
        ),
    ),
    {
        "won": ("Closed Won",),
        "lost": ("Closed Lost", "Closed - Not Converted", "Unqualified"),
        "open": ("Prospecting", "Qualification", "Proposal/Price Quote"),
    },
    encoding="cp1252",
    dates="%m/%d/%Y",
)
# What stands below the rows of a Salesforce report.
REPORT_FOOTER = (
    "",
    "",
    "{report}",
    "Copyright (c) 2000-{year} salesforce.com, inc. All rights reserved.",
    "Confidential Information - Do Not Distribute",
    "Generated By:  {person}  {time}",
    "{company}",
)
REPORT_TIME = "%m/%d/%Y %I:%M %p"

PIPEDRIVE = Layout(
    "pipedrive",
    (
        Table(
            "deals",
            {
                "id": Column("Deal - ID", "id", ("ID",)),
                "created": Column("Deal - Deal created", "add_time", ("Deal created",)),
                "source": Column(
                    "Deal - Source channel",
                    "channel",
                    ("Source channel", "Deal - Label", "Deal - Source origin"),
                ),
                "status": Column("Deal - Status", "status", ("Status",)),
                "won": Column("Deal - Won time", "won_time", ("Won time",)),
                "lost": Column("Deal - Lost time", "lost_time", ("Lost time",)),
                "closed": Column(
                    "Deal - Deal closed on", "close_time", ("Deal closed on",)
                ),
                "amount": Column("Deal - Value", "value", ("Value",)),
                "reason": Column("Deal - Lost reason", "lost_reason", ("Lost reason",)),
                "exported": Column("Deal - Update time", "update_time", ()),
            },
            needs=("created", "status"),
            marks=("created", "won", "lost"),
            personal=(
                Column("Deal - Title", "title"),
                Column("Deal - Contact person", "person_name"),
                Column("Person - Email - Work", "email"),
                Column("Person - Phone - Work", "phone"),
            ),
        ),
    ),
    {
        "won": ("Won",),
        "lost": ("Lost",),
        "open": ("Open",),
    },
    dates="%Y-%m-%d %H:%M:%S",
)

# Stages of any other name: a column of dates called reached_STAGE.
REACHED = "reached_"
PLAIN = Layout(
    "plain",
    (
        Table(
            "leads",
            {
                "id": Column("id", "", ("lead_id",)),
                "created": Column("created", "", ("created_at", "created_date")),
                "source": Column("source", "", ("lead_source",)),
                "status": Column("status"),
                "won": Column("won", "", ("won_at", "won_date")),
                "lost": Column("lost", "", ("lost_at", "lost_date")),
                "amount": Column("amount"),
                "reason": Column("reason"),
            },
            marks=("created",),
            personal=(Column("name"), Column("email"), Column("phone")),
        ),
    ),
    {
        "won": ("won", "closed won", "customer"),
        "lost": ("lost", "closed lost"),
        "open": ("open", "in progress"),
    },
    dates="%Y-%m-%dT%H:%M:%S",
)

LAYOUTS: dict[str, Layout] = {
    layout.name: layout for layout in (HUBSPOT, SALESFORCE, PIPEDRIVE, PLAIN)
}
