"""What the figures of a run are called, by program and reader, and what they mean.

In: a name. Out: a `Metric`. Nothing is computed here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from simlib.errors import StudyError, nearest


@dataclass(frozen=True)
class Metric:
    """A figure's name, what a reader calls it, its unit, and what it is in a sentence.

    In `METRICS` the texts may hold a place for any stage or team: STAGE or TEAM.
    """

    name: str
    title: str
    unit: str
    meaning: str


METRICS = (
    Metric("visitors", "visitors", "people", "People who came to an anonymous stage."),
    Metric(
        "hand_raisers",
        "raised hands",
        "people",
        "Buyers of the market who thought of us and asked for sales, known or not.",
    ),
    Metric(
        "meetings",
        "meetings",
        "meetings",
        "Visits and touches of buyers of the market by a source.",
    ),
    Metric(
        "market.entries",
        "entries into the market",
        "people",
        "Entries of buyers into the market, from day 0 on.",
    ),
    Metric(
        "market.considered",
        "entries that thought of us",
        "share",
        "Share of the entries into the market at which the buyer thought of us.",
    ),
    Metric(
        "leads", "leads", "people", "People who were captured, so identified contacts."
    ),
    Metric(
        "customers", "customers", "people", "Leads who are customers at the horizon."
    ),
    Metric(
        "lost",
        "lost",
        "people",
        "Leads who are lost at the horizon, those ended by the visit cap included.",
    ),
    Metric(
        "in_progress",
        "in progress at the end",
        "people",
        "Leads neither won nor lost at the horizon.",
    ),
    Metric(
        "reached.STAGE", "reached STAGE", "people", "People who ever entered STAGE."
    ),
    Metric(
        "conversion.visit_to_lead",
        "visitors who became leads",
        "share",
        "Share of the visitors who became leads, of all visitors.",
    ),
    Metric(
        "conversion.lead_to_customer",
        "leads won",
        "share",
        "Share of the leads who became customers, of all leads captured.",
    ),
    Metric(
        "days_to_customer.mean",
        "time to customer, mean",
        "days",
        "Mean time from capture to customer, of those won before the horizon.",
    ),
    Metric(
        "days_to_customer.median",
        "time to customer, median",
        "days",
        "Median time from capture to customer, of those won before the horizon.",
    ),
    Metric(
        "wait_days.TEAM.mean",
        "wait for TEAM, mean",
        "days",
        "Mean time in the queue of TEAM, of all who joined it: those who gave up are "
        "included, and those still waiting at the horizon count so far.",
    ),
    Metric(
        "gave_up.TEAM.share",
        "gave up on TEAM",
        "share",
        "Share of those who joined the queue of TEAM that gave up.",
    ),
    Metric(
        "utilisation.TEAM",
        "TEAM busy",
        "share",
        "Share of the open time of TEAM, over all its people or slots, that was busy; "
        "for a source, the part of it that this source's leads took.",
    ),
    Metric(
        "quits.TEAM",
        "quits in TEAM",
        "people",
        "People of TEAM who quit, where the team has morale; of no source.",
    ),
    Metric(
        "morale.TEAM.mean",
        "morale of TEAM, mean",
        "share",
        "Mean morale of TEAM over its evenings, 0 to 1; of no source.",
    ),
    Metric(
        "vacant.TEAM.share",
        "empty places in TEAM",
        "share",
        "Share of the places of TEAM that were empty, over its evenings; of no source.",
    ),
    Metric(
        "occupancy.STAGE",
        "in STAGE at a time",
        "people",
        "Time average of the number in STAGE over the horizon, queue and work "
        "included.",
    ),
    Metric(
        "spend", "spend", "money", "All costs, people included, booked as they occur."
    ),
    Metric("cost_per.lead", "cost of a lead", "money", "Spend divided by leads."),
    Metric(
        "cost_per.STAGE",
        "cost of one STAGE",
        "money",
        "Spend divided by the people who ever entered STAGE.",
    ),
    Metric(
        "cac",
        "cost of a customer (CAC)",
        "money",
        "Customer acquisition cost: spend divided by customers.",
    ),
    Metric(
        "payback_months",
        "payback",
        "months",
        "Months in which a customer's gross margin pays the CAC, churn included.",
    ),
    Metric(
        "revenue.pipeline",
        "contract value in the pipeline",
        "money",
        "Annual contract value of the deals that entered the pipeline stage.",
    ),
    Metric(
        "revenue.won",
        "contract value won",
        "money",
        "Annual contract value of the customers.",
    ),
    Metric(
        "win_rate",
        "win rate",
        "share",
        "Won deals divided by closed deals; open deals left out.",
    ),
    Metric(
        "marketing_cost_per.lead",
        "cost of a lead without people",
        "money",
        "Spend without people, divided by leads.",
    ),
)
_PLACES = re.compile("STAGE|TEAM")


def describe(name: str) -> Metric:
    """Return what a metric is by its full name, as ``reached.mql``.

    Raises
    ------
    StudyError
        If there is no metric of that name.
    """
    for metric in METRICS:
        pattern = _PLACES.sub(r"(\\w+)", metric.name.replace(".", r"\."))
        found = re.fullmatch(pattern, name)
        if found:
            place = found.group(1) if found.groups() else ""
            title = _PLACES.sub(place.replace("_", " "), metric.title)
            return Metric(name, title, metric.unit, _PLACES.sub(place, metric.meaning))
    known = [metric.name for metric in METRICS]
    raise StudyError(
        f"metric '{name}': it must be one of {', '.join(known)}.{nearest(name, known)}"
    )
