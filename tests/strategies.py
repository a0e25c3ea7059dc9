"""Any scenario that Lead Lab runs, as hypothesis strategies.

The graphs have skips, loops with caps, several ends, desks with people or slots,
reneging, contact curves, working hours and nurture. Many durations are whole or half
days and many leads are imported together, so that much happens at one moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from simlib.log import KINDS
from simlib.scenario import Scenario

Said = dict[str, Any]

WHOLE_DAYS = st.sampled_from([1, 0, 0.25, 2, 0, 1, 0.5, 7])
CV = st.sampled_from([0.3, 0.8, 1, 2])
MEAN = st.sampled_from([0.4, 0.05, 1, 3, 0, 0.1, 10, 0.6, 2, 1e8])
EXITS = ("leak", "went_cold", "not_reached")
ENDS = ("won", "gone", "lost")
STEPS = ("captured", "mql", "pql", "sql", "offer", "opportunity")


@st.composite
def spreads(draw: st.DrawFn) -> Said:
    """Draw a lag of a family with a density."""
    family = draw(st.sampled_from(["lognormal", "gamma", "weibull", "exponential"]))
    said: Said = {"dist": family, draw(st.sampled_from(["mean", "median"])): draw(MEAN)}
    if draw(st.integers(0, 3)) == 0:
        said["at_once"] = 0.5
    return said if family == "exponential" else {**said, "cv": draw(CV)}


@st.composite
def observed(draw: st.DrawFn) -> Said:
    """Draw an empirical lag."""
    values = draw(st.lists(WHOLE_DAYS, min_size=1, max_size=4))
    said: Said = {"dist": "empirical", "values": values}
    if draw(st.booleans()):
        some = st.lists(st.integers(0, 3), min_size=len(values), max_size=len(values))
        said["weights"] = draw(some.filter(any))
    return said


def lags() -> st.SearchStrategy[Any]:
    """Return any duration, whole days twice as often as the others."""
    fixed = st.builds(lambda days: {"dist": "fixed", "mean": days}, WHOLE_DAYS)
    return st.one_of(WHOLE_DAYS, WHOLE_DAYS, fixed, spreads(), observed())


@dataclass(frozen=True)
class Frame:
    """What the parts of one scenario may name, and how long things take there."""

    lag: st.SearchStrategy[Any]
    teams: Said
    sources: list[str]
    names: list[str]
    pool: bool
    asked: st.SearchStrategy[Said]

    @property
    def targets(self) -> list[str]:
        """Every stage that a way may lead to."""
        return [*self.names, *ENDS, *(["nurture"] if self.pool else [])]


@st.composite
def rates(draw: st.DrawFn, share: float, sources: list[str]) -> Any:
    """Draw a rate of at most `share`: a number, per kind, per source, or both."""
    number = st.sampled_from([0.0, share / 3, share / 2, share, share])
    by_kind = st.fixed_dictionaries(dict.fromkeys(KINDS, number))
    either = st.one_of(number, by_kind)
    if draw(st.integers(0, 2)):
        return draw(either)
    said = {name: draw(either) for name in sources if draw(st.booleans())}
    return {**said, "default": draw(either)}


@st.composite
def transitions(draw: st.DrawFn, frame: Frame) -> Said:
    """Draw up to three ways out whose rates sum to 1 or less."""
    some = st.lists(st.sampled_from(frame.targets), unique=True, max_size=3)
    chosen = draw(some)
    shares = [0.5, 0.3, 0.2] if len(chosen) == 3 else [1 / max(len(chosen), 1)] * 3
    return {
        to: {
            "rate": draw(rates(share, frame.sources)),
            "lag": draw(frame.lag),
            "found": draw(st.sampled_from([1.0, 1.0, 0.5])),
            **draw(frame.asked),
        }
        for to, share in zip(chosen, shares, strict=False)
    }


@st.composite
def asked(draw: st.DrawFn) -> Said:
    """Draw what a rate asks of a lead: its capture action, or answers of a call."""
    some: Said = {
        "intent": {"high": 1, "middle": 0.5, "low": 0},
        "checked": True,
        "by_yes": (0, 0.5, 1),
        "by_fields": {"at_three": 0.5, "per_field": 0.1},
    }
    chosen = draw(st.lists(st.sampled_from([*some]), unique=True, max_size=2))
    return {key: some[key] for key in chosen}


@st.composite
def qualifications(draw: st.DrawFn, sources: list[str]) -> Said:
    """Draw by which action leads come, and what a call finds out."""
    share = st.sampled_from([0, 0.4, 1])
    by_kind = st.fixed_dictionaries(dict.fromkeys(KINDS, share))
    return {
        "intent": {
            "high": draw(rates(0.5, sources)),
            "middle": draw(rates(0.5, sources)),
            "mql_definition": draw(st.sampled_from(["high_intent", "sales_look"])),
            "changes_on": draw(st.sampled_from([None, 7])),
        },
        "checklist": {
            "questions": {"need": draw(st.one_of(share, by_kind)), "budget": 0.5},
            "needed": draw(st.integers(0, 2)),
            "common": draw(st.sampled_from([0, 0.5])),
            "sensitivity": draw(st.sampled_from([0.9, 1, 0.5])),
            "specificity": draw(st.sampled_from([0.85, 1, 0.5])),
        },
    }


@st.composite
def exits(draw: st.DrawFn, frame: Frame) -> Said:
    """Draw an exit to any stage, sometimes with a reason of its own."""
    said: Said = {"to": draw(st.sampled_from(frame.targets)), "lag": draw(frame.lag)}
    if draw(st.booleans()):
        said["reason"] = draw(st.sampled_from(["no budget", "no answer"]))
    return said


@st.composite
def desks(draw: st.DrawFn, frame: Frame) -> Said:
    """Draw what makes a stage one in which somebody is needed."""
    team = draw(st.sampled_from(sorted(frame.teams)))
    said: Said = {}
    if draw(st.booleans()):
        said["patience"] = draw(frame.lag)
        if draw(st.booleans()):
            said["went_cold"] = draw(exits(frame))
    if team.startswith("lends"):
        return {"slots": team, **said}
    said |= {"team": team, "work": draw(frame.lag)}
    if draw(st.integers(0, 3)) == 0:
        said["hand_off"] = {"delay": draw(frame.lag), "context": draw(st.booleans())}
        said["hand_off"] |= {"rate_times": 1.0, "work_times": 0.5}
    if draw(st.booleans()):
        half_at, power = draw(st.sampled_from([(0.03, 0.5), (1, 2), (5, 20)]))
        said["contact"] = {"half_at": half_at, "power": power, "dial": 0.01}
        if draw(st.booleans()):
            said["not_reached"] = draw(exits(frame))
    return said


@st.composite
def scores(draw: st.DrawFn) -> Said:
    """Draw points for what leads do and are; some have enough from the start."""
    often = st.sampled_from([0, 3, 15])
    by_kind = st.dictionaries(st.sampled_from(KINDS), often, min_size=1)
    points = st.sampled_from([10, 5, -5, 0.5])
    action = st.fixed_dictionaries({"points": points, "per_month": by_kind})
    shares = st.fixed_dictionaries(dict.fromkeys(KINDS, st.sampled_from([0, 0.5, 1])))
    share = st.fixed_dictionaries({"points": points, "share": shares})
    names = st.sampled_from(["visit", "reply"])
    return {
        "threshold": draw(st.sampled_from([10, 0, 5, 30])),
        "window_months": draw(st.sampled_from([0.5, 0.1])),
        "half_life_months": draw(st.sampled_from([None, 0.2])),
        "actions": draw(st.dictionaries(names, action, max_size=2)),
        "attributes": draw(st.dictionaries(st.just("boss"), share, max_size=1)),
    }


@st.composite
def stages(draw: st.DrawFn, frame: Frame) -> Said:
    """Draw a graph of stages; whoever could go back has a cap on visits."""
    graph: Said = {}
    for place, name in enumerate(frame.names):
        said = {"next": draw(transitions(frame))}
        if not said["next"] or draw(st.booleans()):
            said["leak"] = draw(exits(frame))
        if frame.teams and draw(st.integers(0, 3)):
            said |= draw(desks(frame))
        elif draw(st.integers(0, 3)) == 0:
            said["score"] = draw(scores())
        exits_to = {said.get(key, {}).get("to") for key in EXITS}
        goes_back = (exits_to | set(said["next"])) & set(frame.names[: place + 1])
        if goes_back or draw(st.integers(0, 3)) == 0:
            said["visits"] = draw(st.integers(1, 5))
        graph[name] = said
    graph["captured"]["anonymous"] = draw(st.booleans())
    return {**graph, "won": {"terminal": "won"}, "gone": {"terminal": "lost"},
            "lost": {"terminal": "lost"}}  # fmt: skip


@st.composite
def morales(draw: st.DrawFn, often: bool) -> Said | None:
    """Draw people who take bad leads hard, quit often and are soon replaced."""
    if draw(st.integers(0, 3)) == 3 if often else draw(st.booleans()):
        return None
    return {
        "trust_from_leads": draw(st.sampled_from([1, 4, 50])),
        "expects": draw(st.sampled_from([0.35, 1])),
        "weight_of_trust": draw(st.sampled_from([0.5, 1, 0])),
        "weight_of_backlog": draw(st.sampled_from([0.5, 1, 0])),
        "backlog_per_person": draw(st.sampled_from([3, 0.5])),
        "adapts_in": draw(st.sampled_from([1, 20])),
        "slowest": draw(st.sampled_from([0.6, 0.1, 1])),
        "quits_per_year": draw(st.sampled_from([0.35, 12, 12, 0])),
        "quits_exponent": draw(st.sampled_from([2, 8])),
        "vacancy_months": draw(st.sampled_from([0.1, 0.3])),
        "ramp_months": draw(st.sampled_from([0.2, 0, 3.2])),
        "ramp_output": draw(st.sampled_from([0.5, 0.1, 1])),
        "ignores": draw(st.sampled_from([1, 0, 0.7])),
    }


@st.composite
def teams(draw: st.DrawFn) -> Said:
    """Draw up to three teams; the names say which lend slots."""
    names = st.sampled_from(["sdr", "ae", "lends_deals", "lends_trials"])
    return {
        name: draw(team(name))
        for name in draw(st.lists(names, unique=True, max_size=3))
    }


@st.composite
def team(draw: st.DrawFn, name: str) -> Said:
    """Draw a team; where it deals in turn, places are often empty."""
    order = draw(st.sampled_from(["fifo", "lifo", "hot_first", "round_robin"]))
    in_turn = order == "round_robin"
    return {
        "people": draw(st.sampled_from([2, 3, 1])),
        "order": order,
        "calendar": draw(st.sampled_from(["always_on", "business_hours"])),
        "hot": draw(rates(1.0, [])),
        "slots_per_person": draw(st.integers(1, 2)),
        "morale": None if name.startswith("lends") else draw(morales(in_turn)),
    }


@st.composite
def arrivals(draw: st.DrawFn, tied: bool) -> Said:
    """Draw how a source's leads arrive: a few a day, and some at one moment."""
    days = st.sampled_from([0, 1, 0.5, 5, 5.5, 12, 90])
    imported = st.fixed_dictionaries({"day": days, "leads": st.integers(1, 6)})
    if tied:
        return {"imports": draw(st.lists(imported, min_size=1, max_size=4))}
    shapes = ["steady", "compounding", "effort", "saturating", "content"]
    shape = draw(st.sampled_from(shapes))
    start = draw(st.sampled_from([0, 0, 0, 3, 11.5]))
    said: Said = {
        "per_day": draw(st.sampled_from([2.5, 1, 4, 0])),
        "shape": shape,
        "start": start,
        "overdispersion": draw(st.sampled_from([1, 1, 4])),
    }
    if shape == "saturating":
        said["half_spend_per_month"] = 100
    if draw(st.integers(0, 3)) == 0:
        said["uptake"] = {"half_on": 5, "months": 0.3}
    if shape == "content":
        said["content"] = {
            "pieces_per_month": 40 * said.pop("per_day"),
            "conversion": draw(st.sampled_from([0.05, 0.01])),
            "half_life_months": draw(st.sampled_from([0.2, 8])),
            "compounding_share": draw(st.sampled_from([0.1, 0, 1])),
        }
    if shape in {"steady", "effort"}:
        said["growth_per_month"] = draw(st.sampled_from([0, 0, 0.3, -0.2]))
    if shape == "compounding":
        said["months_to_full"] = draw(st.sampled_from([0.3, 12]))
        said["half_life_months"] = draw(st.sampled_from([0.2, 12]))
    if draw(st.booleans()):
        said["stop"] = start + draw(st.sampled_from([20, 7, 0]))
    if draw(st.booleans()):
        said["weekdays"] = draw(
            st.sampled_from([[1, 1, 1, 1, 1, 0, 0], [3, 1] * 3 + [2]])
        )
    said["imports"] = draw(st.lists(imported, max_size=2))
    return said


