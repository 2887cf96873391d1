"""Disposals for tests: institutions of every colour, who works on them, and a measure brought to its end."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from shouhu.ledgers.disposals import actions, queries
from shouhu.ledgers.disposals.models import Disposal, Task
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.ratings.models import Standing
from shouhu.ledgers.units.models import Person, Post, Tenure, Unit
from shouhu.ledgers.vault import actions as vault
from shouhu.ledgers.vault.models import StoredFile
from tests import office

AT = office.AT
DAY = date(2026, 11, 18)  # AT's day, a Wednesday
FUNDS: dict[str, Any] = {
    "funds_regular": True,
    "funds_for_construction": False,
    "assets": 9_000_000,
    "liabilities": 1_000_000,
}
FACTS: dict[str, dict[str, Any]] = {
    "red": {**FUNDS, "suspected_crime": True},
    "orange": {**FUNDS, "prosecuted": ("法定代表人",)},
    "yellow": {**FUNDS, "false_publicity": True},
    "green": FUNDS,
    "unknown": {**FUNDS, "suspected_crime": None},
    "decide": {**FUNDS, "promises_return": True},
}
"""What makes an institution of that colour under 001 and 002-10."""


def chief() -> Post:
    """This function will give the campaign office, first person."""
    return office.post()


def second() -> Post:
    """This function will give the campaign office, second person: reviews, approves, closes."""
    made, is_new = Post.objects.get_or_create(
        code="office-2", defaults={"title": "副主任", "role": "campaign_office", "unit": chief().unit}
    )
    if is_new:
        person = Person.objects.create(username="second", name="second", must_change_password=False)
        Tenure.objects.create(post=made, person=person, from_on=date(2026, 1, 1))
    return made


def town() -> Post:
    """This function will give the task force of the town: handles."""
    return office.post("task_force", office.TOWN)


def bureau() -> Unit:
    """This function will give the civil affairs bureau of the county."""
    return Unit.objects.get_or_create(code=office.COUNTY, name="望澜区民政局", kind="civil_affairs")[0]


def paper() -> StoredFile:
    """This function will store a small file."""
    token = secrets.token_hex(16)
    return vault.store(content=b"%PDF-1.4", name="凭证.pdf", media_type="application/pdf", token=token, by="t", at=AT)


def opened(
    colour: str, *, name: str = "安康养老院", ruleset_id: str = "001", at: datetime = AT, **facts: Any
) -> Disposal:
    """This function will register an institution of a colour, rate it, and give its open disposal."""
    made = office.institution(name, **{**FACTS[colour], **facts})
    actions.rate_and_open(institution_ids=[made.pk], ruleset_id=ruleset_id, by=chief(), at=at)
    return Disposal.objects.get(institution=made)


def becomes(disposal: Disposal, at: datetime = AT, *, confirmed: bool = True, **facts: Any) -> str:
    """This function will record other facts, rate anew, confirm a fall by a third person, and give the colour that counts."""
    institution = disposal.institution
    institution.refresh_from_db()
    institutions.revise(
        institution_id=institution.pk, base=institution.n, changes=facts, cause="edit", by=chief(), at=at
    )
    actions.rate_and_open(institution_ids=[institution.pk], by=chief(), at=at)
    standing = Standing.objects.get(institution=institution)
    if confirmed and standing.falls_to:
        actions.settle_downgrade(
            institution_id=institution.pk, colour=standing.falls_to, reason="已整改到位", by=second(), at=at
        )
        standing.refresh_from_db()
    disposal.refresh_from_db()
    return str(standing.colour)


def prove(task: Task, by: Post, at: datetime = AT) -> None:
    """This function will put on file what a measure asks for."""
    common: dict[str, Any] = {"task_id": task.pk, "by": by, "at": at}
    match task.proof:
        case "evidence":
            actions.add_evidence(**common, effective_on=DAY, note="现场检查记录")
        case "talk":
            actions.record_talk(
                **common, held_on=DAY, place="区民政局", present="主要负责人、执法人员2名", summary="限期整改"
            )
        case "order":
            article = next(clause for clause in task.powers if clause.startswith("老年人权益保障法"))
            actions.issue_order(**common, number=f"望民责改〔2026〕{task.pk}号", issued_on=DAY, unit=bureau(), article=article,
                                demands="停止违规收费", due_on=DAY + timedelta(15))  # fmt: skip
        case "referral":
            sent = actions.refer(**common, receiver="望澜区委政法委", sent_on=DAY)
            actions.receive_receipt(referral_id=sent.pk, receipt_number="收字1号", received_on=DAY, by=by, at=at)
        case "refund":
            refund(task.disposal, "owed", 500_000, by, at)
            refund(task.disposal, "paid", 500_000, by, at)


def refund(disposal: Disposal, kind: str, fen: int, by: Post, at: datetime = AT) -> None:
    """This function will enter an amount into the refund ledger, with a voucher where it was paid."""
    file = paper() if kind == "paid" else None
    actions.record_refund(disposal_id=disposal.pk, kind=kind, on=DAY, n_persons=2, sum_fen=fen, by=by, at=at, file=file)


def finish(task: Task, by: Post | None = None, at: datetime = AT) -> None:
    """This function will take a measure from open to reviewed; what nobody has power for here is waived."""
    hand = by or town()
    if task.proof == "order" and not any(one.startswith("老年人权益保障法") for one in task.powers):
        asked = actions.ask(task_id=task.pk, kind="waiver", reason="所列情形不存在", by=hand, at=at)
        actions.approve(application_id=asked.pk, by=second(), at=at)
        return
    prove(task, hand, at)
    actions.do_task(task_id=task.pk, result="已办理", by=hand, at=at)
    actions.review_task(task_id=task.pk, by=chief(), at=at)


def finish_all(disposal: Disposal, at: datetime = AT) -> None:
    """This function will finish every measure and write the plan."""
    actions.plan(disposal_id=disposal.pk, text="风险点：资金；措施：清退；责任人：张主任", by=town(), at=at)
    for task in queries.tasks_of(disposal):
        if not (task.reviewed_at or task.waived_at or task.dropped_at):
            finish(task, at=at)


def task_of(disposal: Disposal, measure: str) -> Task:
    """This function will give the present measure of a disposal by its id."""
    return Task.objects.get(disposal=disposal, measure=measure, dropped_at=None)
