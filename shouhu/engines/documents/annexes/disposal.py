"""《养老服务诈骗风险隐患分类处置工作进度表》: 001's 附件4, 002-10's 附件6; a block an institution, a line a measure."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from shouhu.engines import law
from shouhu.engines.documents.annexes import wording
from shouhu.engines.documents.annexes.layout import A3_LANDSCAPE, Column, Heading, Table
from shouhu.engines.documents.annexes.rated import NO_TOWN, ON_THE_LIST, Rated, Tick, nothing, ticking
from shouhu.engines.documents.annexes.styles import Tinted, Value
from shouhu.engines.documents.annexes.workbook import workbook
from shouhu.engines.rules.measures import Measure, measures_for
from shouhu.engines.rules.rulesets import RuleSet

Line = tuple[str, str | None, str | None, str | None]
"""A measure, its body, its power, its clause."""

TITLE = "养老服务诈骗风险隐患分类处置工作进度表"
TASKS_TITLE = "补充排查和研判任务表"
ANNEX = {"001": "附件4", "002-10": "附件6"}

COLUMNS = (
    Column(("序号",), 6, "count"),
    Column(("名称、地址",), 26, "own"),
    Column(("等级",), 11, "own"),
    Column(("处置措施", "措施"), 38, "own"),
    Column(("处置措施", "责任主体"), 22, "own"),
    Column(("处置措施", "法律（方案）依据"), 38, "own"),
    Column(("处置措施", "方案条款"), 15, "own"),
    Column(("处置措施", "时限"), 10),
    Column(("处置措施", "完成情况"), 16),
    Column(("资金清退（元）", "应清退"), 12, "money"),
    Column(("资金清退（元）", "已清退"), 12, "money"),
    Column(("涉稳情况",), 11),
    Column(("一院一策",), 11),
    Column(("当前等级",), 10),
    Column(("销号",), 8),
    Column(("备注",), 12),
)
_OF_THE_INSTITUTION = (0, 1, 2, 9, 10, 11, 12, 13, 14, 15)
TASK_COLUMNS = (
    Column(("序号",), 6, "count"),
    Column(("名称",), 32),
    Column(("地址",), 34),
    Column(("所在镇街",), 14, "centre"),
    Column(("等级",), 11, "own"),
    Column(("任务",), 32, "own"),
    Column(("责任主体",), 22, "own"),
    Column(("依据",), 40, "own"),
    Column(("时限",), 12),
    Column(("完成情况",), 16),
    Column(("备注",), 14),
)
NOTES = (
    "说明：1.“时限”“完成情况”“应清退”“已清退”“涉稳情况”“一院一策”“当前等级”“销号”由责任单位填写；方案只要求“及时”，未规定办理期限。",
    "2.责令停业整顿、责令停止经营、查封等强制性措施只能由所列责任主体依所列条款作出，属地镇街只负责提示、督促和配合。"
    "{talk}的约谈、整改限于可能存在非法集资风险的情形；调查取证执法人员不少于2人并出示执法证件（{officers}）。",
    "3.法律条文取自公开的法律法规库（2025年4月版），制作文书前请核对现行文本，标“〔待核〕”的尚未核对原文；标“[建议]”的措施方案未载明，为本软件建议。",
)
_CITED = {"talk": ("防范和处置非法集资条例 第18条",), "officers": ("防范和处置非法集资条例 第21条",)}
_UNDECLARED = ("（本规则没有登记处置措施，请按所依据的方案填写）", None, None, None)


def write(path: Path, rated: Rated, tick: Tick = nothing) -> None:
    """This function will write the measures that each colour demands, and on a second sheet the tasks for 待研判 and 待查."""
    ruleset = rated.ratings.ruleset
    blocks = [row for row in rated.ranked if rated.grades[row] in ON_THE_LIST or rated.is_unregistered(row)]
    in_blocks = frozenset(blocks)
    tasks = [row for row in rated.pending if row not in in_blocks]
    with workbook(path, as_of=rated.as_of) as book:
        heading = Heading(TITLE, rated.unit, rated.as_of, ANNEX.get(ruleset.id, ""), "元", (_plan(ruleset),))
        table = Table(book, "分类处置进度", heading, COLUMNS, A3_LANDSCAPE, frozen=3, blocks=True)
        for number, row in enumerate(ticking(blocks, tick), 1):
            table.block(_block(number, row, rated), _OF_THE_INSTITUTION)
        if not blocks:
            table.wide("本期没有需要分类处置的机构和场所。")
        cited = {name: wording.cited(clauses) for name, clauses in _CITED.items()}
        table.finish(*(note.format_map(cited) for note in NOTES))

        table = Table(
            book,
            "补充排查和研判任务",
            Heading(TASKS_TITLE, rated.unit, rated.as_of, notes=(_plan(ruleset),)),
            TASK_COLUMNS,
            A3_LANDSCAPE,
            frozen=2,
            filtered=True,
        )
        for number, row in enumerate(ticking(tasks, tick), 1):
            for says, body, power, _ in _lines(ruleset.id, rated.grades[row], unregistered=False):
                who = (rated.fact("name", row), rated.fact("address", row), rated.fact("township", row))
                table.line((number, *who, rated.grade(row), says, body, power, None, None, None))
        if not tasks:
            table.wide("本期没有待研判、待查的机构和场所。")
        table.finish("待查机构的待核实问题见各镇街问题清单。")


def _block(number: int, row: int, rated: Rated) -> list[tuple[Value, ...]]:
    lines = _lines(rated.ratings.ruleset.id, rated.grades[row], unregistered=rated.is_unregistered(row))
    name, address = rated.fact("name", row), rated.fact("address", row)
    town = rated.towns[row]
    where = "\n".join(part for part in (name, address, town if town != NO_TOWN else None) if part)
    first: tuple[Value, ...] = (number, where, rated.grade(row))
    below: tuple[Value, ...] = (None, None, Tinted("", rated.grades[row]))
    return [(*(below if at else first), *line, *[None] * 9) for at, line in enumerate(lines)]


@cache
def _lines(ruleset_id: str, colour: str, *, unregistered: bool) -> tuple[Line, ...]:
    """What a colour demands, as printed; a rule set of one's own has no measures, and says so."""
    measures = measures_for(ruleset_id, colour, unregistered=unregistered)
    return tuple(_line(measure, ruleset_id) for measure in measures) or (_UNDECLARED,)


def _line(measure: Measure, ruleset_id: str) -> Line:
    """A measure's text, body, power and clause; the plan itself, named above the table, is 本方案."""
    when = f"{measure.when}，" if measure.when else ""
    ours = "[建议]" if measure.mark == "P" else ""
    laws = tuple(clause for clause in measure.power if not _is_of(clause, ruleset_id))
    plan = ["本方案"] if len(laws) < len(measure.power) else []
    power = "；".join([*([wording.cited(laws)] if laws else []), *plan])
    clause = (
        measure.clause.partition(" ")[2] if _is_of(measure.clause, ruleset_id) else wording.cited((measure.clause,))
    )
    return f"{when}{measure.says}{ours}", measure.body, power, clause


def _is_of(clause: str, source_id: str) -> bool:
    return clause.partition(" ")[0] == source_id


def _plan(ruleset: RuleSet) -> str:
    """What 本方案 stands for."""
    source = law.sources().get(ruleset.id)
    return f"本方案：{f'《{source.title}》' if source else ruleset.title}。"
