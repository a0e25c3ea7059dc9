"""The length of a form in closed form, against printed numbers (E18)."""

from __future__ import annotations

import pytest
from printed import printed

from simlib.errors import TheoryError
from simlib.theory import FormLength, SalesDesk, sales_month, specificity_by_fields

MIX = {"ready": 0.27, "not_yet": 0.40, "junk": 0.33}
LOSS = {"ready": 0.05, "not_yet": 0.10, "junk": 0.15}
FORM = FormLength(MIX, LOSS)


@pytest.mark.parametrize(
    ("fields", "volume"), [(3, 1.232), (5, 1.0), (7, 0.816), (11, 0.554)]
)
def test_leads_by_length(fields, volume):
    """Leads relative to those of a form of five fields."""
    assert FORM.volume(fields) == printed(volume, 3)


def test_who_never_buys_is_put_off_most():
    """Junk is 36% of leads at three fields, 30% at seven, 24% at eleven."""
    junk = [FORM.shares(fields)["junk"] for fields in (3, 7, 11)]

    assert junk == printed([0.3614, 0.2995, 0.2423], 4)


def test_from_eleven_fields_to_four():
    """Seven fields fewer are twice the leads."""
    assert FORM.volume(4) / FORM.volume(11) == printed(2.0, 2)


def sqls(leads: float, fields: int) -> float:
    """Return SQLs a month at the textbook's sales desk, by leads at five fields."""
    desk = SalesDesk(ready_share=FORM.shares(fields)["ready"])
    return sales_month(desk, leads * FORM.volume(fields)).sql_per_month


@pytest.mark.parametrize(("leads", "best"), [(60, 3), (100, 3), (150, 7), (300, 11)])
def test_e18_the_best_form_is_longer_where_the_desk_is_fuller(leads, best):
    """Of 3 to 11 fields three make most SQLs with slack, 7 at 150, 11 at 300."""
    assert best == max(range(3, 12), key=lambda fields: sqls(leads, fields))


def test_e18_what_the_right_length_brings():
    """At 150 leads seven fields make 13.9 SQLs, three 12.4; at 300 eleven 18.6, 6.2."""
    found = [sqls(150, 7), sqls(150, 3), sqls(300, 11), sqls(300, 3)]

    assert found == printed([13.94, 12.36, 18.62, 6.23], 2)


def test_e18_progressive_profiling():
    """Three fields, then two, two: a short form's leads, a long one's knowledge."""
    progressive = FORM.volume(3), specificity_by_fields(3 + 2 + 2)
    long_form = FORM.volume(7), specificity_by_fields(7)

    assert progressive == printed([1.232, 0.88], 3)
    assert long_form == printed([0.816, 0.88], 3)
    assert specificity_by_fields(20) == 0.95


def test_impossible_forms_are_refused():
    """Fields are counted from one, shares are shares, and each kind has its loss."""
    with pytest.raises(TheoryError, match="fields must be a whole number"):
        FORM.volume(0)
    with pytest.raises(TheoryError, match="missing: junk"):
        FormLength(MIX, {"ready": 0.05, "not_yet": 0.10})
    with pytest.raises(TheoryError, match="the shares add up to"):
        FormLength({"ready": 0.9, "junk": 0.2}, LOSS)
    with pytest.raises(TheoryError, match="per_field must be a share"):
        specificity_by_fields(5, per_field=2)
