"""期满删除: words, files and identity of a tip go for good when its time is over; codes and dates remain to be counted."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from shouhu.ledgers.informants import actions as informants
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.tips.models import Attachment, Finding, Message, Report, Step, Tip, Transfer
from shouhu.ledgers.vault import actions as vault

AT_ONCE = 50
"""Tips in one transaction: nobody else writes meanwhile."""


def erase_due(*, today: date, at: datetime) -> int:
    """
    This function will erase the tips whose time is over, a portion a transaction; it may be called again after a break.

    :returns: how many.
    """
    n = 0
    while erased := _erase(today=today, at=at):
        n += erased
    return n


@transaction.atomic
def _erase(*, today: date, at: datetime) -> int:
    rows = Tip.objects.select_for_update(of=("self",)).filter(erase_on__lte=today, erased_at=None)
    tips = list(rows.defer("text", "told", "reading", "copy").order_by("erase_on", "pk")[:AT_ONCE])
    for tip in tips:
        _wipe(tip, at)
    acts = [journal.Act("tip.erase", journal.named(tip), tip.code, {"erased_at": (None, at)}) for tip in tips]
    journal.record_many(acts=acts, by="system", at=at)
    return len(tips)


def _wipe(tip: Tip, at: datetime) -> None:
    attachments = list(Attachment.objects.filter(tip=tip).select_related("file", "copy"))
    vault.erase(files=[file for one in attachments for file in (one.file, one.copy) if file], at=at)
    Attachment.objects.filter(tip=tip).update(words="")
    Message.objects.filter(tip=tip).update(text="")
    Transfer.objects.filter(tip=tip).update(why_returned="")
    Finding.objects.filter(tip=tip).update(facts="", evidence="", changes={})
    Report.objects.filter(tip=tip).update(text="", why_returned="")
    Step.objects.filter(tip=tip).update(says="")
    if tip.identity_id:
        informants.erase(identity_ids=[tip.identity_id], at=at)
    tip.text, tip.told, tip.reading, tip.copy, tip.outer_number, tip.erased_at = "", {}, None, "", "", at
    tip.save(update_fields=["text", "told", "reading", "copy", "outer_number", "erased_at"])
    Step.objects.create(tip=tip, verb="erase", state=tip.state, recorded_at=at)
