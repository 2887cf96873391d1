"""What the offices did about it: measures and 销号, the 清零行动, 研判, objections; each in every state there is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shouhu.demo.dice import Dice
from shouhu.jobs.demo import clearing, disposing
from shouhu.jobs.demo.offices import Offices
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.ratings import actions as ratings
from shouhu.ledgers.ratings.models import Standing
from shouhu.ledgers.units import actions as units
from shouhu.ledgers.units.models import Person

ZONE = ZoneInfo("Asia/Shanghai")


def carry_on(offices: Offices, dice: Dice, as_of: date) -> None:
    """This function will carry everything that the surveys opened forward to the morning of a day."""
    disposing.carry_on(offices, dice, as_of)
    _decide(offices, dice, as_of)
    clearing.carry_on(offices, dice, as_of)
    _hand_out(offices, as_of)
    _object(offices, as_of)


def _decide(offices: Offices, dice: Dice, as_of: date) -> None:
    """Of what waits for 研判: a part proposed and signed, a part waiting for the second signature, a part untouched."""
    waiting = Standing.objects.filter(colour="decide").select_related("institution").order_by("institution_id")
    for place, standing in enumerate(waiting):
        if place % 3 == 2:
            continue
        proposed = _at(as_of, -dice.between(3, 9), 10)
        if proposed <= standing.rating.rated_at:
            proposed = standing.rating.rated_at + timedelta(hours=1)
        decision = ratings.propose(
            institution_id=standing.institution_id, colour=dice.pick(("yellow", "yellow", "orange")),
            reason="资金用途有合同和流水印证，暂未见违规，但金额较大、回款周期长，按“等”字情形列入并跟踪",
            expires_on=as_of + timedelta(days=dice.between(20, 90)), by=offices["analyst"], at=proposed,
        )  # fmt: skip
        if place % 3 == 0:
            disposals.settle_decision(decision_id=decision.pk, by=offices["office2"], at=proposed + timedelta(hours=5))


def _hand_out(offices: Offices, as_of: date) -> None:
    """The list of red and orange went to the political and legal commission: corrections must reach it."""
    rows = Standing.objects.filter(colour__in=("red", "orange")).order_by("institution_id")
    ratings.disclose(rows=list(rows), receiver="望澜区政法委", what="红橙黄风险管控名单", facts=["name", "uscc", "address"],
                     by=offices["office"], at=_at(as_of, -2, 15))  # fmt: skip


def _object(offices: Offices, as_of: date) -> None:
    """Two institutions have an account of their own; three objections: one waits, one is upheld, one is not."""
    graver = Standing.objects.filter(colour__in=("orange", "yellow"), decision=None, institution__is_registered=True)
    rows = list(graver.select_related("institution").order_by("institution_id")[:3])
    encoded = Person.objects.get(username="office").password
    for number, standing in enumerate(rows[:2], 1):
        at, institution = _at(as_of, -6, 9), standing.institution
        unit = units.add_unit(code=institution.code, name=institution.name, kind="institution", by=None, at=at)
        post = units.add_post(
            unit_id=unit.pk, title="机构联系人", role="institution", subject=institution.pk, by=None, at=at
        )
        person = units.add_person(username=f"home{number}", name=f"联系人{number}", encoded=encoded, is_demo=True, by=None,
                                  at=at)  # fmt: skip
        units.appoint(post_id=post.pk, person_id=person.pk, on=as_of - timedelta(days=6), by=None, at=at)
        offices.posts[f"home{number}"] = post
    said = (
        "收费方式已改为按月收取，请重新核定等级",
        "床位数已经民政部门变更备案，台账仍是旧数",
        "宣传单系前任负责人印制，已全部收回",
    )
    for number, standing in enumerate(rows):
        by = offices.posts.get(f"home{number + 1}", offices["office"])
        fact = "n_beds" if number == 1 else ""
        objection = ratings.file_objection(institution_id=standing.institution_id, fact=fact, says=said[number], by=by,
                                           at=_at(as_of, -5, 10))  # fmt: skip
        if number == 1:
            disposals.settle_objection(objection_id=objection.pk, is_upheld=True, grounds="经查变更备案回执属实，予以更正",
                                       value=96, by=offices["office2"], at=_at(as_of, -2, 16))  # fmt: skip
        elif number == 2:
            disposals.settle_objection(objection_id=objection.pk, is_upheld=False, by=offices["office2"],
                                       grounds="现场仍见在用的宣传单，且老人陈述一致，维持原等级", at=_at(as_of, -1, 16))  # fmt: skip


def _at(as_of: date, days: int, hour: int) -> datetime:
    return datetime.combine(as_of + timedelta(days=days), time(hour), ZONE)
