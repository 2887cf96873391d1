"""线索 of the invented district: told through every channel, carried as far as the days allow, some late, some in other ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.utils.timezone import localdate

from shouhu.demo import names
from shouhu.demo import tips as written
from shouhu.demo.dice import Dice
from shouhu.demo.history import Track
from shouhu.demo.tips import Telling
from shouhu.jobs.demo.days import Days, moment
from shouhu.jobs.demo.offices import Offices
from shouhu.jobs.demo.surveying import picture
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.surveys.models import Round
from shouhu.ledgers.tips import actions as tips
from shouhu.ledgers.tips import queries
from shouhu.ledgers.tips.actions import Form, Paper, Taken
from shouhu.ledgers.tips.models import OUTCOMES, Bar, Tip, Transfer
from shouhu.ledgers.units.models import Division, Post, Unit
from shouhu.ledgers.units.scope import Scope

_WHEN: Mapping[str, tuple[int, int, int]] = {  # worked days after the step before (at least, at most), and the hour
    "triage": (0, 1, 10), "assign": (0, 2, 14), "accept": (0, 1, 16), "conclude": (4, 11, 17), "reply": (1, 4, 10),
    "report": (1, 3, 14), "approve": (1, 2, 16), "archive": (3, 6, 9), "pass_on": (0, 1, 15), "receive": (2, 4, 11),
    "rate": (1, 3, 20), "reopen": (2, 3, 9), "ask": (1, 2, 9), "add": (1, 2, 20),
}  # fmt: skip
_AT_ONCE = {"triage": 20, "assign": 10, "accept": 15}
"""Minutes after the step before, when money is moving."""
_IN_SCOPE = (
    "反映的事实具体，涉及老年人财产，属于专项行动范围", "收费方式与台账记载有出入，应予核查", "有金额、有时间、有凭证，可查性较强",
    "同类反映不止一件，应核查是否为同一伙人",
)  # fmt: skip
_ORDERS = (
    "请到现场核查，先劝阻、后取证",
    "请核清收费金额、人数和资金去向",
    "请约见负责人，查看合同和收据",
    "请尽快联系当事老人家属，做好安抚",
)
_NEWS = 3
"""Every so many-th finding tells what the register did not know yet."""
_DEPARTMENTS = ("civil", "market", "police")


@dataclass
class Case:
    """A tip on its way: what is known of it outside the desk."""

    pk: int
    code: str
    receipt: str
    telling: Telling
    institution: Institution | None
    to: str
    """Who verifies it."""
    still: set[str]
    """What else is to happen to it."""
    answer: str = ""
    """What the informant is about to add."""
    is_linked: bool = False
    handler: Post | None = None
    outcome: str = "elsewhere"
    facts: str = ""
    reply: str = ""
    """What was found, and what the informant is told about it."""

    @property
    def number(self) -> str:
        """The tip's number at the desk."""
        return Tip(pk=self.pk).number


