"""``shouhu rules``: the published rule sets, one of one's own checked, two compared on a register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from shouhu.cli import screen
from shouhu.cli.registers import read
from shouhu.engines import law
from shouhu.engines.rules import rulesets
from shouhu.engines.rules.compare import compare as compare_ratings
from shouhu.engines.rules.ratings import SEVERITY
from shouhu.engines.rules.ratings import rate as rate_columns
from shouhu.engines.rules.rulesets import READINGS, RuleSet


@click.group(short_help="查看、检查、比较规则。")
def rules() -> None:
    """四色规则：列出、查看、检查自己的规则文件、比较两套规则。"""


@rules.command("list", short_help="列出随软件提供的规则。")
def list_() -> int:
    """列出随软件提供的规则；带 * 的是默认。"""
    table = Table()
    for title in ("编号", "方案", "四色规则", "另行设定的标准"):
        table.add_column(title, overflow="fold")
    for ruleset_id in rulesets.SHIPPED:
        ruleset = rulesets.load(ruleset_id)
        star = "*" if ruleset_id == rulesets.DEFAULT else ""
        marks = "、".join(sorted({t.mark for t in ruleset.assumptions})) or "—"
        table.add_row(
            ruleset_id + star, ruleset.title, f"{len(ruleset.rules)} 条" if ruleset.rules else "不分颜色", marks
        )
    screen.console().print(table)
    return 0


@rules.command(short_help="查看一套规则。")
@click.argument("ruleset", metavar="编号|文件")
def show(ruleset: str) -> int:
    """查看一套规则：标准、各条规则与条款、没有条款对应的情形。"""
    found = rulesets.load(ruleset)
    console = screen.console()
    console.print(f"{found.title}（{found.id}）", style="bold", markup=False)
    console.print(f"生效：{found.in_force or '原文未载明'}　{found.note}", soft_wrap=True, markup=False)
    console.print(f"文件校验（SHA-256）：{found.sha256}", style="dim")
    if found.scale != "colours":
        _print_table(("步骤", "表述", "条款"), [(s.name, s.says, str(law.cite(s.clause))) for s in found.steps])
        return 0
    console.print(
        f"“被投诉举报”的读法：{READINGS[found.complaint]}［P］　答案有效期：{found.answer_valid_days} 天［P］",
        soft_wrap=True,
    )
    _print_table(
        ("标准", "条件", "条款", "标记"),
        [
            (t.says, t.expression, str(law.cite(t.clause)), {"": "原文", "P": "建议［P］"}.get(t.mark, t.mark))
            for t in found.thresholds
        ],
    )
    _print_table(
        ("编号", "等级", "表述", "条件", "条款"),
        [(r.id, screen.coloured(r.colour), r.says, r.when, law.cite(r.clause).path) for r in found.rules],
    )
    _print_table(("没有条款对应、须由人研判的情形", "条件"), [(f.says, f.when) for f in found.findings])
    return 0


@rules.command(short_help="检查自己的规则文件。")
@click.argument("file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> int:
    """检查一份规则文件能不能用：条件、名称、条款、表述长度，一次说全。"""
    ruleset = rulesets.load(str(file))
    screen.console().print(f"可以使用：{ruleset.title}（{ruleset.id}），{len(ruleset.rules)} 条规则。", markup=False)
    return 0


@rules.command(short_help="同一台账在两套规则下的差别。")
@click.argument("first", metavar="甲规则")
@click.argument("second", metavar="乙规则")
@screen.registers
@screen.reading_option
@screen.as_of_option
@screen.mapping_option
def compare(
    first: str,
    second: str,
    registers: tuple[Path, ...],
    reading: rulesets.Complaint | None,
    as_of: date,
    mapping: Path | None,
) -> int:
    """同一台账分别按两套规则评定：谁变了、从哪到哪、因为哪一条。"""
    before, after = (_rateable(name, reading) for name in (first, second))
    register = read(registers, as_of=as_of, mapping=mapping)
    one, two = (rate_columns(register.columns, ruleset, as_of=as_of) for ruleset in (before, after))
    found = compare_ratings(one, two)
    console = screen.console()
    console.print(
        f"甲：{before.title}（{before.id}）\n乙：{after.title}（{after.id}）\n评估日期：{as_of}", markup=False
    )
    table = Table(title="甲（行）到乙（列）的家数", title_justify="left")
    table.add_column("")
    for colour in SEVERITY:
        table.add_column(screen.coloured(colour), justify="right")
    for then in SEVERITY:
        cells = [
            f"[bold]{n}[/bold]" if (n := found.table[then, now]) and then != now else str(n or "·") for now in SEVERITY
        ]
        table.add_row(screen.coloured(then), *cells)
    console.print(table)
    rows = [
        (register.columns["name"][m.row] or "", register.columns["township"][m.row] or "", screen.coloured(m.before.listed),
         screen.coloured(m.after.listed), "；".join(m.by))
        for m in found.moves
    ]  # fmt: skip
    console.print(f"变动 {len(rows)} 家，不变 {len(register) - len(rows)} 家。")
    if rows:
        _print_table(("机构名称", "镇街", "甲", "乙", "因为"), rows)
    return 0


def _rateable(name: str, reading: rulesets.Complaint | None) -> RuleSet:
    ruleset = rulesets.load(name, complaint=reading)
    ruleset.require_colours()
    return ruleset


def _print_table(titles: Sequence[str], rows: Sequence[Sequence[str | Text]]) -> None:
    table = Table()
    for title in titles:
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*(screen.plain(cell) if isinstance(cell, str) else cell for cell in row))
    screen.console().print(table)
