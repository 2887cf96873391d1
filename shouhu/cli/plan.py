"""``shouhu plan``: what an action plan (方案) says is to be done, a collection split, and what a plan leaves open; offline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
import orjson
from rich.table import Table

from shouhu.cli import screen
from shouhu.cli.screen import Refused
from shouhu.engines.plans import checking, papers, reader, splitting
from shouhu.engines.plans.page import Paper
from shouhu.engines.plans.plan import Phase, Plan, Threshold
from shouhu.engines.rules import words

OPERATORS = {">=": "不少于", ">": "超过", "<=": "不超过", "<": "不足"}
KINDS = {
    "campaign_plan": "行动方案", "drill": "演练方案", "class_meeting": "班会方案", "summary": "总结", "other": "其他文件",
}  # fmt: skip
DOMAINS = {"elder_care": "养老诈骗", "telecom_fraud": "电信网络诈骗", "both": "养老诈骗和电信网络诈骗"}

RULES = {
    "daily": "每日", "weekly": "每周", "monthly": "每月", "regularly": "定期", "Monday": "一", "Tuesday": "二",
    "Wednesday": "三", "Thursday": "四", "Friday": "五", "Saturday": "六", "Sunday": "日",
}  # fmt: skip

plan_file = click.argument("file", metavar="方案文件", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group(short_help="读行动方案：阶段、任务、报送、标准，不需联网。")
def plan() -> None:
    """读专项行动方案（.docx、.txt、.html、有文字的 .pdf），供人核对。"""


@plan.command("read", short_help="读出方案里的阶段、任务、责任单位、时限等。")
@plan_file
@click.option("--json", "as_json", is_flag=True, help="在标准输出写 JSON：每一项都带原文位置和把握程度。")
def read_command(file: Path, as_json: bool) -> int:
    """读出一份方案：阶段、任务和责任单位、附件、定期报送、数值标准、分级条件和措施、举报渠道、工作机构。

    不是行动方案的文件（演练、班会、总结、新闻等）只说明类别。一个文件里有几份方案的，读第一份并提示。
    """
    first, *others = splitting.plans(papers.read(file))
    found = reader.plan(first)
    if as_json:
        click.echo(orjson.dumps(found.as_json(), option=orjson.OPT_INDENT_2).decode())
    else:
        _show(found)
    if others:
        message = f"文件里有 {len(others) + 1} 份方案，这里只读了第一份；请先用 shouhu plan split 分开。"
        screen.errors().print(message, markup=False)
    return 1 if others else 0


@plan.command("split", short_help="把一个文件里的几份方案分开。")
@plan_file
@click.argument("folder", metavar="文件夹", type=click.Path(file_okay=False, path_type=Path))
def split_command(file: Path, folder: Path) -> int:
    """把“方案汇编”“精选若干篇”一类文件分成一份一个 .txt；文件夹里已有同名文件的不覆盖，整个拒绝。"""
    parts = splitting.plans(papers.read(file))
    targets = [folder / f"{file.stem}-{number:02}.txt" for number in range(1, len(parts) + 1)]
    if taken := [target.name for target in targets if target.exists()]:
        raise Refused(f"{folder} 里已有 {'、'.join(taken)}，没有写任何文件；请换一个文件夹")
    folder.mkdir(parents=True, exist_ok=True)
    for part, target in zip(parts, targets, strict=True):
        target.write_text(_text(part), "utf-8")
    titles = [(target.name, reader.plan(part).title) for part, target in zip(parts, targets, strict=True)]
    _table(f"分成 {len(parts)} 份，写入 {folder}", ("文件", "标题"), titles)
    return 0


@plan.command("check", short_help="一份方案通常写明、这一份没有写明的。")
@plan_file
def check_command(file: Path) -> int:
    """列出方案里没有写明的：责任单位、完成时限、报送日、“大额”等数值标准。退出码：0 没有缺项；1 有缺项。"""
    found = reader.read(file)
    if found.kind != "campaign_plan":
        raise Refused(f"{file.name}：这是{KINDS[found.kind]}，不是行动方案，没有可检查的内容")
    gaps = checking.check(found)
    console = screen.console()
    console.print(
        f"{found.title}：{f'{len(gaps)} 处没有写明' if gaps else '通常写明的都写明了'}", markup=False, soft_wrap=True
    )
    for gap in gaps:
        where = f"（{'、'.join(gap.where)}）" if gap.where else ""
        console.print(f"· {gap.says}{where}", markup=False, soft_wrap=True)
    return 1 if gaps else 0


def _text(paper: Paper) -> str:
    return "\n".join(paragraph.text for paragraph in paper.paragraphs) + "\n"


def _show(found: Plan) -> None:
    known = (
        ("标题", found.title), ("类别", KINDS[found.kind]), ("发文单位", found.issuer), ("文号", found.doc_number),
        ("领域", DOMAINS[found.domain] if found.domain else None), ("起止", _days(*found.period[:2], found.period[2])),
    )  # fmt: skip
    console = screen.console()
    for name, value in known:
        console.print(f"{name}：{value or '—'}", markup=False, soft_wrap=True)
    if found.kind != "campaign_plan":
        return
    _table("阶段", ("编号", "名称", "起止", "属于"), (_of_phase(one) for one in found.phases))
    _table(
        "任务", ("编号", "内容", "责任单位", "完成时限"),
        ((one.no, one.heading, "、".join(one.owners or one.owners_above), one.deadline) for one in found.tasks),
    )  # fmt: skip
    _table("附件", ("编号", "标题"), ((one.no, one.title) for one in found.annexes))
    _table(
        "定期报送",
        ("内容", "何时", "篇幅"),
        ((one.what, _when(one.rule), one.limit) for one in found.recurring_reports),
    )
    _table("数值标准", ("编号", "什么", "标准"), (_of_threshold(one) for one in found.thresholds))
    _table(
        "分级条件", ("等级", "条件", "与现有规则"),
        ((words.colour(one.colour), one.condition, "、".join(one.matches) or "新的") for one in found.colour_rules),
    )  # fmt: skip
    _table(
        "措施", ("等级或情形", "措施"),
        ((words.colour(one.colour) if one.colour else one.when, one.measure) for one in found.measures),
    )  # fmt: skip
    _table("举报渠道", ("号码或名称", "原文"), ((one.name, one.says) for one in found.channels))
    _table("工作机构", ("名称", "设在", "负责人"), ((one.name, one.host, one.head) for one in found.bodies))


def _of_phase(phase: Phase) -> tuple[str | None, ...]:
    return phase.where, phase.name, _days(phase.start, phase.end, phase.duration), phase.part_of


def _of_threshold(one: Threshold) -> tuple[str, ...]:
    return one.where, one.quantity, f"{OPERATORS[one.operator]} {one.value:g} {one.unit or ''}"


def _when(rule: str) -> str:
    """``weekly Tuesday 17:00`` as a clerk writes it."""
    parts = (RULES.get(part) or re.sub(r"^(\d+)[a-z]+$", r"\1日", part) for part in rule.split())
    return "".join(f" {part}" if ":" in part else part for part in parts)


def _days(start: str | None, end: str | None, duration: str | None) -> str | None:
    return f"{start or '…'} 至 {end or '…'}" if start or end else duration


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str | None]]) -> None:
    table = Table(title=title, title_justify="left")
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(screen.plain(cell or "—") for cell in row))
    screen.console().print(table if table.rows else f"{title}：没有读到", markup=False)