class Tips:
    """Every tip from its taking in; each step puts the next one on the days."""

    def __init__(
        self, told: Sequence[Track], known: Mapping[int, Institution], offices: Offices, dice: Dice, days: Days,
        rated: Callable[[list[int], datetime], object],
    ) -> None:  # fmt: skip
        self.told, self.known, self.offices, self.dice, self.days, self.rated = told, known, offices, dice, days, rated
        self.places = dict(Division.objects.exclude(code__endswith="000").order_by("code").values_list("code", "name"))
        self.cases: dict[str, Case] = {}
        self.n_asked = self.n_found = 0
        self.naming: set[int] = set()
        """Tips that name somebody of the house."""

    def put(self) -> None:
        """This function will put every tip on the days."""
        for telling in written.tellings():
            day = self.days.as_of - timedelta(days=telling.back)
            self.days.put(moment(day, telling.at.hour, telling.at.minute), partial(self._take, telling))

    def carry(self, taken: Taken, telling: Telling, at: datetime, institution: Institution | None = None) -> Case:
        """This function will have a tip that was taken in read by machine, and put its way on the days."""
        case = Case(taken.tip.pk, taken.tip.code, taken.receipt, telling, institution, telling.to, set(telling.then))
        if telling.key:
            self.cases[telling.key] = case
        self.days.put(at + timedelta(minutes=2), self._read)
        if "file" in telling.then:
            self.days.put(at + timedelta(minutes=3), lambda when: tips.copy_new(at=when))
        self._next(case, "triage", at + timedelta(minutes=3))
        return case

    # --- taking in

    def _take(self, telling: Telling, at: datetime) -> None:
        other = self.cases.get(telling.same)
        institution = other.institution if other else self._meant(telling.about)
        code = institution.code if institution else self.dice.pick(list(self.places))
        village = self.offices.at(code, "neighbourhood")[0]
        name = institution.name if institution else ""
        words = {"name": name, "brand": name[2:], "place": self.places[code], "village_unit": village.unit.name,
                 "phone": names.phone(self.dice)}  # fmt: skip
        person = names.person(self.dice)
        form = Form(
            key=self.token(), channel=telling.by, code=code, text=telling.text.format(**words),
            told={key: value.format(**words) for key, value in telling.told.items()},
            sum_fen=telling.sum * 100 if telling.sum else None, n_victims=telling.n, is_ongoing=telling.ongoing,
            is_urgent=telling.urgent, age_band=telling.age, outer_number=telling.outer,
            identity={"name": person, "phone": names.phone(self.dice)} if "named" in telling.then else None,
            papers=[Paper(picture(self.dice), "IMG_1024.jpg", "image/jpeg", self.token())] if "file" in telling.then else (),
        )  # fmt: skip
        self.carry(tips.take_in(form=form, by=self._writer(telling.by, code), at=at), telling, at, institution)

    def _meant(self, about: str) -> Institution | None:
        """One of those whose story fits; in a small district any private one."""
        if about == "none":
            return None
        private = [n for n in self.known if self.told[n].institution.facts["operation"] == "民办"]
        fitting = [n for n in private if self.told[n].institution.story in written.ABOUT[about]]
        return self.known[self.dice.pick(fitting or private)]

    def _writer(self, channel: str, code: str) -> Post | None:
        match channel:
            case "public":
                return None
            case "grid":
                return [*self.offices.at(code, "grid_worker"), *self.offices.at(code, "neighbourhood")][0]
            case "survey":
                return self._town(code)[1]
            case "counter":
                return self._town(code)[0]
        return self.offices["office"]

    # --- step by step

    def _next(self, case: Case, verb: str, at: datetime) -> None:
        """Worked hours only, but for what cannot wait, and for informants, who write in the evening."""
        low, high, hour = _WHEN[verb]
        if case.telling.urgent and verb in _AT_ONCE:
            when = at + timedelta(minutes=_AT_ONCE[verb])
        else:
            n, minute = low if case.telling.stop else self.dice.between(low, high), self.dice.between(0, 50)
            when = self.days.later(at, n, hour, minute)
            if when <= at:
                when = at + timedelta(minutes=25) if at.hour < hour + 2 else self.days.later(at, n + 1, hour, minute)
        self.days.put(when, partial(getattr(self, f"_{verb}"), case))

    def _by(self, case: Case, *logins: str) -> Post | None:
        """The first of some posts that sees the tip; it may name one of them."""
        posts = (self.offices[login] for login in logins)
        if case.pk not in self.naming:
            return next(posts)
        return next((post for post in posts if queries.one(Scope.of(post), case.pk)), None)

    def _read(self, at: datetime) -> None:
        tips.read_new(at=at)
        self.naming = set(Bar.objects.filter(lifted_at=None).values_list("tip", flat=True))

    def _is_kept_from(self, case: Case, by: Post) -> bool:
        """Whether a tip went away from whoever had it, as it names them."""
        return case.pk in self.naming and queries.one(Scope.of(by), case.pk) is None

    def _triage(self, case: Case, at: datetime) -> None:
        telling, by = case.telling, self._by(case, *self.dice.pick((("office", "analyst"), ("analyst", "office"))))
        if by is None:
            return
        if "named" in telling.then:
            tips.note_reading(tip_id=case.pk, by=by, at=at)
        if case.institution and self.dice.chance(0.95):
            tips.link(tip_id=case.pk, institution_id=case.institution.pk, by=by, at=at)
            case.is_linked = True
        guise, scheme = telling.kind
        says = written.elsewhere()[telling.out].says if telling.out else self.dice.pick(_IN_SCOPE)
        tip = Tip.objects.get(pk=case.pk)
        shown = [] if "named" in telling.then else [one.pk for one in queries.releasable(tip)]
        tips.triage(
            tip_id=case.pk, is_in_scope=not telling.out, says=says, copy=tip.copy, released=shown, guise=guise,
            scheme=scheme, is_urgent=telling.urgent, by=by, at=at,
        )  # fmt: skip
        if telling.same in self.cases:
            self.days.put(at + timedelta(minutes=20), partial(self._merge, case, by))
        elif telling.stop != "triaged":
            self._next(case, "pass_on" if telling.out else "assign", at)
        elif "ask" in case.still:
            self._next(case, "ask", at)

    def _merge(self, case: Case, by: Post, at: datetime) -> None:
        into = self.cases[case.telling.same]
        if queries.one(Scope.of(by), into.pk):
            tips.merge(tip_id=case.pk, into_id=into.pk, why="反映的是同一家、同一件事，时间和做法一致", by=by, at=at)

    def _pass_on(self, case: Case, at: datetime) -> None:
        if by := self._by(case, "office"):
            other = written.elsewhere()[case.telling.out]
            tips.pass_on(tip_id=case.pk, to_name=other.to, says=other.says, by=by, at=at)
            case.facts, case.reply = other.says, f"您反映的事项已转{other.to}办理，由该单位答复您。"
            self._next(case, "receive", at)
            self._next(case, "reply", at)

    def _receive(self, case: Case, at: datetime) -> None:
        if by := self._by(case, "office2"):
            transfer = Transfer.objects.get(tip=case.pk, to_unit=None)
            tips.receive_receipt(transfer_id=transfer.pk, by=by, at=at)

    def _assign(self, case: Case, at: datetime) -> None:
        by = self._by(case, "office", "office2")
        if by is None:
            return
        if "survey" in case.still:
            case.still.remove("survey")
            self._survey(case, by, at)
        case.handler = self._able(case, by, case.to)
        unit = case.handler.unit
        tips.assign(tip_id=case.pk, unit_id=unit.pk, handler_id=None, says=self.dice.pick(_ORDERS), by=by, at=at)
        if "join" in case.still:
            helper = self._able(case, by, "police", but=unit).unit
            tips.join(
                tip_id=case.pk, unit_id=helper.pk, says="请协助核查账户和人员", by=by, at=at + timedelta(minutes=5)
            )
        if "supervise" in case.still and (other := self._by(case, "office2")):
            case.still.remove("supervise")
            tips.supervise(tip_id=case.pk, says="上级交办，须按期报结果", by=other, at=at + timedelta(minutes=9))
        if case.telling.stop != "assigned":
            self._next(case, "accept", at)

    def _able(self, case: Case, by: Post, to: str, but: Unit | None = None) -> Post:
        """Who verifies: the wanted post, or another one where the tip names that."""
        posts = [
            self._town(case.code)[0] if to == "town" else self.offices[to],
            *map(self.offices.__getitem__, _DEPARTMENTS),
        ]
        posts = [post for post in posts if post.unit != but]
        if case.pk not in self.naming:
            return posts[0]
        tip = Tip.objects.get(pk=case.pk)
        units = [unit for unit, hindrance in queries.receivers(Scope.of(by), tip) if not hindrance]
        free = {post.pk for unit in units for post, hindrance in queries.handlers(tip, unit) if not hindrance}
        return next(post for post in posts if post.pk in free)

    def _survey(self, case: Case, by: Post, at: datetime) -> None:
        round_ = Round.objects.filter(closed_at=None).order_by("pk").last()
        if round_:
            place = self.places[case.code]
            disposals.settle_tip_survey(tip_id=case.pk, round_id=round_.pk, name=f"{place}孝心小院", code=case.code,
                                        address=f"{place}路边（布幅“孝心小院”）", by=by, at=at - timedelta(minutes=4))  # fmt: skip

    def _accept(self, case: Case, at: datetime) -> None:
        by = case.handler
        if by is None or self._is_kept_from(case, by):
            return
        if "give_back" in case.still:
            case.still.remove("give_back")
            tips.give_back(
                tip_id=case.pk, why="经初核，收款账户和人员不在本单位职责范围，建议改由属地专班牵头", by=by, at=at
            )
            case.to = "town"
            self._next(case, "assign", at)
            return
        tips.accept(tip_id=case.pk, handler_id=None, by=by, at=at)
        if "suspend" in case.still:
            self.days.put(self.days.later(at, 2, 9), partial(self._suspend, case))
        elif case.telling.stop != "verifying":
            self._next(case, "conclude", at)
        if "ask" in case.still:
            self._next(case, "ask", at)

    def _suspend(self, case: Case, at: datetime) -> None:
        if by := self._by(case, "office"):
            until = self.days.as_of + timedelta(days=45)
            tips.suspend(tip_id=case.pk, why="相关民事案件法院正在审理，待判决后继续核查", until_on=until, by=by, at=at)

    def _ask(self, case: Case, at: datetime) -> None:
        if by := self._by(case, "office"):
            question, answer = written.asked()[self.n_asked % len(written.asked())]
            self.n_asked += 1
            tips.write(tip_id=case.pk, text=question, by=by, at=at)
            if "add" in case.still:
                case.answer = answer
                self._next(case, "add", at)

    def _add(self, case: Case, at: datetime) -> None:
        tips.note_opened(receipt=case.receipt, at=at)
        tips.add(receipt=case.receipt, key=self.token(), text=case.answer, at=at)

    # --- the end

    def _conclude(self, case: Case, at: datetime) -> None:
        by, found = case.handler, written.findings()[case.telling.end]
        if by is None or self._is_kept_from(case, by):
            return
        n, sum_ = self._drawn(found)
        words = {"n": n, "sum": f"{sum_:,}"}
        self.n_found += 1
        is_news = self.n_found % _NEWS == 0 and case.is_linked and case.institution is not None and bool(found.changes)
        case.outcome, case.facts, case.reply = found.outcome, found.facts.format(**words), found.answer.format(**words)
        disposals.settle_tip(
            tip_id=case.pk, outcome=found.outcome, facts=case.facts, evidence=found.evidence.format(**words),
            basis=list(found.basis), changes=found.changes if is_news else {}, found_on=localdate(at),
            recovered_fen=sum_ * 100 if found.recovered else None, n_persons=n if found.persons else None, by=by, at=at,
        )  # fmt: skip
        if is_news and case.institution:
            self.rated([case.institution.pk], at)
        if case.telling.stop != "concluded":
            self._next(case, "reply", at)

    def _drawn(self, found: written.Finding) -> tuple[int, int]:
        """How many people, how many yuan."""
        n = self.dice.between(*found.persons) if found.persons else 0
        return n, self.dice.between(*found.recovered, step=400) if found.recovered else 0

    def _reply(self, case: Case, at: datetime) -> None:
        by = self._by(case, "office")
        if by is None:
            return
        tips.reply(tip_id=case.pk, text=case.reply, by=by, at=at)
        if case.telling.rates and "reopened" not in case.still:
            self._next(case, "rate", at)
        if case.telling.stop != "replied":
            self._next(case, "report", at)

    def _rate(self, case: Case, at: datetime) -> None:
        if case.telling.rates:
            rating, text = case.telling.rates
            tips.note_opened(receipt=case.receipt, at=at)
            tips.rate(receipt=case.receipt, rating=rating, text=text, at=at)

    def _report(self, case: Case, at: datetime) -> None:
        if by := self._by(case, "office"):
            text = (f"关于{case.number}号线索的办结报告\n\n一、查明的事实\n{case.facts}\n\n二、结论\n{OUTCOMES[case.outcome]}\n\n"
                    "三、反馈情况\n已凭回执反馈举报人。\n\n四、办结意见\n上述情况已查清并已反馈，建议办结。")  # fmt: skip
            tips.report(tip_id=case.pk, text=text, by=by, at=at)
            self._next(case, "approve", at)

    def _approve(self, case: Case, at: datetime) -> None:
        by = self._by(case, "office2")
        if by is None:
            return
        if "send_back" in case.still:
            case.still.remove("send_back")
            tips.send_back(tip_id=case.pk, why="退费计划没有附清单，请补充后再报", by=by, at=at)
            self._next(case, "report", at)
            return
        tips.approve(tip_id=case.pk, by=by, at=at)
        self._next(case, "reopen" if "reopen" in case.still else "archive", at)

    def _archive(self, case: Case, at: datetime) -> None:
        if by := self._by(case, "office2"):
            tips.archive(tip_id=case.pk, by=by, at=at)

    def _reopen(self, case: Case, at: datetime) -> None:
        if by := self._by(case, "office"):
            case.still ^= {"reopen", "reopened"}
            tips.reopen(tip_id=case.pk, why="举报人不认可答复，所附收款码可以继续查", by=by, at=at)
            self._next(case, "assign", at)

    def _town(self, code: str) -> list[Post]:
        return self.offices.at(code[:9] + "000", "task_force")

    def token(self) -> str:
        """This function will give 32 hex digits, as a face would draw them."""
        return f"{self.dice.between(0, 2**52):032x}"
