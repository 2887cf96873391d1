"""The invented district under the rule engine: every colour, every rule and every finding shows somewhere."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from shouhu.demo import stories
from shouhu.demo.district import district
from shouhu.engines.rules import rulesets
from shouhu.engines.rules.ratings import Ratings, rate

AS_OF = date(2026, 6, 1)
INVENTED = district(as_of=AS_OF)


def _rated(ruleset: str) -> Ratings:
    return rate(INVENTED.columns, rulesets.load(ruleset), as_of=AS_OF)


@pytest.mark.parametrize("ruleset", ["001", "002-10", "000-19"])
def test_every_colour_and_every_rule_shows(ruleset: str) -> None:
    ratings = _rated(ruleset)
    assert set(ratings.colours) == {"red", "orange", "yellow", "green", "unknown", "decide"}
    fired = {fired.rule for one in ratings for fired in one.fired}
    assert fired == {rule.id for rule in ratings.ruleset.rules}
    assert sum(bool(one.ask) for one in ratings if one.colour == "unknown") >= 60


def test_most_are_green_and_the_rest_tell_a_story() -> None:
    colours = Counter(_rated("001").colours)
    assert colours["green"] > 190
    assert 80 <= colours["unknown"] <= 110
    assert colours["red"] < colours["yellow"] < colours["orange"] < 60
    assert 3 <= colours["decide"] <= 10


def test_calm_is_green_and_the_stories_are_rated_as_told() -> None:
    rated = list(zip(INVENTED.institutions, _rated("001"), strict=True))
    told = {story: {(rating.colour, rating.at_least) for one, rating in rated if one.story == story} for story in (
        stories.CALM, stories.UNDATED, stories.QUESTIONS_OPEN, stories.EXPIRED, stories.NOT_SURVEYED, stories.CHAIN,
        "未登记，大额预付费不明", "爆雷", "大额预付费使用规范",
    )}  # fmt: skip
    assert told == {
        stories.CALM: {("green", None)},
        stories.UNDATED: {("green", None)},
        stories.QUESTIONS_OPEN: {("unknown", None)},
        stories.EXPIRED: {("unknown", None)},
        stories.NOT_SURVEYED: {("unknown", None)},
        stories.CHAIN: {("yellow", "yellow")},
        "未登记，大额预付费不明": {("unknown", "orange")},
        "爆雷": {("red", "red")},
        "大额预付费使用规范": {("decide", None)},
    }


def test_flags_show() -> None:
    flags = {flag for ruleset in ("001", "000-19") for one in _rated(ruleset) for flag in one.flags}
    assert flags >= {"own_track", "complaint_unverified", "survey_undated", "survey_expired"}


@pytest.mark.parametrize("seed", range(2, 6))
def test_another_seed_is_as_lively(seed: int) -> None:
    ratings = rate(district(seed, as_of=AS_OF).columns, rulesets.load("001"), as_of=AS_OF)
    assert {fired.rule for one in ratings for fired in one.fired} == {rule.id for rule in ratings.ruleset.rules}
    assert Counter(ratings.colours).most_common(1)[0][0] == "green"
