"""《养老服务诈骗风险隐患“红橙黄”风险管控名单》: 001's 附件3, 002-10's 附件5; the columns are our proposal."""

from __future__ import annotations

from pathlib import Path

from shouhu.engines.documents.annexes import wording
from shouhu.engines.documents.annexes.layout import A3_LANDSCAPE, Column, Heading, Table
from shouhu.engines.documents.annexes.rated import Rated, Tick, nothing, ticking
from shouhu.engines.documents.annexes.styles import Value
from shouhu.engines.documents.annexes.workbook import workbook
from shouhu.engines.rules import words
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.ratings import Rating
from shouhu.engines.rules.rulesets import RuleSet

TITLE = "养老服务诈骗风险隐患“红橙黄”风险管控名单"
PENDING_TITLE = "待研判、待查机构和场所名单"
ANNEX = {"001": "附件3", "002-10": "附件5"}

_WHO = (
    Column(("序号",), 6, "count"),
    Column(("名称",), 30),
    Column(("统一社会信用代码",), 21, "centre"),
    Column(("地址",), 34),
    Column(("等级",), 13, "own"),
)
_IN_CHARGE = (Column(("责任单位",), 14, "centre"), Column(("责任人",), 11, "centre"))
COLUMNS = (
    *_WHO,
    Column(("隐患情形（条款）",), 62, "own"),
    Column(("涉及人数\n（人）",), 10, "count"),
    Column(("金额（元）",), 18, "money"),
    Column(("评估日期",), 13, "date"),
    *_IN_CHARGE,
)
PENDING_COLUMNS = (
    *_WHO,
    Column(("最高可能",), 10, "centre"),
    Column(("情况说明",), 70, "own"),
    Column(("评估日期",), 13, "date"),
    *_IN_CHARGE,
)
NOTE = "说明：“涉及人数”“金额”为台账所填预付费人数、预付费总额，空白为未填；“责任单位”按所在镇街填列，“责任人”由责任单位补填。"
PENDING_NOTE = (
    "说明：“最高可能”指未核实事项中最坏的答案所能达到的等级；“—”指已没有可触发的规则。待查、待研判不等于没有风险。"
)


def write(path: Path, rated: Rated, tick: Tick = nothing) -> None:
    """This function will write the list, and on a second sheet what is 待研判 or 待查 with the highest colour still possible."""
    ruleset = rated.ratings.ruleset
    notes = (wording.basis(ruleset, rated.as_of),)
    with workbook(path, as_of=rated.as_of) as book:
        annex = ANNEX.get(ruleset.id, "")
        heading = Heading(TITLE, rated.unit, rated.as_of, annex, "人、元", notes)
        table = Table(book, "红橙黄名单", heading, COLUMNS, A3_LANDSCAPE, frozen=2, filtered=True)
        for number, row in enumerate(ticking(rated.listed, tick), 1):
            rating = rated.ratings[row]
            sums = rated.cell("n_prepayers", row), rated.cell("prepaid_total", row)
            middle = (wording.hazards(rating), *sums, rated.as_of)
            table.line((number, *_who(rated, row), *middle, _town(rated, row), None))
        if not rated.listed:
            table.wide("本期没有纳入“红橙黄”名单的机构和场所。")
        table.finish(NOTE)

        heading = Heading(PENDING_TITLE, rated.unit, rated.as_of, notes=notes)
        table = Table(book, "待研判和待查", heading, PENDING_COLUMNS, A3_LANDSCAPE, frozen=2, filtered=True)
        for number, row in enumerate(ticking(rated.pending, tick), 1):
            rating = rated.ratings[row]
            at_most = words.colour(rating.at_most) if rating.at_most else "—"
            told = (at_most, _why(rating, ruleset), rated.as_of)
            table.line((number, *_who(rated, row), *told, _town(rated, row), None))
        if not rated.pending:
            table.wide("本期没有待研判、待查的机构和场所。")
        table.finish(PENDING_NOTE)


def _who(rated: Rated, row: int) -> tuple[Value, ...]:
    return (*(rated.fact(name, row) for name in ("name", "uscc", "address")), rated.grade(row))


def _town(rated: Rated, row: int) -> str | None:
    town: str | None = rated.fact("township", row)
    return town


def _why(rating: Rating, ruleset: RuleSet) -> str:
    """Why no colour could be given: what was found that no rule speaks of, or what is missing."""
    parts = []
    if rating.findings:
        parts.append("方案未作规定的情形：" + "；".join(finding.says for finding in rating.findings))
    if rating.open:
        missing = dict.fromkeys(name for rule in rating.open for name in rule.missing)
        order = [name for name in declared() if name in missing]
        says = "；".join(ruleset.rule(rule.rule).says for rule in rating.open)
        parts.append(f"尚不能排除：{says}\n未答事项：{words.titles(order)}")
    elif rating.ask:
        parts.append(f"未答事项：{words.titles(rating.ask)}")
    if rating.flags:
        parts.append(wording.flagged(rating.flags))
    return "\n".join(parts)
