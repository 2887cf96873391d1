"""The invented district: whole, the same every time, and nobody's real name, number or code."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from stdnum.cn import uscc

from shouhu.demo import stories
from shouhu.demo.dice import Dice
from shouhu.demo.district import District, district
from shouhu.demo.names import AREA_CODE
from shouhu.engines.rules.facts import PERSONS, Fact, declared
from shouhu.engines.rules.values import UNNAMED, Approximate

AS_OF = date(2026, 6, 1)
SEEDS = range(1, 7)


@pytest.fixture(scope="module")
def invented() -> District:
    return district(as_of=AS_OF)


def test_has_the_size_that_the_desk_promises(invented: District) -> None:
    assert len(invented.townships) == 12
    assert sum(len(town.villages) for town in invented.townships) == 160
    assert len(invented.institutions) == 400
    assert sum(one.facts["registered"] == "未登记" for one in invented.institutions) == 21


def test_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert district(7, as_of=AS_OF) == district(7, as_of=AS_OF)
    assert district(7, as_of=AS_OF) != district(8, as_of=AS_OF)


def test_draws_are_the_same_on_every_python() -> None:
    dice = Dice(1)
    assert [dice.between(0, 999) for _ in range(5)] == [134, 847, 763, 255, 495]
    assert dice.shuffled("甲乙丙丁戊己庚") == list("戊丁庚甲乙丙己")


def test_day_moves_dates_and_nothing_else(invented: District) -> None:
    later = district(as_of=AS_OF + timedelta(days=40))
    for one, other in zip(invented.institutions, later.institutions, strict=True):
        moved = dict(other.facts)
        if moved["surveyed_on"]:
            moved["surveyed_on"] -= timedelta(days=40)
        assert moved == one.facts


@pytest.mark.parametrize("seed", SEEDS)
def test_names_and_codes_are_nobody_elses(seed: int) -> None:
    invented = district(seed, as_of=AS_OF)
    codes = [town.code for town in invented.townships]
    codes += [village.code for town in invented.townships for village in town.villages]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(rf"{AREA_CODE}\d{{6}}", code) for code in codes)
    assert AREA_CODE.startswith("99")  # no province
    villages = [village.name for town in invented.townships for village in town.villages]
    assert len(set(villages)) == len(villages)
    names = [one.name for one in invented.institutions]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"0900-0\d{6}", one.facts["phone"]) for one in invented.institutions)


@pytest.mark.parametrize("seed", SEEDS)
def test_registered_ones_have_codes_with_valid_check_digits_in_the_invented_area(seed: int) -> None:
    invented = district(seed, as_of=AS_OF)
    codes = [one.facts["uscc"] for one in invented.institutions if one.facts["registered"] == "已登记"]
    assert len(set(codes)) == len(codes) == 379
    assert all(uscc.is_valid(code) and code[2:8] == AREA_CODE for code in codes)
    assert all(_body_check_digit(code[8:16]) == code[16] for code in codes)
    assert {one.facts["uscc"] for one in invented.institutions if one.facts["registered"] == "未登记"} == {None}


def _body_check_digit(body: str) -> str:
    """GB 11714, worked out the long way round."""
    total = sum(int(digit) * weight for digit, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return next(mark for value, mark in enumerate("0123456789X") if (total + value) % 11 == 0)


def test_every_fact_is_declared_known_somewhere_and_of_its_type(invented: District) -> None:
    assert list(invented.columns) == list(declared())
    for fact in declared().values():
        known = [value for value in invented.columns[fact.name] if value is not None]
        assert known, fact.name
        assert all(_is_of_type(fact, value) for value in known), fact.name
        if fact.choices:
            assert set(known) == set(fact.choices), fact.name
        if fact.type == "yes_no":
            assert set(known) == {True, False}, fact.name


def _is_of_type(fact: Fact, value: Any) -> bool:
    if fact.is_number:
        return isinstance(value, Approximate) or (type(value) is int and value >= 0)
    if fact.type == "persons":
        return isinstance(value, tuple) and set(value) <= {*PERSONS, UNNAMED}
    if fact.type == "names":
        return isinstance(value, bool) or (isinstance(value, tuple) and all(value))
    return type(value) is {"yes_no": bool, "date": date}.get(fact.type, str)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_story_is_told_as_often_as_it_wants(seed: int) -> None:
    told = [one.story for one in district(seed, as_of=AS_OF).institutions]
    assert {story.name: told.count(story.name) for story in stories.STORIES} == {
        story.name: story.number for story in stories.STORIES
    }


def test_figures_are_approximate_in_every_way_people_speak(invented: District) -> None:
    spoken = [v for column in invented.columns.values() for v in column if isinstance(v, Approximate)]
    assert {value.qualifier for value in spoken} == {"余", "约", "至"}
    assert all(0 < value.low < value.high and (value.value or 0) < value.high for value in spoken)


def test_surveys_are_recent_expired_undated_or_still_to_be_done(invented: District) -> None:
    ages = {
        one.name: one.facts["surveyed_on"] and (AS_OF - one.facts["surveyed_on"]).days for one in invented.institutions
    }
    known = [age for age in ages.values() if age is not None]
    assert min(known) >= 0
    assert sum(age > 180 for age in known) == 6
    assert len(ages) - len(known) == 5 + 14


def test_chain_stands_in_several_towns_under_one_owner(invented: District) -> None:
    chain = [one for one in invented.institutions if one.story == stories.CHAIN]
    assert len({one.facts["legal_representative"] for one in chain}) == 1
    assert len({one.township.name for one in chain}) > 2
    assert all(one.facts["related_companies"] and one.facts["related_dealings"] for one in chain)
