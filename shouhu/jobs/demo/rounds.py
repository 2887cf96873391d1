"""The register as it was at the start, and the two survey rounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shouhu.demo.dice import Dice
from shouhu.demo.history import FIRST_ROUND, SECOND_ROUND, Track, Visit
from shouhu.jobs.demo.offices import Offices
from shouhu.ledgers.campaigns.models import Campaign
from shouhu.ledgers.clearances import actions as clearances
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.institutions.actions.writing import Newcomer, create
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.institutions.values import to_json
from shouhu.ledgers.surveys import actions as surveys
from shouhu.ledgers.surveys.models import Assignment, Round
from shouhu.ledgers.surveys.questionnaires import questions
from shouhu.ledgers.units.models import Post

ZONE = ZoneInfo("Asia/Shanghai")
METHODS = {"上门": "visit", "视频": "video", "电话": "call", "查阅资料": "papers"}
Known = dict[int, Institution]
"""Place among the tracks → institution."""


def register(told: Sequence[Track], offices: Offices, dice: Dice, seed: int, start: date) -> Known:
    """This function will make known what the district knew at the start, by source."""
    at = datetime.combine(start, time(10), ZONE)
    known: Known = {}
    for source in sorted({track.source for track in told}):
        places = [n for n, track in enumerate(told) if track.source == source and track.found_on is None]
        newcomers = [_newcomer(told[n], offices, dice) for n in places]
        made = create(newcomers, source=source, cause="import", by=offices["office"], at=at)
        known |= dict(zip(places, made, strict=True))
    unregistered = [one.pk for one in known.values() if one.is_registered is False]
    clearances.find_all(institution_ids=unregistered, by=offices["office"], at=at)
    return known


def survey(
    told: Sequence[Track], known: Known, offices: Offices, dice: Dice, as_of: date, tell: Callable[[str], None]
) -> None:
    """This function will run both rounds: assignments, visits, answer sheets, reviews; colours and measures follow."""
    campaign = Campaign.objects.get()
    for number, (title, span) in enumerate((("第一轮全面摸排", FIRST_ROUND), ("第二轮复查", SECOND_ROUND)), 1):
        tell(f"演示：{title} …")
        opens = as_of - timedelta(days=span[0] + 2)
        at = datetime.combine(opens, time(9), ZONE)
        due = as_of - timedelta(days=span[1]) if number == 1 else as_of + timedelta(days=10)
        round_ = surveys.open_round(title=title, campaign_id=campaign.pk, code=offices.county, opens_on=opens, due_on=due,
                                    by=offices["office"], at=at)  # fmt: skip
        surveys.assign(round_id=round_.pk, by=offices["office"], at=at)
        _hand_down(round_, offices, dice, at)
        visits = [
            (visit.on, n, visit) for n, track in enumerate(told) for visit in track.visits if visit.round == number
        ]
        finds = [
            (track.found_on, n, None) for n, track in enumerate(told) if _found_in(track, number, opens, due, as_of)
        ]
        events = sorted([*visits, *finds], key=lambda one: (one[0], one[2] is not None, one[1]))
        for on, day in groupby(events, key=lambda one: one[0]):
            accepted = []
            for _, n, visit in day:
                if visit is None:
                    known[n] = _find(told[n], round_, offices, dice, on)
                elif n in known and _visit(visit, known[n], round_, offices, dice):
                    accepted.append(known[n].pk)
            _rate(accepted, offices, on)
        if number == 1:
            _end_first(round_, known, offices, due)


def _newcomer(track: Track, offices: Offices, dice: Dice) -> Newcomer:
    one = track.institution
    point = offices.shapes.point(one.village.code, dice) if dice.chance(0.94) else None
    return Newcomer(dict(track.known), one.village.code, point=point)


def _hand_down(round_: Round, offices: Offices, dice: Dice, at: datetime) -> None:
    """The bureau asks the towns to go to most of what is filed with it (委托), and the towns name people for a part."""
    civil = offices["civil"].unit
    rows = list(Assignment.objects.filter(round=round_, unit=civil).order_by("pk"))
    by_town: dict[str, list[int]] = {}
    for row in rows:
        if dice.chance(0.8):
            by_town.setdefault(row.code[:9] + "000", []).append(row.pk)
    for town, ids in sorted(by_town.items()):
        unit = offices.at(town, "task_force")[0].unit
        surveys.reassign(assignment_ids=ids, unit_id=unit.pk, by=offices["office"], at=at)


def _found_in(track: Track, number: int, opens: date, due: date, as_of: date) -> bool:
    """Whether a site came to light during a round; what came up between the rounds is taken up by the second."""
    if track.found_on is None:
        return False
    first_ends = as_of - timedelta(days=SECOND_ROUND[0] + 2)
    return (track.found_on < first_ends) == (number == 1)


def _find(track: Track, round_: Round, offices: Offices, dice: Dice, on: date) -> Institution:
    one = track.institution
    by = _surveyors(one.village.code, offices)[0]
    row = surveys.found(
        round_id=round_.pk, name=one.name, code=one.village.code, address=str(one.facts["address"]), by=by,
        at=datetime.combine(max(on, round_.opens_on), time(11), ZONE),
        point=offices.shapes.point(one.village.code, dice),
    )  # fmt: skip
    clearances.find(institution_id=row.institution_id, by=by, at=row.assigned_at)
    return row.institution


def _visit(visit: Visit, institution: Institution, round_: Round, offices: Offices, dice: Dice) -> bool:
    """Hand in a sheet and review it the same day; whether it was accepted."""
    row = Assignment.objects.select_related("unit", "post").get(round=round_, institution=institution)
    institution.refresh_from_db()
    by = offices["civil"] if row.unit_id == offices["civil"].unit_id else dice.pick(_surveyors(row.code, offices))
    visited = datetime.combine(visit.on, time(dice.between(9, 11), dice.between(0, 59)), ZONE)
    asked = {question["name"] for question in questions(round_.questionnaire.content)}
    answers = {name: to_json(value) for name, value in visit.answers.items() if name in asked}
    sheet = surveys.submit(
        assignment_id=row.pk, key=UUID(int=dice.between(0, 2**53)), base=institution.n, answers=_exact(answers),
        method=METHODS[visit.method], visited_at=visited, n_asked=visit.n_asked, by=by, at=visited + timedelta(hours=2),
    )  # fmt: skip
    reviewed = datetime.combine(visit.on, time(16, dice.between(0, 59)), ZONE)
    reviewer = _reviewer(row, offices)
    if visit.outcome == "accepted":
        surveys.accept(sheet_id=sheet.pk, by=reviewer, at=reviewed)
    elif visit.outcome == "returned":
        surveys.return_sheet(
            sheet_id=sheet.pk, reason="预付费人数与入住人数对不上，请再核对缴费凭证", by=reviewer, at=reviewed
        )
    return visit.outcome == "accepted"


def _rate(ids: list[int], offices: Offices, on: date) -> None:
    """What a day's reviews accepted is rated at its end, all at once: a sheet by itself would take ten times as long."""
    at = datetime.combine(on, time(17, 30), ZONE)
    disposals.rate_and_open(institution_ids=ids, by=offices["office"], at=at)
    unregistered = (
        Institution.objects.filter(pk__in=ids, is_registered=False).order_by("pk").values_list("pk", flat=True)
    )
    clearances.find_all(institution_ids=unregistered, by=offices["office"], at=at)


