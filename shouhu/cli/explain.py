"""``shouhu explain``: one institution's reasons, as sentences and as a table of every rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
from rich.table import Table

from shouhu.cli import screen
from shouhu.cli.registers import read
from shouhu.cli.screen import Refused
from shouhu.engines import law
from shouhu.engines.documents.register import Register
from shouhu.engines.rules import rulesets, words
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.reasons import OUTCOMES, Reasons
from shouhu.engines.rules.reasons import explain as reasons_of

SUGGESTIONS = 8


@click.command(short_help="说明一家机构的评定理由。")
@click.argument("register", metavar="台账", type=click.Path(exists=True, path_type=Path))
@click.argument("name", metavar="机构名称")
@screen.rules_option
@screen.reading_option
@screen.as_of_option
@screen.mapping_option
def explain(
    register: Path, name: str, ruleset: str, reading: rulesets.Complaint | None, as_of: date, mapping: Path | None
) -> int:
    """说明一家机构（名称或统一社会信用代码）为何是这个颜色：依据、事实、还缺什么、怎样才能离开这一等级。"""
    rules = rulesets.load(ruleset, complaint=reading)
    rules.require_colours()
    table = read((register,), as_of=as_of, mapping=mapping)
    for row in find(table, name):
        facts = {fact: values[row] for fact, values in table.columns.items()}
        show(facts, reasons_of(facts, rules, as_of=as_of), table.sheets[row], table.rows[row])
    return 0


def find(register: Register, name: str) -> Sequence[int]:
    """
    This function will find the rows of an institution by its whole name or code, else by a part of its name.

    :raises Refused: nobody, or several by a part of the name.
    """
    names, codes = register.columns["name"], register.columns["uscc"]
    exact = [row for row in range(len(register)) if name in (names[row], codes[row])]
    part = [row for row in range(len(register)) if name in (names[row] or "")]
    if exact or len(part) == 1:
        return exact or part
    if part:
        some = "、".join(str(names[row]) for row in part[:SUGGESTIONS])
        raise Refused(
            f"名称含“{name}”的有 {len(part)} 家：{some}{' 等' if len(part) > SUGGESTIONS else ''}。请写全名称。"
        )
    raise Refused(f"台账里没有名称或代码为“{name}”的机构。")


def show(facts: dict[str, object], reasons: Reasons, sheet: str | None, row: int) -> None:
    """This function will print the reasons of one row."""
    console = screen.console()
    rating = reasons.rating
    console.print(
        f"{facts['name'] or '（无名称）'}　{f'{sheet} ' if sheet else ''}第 {row} 行",
        style="bold",
        soft_wrap=True,
        markup=False,
    )
    console.print(
        screen.coloured(rating.listed, None if rating.listed == rating.colour else f"至少{words.colour(rating.listed)}")
    )
    for number, sentence in enumerate(reasons.sentences(), 1):
        console.print(f"{number}. {sentence}", soft_wrap=True, markup=False)
    table = Table(title="各条规则", title_justify="left", show_lines=False)
    for title in ("规则", "等级", "结果", "表述", "条款", "所据事实"):
        table.add_column(title, overflow="fold")
    for each in reasons.outcomes:
        values = "，".join(f"{declared()[n].title}：{words.value(declared()[n], v)}" for n, v in each.values.items())
        style = {"fired": "bold", "open": "italic", "not": "dim"}[each.outcome]
        table.add_row(
            each.rule.id, screen.coloured(each.rule.colour), OUTCOMES[each.outcome], each.rule.says,
            law.cite(each.rule.clause).path, values, style=style,
        )  # fmt: skip
    console.print(table)
