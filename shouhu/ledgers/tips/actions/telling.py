"""What office and informant say to each other over the receipt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.tips import workflow
from shouhu.ledgers.tips.actions.attaching import attach
from shouhu.ledgers.tips.actions.closing import without_numbers
from shouhu.ledgers.tips.actions.reading import bar_whom
from shouhu.ledgers.tips.actions.taking import TEXT_AT_MOST
from shouhu.ledgers.tips.actions.writing import Incomplete, NotThere, Paper, locked, move, note
from shouhu.ledgers.tips.models import RATINGS, Message, Tip
from shouhu.ledgers.tips.queries import told
from shouhu.ledgers.units.models import Post


@transaction.atomic
def write(*, tip_id: int, text: str, by: Post, at: datetime) -> Message:
    """
    This function will send a message to the informant, who finds it with the receipt.

    :raises Incomplete: it is empty, or names a private number.
    """
    tip, _ = locked(tip_id, "write", by)
    made = Message.objects.create(tip=tip, text=without_numbers(text), sent_at=at, sent_by=by)
    move(tip, "write", [], by, at)
    return made


@transaction.atomic
def add(*, receipt: str, key: str, text: str, papers: Sequence[Paper] = (), at: datetime) -> Message:
    """
    This function will take in what an informant adds; the same form once. Whom it names is barred at once.

    :param key: 32 random hex digits that the face put into the form.
    :raises NotThere: there is no such receipt.
    :raises NotNow: the tip is archived.
    :raises Incomplete: there is nothing in it, or too much.
    """
    tip, main = _opened(receipt)
    key_hash = settings.KEYS.blind(key, "message")
    known = Message.objects.filter(tip=tip, key_hash=key_hash).first()
    if known:
        return known
    workflow.in_state(main, "add")
    if not text.strip() and not papers:
        raise Incomplete("请写下要补充的内容，或选择要补充的文件")
    if len(text) > TEXT_AT_MOST:
        raise Incomplete(f"文字超过{TEXT_AT_MOST:,}字，请删减，或把详细材料作为附件")
    made = Message.objects.create(tip=tip, text=text.strip(), sent_at=at, key_hash=key_hash)
    if papers:
        attach(tip, papers, None, at, message=made)
    note(tip, "add", None, at, before=tip.state, hand="public")
    for one in {tip, main}:
        if one.read_at:
            bar_whom(one, text, at)
    return made


@transaction.atomic
def rate(*, receipt: str, rating: str, text: str, at: datetime) -> Tip:
    """
    This function will record what an informant says to the answer, once an answer; words go to the office as a message.

    :raises NotThere: there is no such receipt.
    :raises Incomplete: there is nothing to rate, or it was rated.
    """
    tip, main = _opened(receipt)
    answer = Message.objects.filter(tip=main, is_answer=True).order_by("-sent_at", "-pk").first()
    if not told.may_rate(tip, main, answer):
        raise Incomplete("现在没有可以评价的答复，或您已经评价过")
    if rating not in RATINGS:
        raise Incomplete("请选择满意、基本满意或不认可")
    if len(text) > TEXT_AT_MOST:
        raise Incomplete(f"文字超过{TEXT_AT_MOST:,}字，请删减")
    tip.rating, tip.rated_at = rating, at
    move(tip, "rate", ["rating", "rated_at"], None, at, hand="public", says=RATINGS[rating])
    if text.strip():
        Message.objects.create(tip=tip, text=text.strip(), sent_at=at)
    return tip


@transaction.atomic
def note_opened(*, receipt: str, at: datetime) -> int:
    """
    This function will record that an informant had the office's messages on a page; nothing else tells that they were read.

    :returns: how many were new. An unknown receipt has none.
    """
    tip = told.found(receipt)
    if tip is None:
        return 0
    n = Message.objects.filter(tip=tip, sent_by__isnull=False, read_at=None).update(read_at=at)
    if n:
        journal.record(verb="tip.opened", subject=tip, by="public", at=at, code=tip.code, outcome="read")
    return n


def _opened(receipt: str) -> tuple[Tip, Tip]:
    """The tip of a receipt, locked, and the one whose way it goes."""
    found = told.found(receipt)
    if found is None or found.erased_at:
        raise NotThere("没有这个回执号，请核对16位数字和字母")
    rows = Tip.objects.select_for_update(of=("self",)).select_related("unit", "handler", "merged_into__unit")
    tip = rows.get(pk=found.pk)
    return tip, tip.merged_into or tip
