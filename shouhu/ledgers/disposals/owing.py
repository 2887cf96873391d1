"""What a disposal still owes: the one answer that 销号, its page and the lists go by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, Sum

from shouhu.engines.rules import words
from shouhu.ledgers.disposals.models import Application, Disposal, Refund, Task
from shouhu.ledgers.ratings.models import Standing

SEVERE = ("red", "orange")
UNSETTLED = ("unknown", "decide")


@dataclass(frozen=True)
class Refunded:
    """应清退, 已清退 and how many residents, in fen."""

    owed_fen: int
    paid_fen: int
    n_owed: int
    n_paid: int

    @property
    def outstanding_fen(self) -> int:
        """未清退."""
        return self.owed_fen - self.paid_fen


def refunded(disposal: Disposal) -> Refunded:
    """This function will sum up the refund ledger of a disposal."""
    return Refunded(**{
        name: number or 0
        for name, number in Refund.objects.filter(disposal=disposal).aggregate(
            owed_fen=Sum("sum_fen", filter=Q(kind="owed")), paid_fen=Sum("sum_fen", filter=Q(kind="paid")),
            n_owed=Sum("n_persons", filter=Q(kind="owed")), n_paid=Sum("n_persons", filter=Q(kind="paid")),
        ).items()
    })  # fmt: skip


def unproved(task: Task) -> str:
    """This function will say what a measure must still leave on file before it can be done; empty if nothing."""
    match task.proof:
        case "evidence" if not task.evidence.exists():
            return "请先补充佐证材料"
        case "talk" if not task.talks.exists():
            return "请先登记约谈记录"
        case "order" if not task.orders.exists():
            return "请先登记责令文书（文号、作出单位、法律条款）"
        case "referral" if not task.referrals.exists():
            return "请先登记通报移送"
        case "referral" if not task.referrals.exclude(receipt_number="").exists():
            return "通报移送还没有回执，请先登记回执"
        case "refund":
            return _unrefunded(task.disposal)
    return ""


def owing(disposal: Disposal) -> list[str]:
    """This function will say everything that stands between a disposal and 销号; empty if it may be closed."""
    tasks = list(Task.objects.filter(disposal=disposal, dropped_at=None, waived_at=None, reviewed_at=None))
    pending = Application.objects.filter(
        task__disposal=disposal, task__dropped_at=None, approved_at=None, refused_at=None
    )
    standing = Standing.objects.get(institution=disposal.institution_id)
    outstanding = refunded(disposal).outstanding_fen
    parts = [
        _named("项措施未办结", (task for task in tasks if not task.done_at)),
        _named("项措施待审核", (task for task in tasks if task.done_at)),
        _named("项申请待审批", (one.task for one in pending.select_related("task"))),
        f"尚有 {yuan(outstanding)}未清退" if outstanding > 0 else "",
        "还没有编制一院一策" if disposal.worst in SEVERE and not disposal.planned_at else "",
        # Where nothing is run any more, nothing can bring the colour down; refunds and measures are owed all the same.
        "" if disposal.institution.ceased_on else _risky(standing),
    ]
    return [part for part in parts if part]


def yuan(fen: int) -> str:
    """This function will write fen as yuan: 12,345.00 元."""
    return f"{fen // 100:,}.{fen % 100:02d} 元"


def _unrefunded(disposal: Disposal) -> str:
    totals = refunded(disposal)
    if not totals.owed_fen:
        return "请先登记应清退金额；没有资金可清退的，请申请不采取该措施"
    return f"尚有 {yuan(totals.outstanding_fen)}未清退" if totals.outstanding_fen else ""


def _risky(standing: Standing) -> str:
    now, falls_to = words.colour(standing.colour), standing.falls_to
    if standing.colour in UNSETTLED:
        return f"评级为{now}，等级还没有确定"
    if standing.colour not in SEVERE:
        return ""
    if falls_to and falls_to not in SEVERE:
        return f"规则已评为{words.colour(falls_to)}，但降级还没有人确认，现仍为{now}"
    return f"评级仍为{now}，风险没有消除"


def _named(what: str, tasks: Iterable[Task]) -> str:
    names = [task.says for task in tasks]
    return f"尚有{len(names)}{what}：{'、'.join(names)}" if names else ""