@st.composite
def sources(draw: st.DrawFn, frame: Frame, tied: bool) -> Said:
    """Draw a source; a list that it mails may cost the sender's reputation."""
    said: Said = {
        "leads": draw(arrivals(tied)),
        "entry": draw(st.sampled_from(frame.names)),
        "mix": draw(mixes()),
        "cost": {"per_month": 70},
        "by_mail": draw(st.booleans()),
        "shocks": draw(shocks()),
        "lag_times": draw(st.sampled_from([1, 1, 1.5, 0.3])),
    }
    if draw(st.integers(0, 3)) == 0:
        said["form"] = {"fields": draw(st.sampled_from([1, 5, 11]))}
    if said["leads"].get("imports") and draw(st.booleans()):
        said["burn"] = {
            "bounce_percent": draw(st.sampled_from([15, 40, 0])),
            "complaint_percent": draw(st.sampled_from([0, 1])),
        }
    return said


@st.composite
def shocks(draw: st.DrawFn) -> Said | None:
    """Draw what hits a source often, and takes some of its leads or all."""
    if draw(st.booleans()):
        return None
    loss = draw(st.sampled_from([0.4, 1, 0]))
    return {"per_year": 60, "days": draw(st.sampled_from([3, 0.5])), "loss": loss}


@st.composite
def mixes(draw: st.DrawFn) -> Said:
    """Draw shares of the kinds that sum to 1."""
    weights = draw(st.lists(st.integers(0, 3), min_size=4, max_size=4).filter(any))
    return {k: w / sum(weights) for k, w in zip(KINDS, weights, strict=True)}


