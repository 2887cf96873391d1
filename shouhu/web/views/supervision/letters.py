"""Papers of supervision as Word documents, in the layout of official letters."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from shouhu.engines.documents.letters import Heading, letter
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.supervision.queries import circulars, orders, subjects, talks
from shouhu.ledgers.supervision.workflow import levels
from shouhu.web.access import DeskRequest, page
from shouhu.web.language import official
from shouhu.web.papers import word

ORIGINS = {
    "duty": "专项行动任务",
    "tip": "线索办理",
    "disposal": "分类处置",
    "clearance": "清零行动",
    "institution": "机构核查",
}


def handed_out(
    request: DeskRequest, subject: Any, code: str, kind: str, values: dict[str, Any], name: str
) -> HttpResponse:
    """This function will make a letter, journal that it was taken, and hand it out."""
    made = letter(kind, values)
    journal.record(
        verb="supervision.letter_made", subject=subject, by=request.post.code, at=request.at, code=code, outcome="read"
    )
    return word(made, name)


@page("supervision.view")
@require_GET
@official
def order(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will give an order as a letter to the unit."""
    row = orders.one(request.scope, pk)
    if row is None:
        raise Http404
    about = subjects.of(request.scope, row)
    values = {
        "issuer": row.issuer.name, "number": row.number, "addressee": row.unit.name, "dated_on": localdate(row.issued_at),
        "matter": row.title, "origin": "约谈承诺" if row.talk else ORIGINS[about[0]] if about else None, "facts": row.issue,
        "requirements": ["查清原因，按期办结", "书面回复办理情况，附佐证材料"], "due_on": row.due_on, "due_how": "；".join(row.due_how),
        "reply_to": row.issuer.name, "escalation": "、".join(level.says for level in levels()),
    }  # fmt: skip
    return handed_out(request, row, row.unit.code, "supervision_order", values, f"督办单{row.number}")


@page("supervision.view")
@require_GET
@official
def circular(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will give an issued circular as a letter to its units."""
    row = circulars.seen(request.scope).filter(pk=pk, issued_at__isnull=False).first()
    if row is None or row.issued_at is None:
        raise Http404
    matter = row.title.removeprefix("关于").removesuffix("的通报")
    values = {
        "issuer": row.issuer.name, "number": row.number, "dated_on": localdate(row.issued_at), "matter": matter,
        "addressee": [one.unit.name for one in circulars.deliveries(row)], "body": row.text.splitlines(),
    }  # fmt: skip
    return handed_out(request, row, row.issuer.code, "circular", values, f"{row.title}")


@page("supervision.view")
@require_GET
@official
def talk(request: DeskRequest, pk: int, paper: str) -> HttpResponse:
    """This function will give the notice of a talk, or its record once it was held, as a letter."""
    row = talks.seen(request.scope).filter(pk=pk).first()
    if row is None or paper not in ("notice", "record"):
        raise Http404
    if paper == "notice":
        values: dict[str, Any] = {
            "issuer": row.issuer.name, "number": row.number, "addressee": row.unit.name, "dated_on": localdate(row.called_at),
            "reason": row.why, "place": row.place, "talked_to": row.invited, "held_by": row.issuer.name,
            "held_at": f"{row.meets_on.year}年{row.meets_on.month}月{row.meets_on.day}日 {row.meets_when:%H:%M}",
        }  # fmt: skip
        return handed_out(request, row, row.unit.code, "talk_notice", values, f"约谈通知{row.number}")
    if row.held_on is None or not request.scope.may("supervision.issue"):
        raise Http404
    promised = [f"{one.title}（{one.number}，期限{one.due_on}）" for one in row.undertakings.order_by("pk")]
    body = [
        f"编号：{row.number}", f"日期：{row.held_on}", f"地点：{row.place}", f"被约谈单位：{row.unit.name}",
        Heading("参加人员", 1), *row.present.splitlines(), Heading("约谈内容", 1), *row.summary.splitlines(),
        *([Heading("整改承诺", 1), *promised] if promised else []),
    ]  # fmt: skip
    return handed_out(
        request, row, row.unit.code, "summary", {"heading": "约谈记录", "body": body}, f"约谈记录{row.number}"
    )
