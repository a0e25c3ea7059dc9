"""What a lead is besides its kind: how it left its name, and what a call would hear.

In: what the scenario says of intent and of the checklist, kinds, sources, and addresses
of leads. Out: `Qualities`, for each lead the tier of its capture action and the counts
of answers that are yes, and that sound like yes. All is drawn once, before any event: a
lead that is called twice says the same. It knows no stage and no rate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simlib.draws import Floats, Keys, as_normals, normals, uniforms
from simlib.log import KINDS
from simlib.scenario import Scenario
from simlib.scenario.forms import KNOWN_AT_LEAST
from simlib.scenario.models import Source
from simlib.scenario.qualification import (
    HIGH,
    Checklist,
    Intent,
    Trait,
    most_fields,
)
from simlib.scenario.rates import rate_of, ways_of

Ints = NDArray[np.int64]
Stream = Callable[[str], int]


@dataclass(frozen=True)
class Leads:
    """The leads of a population: kinds and sources at arrival, days, addresses.

    `fields` is how many fields of forms each had filled when it left its name, and
    `listed` whether its account is on a list for which something is done.
    """

    time: Floats
    kind: NDArray[np.int8]
    source: NDArray[np.int16]
    key: Keys
    fields: NDArray[np.int16]
    listed: NDArray[np.bool_]


@dataclass(frozen=True)
class Qualities:
    """What leads are besides their kind, shape (leads,) each.

    Attributes
    ----------
    tier : array of int
        Intent of the capture action, its place in `qualification.TIERS`.
    routed : array of int
        The tier by which rates treat it, after the definition of an MQL.
    yes, heard : array of int
        Answers that are yes, and that sound like yes.
    passes : array of int
        1 if enough of them do.
    fields : array of int
        Fields that sales know of it, from 3 to the most that some rate asks for.
    listed : array of int
        1 if its account is on a list.
    """

    tier: Ints
    routed: Ints
    yes: Ints
    heard: Ints
    passes: Ints
    fields: Ints
    listed: Ints

    def place(self, traits: tuple[Trait, ...]) -> Ints:
        """Return the place of each lead's trait among those that rates tell apart."""
        place = np.zeros(len(self.tier), dtype=np.int64)
        own = (self.routed, self.passes, self.yes, self.fields, self.listed)
        for number, trait in enumerate(traits):
            same = np.ones(len(place), dtype=bool)
            for told, values, mine in zip(
                zip(*traits, strict=True), own, trait, strict=True
            ):
                if len(set(told)) > 1:
                    same &= values == mine
            place[same] = number
        return place


def qualities(scenario: Scenario, leads: Leads, stream: Stream) -> Qualities:
    """Return what leads are besides their kind.

    Parameters
    ----------
    scenario : Scenario
    leads : Leads
    stream : callable
        From a stream's name to its key.
    """
    nothing = np.zeros(len(leads.key), dtype=np.int64)
    tier = routed = yes = heard = nothing
    passes = nothing + 1
    if scenario.intent:
        tier = _tiers(scenario.intent, [*scenario.sources], leads, stream)
        routed = _routed(scenario.intent, tier, leads.time)
    if scenario.checklist:
        yes, heard = _answers(scenario.checklist, leads, stream)
        passes = (heard >= scenario.checklist.needed).astype(np.int64)
    most = most_fields(ways_of(scenario))
    fields = np.clip(leads.fields.astype(np.int64), KNOWN_AT_LEAST, most)
    listed = leads.listed.astype(np.int64)
    return Qualities(tier, routed, yes, heard, passes, fields, listed)


def fields_asked(
    sources: Mapping[Any, Source],
    source: NDArray[np.int16],
    imported: NDArray[np.bool_],
) -> NDArray[np.int16]:
    """Return how many fields each lead's form has; imported leads fill none."""
    fields = [at.form.fields if at.form else 0 for at in sources.values()]
    asked = np.array(fields, dtype=np.int16)[source]
    asked[imported] = 0
    return asked


def _tiers(said: Intent, sources: list[str], leads: Leads, stream: Stream) -> Ints:
    """Return the tier of each lead's capture action: one number against shares."""
    luck = uniforms(stream("intent"), leads.key)
    tier = np.zeros(len(luck), dtype=np.int64)
    bound = np.zeros(len(luck))
    for rate in (said.high, said.middle):
        table = np.array(
            [[rate_of(rate, at, kind) for at in sources] for kind in KINDS]
        )
        bound += table[leads.kind, leads.source]
        tier += luck >= bound
    return tier


def _routed(said: Intent, tier: Ints, time: Floats) -> Ints:
    """Return the tier that counts: every lead is high where sales look at all."""
    changed = np.zeros(len(tier), dtype=bool)
    if said.changes_on is not None:
        changed = time >= said.changes_on
    look = changed ^ (said.mql_definition == "sales_look")
    return np.where(look, HIGH, tier)


def _answers(said: Checklist, leads: Leads, stream: Stream) -> tuple[Ints, Ints]:
    """Return how many answers are yes, and how many sound like yes."""
    yes = np.zeros(len(leads.key), dtype=np.int64)
    heard = np.zeros(len(leads.key), dtype=np.int64)
    # No question can have this name, so the factor shares its numbers with none.
    factor = normals(stream("checklist"), leads.key) if said.common else None
    for question in said.questions:
        shares = np.array([said.share(question, kind) for kind in KINDS])
        luck = uniforms(stream(f"checklist.{question}"), leads.key)
        true = _true(luck, shares[leads.kind], factor, said.common)
        chance = np.where(true, said.sensitivity, 1 - said.specificity)
        yes += true
        heard += uniforms(stream(f"checklist.{question}.heard"), leads.key) < chance
    return yes, heard


def _true(
    luck: Floats, share: Floats, factor: Floats | None, common: float
) -> NDArray[np.bool_]:
    """Return for which leads an answer is yes, by their own luck and a common factor.

    The answers of a lead are a one-factor Gaussian copula: each share stays what it is.
    Source: Vasicek, Probability of loss on loan portfolio (1987).
    """
    if factor is None:
        return luck < share
    as_normals(luck)
    as_normals(share)
    own = np.sqrt(1 - common) * luck
    behind: NDArray[np.bool_] = np.sqrt(common) * factor + own < share
    return behind