@st.composite
def nurtures(draw: st.DrawFn, names: list[str]) -> Said:
    """Draw a nurture pool, from which some never wake."""
    rate = st.sampled_from([0, 0.5, 3, 30])
    by_kind = st.dictionaries(st.sampled_from(KINDS), rate, min_size=1)
    return {
        "to": draw(st.sampled_from(names)),
        "ready_per_month": draw(st.one_of(rate, by_kind)),
        "drop_out_per_month": draw(rate),
        "visits": draw(st.integers(1, 4)),
        "hand_to": draw(st.sampled_from([None, *names])),
    }


@st.composite
def reputations(draw: st.DrawFn) -> Said:
    """Draw how dear bounces and complaints are, and how soon that is forgotten."""
    return {
        "recovery_days": draw(st.sampled_from([39.09, 3])),
        "bounce_weight": draw(st.sampled_from([0.03, 0.2])),
        "worst": draw(st.sampled_from([0.8, 1, 0.1])),
    }


@st.composite
def scenarios(draw: st.DrawFn, tied: bool = False) -> Scenario:
    """Draw a scenario with up to a hundred leads or so.

    In a tied one all leads are imported and all durations are whole or half days.
    """
    frame = Frame(
        lag=WHOLE_DAYS if tied else lags(),
        teams=draw(teams()),
        sources=["web", "ads", "list"][: draw(st.integers(1, 3))],
        names=list(STEPS[: draw(st.integers(1, len(STEPS)))]),
        pool=draw(st.booleans()),
        asked=draw(st.sampled_from([st.just({}), asked()])),
    )
    said: Said = {
        "name": "any",
        "horizon": draw(st.sampled_from([21, 14, 40, 30, 21, 8.75, 1])),
        "stages": draw(stages(frame)),
        "teams": frame.teams,
        "sources": {name: draw(sources(frame, tied)) for name in frame.sources},
    }
    if "by_fields" in str(said["stages"]):
        said["sources"]["web"]["form"] = {"fields": draw(st.sampled_from([4, 11]))}
    said |= {**draw(qualifications(frame.sources)), "reputation": draw(reputations())}
    if frame.pool:
        said["nurture"] = draw(nurtures(frame.names))
    if draw(st.booleans()):
        said["deal"] = {"value": {"dist": "gamma", "mean": 9000, "cv": 0.5}}
    return Scenario.of(said)


def tied_scenarios() -> st.SearchStrategy[Scenario]:
    """Return any scenario in which much happens at one moment."""
    return scenarios(tied=True)
