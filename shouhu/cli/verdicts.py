"""A verdict as a person reads it on a terminal: the answer, the types, the text with its telling pieces, what it names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from shouhu.engines.text.entities import Entity
from shouhu.engines.text.screening import Verdict
from shouhu.engines.text.similar import Match
from shouhu.engines.text.taxonomy import NONE, Label, guises, schemes

ANSWERS = {"yes": ("疑似诈骗", "bold red"), "no": ("未见诈骗", "green"), "unclear": ("请人工判断", "bold yellow")}
KINDS = {
    "org": "机构", "phone": "电话", "card": "银行卡", "id": "身份证号", "uscc": "信用代码", "url": "网址", "wechat": "微信", "qq": "QQ",
    "amount": "金额", "date": "日期", "place": "地点", "person": "户名",
}  # fmt: skip
NAMED, SLIGHT = "underline", 0.05


def answer(verdict: Verdict, text: str) -> RenderableType:
    """This function will show a verdict on one text."""
    said, style = ANSWERS[verdict.is_fraud]
    head = Text.assemble((said, style), f"　诈骗的可能性 {verdict.p_fraud:.0%}")
    if verdict.urgent:
        head.append("　紧急：请先电话联系", "bold white on red")
    parts: list[RenderableType] = [head, _marked(verdict, text)]
    parts += [table for table in (_types(verdict), _reasons(verdict, text), named(verdict.entities, text)) if table]
    return Group(*parts)


def label(axis: str, code: str) -> str:
    """This function will give the words for a guise or a scheme."""
    labels: dict[str, Label] = guises() if axis == "guise" else schemes()
    return labels[code].says


def named(entities: Sequence[Entity], text: str) -> Table | None:
    """This function will show what a text names, one a line: kind, one writing for all, as it is written there."""
    if not entities:
        return None
    table = _table("文中所提", "种类", "值", "原文", "位置")
    for entity in entities:
        place = f"{entity.start}-{entity.end}"
        table.add_row(KINDS[entity.kind], *map(Text, (value(entity), _piece(text, entity.start, entity.end), place)))
    return table


def value(entity: Entity) -> str:
    """This function will write the value of an entity; sums in yuan."""
    return f"{entity.value:,.10g} 元" if entity.kind == "amount" else str(entity.value)


def nearest(matches: Iterable[Match[str | int]]) -> Table:
    """This function will show the nearest texts, the nearest first."""
    table = _table("", "编号", "相似", "文字", "可直接关联", "共同提到")
    for match in matches:
        shared = "、".join(f"{KINDS[entity.kind]} {value(entity)}" for entity in match.shared)
        strong = Text("是", "bold red") if match.strong else Text("否")
        table.add_row(Text(str(match.id)), f"{match.score:.2f}", f"{match.cosine:.2f}", strong, Text(shared or "—"))
    return table


def _marked(verdict: Verdict, text: str) -> Text:
    marked = Text(text)
    for entity in verdict.entities:
        marked.stylize(NAMED, entity.start, entity.end)
    for reason in sorted(verdict.reasons, key=lambda each: abs(each.weight)):
        marked.stylize(_side(reason.weight)[1], reason.start, reason.end)
    return marked


def _types(verdict: Verdict) -> Table | None:
    if verdict.is_fraud == "no":
        return None
    table = _table("类型", "", "类型", "可能性")
    for kind in verdict.types:
        if kind.code != NONE or len([each for each in verdict.types if each.axis == kind.axis]) == 1:
            axis = "名目" if kind.axis == "guise" else "手法"
            table.add_row(axis, label(kind.axis, kind.code), f"{kind.p:.0%}")
    return table


def _reasons(verdict: Verdict, text: str) -> Table | None:
    if not verdict.reasons:
        return None
    table = _table("理由", "", "原文", "说明", "分量")
    for reason in verdict.reasons:
        sign, style = _side(reason.weight)
        table.add_row(
            sign, Text(_piece(text, reason.start, reason.end), style), Text(reason.says), f"{reason.weight:+.2f}"
        )
    return table


def _piece(text: str, start: int, end: int) -> str:
    return " ".join(text[start:end].split())


def _side(weight: float) -> tuple[str, str]:
    """Whether a reason speaks for or against fraud, or only names a type; and its style."""
    if abs(weight) < SLIGHT:
        return "有关", "bold"
    return ("像", "bold red") if weight > 0 else ("不像", "green")


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title or None, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", header_style="dim")
    return table
