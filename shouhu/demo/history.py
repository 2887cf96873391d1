"""
Three months of the invented district: what was known at the start, and what each survey round found.

The first round runs from twelve to seven weeks before the day, the second from four weeks before it to the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from shouhu.demo import stories
from shouhu.demo.dice import Dice
from shouhu.demo.district import KNOWN_WITHOUT_SURVEY, District, Institution
from shouhu.demo.stories import Facts

CAMPAIGN_DAYS = 91
FIRST_ROUND, SECOND_ROUND = (84, 50), (28, 1)
"""Days before the day: from, to."""

Outcome = Literal["accepted", "submitted", "returned"]


@dataclass(frozen=True)
class Visit:
    """One visit: the day, what was answered, how many residents were asked, and what became of the answer sheet."""

    round: int
    on: date
    answers: Facts
    method: str
    n_asked: int
    outcome: Outcome


@dataclass(frozen=True)
class Track:
    """One institution through the three months; ``found_on`` is set for a site that nobody knew at the start."""

    institution: Institution
    source: str
    known: Facts
    visits: tuple[Visit, ...]
    found_on: date | None
    is_mended: bool
    """What the first round found was put right before the second."""


_NEVER_VISITED = (stories.NOT_SURVEYED, stories.EXPIRED, stories.UNDATED)
_FOUND = (1, 2, 4, 7, 10, 16, 24, 33, 41, 48, 56, 64, 72, 79)
"""Days before the day on which unknown sites come to light."""
_HARMLESS = (stories.CALM, stories.SMALL_PREPAYMENT)


def tracks(district: District, seed: int = 1) -> Iterator[Track]:
    """This function will tell the three months of every institution, in the order of the district."""
    dice = Dice(seed)
    for one in district.institutions:
        yield _track(dice, one, district.as_of)


def _track(dice: Dice, one: Institution, today: date) -> Track:
    unregistered = one.facts["registered"] == "未登记"
    risky = one.story not in (*_HARMLESS, stories.QUESTIONS_OPEN, *_NEVER_VISITED)
    mended = risky and not unregistered and dice.chance(0.3)
    source = dice.pick(("grid", "tip", "market", "police")) if unregistered else _source(dice)
    found_on = today - timedelta(days=dice.pick(_FOUND)) if unregistered and dice.chance(0.8) else None
    known = {name: one.facts[name] for name in KNOWN_WITHOUT_SURVEY}
    if one.story in _NEVER_VISITED:
        if one.story != stories.NOT_SURVEYED:
            known = dict(one.facts)
        return Track(one, source, known, (), None, False)
    return Track(one, source, known, tuple(_visits(dice, one, today, found_on, mended)), found_on, mended)


def _source(dice: Dice) -> str:
    return dice.pick(("known",) * 6 + ("registry", "market", "police"))


def _visits(dice: Dice, one: Institution, today: date, found_on: date | None, mended: bool) -> Iterator[Visit]:
    answers = {name: value for name, value in one.facts.items() if name not in ("surveyed_on", "surveyor")}
    first, second = answers, answers
    if mended:
        second = answers | stories.NO_RISK | {"marketing": "村居推荐", "charging": "按月收取"}
        second["assets"] = max(filter(None, (_figure(answers.get("assets")), _figure(answers.get("liabilities")), 1)))
    elif one.story == stories.CALM and dice.chance(0.12):
        first = answers | {"false_publicity": True, "marketing": "讲座，宣称“包治慢病”"}
    elif one.story not in _HARMLESS and dice.chance(0.25):
        first = answers | stories.NO_RISK
    start = max(FIRST_ROUND[0] * -1, -999 if found_on is None else (found_on - today).days + 1)
    if start <= -FIRST_ROUND[1] and dice.chance(0.97):
        on = today + timedelta(days=dice.between(start, -FIRST_ROUND[1]))
        yield Visit(1, on, first, _method(dice), dice.between(2, 9), "accepted")
    if mended or dice.chance(0.72):
        earliest = max(-SECOND_ROUND[0], start)
        latest = -8 if mended else -SECOND_ROUND[1]
        on = today + timedelta(days=dice.between(min(earliest, latest), latest))
        outcome: Outcome = "accepted"
        if not mended and (today - on).days <= 4:
            outcome = dice.pick(("accepted", "submitted", "submitted", "returned"))
        elif not mended and (today - on).days <= 10:
            outcome = "returned" if dice.chance(0.05) else "accepted"
        yield Visit(2, on, second, _method(dice), dice.between(2, 9), outcome)


def _method(dice: Dice) -> str:
    return "上门" if dice.chance(0.88) else dice.pick(("视频", "电话", "查阅资料"))


def _figure(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
