"""The draft of a 办结报告 from the records, in the order that an office expects; people amend it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.timezone import localdate

from shouhu.engines import law
from shouhu.engines.text.taxonomy import guises, schemes
from shouhu.ledgers.tips import queries
from shouhu.ledgers.tips.channels import channels, sources
from shouhu.ledgers.tips.models import Finding, Tip
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.scope import Scope
from shouhu.web.views.tip.told import town


def draft(scope: Scope, tip: Tip) -> str:
    """This function will draft the report on a tip; it holds nothing of the words that were told."""
    finding = queries.findings(tip).first()
    parts = [
        ("线索来源", _source(tip)),
        ("甄别和办理经过", "\n".join(_course(scope, tip))),
        *((_found(finding)) if finding else ()),
        ("反馈情况", _answered(scope, tip)),
        ("办结意见", "上述情况已查清并已反馈，建议办结。"),
    ]
    body = "\n\n".join(f"{_NUMBERS[n]}、{title}\n{text or '（请补充）'}" for n, (title, text) in enumerate(parts))
    return f"关于{tip.number}号线索的办结报告\n\n{body}"


_NUMBERS = "一二三四五六七八九十"


def basis(one: Finding) -> list[str]:
    """This function will write the clauses that a finding rests on, as letters print them; what is no clause of ours as typed."""
    told = []
    for clause in one.basis:
        try:
            told.append(str(law.cite(clause)))
        except law.UnknownClause:
            told.append(clause)
    return told


def _source(tip: Tip) -> str:
    channel = channels()[tip.channel]
    place = units.names([town(tip.code)]).get(town(tip.code), "")
    outer = f"，原编号{tip.outer_number}" if tip.outer_number else ""
    urgent = "，紧急" if tip.is_urgent else ""
    kind = "、".join(one[code].says for one, code in ((guises(), tip.guise), (schemes(), tip.scheme)) if code in one)
    about = f"，涉及机构：{tip.institution.name}（{tip.institution.number}）" if tip.institution else ""
    return (
        f"{localdate(tip.received_at)}收到，来源：{sources()[channel.source]}（{channel.title}{outer}），地点：{place}{urgent}。"
        f"甄别为：{kind or '未定'}{about}。"
    )


def _course(scope: Scope, tip: Tip) -> Iterator[str]:
    for one in reversed(queries.trail(scope, tip)):
        to = f"，{one.unit}" if one.unit else ""
        if one.verb in _TOLD:
            yield f"{localdate(one.at)}　{one.what}{to}"


_TOLD = (
    "triage", "retriage", "assign", "join", "accept", "help", "give_back", "leave", "pass_on", "conclude", "suspend",
    "resume", "supervise", "reopen", "survey", "receive",
)  # fmt: skip


def _found(one: Finding) -> Iterator[tuple[str, str]]:
    yield "查明的事实", one.facts
    yield "证据", one.evidence
    yield "依据", "\n".join(basis(one))
    money = f"，追回{one.recovered_fen / 100:,.2f}元" if one.recovered_fen else ""
    people = f"，涉及老人{one.n_persons}人" if one.n_persons else ""
    yield "结论", f"{one.get_outcome_display()}（{one.found_on}核查）{people}{money}。"


def _answered(scope: Scope, tip: Tip) -> str:
    answer = next(
        (one for one in reversed(queries.messages(scope, tip)) if one.message.is_answer and one.of == tip), None
    )
    return f"{localdate(answer.message.sent_at)}已答复，凭回执可查。答复内容：{answer.text}" if answer else ""
