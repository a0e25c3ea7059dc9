"""Claims on trial as they are told: sentences, tables, pages and JSON."""

from __future__ import annotations

import dataclasses
import json

import pytest

from simlib.claims import known, trials, walks
from simlib.cli import claim_pages, main
from simlib.studies import Interval


def test_json_has_the_promised_keys(hump, monkeypatch, capsys):
    """Verdict, checks, share and flip; nothing else."""
    monkeypatch.setattr("simlib.claims.trial", lambda *_, **__: hump)
    code = main(["claims", "E5", "--json"])
    found = json.loads(capsys.readouterr().out)["claims"]["E5"]

    assert code == 0
    assert list(found) == ["verdict", "checks", "holds_share", "flips"]
    assert list(found["flips"]) == ["path", "at"]
    assert {tuple(check) for check in found["checks"]} == {
        ("name", "value", "low", "high", "band", "pass")
    }


def test_a_person_gets_a_table_a_sentence_and_a_picture(
    hump, monkeypatch, capsys, tmp_path
):
    """The sentence says the claim's side, the share and the flip; a file is drawn."""
    monkeypatch.setattr("simlib.claims.trial", lambda *_, **__: hump)
    code = main(["claims", "E5", "--pictures", str(tmp_path)])
    out = " ".join(capsys.readouterr().out.split())

    assert code == 0
    assert "claimed below 1" in out
    assert 'E5 holds when "sdr: people" is below' in out
    assert '"sdr: people", in the file teams.sdr.people, flips it most easily' in out
    assert (tmp_path / "E5.png").stat().st_size > 0


@pytest.mark.parametrize("name", ["E5", "E8"])
def test_a_quick_trial_says_so_and_names_what_failed(hump, monkeypatch, capsys, name):
    """It is rough; a check outside its band is named; E8 asks to be tried in full."""
    claim = known.claim(name)
    checks = [(check, Interval(99, 99, 99, 3)) for check in claim.checks[:1]]
    tried = dataclasses.replace(hump, claim=claim, checks=checks, flips=None)
    monkeypatch.setattr("simlib.claims.trial", lambda *_, **__: tried)
    main(["claims", name, "--quick"])
    out = " ".join(capsys.readouterr().out.split())

    assert "This was a quick, rough trial" in out
    assert f"failed: {claim.checks[0].name}: 99.000" in out
    assert ("must be tried in full" in out) == (name == "E8")
    assert f"simlib claims {name}" in out


def test_what_must_be_tried_in_full_gets_no_verdict_from_few_points(
    hump, monkeypatch, capsys, tmp_path
):
    """Neither word nor map; JSON keeps its fields and says so; in full it has both."""
    quick = dataclasses.replace(hump, claim=known.claim("E8"), flips=None)
    monkeypatch.setattr("simlib.claims.trial", lambda *_, **__: quick)
    code = main(["claims", "E8", "--quick", "--pictures", str(tmp_path)])
    out = " ".join(capsys.readouterr().out.split())
    main(["claims", "E8", "--quick", "--json"])
    found = json.loads(capsys.readouterr().out)["claims"]["E8"]

    assert (0, 2) == (code, out.count("too rough for a verdict; try it in full"))
    assert "on the claimed side" not in out
    assert not list(tmp_path.iterdir())
    assert list(found) == ["verdict", "checks", "holds_share", "flips", "too_rough"]
    full = dataclasses.replace(quick, quick=False)
    assert "too rough" not in claim_pages.sentence(full)


def test_a_full_trial_is_not_called_rough(hump):
    """Nothing is said of it, and no check that passed is named."""
    assert claim_pages.roughness(dataclasses.replace(hump, quick=False)) == ""
    assert claim_pages.failed(hump) == []


@pytest.mark.parametrize(("words", "warned"), [([], True), (["E1"], False)])
def test_all_claims_are_announced_as_long(hump, monkeypatch, capsys, words, warned):
    """Who names none is told how long forty take, beside the output."""
    monkeypatch.setattr("simlib.claims.trial", lambda *_, **__: hump)
    main(["claims", *words])

    assert ("half an hour" in capsys.readouterr().err) == warned


@pytest.mark.parametrize(
    ("name", "effect", "short"),
    [
        ("E27", Interval(1.009, 1.007, 1.011, 12), True),
        ("E27", Interval(0.99, 0.98, 0.999, 12), False),
        ("E27", Interval(1.001, 0.999, 1.003, 12), False),
        ("E27", Interval(1.03, 1.03, 1.03, 3), False),
        ("E36", Interval(0.95, 0.95, 0.95, 3), True),
        ("E36", Interval(1.05, 1.05, 1.05, 3), False),
        ("E5", Interval(1.4, 1.4, 1.4, 3), False),
    ],
)
def test_what_falls_short_does_not_turn_round(hump, name, effect, short):
    """It goes the claimed way, clear of chance, and stays below its line."""
    claim = known.claim(name)
    path = next(iter(claim.ranges))
    flips = walks.Flip(path, claim.ranges[path].high, claim.usual()[path], 0.5)
    tried = trials.judged(
        claim,
        effect=effect,
        checks=[],
        points=hump.points,
        effects=hump.effects,
        flips=flips,
        quick=False,
    )

    assert tried.falls_short == short
    assert ("without turning round" in claim_pages.sentence(tried)) == short
    assert not short or tried.figures()["verdict"].startswith("reverses when ")


def test_a_page_has_an_overview_and_a_picture(hump, monkeypatch, capsys, tmp_path):
    """A row, then a table of checks, then where it holds."""
    monkeypatch.setattr("simlib.claims.trial", lambda *_, **__: hump)
    code = main(["claims", "E5", "--markdown", "--pictures", str(tmp_path)])
    out = capsys.readouterr().out

    assert code == 0
    assert "| [E5](#e5) | quick | holds when" in out
    assert "## E5" in out
    assert f"![Where E5 holds]({tmp_path.as_posix()}/E5.png)" in out
