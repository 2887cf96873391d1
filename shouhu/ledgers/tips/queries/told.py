"""What an informant who comes back with the receipt is told: how far it has come, what was said, and whether to rate it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.timezone import localdate

from shouhu.ledgers.tips import receipts
from shouhu.ledgers.tips.models import OUTCOMES, RATINGS, Finding, Message, Step, Tip
from shouhu.ledgers.tips.workflow import transitions

PROGRESS = {
    "received": "已经收到，正在看", "triaged": "已经看过，正在安排核查", "assigned": "正在核查", "verifying": "正在核查",
    "concluded": "核查有了结论，正在准备给您的答复", "replied": "已经答复您", "reported": "已经答复您", "resolved": "已经办结",
    "archived": "已经办结", "suspended": "暂时不能继续办理，会接着办",
}  # fmt: skip
"""A state in plain words; no unit and no person is named."""
STEPS = {
    "take_in": "收到您的反映", "triage": "看过您的反映", "assign": "交给有关单位核查", "pass_on": "转给有权办理的部门",
    "conclude": "核查有了结论", "reply": "答复您", "approve": "办结", "suspend": "暂缓办理", "resume": "恢复办理",
    "reopen": "重新办理", "add": "收到您的补充", "rate": "收到您的评价",
}  # fmt: skip


@dataclass(frozen=True)
class ToldStep:
    """Something that was done, and on which day."""

    on: date
    what: str


@dataclass(frozen=True)
class ToldMessage:
    """A message, by the office or by the informant."""

    text: str
    at: datetime
    is_from_office: bool
    is_answer: bool


@dataclass(frozen=True)
class Told:
    """All that a receipt opens. Of a tip that was merged: how far the other has come, and its answer; messages its own."""

    state: str
    """In plain words."""
    received_on: date
    steps: tuple[ToldStep, ...]
    messages: tuple[ToldMessage, ...]
    answer: str
    outcome: str
    """In words; empty before there is an answer."""
    may_add: bool
    may_rate: bool
    rating: str
    """In words, as given last; empty if none was given."""
    is_merged: bool
    is_erased: bool
    """Its time is over: words, files and identity were deleted."""


def by_receipt(receipt: str) -> Told | None:
    """
    This function will tell what a receipt opens, as a person typed it; None: there is no such receipt.

    It changes nothing: that the messages were read is recorded by ``actions.note_opened``.
    """
    tip = found(receipt)
    if tip is None:
        return None
    main = tip.merged_into or tip
    answer = Message.objects.filter(tip=main, is_answer=True).order_by("-sent_at", "-pk").first()
    replied = answer is not None and main.state not in ("concluded", "triaged", "assigned", "verifying", "suspended")
    finding = Finding.objects.filter(tip=main, replaced_at=None).first() if replied else None
    verbs = transitions()
    return Told(
        state="办理完毕，内容已经按期删除" if tip.erased_at else PROGRESS[main.state],
        received_on=localdate(tip.received_at),
        steps=tuple(_steps(tip, main)),
        messages=tuple(_messages(tip)),
        answer=answer.text if answer else "",
        outcome=OUTCOMES[finding.outcome] if finding else "",
        may_add=not tip.erased_at and main.state in verbs["add"].states,
        may_rate=not tip.erased_at and may_rate(tip, main, answer),
        rating=RATINGS.get(tip.rating, ""),
        is_merged=tip.merged_into is not None,
        is_erased=tip.erased_at is not None,
    )


def found(receipt: str) -> Tip | None:
    """This function will give the tip that a receipt belongs to, whatever was done to it since."""
    understood = receipts.understood(receipt)
    # One look-up whatever was typed, so that the time it takes tells nothing.
    return Tip.objects.select_related("merged_into").filter(receipt_hash=receipts.hashed(understood)).first()


def may_rate(tip: Tip, main: Tip, answer: Message | None) -> bool:
    """This function will tell whether there is an answer that the informant has not rated yet."""
    if answer is None or main.state not in transitions()["rate"].states:
        return False
    return tip.rated_at is None or tip.rated_at < answer.sent_at


def _steps(tip: Tip, main: Tip) -> Iterator[ToldStep]:
    own = Q(tip=tip, verb__in=("take_in", "add", "rate"))
    wanted = Q(tip=main, verb__in=[verb for verb in STEPS if verb not in ("take_in", "add", "rate")])
    last = None
    for verb, at in Step.objects.filter(own | wanted).order_by("recorded_at", "pk").values_list("verb", "recorded_at"):
        step = ToldStep(localdate(at), STEPS[verb])
        if step != last:
            yield step
        last = step


def _messages(tip: Tip) -> Iterator[ToldMessage]:
    for one in Message.objects.filter(tip=tip).order_by("sent_at", "pk"):
        if one.text:
            yield ToldMessage(one.text, one.sent_at, one.sent_by_id is not None, one.is_answer)
