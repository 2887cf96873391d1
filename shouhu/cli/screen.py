"""What the commands share on a terminal: consoles, progress bars, coloured words, options, the refusals they print."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from shouhu.engines.documents.annexes import UnreadablePrevious
from shouhu.engines.documents.grids.grid import RefusedInput
from shouhu.engines.draws.pool import BadDraw
from shouhu.engines.plans.page import BadPlan
from shouhu.engines.rules import words
from shouhu.engines.rules.rulesets import DEFAULT, READINGS, BadRuleSet, NotRateable
from shouhu.engines.text.corpus import BadCorpus
from shouhu.engines.text.model import BadModel

STYLE = {
    "red": "bold red", "orange": "bold dark_orange", "yellow": "bold yellow", "green": "green", "unknown": "bright_black",
    "decide": "magenta",
}  # fmt: skip


class Refused(Exception):
    """A command cannot go on with what it was given; ``str()`` is the sentence for the clerk."""


REFUSALS = (RefusedInput, BadRuleSet, NotRateable, UnreadablePrevious, BadCorpus, BadModel, BadPlan, BadDraw, Refused)


def console() -> Console:
    """This function will give the console for results."""
    return Console(highlight=False)


def errors() -> Console:
    """This function will give the console for what went wrong and for progress."""
    return Console(stderr=True, highlight=False)


def coloured(colour: str, text: str | None = None) -> Text:
    """This function will give a colour as word and shape in its hue."""
    return Text(text or words.colour(colour), style=STYLE[colour])


Told = Callable[[str, int, int], None]


def bars() -> Progress:
    """This function will give the progress bars of a command, to be used with ``with``."""
    shown = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*shown, console=errors(), transient=True)


def telling(progress: Progress) -> Told:
    """This function will show a bar for every stage that it is told of: name, done, total."""
    tasks: dict[str, TaskID] = {}

    def told(stage: str, done: int, total: int) -> None:
        if stage not in tasks:
            tasks[stage] = progress.add_task(stage, total=total)
        progress.update(tasks[stage], completed=done, total=total)

    return told


class Day(click.ParamType[date]):
    """A day as 2022-05-31."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day, or say how to write it."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}”不是日期，请写成 2022-05-31", param, ctx)


def today() -> date:
    """This function will read the clock; only commands do."""
    return datetime.now().astimezone().date()


registers = click.argument(
    "registers", metavar="台账…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
rules_option = click.option(
    "--rules", "ruleset", default=DEFAULT, show_default=True, metavar="编号|文件", help="所用规则。"
)
reading_option = click.option(
    "--reading", type=click.Choice(list(READINGS)), help="“被投诉举报”的读法；不给则依规则自身。"
)
as_of_option = click.option("--as-of", type=Day(), default=today, show_default="今天", help="评估日期。")
mapping_option = click.option(
    "--mapping", type=click.Path(exists=True, path_type=Path), help="列对应文件（由 --save-mapping 保存）。"
)


def plain(text: str) -> Text:
    """This function will give text that no bracket in it can style."""
    return Text(text)
