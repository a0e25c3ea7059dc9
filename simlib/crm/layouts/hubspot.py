"""How HubSpot lays out its exports: contacts with lifecycle stages, and deals.

In: nothing. Out: `HUBSPOT`, plain data.
"""

from __future__ import annotations

from simlib.crm.layouts.record import (
    CAPTURED,
    CUSTOMER,
    OPPORTUNITY,
    Column,
    Layout,
    Table,
)


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
            hints={
                # The form by which somebody left a name; a score has its own name in
                # each firm, and this was the usual one.
                "capture_action": Column(
                    "First Conversion", "first_conversion_event_name"
                ),
                "fit_score": Column("HubSpot Score", "hubspotscore"),
            },
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