def _exact(answers: dict[str, Any]) -> dict[str, Any]:
    """A questionnaire takes one number, counted on the spot where 约30 was told; and lists of names, empty for 否."""
    exact = {name: value["low"] if isinstance(value, dict) else value for name, value in answers.items()}
    if exact.get("related_companies") is False:
        exact["related_companies"] = []
    return exact


def _surveyors(code: str, offices: Offices) -> list[Post]:
    town = code[:9] + "000"
    return [*offices.at(code, "grid_worker"), *offices.at(code, "neighbourhood"), offices.at(town, "task_force")[0]]


def _reviewer(row: Assignment, offices: Offices) -> Post:
    """The second desk of the town; what the bureau surveyed is reviewed by the county's campaign office."""
    if row.unit_id == offices["civil"].unit_id:
        return offices["office"]
    return offices.at(row.code[:9] + "000", "task_force")[1]


def _end_first(round_: Round, known: Known, offices: Offices, due: date) -> None:
    """What the first round did not reach is rated as it is known: 待查, with its task."""
    at = datetime.combine(due + timedelta(days=1), time(9), ZONE)
    surveys.close_round(round_id=round_.pk, by=offices["office"], at=at)
    unrated = Institution.objects.filter(standing=None, pk__in=[one.pk for one in known.values()])
    ids = list(unrated.order_by("pk").values_list("pk", flat=True))
    disposals.rate_and_open(institution_ids=ids, by=offices["office"], at=at)
