"""The refund ledger of a disposal: what is owed to residents, what was paid back, and corrections."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.disposals.actions.trail import leave, locked_disposal, said
from shouhu.ledgers.disposals.models import Refund
from shouhu.ledgers.disposals.owing import refunded, yuan
from shouhu.ledgers.disposals.workflow import check
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.vault.models import StoredFile


class RefundRefused(Refused):
    """The entry would make the refund ledger wrong."""


@transaction.atomic
def record_refund(
    *,
    disposal_id: int,
    kind: str,
    on: date,
    n_persons: int,
    sum_fen: int,
    by: Post,
    at: datetime,
    file: StoredFile | None = None,
    note: str = "",
) -> Refund:
    """
    This function will enter money owed to residents (``owed``) or paid back to them (``paid``).

    :param n_persons: how many residents this entry is about.
    :param file: the voucher, needed for what was paid: receipts, bank slips, a signed list.
    :raises RefundRefused: nothing in it, in the future, no voucher, or more paid than owed.
    """
    disposal = locked_disposal(disposal_id, by)
    check(disposal, "record_refund", by)
    if sum_fen <= 0 or n_persons <= 0:
        raise RefundRefused("金额和人数须大于零；要改正以前的记录，请用“更正”")
    if on > localdate(at):
        raise RefundRefused("日期不能晚于今天")
    if kind == "paid" and file is None:
        raise RefundRefused("登记已清退须附凭证：收据、银行回单或本人签字的领款表")
    made = Refund.objects.create(disposal=disposal, kind=kind, on=on, n_persons=n_persons, sum_fen=sum_fen, file=file,
                                 note=note.strip(), recorded_at=at, recorded_by=by)  # fmt: skip
    _require_sound(made)
    leave(made, disposal=disposal, verb="record_refund", by=by, at=at,
          note=f"{Refund.KINDS[kind]} {yuan(sum_fen)}，{n_persons} 人", changes={"sum_fen": (None, sum_fen)})  # fmt: skip
    return made


@transaction.atomic
def correct_refund(*, refund_id: int, n_persons: int, sum_fen: int, why: str, by: Post, at: datetime) -> Refund:
    """
    This function will put an entry right by a further entry that holds the difference and the reason.

    :param sum_fen: what the entry should have said, 0 if it should not have been made.
    :raises RefundRefused: no difference, or the ledger would show more paid than owed.
    """
    wrong = Refund.objects.filter(pk=refund_id).first()
    disposal = locked_disposal(wrong.disposal_id if wrong else 0, by)
    assert wrong
    check(disposal, "correct_refund", by)
    why = said(why, "请写明更正的原因")
    if wrong.corrects_id is not None:
        raise RefundRefused("这一条本身是更正，请更正它所更正的那一条")
    if sum_fen < 0 or n_persons < 0:
        raise RefundRefused("更正后的金额和人数不能小于零")
    entries = [wrong, *wrong.corrections.all()]
    more = sum_fen - sum(entry.sum_fen for entry in entries)
    persons = n_persons - sum(entry.n_persons for entry in entries)
    if not more and not persons:
        raise RefundRefused("更正后的金额和人数与现在相同，不需要更正")
    made = Refund.objects.create(disposal=disposal, kind=wrong.kind, on=wrong.on, n_persons=persons, sum_fen=more,
                                 corrects=wrong, note=why[:300], recorded_at=at, recorded_by=by)  # fmt: skip
    _require_sound(made)
    leave(made, disposal=disposal, verb="correct_refund", by=by, at=at,
          note=f"{Refund.KINDS[wrong.kind]}更正为 {yuan(sum_fen)}，{n_persons} 人：{why}",
          changes={"sum_fen": (wrong.sum_fen, sum_fen)})  # fmt: skip
    return made


def _require_sound(entry: Refund) -> None:
    totals = refunded(entry.disposal)
    if totals.paid_fen > totals.owed_fen:
        raise RefundRefused(
            f"已清退 {yuan(totals.paid_fen)}将超过应清退 {yuan(totals.owed_fen)}，请先登记应清退，或核对金额"
        )
