"""How Pipedrive lays out its exports, and a plain table that suits any firm.

In: nothing. Out: `PIPEDRIVE` and `PLAIN`, plain data.
"""

from __future__ import annotations

from simlib.crm.layouts.record import Column, Layout, Table

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
            hints={
                "capture_action": Column("capture_action"),
                "fit_score": Column("fit_score"),
            },
        ),
    ),
    {
        "won": ("won", "closed won", "customer"),
        "lost": ("lost", "closed lost"),
        "open": ("open", "in progress"),
    },
    dates="%Y-%m-%dT%H:%M:%S",
)
