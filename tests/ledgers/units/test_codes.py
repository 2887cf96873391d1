"""Division codes: ranges instead of trees."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shouhu.ledgers.units.codes import LEVELS, level_of, parent_of, span, stem, within

CODES = st.from_regex(r"[1-9][0-9]{11}", fullmatch=True)
STEMS = st.sampled_from(list(LEVELS.values()))


@given(CODES, CODES, STEMS)
def test_a_range_holds_exactly_the_codes_that_begin_alike(code: str, other: str, digits: int) -> None:
    outer = code[:digits].ljust(12, "0")
    assert within(other, outer) == other.startswith(stem(outer))
    assert within(code, outer)


@given(CODES)
def test_parents_hold_their_children(code: str) -> None:
    while level_of(code) != "nation":
        assert within(code, parent_of(code))
        code = parent_of(code)
    assert code == "0" * 12 and parent_of(code) == code


def test_levels_and_ends() -> None:
    assert [level_of(code) for code in ("0" * 12, "990000000000", "990100000000", "990102000000", "990102001000")] == [
        "nation", "province", "city", "county", "township",
    ]  # fmt: skip
    assert level_of("990102001001") == "neighbourhood" and level_of("990102001001001") == "grid"
    assert span("990102000000") == ("990102000000", "990103")
    assert within("999999999999001", "999999999999") and within("990102001001001", "990102001001")
