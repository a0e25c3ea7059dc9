"""Any scenario with a market that Lead Lab runs, as hypothesis strategies."""

from __future__ import annotations

from hypothesis import strategies as st
from strategies import Said, scenarios

from simlib.log import KINDS
from simlib.scenario import Scenario


@st.composite
def meetings(draw: st.DrawFn) -> Said:
    """Draw how a source meets buyers: often, since there are few of them."""
    often = st.sampled_from([0, 1, 5, 20])
    by_kind = st.fixed_dictionaries(dict.fromkeys(KINDS, often))
    said: Said = {"by": draw(st.sampled_from(["visits", "touches", "hand_raise"]))}
    if said["by"] == "hand_raise":
        return said
    said |= {"per_month": draw(by_kind), "start": draw(st.sampled_from([0, None, 5]))}
    said["stop"] = draw(st.sampled_from([None, 12]))
    said["after_visit_days"] = draw(st.sampled_from([None, 10]))
    said["uptake"] = draw(st.sampled_from([None, {"half_on": -2, "months": 0.5}]))
    if not said["after_visit_days"]:
        said["first_meeting_costs"] = draw(st.sampled_from([None, 1]))
    if said["by"] == "visits":
        visits = {"fills_times": 2, "ready_times": draw(st.sampled_from([1, 3]))}
        return {**said, "only_open": draw(st.booleans()), **visits}
    return {
        **said,
        "answer": draw(st.sampled_from([0, 0.5, {**dict.fromkeys(KINDS, 0.2)}])),
        "warmed_by_memory": 2.5,
        "remember": draw(st.sampled_from([0, 0.5])),
        "accounts": draw(st.sampled_from([None, 5])),
        "by_mail": draw(st.booleans()),
    }


def one_list(meets: list[Said]) -> None:
    """Let something be done for the accounts of the first list, if there is one."""
    for said in meets:
        if said.get("accounts"):
            said["abm"] = {"contacts": 3, "wins_times": 0.5, "value_times": 1.5}
            return


@st.composite
def markets(draw: st.DrawFn) -> Scenario:
    """Draw a scenario in which some sources meet buyers who come again and again."""
    scenario, share = draw(scenarios()), st.sampled_from([0, 0.3, 1])
    changes: Said = {
        "market": {
            "buyers": draw(st.integers(1, 60)),
            "misfit": draw(st.sampled_from([0, 0.3])),
            "junk": draw(st.sampled_from([0, 0.2])),
            "out_days": draw(st.sampled_from([5, 30])),
            "in_days": draw(st.sampled_from([2, 10])),
            "entry_lift": draw(st.sampled_from([0, 0, 2])),
            "history": draw(st.sampled_from([0, 20])),
            "consideration": {"floor": draw(share), "raise_hand": draw(share)},
            "gating": draw(st.sampled_from(["none", "selective", "everything"])),
            "gating_from": draw(st.sampled_from([0, 7])),
            "reach_if_gated": draw(st.sampled_from([1, 0.5])),
            "profiling": draw(st.sampled_from(["all_at_once", "progressive"])),
        }
    }
    names = list(scenario.sources)
    meets = [draw(meetings()) for _ in names[: draw(st.integers(1, len(names)))]]
    if draw(st.booleans()):
        one_list(meets)
    raised = [i for i, said in enumerate(meets) if said["by"] == "hand_raise"]
    for again in raised[1:]:
        meets[again] = {"by": "visits", "per_month": 3}
    for name, said in zip(names, meets, strict=False):
        off = {"by_mail": False, "burn": None, "shocks": None, "form": None}
        changes[f"sources.{name}"] = {"meets": said, **off}
    return scenario.changed(changes)
