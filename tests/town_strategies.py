"""Any scenario with a market that Lead Lab runs, as hypothesis strategies.

Buyers have lives, come upon assets, are touched, raise their hands and come again. They
are few and busy, so that within weeks much happens to each of them.
"""

from __future__ import annotations

from hypothesis import strategies as st
from strategies import Said, scenarios

from simlib.log import KINDS
from simlib.scenario import Scenario

OFTEN = st.sampled_from([20, 60, 5, 20, 0])
WAYS = (*[("hand_raise", "visits", "touches")] * 2, ("visits", "touches") * 2)
ASSETS = ("articles", "comparison")
# What goes with leads that come by themselves, and not with buyers who are met.
WITHOUT = {"by_mail": False, "burn": None, "shocks": None, "form": None}


@st.composite
def meetings(draw: st.DrawFn, by: str) -> Said:
    """Draw how a source meets buyers."""
    if by == "hand_raise":
        return {"by": by}
    said: Said = {
        "by": by,
        "start": draw(st.sampled_from([0, None, 5])),
        "stop": draw(st.sampled_from([None, 12])),
        "shape": draw(st.sampled_from(["steady", "compounding"])),
        "months_to_full": 0.5,
        "half_life_months": 0.3,
        "uptake": draw(st.sampled_from([None, {"half_on": -2, "months": 0.5}])),
    }
    if by == "visits":
        said["per_month"] = draw(st.fixed_dictionaries(dict.fromkeys(KINDS, OFTEN)))
        said["only_open"] = draw(st.integers(0, 3)) == 0
        said["ready_times"] = draw(st.sampled_from([1, 3]))
        said["first_meeting_costs"] = draw(st.sampled_from([None, 1]))
        return {**said, "fills_times": 2}
    return {**said, **draw(touches())}


@st.composite
def touches(draw: st.DrawFn) -> Said:
    """Draw whom a source touches, how often, and what comes of it."""
    by_kind = st.fixed_dictionaries(dict.fromkeys(KINDS, OFTEN))
    said: Said = (
        {"in_all_per_month": draw(st.sampled_from([200, 50]))}
        if draw(st.booleans())
        else {"per_month": draw(by_kind)}
    )
    share = st.sampled_from([0.5, 0, {**dict.fromkeys(KINDS, 0.2)}])
    lately = draw(st.sampled_from([None, None, 10]))
    if lately is None:
        said["first_meeting_costs"] = draw(st.sampled_from([None, 1]))
    return {
        **said,
        "answer": draw(share),
        "warmed_by_memory": 2.5,
        "remember": draw(st.sampled_from([0, 0.5])),
        "accounts": draw(st.sampled_from([5, 8, None])),
        "after_visit_days": lately,
        "by_mail": draw(st.booleans()),
    }


@st.composite
def assets(draw: st.DrawFn) -> Said:
    """Draw what buyers come upon: something to read, and something for who compares."""
    seen = draw(st.sampled_from([0.6, 0, 1]))
    return {
        "articles": {
            "seen_in_market": seen,
            "seen_out_of_market": 0.9,
            "form": draw(st.sampled_from([0.5, 0.2])),
            "ask": draw(st.sampled_from([0.2, 0.05])),
        },
        "comparison": {
            "intent": "high",
            "seen_in_market": 1 - seen,
            "seen_out_of_market": 0.1,
            "fields": draw(st.sampled_from([5, 1, 11])),
            "ask": draw(st.sampled_from([0.5, 0.1])),
            "attraction": 0.9,
            "specificity": 0.5,
            "preview": 0.2,
        },
    }


@st.composite
def towns(draw: st.DrawFn) -> Said:
    """Draw a market: who lives in it, what they remember, what stands behind a form."""
    share = st.sampled_from([0.3, 1, 0.7, 0])
    policies = ["none", "selective", "everything"]
    each = st.fixed_dictionaries(dict.fromkeys(ASSETS, st.booleans()))
    return {
        "buyers": draw(st.sampled_from([30, 60, 12, 20, 1])),
        "misfit": draw(st.sampled_from([0, 0.3])),
        "junk": draw(st.sampled_from([0, 0.2])),
        "out_days": draw(st.sampled_from([5, 30])),
        "in_days": draw(st.sampled_from([2, 10])),
        "out_cv": draw(st.sampled_from([1, 0.3, 2])),
        "in_cv": draw(st.sampled_from([1, 0.3, 2])),
        "entry_lift": draw(st.sampled_from([0, 0, 2])),
        "history": draw(st.sampled_from([0, 20])),
        "memory": {
            "half_life": draw(st.sampled_from([180, 3])),
            "bounce": draw(st.sampled_from([0.1, 0])),
            "mails_opened_per_month": draw(st.sampled_from([0.5, 10])),
            "unsubscribe_per_month": draw(st.sampled_from([0.03, 3])),
        },
        "consideration": {"floor": draw(share), "raise_hand": draw(share)},
        "assets": draw(assets()),
        "gating": draw(st.one_of(st.sampled_from(policies), each)),
        "gating_from": draw(st.sampled_from([0, 7])),
        "gating_before": draw(st.sampled_from(policies)),
        "reach_if_gated": draw(st.sampled_from([1, 0.5])),
        "reach_days": draw(st.sampled_from([90, 3])),
        "profiling": draw(st.sampled_from(["all_at_once", "progressive"])),
        "notices": draw(share),
    }


def one_list(meets: list[Said]) -> None:
    """Let something be done for the accounts of the first list, if there is one."""
    for said in meets:
        if said.get("accounts"):
            said["abm"] = {"contacts": 3, "wins_times": 0.5, "value_times": 1.5}
            return


@st.composite
def shares_one_memory(draw: st.DrawFn, town: Said, meets: list[Said]) -> None:
    """Let all buyers share one memory, which whom ads follow and mail cannot feed."""
    asked = any(said["by"] == "hand_raise" for said in meets)
    fast = st.sampled_from([{"half_life": 2, "weight": 3}] * 3 + [None])
    town["goodwill"] = {
        "weight": draw(st.sampled_from([1, 0.2])),
        "activation": draw(fast) if asked else None,
    }
    town["memory"]["mail"] = 0
    for said in meets:
        if said.get("after_visit_days"):
            said["remember"] = 0


@st.composite
def markets(draw: st.DrawFn) -> Scenario:
    """Draw a scenario in which some sources meet buyers who come again and again."""
    scenario = draw(scenarios())
    names = list(scenario.sources)
    some = names[: draw(st.integers(1, len(names)))]
    ways = draw(st.one_of(*map(st.permutations, WAYS)))
    changes: Said = {"market": draw(towns())}
    for name, by in zip(some, ways, strict=False):
        changes[f"sources.{name}"] = {"meets": draw(meetings(by)), **WITHOUT}
    meets = [changes[f"sources.{name}"]["meets"] for name in some]
    if draw(st.integers(0, 3)):
        one_list(meets)
    if draw(st.booleans()):
        draw(shares_one_memory(changes["market"], meets))
    return scenario.changed(changes)
