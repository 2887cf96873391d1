"""The list handed out, and what institutions say against it: two with an account of their own, one through the office."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from shouhu.jobs.demo.days import Days
from shouhu.jobs.demo.offices import Offices
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.ratings import actions as ratings
from shouhu.ledgers.ratings.models import Objection, Standing
from shouhu.ledgers.units import actions as units
from shouhu.ledgers.units.models import Person

_SAID = (
    ("", "收费方式已改为按月收取，请重新核定等级"),
    ("n_beds", "床位数已经民政部门变更备案，台账仍是旧数"),
    ("", "宣传单系前任负责人印制，已全部收回"),
    ("", "资产负债已经审计，并非资不抵债"),
)
_HEADS = ("孟秋澜", "岑远舟")


def carry_on(offices: Offices, days: Days) -> None:
    """This function will put the disclosure of the list and four objections on the days: of each end one, and one that waits."""
    days.put(days.later(days.now, -6, 15), lambda at: _hand_out(offices, at))
    days.put(days.later(days.now, -5, 9), lambda at: _object(offices, days, at))


def _hand_out(offices: Offices, at: datetime) -> None:
    """The list went to the political and legal commission: corrections must reach it."""
    rows = Standing.objects.filter(colour__in=("red", "orange", "yellow")).order_by("institution_id")
    ratings.disclose(rows=list(rows), receiver="望澜区政法委", what="红橙黄风险管控名单", by=offices["office"], at=at,
                     facts=["name", "uscc", "address", "n_beds"])  # fmt: skip


def _object(offices: Offices, days: Days, at: datetime) -> None:
    steady = Standing.objects.filter(decision=None, falls_to="", institution__is_registered=True)
    listed = steady.select_related("institution").order_by("institution_id")
    rows = [*listed.filter(colour="yellow")[:3], *listed.filter(colour="orange")[:1]]
    encoded = Person.objects.get(username="office").password
    for number, (standing, head) in enumerate(zip(rows, _HEADS, strict=False), 1):
        institution = standing.institution
        unit = units.add_unit(code=institution.code, name=institution.name, kind="institution", by=None, at=at)
        post = units.add_post(
            unit_id=unit.pk, title="机构联系人", role="institution", subject=institution.pk, by=None, at=at
        )
        person = units.add_person(username=f"home{number}", name=head, encoded=encoded, is_demo=True, by=None, at=at)
        units.appoint(post_id=post.pk, person_id=person.pk, on=at.date(), by=None, at=at)
        offices.posts[f"home{number}"] = post
    for number, standing in enumerate(rows):
        fact, says = _SAID[number]
        objection = ratings.file_objection(
            institution_id=standing.institution_id, fact=fact, says=says, at=at + timedelta(minutes=10 * number + 10),
            by=offices.posts.get(f"home{number + 1}", offices["office"]),
        )  # fmt: skip
        if number:
            answered = days.later(at, 1 + number, 15)
            days.put(answered, partial(_answer, offices, objection, number))


def _answer(offices: Offices, objection: Objection, number: int, at: datetime) -> None:
    """The fact is put right, the publicity is still there, and the third leads to another colour that waits for a signature."""
    by = offices["office2"]
    if number == 1:
        disposals.settle_objection(objection_id=objection.pk, is_upheld=True, value=96, by=by, at=at,
                                   grounds="经查变更备案回执属实，予以更正")  # fmt: skip
    elif number == 2:
        disposals.settle_objection(objection_id=objection.pk, is_upheld=False, by=by, at=at,
                                   grounds="现场仍见在用的宣传单，且老人陈述一致，维持原等级")  # fmt: skip
    else:
        disposals.settle_objection(objection_id=objection.pk, is_upheld=True, colour="yellow", by=by, at=at,
                                   expires_on=at.date() + timedelta(days=90), grounds="审计报告可以采信，等级作相应调整")  # fmt: skip
