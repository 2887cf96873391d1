"""The register as it was at the start, and the two survey rounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from shouhu.demo.dice import Dice
from shouhu.demo.history import FIRST_ROUND, SECOND_ROUND, Track, Visit
from shouhu.jobs.demo.days import Days, moment
from shouhu.jobs.demo.offices import Offices
from shouhu.ledgers.campaigns.models import Campaign
from shouhu.ledgers.clearances import actions as clearances
from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.institutions.actions import Conflict
from shouhu.ledgers.institutions.actions.writing import Newcomer, create
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.institutions.values import to_json
from shouhu.ledgers.surveys import actions as surveys
from shouhu.ledgers.surveys.models import Assignment, Round, Sheet
from shouhu.ledgers.surveys.questionnaires import questions
from shouhu.ledgers.units.models import Post

METHODS = {"上门": "visit", "视频": "video", "电话": "call", "查阅资料": "papers"}
WHY_RETURNED = (
    "预付费人数与入住人数对不上，请再核对缴费凭证",
    "收费方式写的是按年收取，预付费却答“否”，请核实",
    "门头名称与台账不一致，请补拍招牌并核对",
)
WHY_OUTDATED = "走访以后登记、备案情况已有变化，请按现状补正"
Rated = Callable[[list[int], datetime], object]
"""Called with the institutions that were rated, and when."""
Found = Callable[[int, Institution], object]
"""Called with the place among the tracks and the site that was found."""


def register(told: Sequence[Track], offices: Offices, dice: Dice, at: datetime) -> dict[int, Institution]:
    """This function will make known what the district knew at the start, by source; place among the tracks → institution."""
    known: dict[int, Institution] = {}
    for source in sorted({track.source for track in told}):
        places = [n for n, track in enumerate(told) if track.source == source and track.found_on is None]
        newcomers = [_newcomer(told[n], offices, dice) for n in places]
        made = create(newcomers, source=source, cause="import", by=offices["office"], at=at)
        known |= dict(zip(places, made, strict=True))
    unregistered = [one.pk for one in known.values() if one.is_registered is False]
    clearances.find_all(institution_ids=unregistered, by=offices["office"], at=at)
    return known


def _newcomer(track: Track, offices: Offices, dice: Dice) -> Newcomer:
    one = track.institution
    point = offices.shapes.point(one.village.code, dice) if dice.chance(0.94) else None
    return Newcomer(dict(track.known), one.village.code, point=point)


class Rounds:
    """Both rounds, put on the days: assignments, visits, answer sheets, reviews, and the rating at the end of each day."""

    def __init__(
        self, told: Sequence[Track], known: dict[int, Institution], offices: Offices, dice: Dice, days: Days, rated: Rated,
        found: Found,
    ) -> None:  # fmt: skip
        self.told, self.known, self.offices, self.dice, self.days = told, known, offices, dice, days
        self.rated, self.found = rated, found
        self.accepted: list[int] = []
        self.questions: set[str] = set()
        first = min(track.institution.village.code for track in told)
        self.left_over = [n for n, track in enumerate(told) if track.institution.village.code == first][-2:]
        """Not visited a second time yet, so that the demo's grid worker has somewhere to go."""

    def put(self) -> None:
        """This function will put both rounds on the days."""
        as_of = self.days.as_of
        rounds = (("第一轮全面摸排", FIRST_ROUND), ("第二轮复查", SECOND_ROUND))
        for number, (title, span) in enumerate(rounds, 1):
            opens = as_of - timedelta(days=span[0] + 2)
            due = as_of - timedelta(days=span[1]) if number == 1 else as_of + timedelta(days=10)
            self.days.put(moment(opens, 9), partial(self._open, number, title, due))
        for back in range(FIRST_ROUND[0], 0, -1):
            evening = moment(as_of - timedelta(days=back), 17, 30)
            if self.days.later(evening, 0, 17, 30) == evening:
                self.days.put(evening, self._rate)

    def _open(self, number: int, title: str, due: date, at: datetime) -> None:
        round_ = surveys.open_round(title=title, campaign_id=Campaign.objects.get(domain="elder_care").pk, code=self.offices.county,
                                    opens_on=at.date(), due_on=due, by=self.offices["office"], at=at)  # fmt: skip
        self.questions = {question["name"] for question in questions(round_.questionnaire.content)}
        surveys.assign(round_id=round_.pk, by=self.offices["office"], at=at)
        self._hand_down(round_, at + timedelta(hours=1))
        for n, track in enumerate(self.told):
            if self._is_found_in(track, number):
                on = max(track.found_on or at.date(), at.date())
                self.days.put(moment(on, 11), partial(self._find, n, round_))
            for visit in track.visits:
                if visit.round == number and not (number == 2 and n in self.left_over):
                    self._plan(n, visit, round_)
        if number == 1:
            self.days.put(self.days.later(moment(due, 9), 2, 9), lambda when: self._close(round_, when))

    def _hand_down(self, round_: Round, at: datetime) -> None:
        """The bureau asks the towns to go to most of what is filed with it (委托), and the towns name people for a part."""
        civil, by_town = self.offices["civil"].unit, dict[str, list[int]]()
        for row in Assignment.objects.filter(round=round_, unit=civil).order_by("pk"):
            if self.dice.chance(0.8):
                by_town.setdefault(row.code[:9] + "000", []).append(row.pk)
        for town, ids in sorted(by_town.items()):
            unit = self.offices.at(town, "task_force")[0].unit
            surveys.reassign(assignment_ids=ids, unit_id=unit.pk, by=self.offices["office"], at=at)

    def _is_found_in(self, track: Track, number: int) -> bool:
        """Whether a site came to light during a round; what came up between the rounds is taken up by the second."""
        if track.found_on is None:
            return False
        first_ends = self.days.as_of - timedelta(days=FIRST_ROUND[1])
        return (track.found_on <= first_ends) == (number == 1)

    def _find(self, n: int, round_: Round, at: datetime) -> None:
        one = self.told[n].institution
        by = self._surveyors(one.village.code)[0]
        row = surveys.found(
            round_id=round_.pk, name=one.name, code=one.village.code, address=str(one.facts["address"]), by=by, at=at,
            point=self.offices.shapes.point(one.village.code, self.dice),
        )  # fmt: skip
        clearances.find(institution_id=row.institution_id, by=by, at=at)
        self.known[n] = row.institution
        self.found(n, row.institution)
        self.accepted.append(row.institution_id)

    def _plan(self, n: int, visit: Visit, round_: Round) -> None:
        visited = self.days.later(moment(visit.on, 9), 0, self.dice.between(9, 11), self.dice.between(0, 59))
        key = UUID(int=self.dice.between(0, 2**53))
        self.days.put(visited + timedelta(hours=2), lambda at: self._submit(n, visit, visited, key, round_, at))

    def _submit(self, n: int, visit: Visit, visited: datetime, key: UUID, round_: Round, at: datetime) -> None:
        if n not in self.known:  # a site that nobody has found yet
            return
        if Clearance.objects.filter(institution=self.known[n], closed_at__isnull=False).exists():  # no site any more
            return
        row = Assignment.objects.select_related("institution").get(round=round_, institution=self.known[n])
        is_bureaus = row.unit_id == self.offices["civil"].unit_id
        by = self.offices["civil"] if is_bureaus else self.dice.pick(self._surveyors(row.code))
        answers = {name: to_json(value) for name, value in visit.answers.items() if name in self.questions}
        sheet = surveys.submit(
            assignment_id=row.pk, key=key, base=row.institution.n, answers=_exact(answers), method=METHODS[visit.method],
            visited_at=visited, n_asked=visit.n_asked, by=by, at=at,
        )  # fmt: skip
        # The second desk of the town reviews; what the bureau surveyed, the county's campaign office.
        by = self.offices["office"] if is_bureaus else self.offices.at(row.code[:9] + "000", "task_force")[1]
        reviewed = moment(visited.date(), 16, self.dice.between(0, 59))
        if visit.outcome == "accepted":
            self.days.put(reviewed, lambda at: self._accept(sheet, row.institution_id, by, at))
        elif visit.outcome == "returned":
            reason = self.dice.pick(WHY_RETURNED)
            self.days.put(reviewed, lambda at: surveys.return_sheet(sheet_id=sheet.pk, reason=reason, by=by, at=at))

    def _accept(self, sheet: Sheet, institution_id: int, by: Post, at: datetime) -> None:
        try:
            surveys.accept(sheet_id=sheet.pk, by=by, at=at)
        except Conflict:  # the site was put in order between visit and review
            surveys.return_sheet(sheet_id=sheet.pk, reason=WHY_OUTDATED, by=by, at=at)
        else:
            self.accepted.append(institution_id)

    def _rate(self, at: datetime) -> None:
        """What a day's reviews accepted is rated at its end, all at once: a sheet by itself would take ten times as long."""
        ids, self.accepted = self.accepted, []
        disposals.rate_and_open(institution_ids=ids, by=self.offices["office"], at=at)
        unregistered = Institution.objects.filter(pk__in=ids, is_registered=False).order_by("pk")
        clearances.find_all(institution_ids=unregistered.values_list("pk", flat=True), by=self.offices["office"], at=at)
        self.rated(ids, at)

    def _surveyors(self, code: str) -> list[Post]:
        town = self.offices.at(code[:9] + "000", "task_force")[0]
        return [*self.offices.at(code, "grid_worker"), *self.offices.at(code, "neighbourhood"), town]

    def _close(self, round_: Round, at: datetime) -> None:
        """What the first round did not reach is rated as it is known: 待查, with its task."""
        surveys.close_round(round_id=round_.pk, by=self.offices["office"], at=at)
        unrated = Institution.objects.filter(standing=None)
        self.accepted += unrated.order_by("pk").values_list("pk", flat=True)


def _exact(answers: dict[str, Any]) -> dict[str, Any]:
    """A questionnaire takes one number, counted on the spot where 约30 was told; and lists of names, empty for 否."""
    exact = {name: value["low"] if isinstance(value, dict) else value for name, value in answers.items()}
    if exact.get("related_companies") is False:
        exact["related_companies"] = []
    return exact
