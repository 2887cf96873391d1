"""``shouhu rate``: registers in, the four-colour list and its annexes out."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import click
from rich.table import Table

from shouhu.cli import screen
from shouhu.cli.registers import read
from shouhu.engines.documents.register import Register
from shouhu.engines.documents.runs import write_run
from shouhu.engines.rules import ratings as engine
from shouhu.engines.rules import rulesets, words
from shouhu.engines.rules.ratings import Ratings


@click.command(short_help="评定台账，生成四色名单和附表。")
@screen.registers
@screen.rules_option
@screen.reading_option
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="结果文件夹；不给则放在台账旁边。")
@screen.as_of_option
@screen.mapping_option
@click.option(
    "--save-mapping", type=click.Path(dir_okay=False, path_type=Path), help="把本次的列对应存成文件，下次用 --mapping。"
)
@click.option(
    "--previous",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="上一期的结果文件夹，用来比较变动。",
)
@click.option("--unit", default="", help="填报单位，印在附表上。")
@click.option("--engine", type=click.Choice(["polars", "record", "spark"]), help="计算方式；不给则自动选择。")
@click.option("--yes", is_flag=True, help="不逐项确认列对应。")
def rate(
    registers: tuple[Path, ...],
    ruleset: str,
    reading: rulesets.Complaint | None,
    out: Path | None,
    as_of: date,
    mapping: Path | None,
    save_mapping: Path | None,
    previous: Path | None,
    unit: str,
    engine: str | None,
    yes: bool,
) -> int:
    """评定一份或几份台账（文件或文件夹），把四色名单、附表和待核实问题写进结果文件夹。"""
    rules = rulesets.load(ruleset, complaint=reading)
    rules.require_colours()
    register = read(registers, as_of=as_of, mapping=mapping, save_mapping_to=save_mapping, ask=not yes)
    out = out or registers[0].parent / f"{registers[0].stem}_四色名单"
    with screen.bars() as bars:
        told = screen.telling(bars)
        rated = _rated(register, rules, as_of, engine, told)
        files = write_run(out, register, rated, as_of=as_of, unit=unit, previous=previous, progress=told)
    _summary(register, rated, as_of)
    screen.console().print(f"结果已写入：{out}（{len(files)} 个文件）", soft_wrap=True)
    return 1 if register.cells else 0


def _rated(
    register: Register, rules: rulesets.RuleSet, as_of: date, engine_name: str | None, told: screen.Told
) -> Ratings:
    total = len(register)
    told("评定", 0, total)
    return engine.rate(
        register.columns, rules, as_of=as_of, row_flags=register.flags, engine=engine_name,
        progress=lambda done: told("评定", done, total),
    )  # fmt: skip


def _summary(register: Register, rated: Ratings, as_of: date) -> None:
    """The outcome by colour, what stands on a bound alone, and the first remarks."""
    console = screen.console()
    rules = rated.ruleset
    console.print(f"规则：{rules.title}（{rules.id}）　评估日期：{as_of}　共 {len(register)} 家", soft_wrap=True)
    table = Table(show_header=True, header_style="bold")
    for title in ("等级", "家数", "其中仅能确定下限（至少）"):
        table.add_column(title, justify="left" if title == "等级" else "right")
    listed, colours = rated.listed, rated.colours
    counts = Counter(listed)
    bound = Counter(at for at, colour in zip(listed, colours, strict=True) if at != colour)
    for colour in engine.SEVERITY:
        table.add_row(screen.coloured(colour), str(counts[colour]), str(bound[colour] or "—"))
    console.print(table)
    if rules.assumptions:
        console.print(
            f"[dim]方案未载明、另行设定的标准：{'；'.join(f'{t.says}［{t.mark}］' for t in rules.assumptions)}[/dim]",
            soft_wrap=True,
        )
    if register.missing:
        console.print(
            f"[bold]台账没有这些列，对应事实全部按未知处理：{words.titles(register.missing)}[/bold]", soft_wrap=True
        )
    if register.cells:
        console.print(
            f"[bold]读表时有 {len(register.cells)} 处需要核对[/bold]，详见结果文件夹中的读表情况报告。前几处："
        )
        for remark in register.cells[:5]:
            where = " ".join(filter(None, (remark.sheet, remark.cell or "整列", remark.column)))
            console.print(f"  {where}：“{remark.content}” {remark.why}", markup=False, soft_wrap=True)
