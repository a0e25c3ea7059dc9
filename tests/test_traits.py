"""What leads are besides their kind: answers that go together (M16).

Shares of 73,000 leads against closed forms: |z| < 3.5, and 3% of each share.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from agreement import near
from test_engines_agree import rows

from simlib.draws import stream_key, uniforms
from simlib.errors import ScenarioError
from simlib.plan import compiled
from simlib.population import Population
from simlib.run import simulate
from simlib.scenario import Scenario, load
from simlib.theory import Checklist

SHARES = {"budget": 0.55, "authority": 0.45, "need": 0.65, "timing": 0.40}
COMMON = (0.0, 0.2, 0.5, 0.9)


def bant(**checklist: Any) -> Scenario:
    """Return a checklist behind twenty calls a day for ten years."""
    said = {f"checklist.{key}": value for key, value in checklist.items()}
    many = {"horizon": 3652, "sources.calls.leads.per_day": 20}
    any_length = {"stages.opportunity.next.customer.by_yes": []}
    return load("bant").changed({**many, **any_length, **said})


@cache
def people(common: float) -> Population:
    """Return leads whose answers go together so much."""
    return Population(compiled(bant(common=common)), 1, 0)


def law(common: float) -> Checklist:
    """Return the closed form of the same checklist."""
    return Checklist([*SHARES.values()], 0.90, 0.85, common)


@pytest.mark.parametrize("common", COMMON)
def test_as_many_answers_are_yes_as_theory_says(common):
    """None to all four, in truth; and on average 2.05, whatever they have in common."""
    yes = people(common).qualities.yes

    assert [*law(common).counts()] == [near(yes == count, 0.03) for count in range(5)]
    assert sum(SHARES.values()) == near(yes, 0.01)


@pytest.mark.parametrize("common", COMMON)
def test_a_call_errs_on_each_answer_by_itself(common):
    """Each pair of counts, in truth and as heard, is as frequent as theory says."""
    qualities, joint = people(common).qualities, law(common).joint()
    counts = np.zeros((5, 5))
    np.add.at(counts, (qualities.yes, qualities.heard), 1)
    size = counts.sum()
    errors = np.sqrt(joint * (1 - joint) / size)

    assert np.max(np.abs(counts / size - joint) / errors) < 4


@pytest.mark.parametrize("needed", range(1, 5))
@pytest.mark.parametrize("common", COMMON)
def test_the_list_passes_whom_theory_passes(common, needed):
    """As many sound like yes often enough."""
    heard = people(common).qualities.heard

    assert law(common).passing(needed) == near(heard >= needed, 0.03)


def test_what_goes_together_favours_the_strict_list():
    """With more in common four answers pass more leads, and one answer fewer."""
    heard = [people(common).qualities.heard for common in COMMON]
    strict, lax = ([np.mean(each >= k) for each in heard] for k in (4, 1))

    assert np.all(np.diff(strict) > 0.02)
    assert np.all(np.diff(lax) < -0.02)


def test_each_share_stays_what_it_is():
    """One answer alone is yes as often as its file says, by kind too."""
    by_kind = {"ready": 0.8, "not_yet": 0.3, "misfit": 1.0, "junk": 0.0}
    said = bant(questions={"timing": by_kind}, common=0.7, needed=1)
    people = Population(compiled(said), 1, 0)
    shares = [people.qualities.yes[people.kind == code] for code in range(4)]

    assert [*by_kind.values()] == [near(share, 0.03) for share in shares]


def test_a_little_in_common_changes_few_answers():
    """The numbers behind the answers stay: one lead in a hundred answers otherwise."""
    apart, together = (people(common).qualities.yes for common in (0.0, 1e-5))

    assert 0 < np.mean(apart != together) < 0.01


def test_by_default_answers_are_the_numbers_of_old():
    """With nothing in common each answer is one number against its share."""
    apart = people(0.0)
    yes = sum(
        uniforms(stream_key(1, 0, f"checklist.{name}"), apart.key) < share
        for name, share in SHARES.items()
    )

    assert np.array_equal(yes, apart.qualities.yes)


def test_a_question_may_have_any_name():
    """The factor's number is not that of a question named common."""
    said = bant(questions={"common": 0.5, "other": 0.5}, common=0.5, needed=1)
    yes = Population(compiled(said), 1, 0).qualities.yes

    # Of two even answers both are yes in 1/4 + arcsin(rho) / (2 pi), a third at .5.
    assert [1 / 3] * 3 == [near(yes == count, 0.03) for count in range(3)]


def test_off_leaves_no_trace():
    """Nothing in common is the old digest, stands in no file and moves no log."""
    plain = load("bant")
    back = plain.changed({"checklist.common": 0.5}).changed({"checklist.common": 0})

    assert plain.digest == back.digest
    assert "common" not in back.said()["checklist"]
    assert rows(simulate(plain, 1).log) == rows(simulate(back, 1).log)


@pytest.mark.parametrize(
    ("key", "given", "message"),
    [
        ("common", 1, "is 1; it must be less than 1"),
        ("common", -0.1, "is -0.1; it must be 0 or more"),
        ("common", "half", "is 'half'; it must be a number"),
        ("comon", 0.5, "Did you mean 'common'?"),
    ],
)
def test_what_cannot_be_in_common_is_explained(key, given, message):
    """One line names the place and what may be."""
    with pytest.raises(ScenarioError) as caught:
        load("bant").changed({f"checklist.{key}": given})

    assert str(caught.value).startswith(f"checklist.{key}: ")
    assert message in str(caught.value)
