"""`shouhu …` on files: rate a register, look at the rules, explain one institution, write the example."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

import shouhu
from shouhu.cli.backup import backup, restore
from shouhu.cli.desk import desk
from shouhu.cli.draw import draw
from shouhu.cli.example import example
from shouhu.cli.explain import explain
from shouhu.cli.journal import journal
from shouhu.cli.plan import plan
from shouhu.cli.rate import rate
from shouhu.cli.rules import rules
from shouhu.cli.screen import REFUSALS, errors
from shouhu.cli.text import text

DONE, REMARKS, REFUSED, USAGE, INTERNAL = 0, 1, 2, 64, 70


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(shouhu.__version__, prog_name="shouhu", message="%(prog)s（守护）%(version)s")
def shouhu_command() -> None:
    """守护：把养老服务排查台账评成“红橙黄绿”四色名单，说清每一条依据。

    退出码：0 完成；1 完成但有提示；2 输入被拒绝，未写任何文件；64 用法错误；70 内部错误。
    """


for command in (rate, rules, explain, example, desk, backup, restore, journal, text, plan, draw):
    shouhu_command.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """This function will run one command and exit with its code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """This function will run one command and give its exit code; what went wrong is said in Chinese on stderr."""
    try:
        code = shouhu_command.main(args=arguments, prog_name="shouhu", standalone_mode=False)
        return int(code or DONE)
    except click.exceptions.Abort:
        errors().print("已取消，未写任何文件。")
        return REFUSED
    except click.UsageError as error:
        errors().print(f"用法错误：{error.format_message()}\n查看用法：shouhu --help", markup=False)
        return USAGE
    except REFUSALS as refusal:
        errors().print(str(refusal), markup=False)
        return REFUSED
    except Exception as error:
        if os.environ.get("SHOUHU_DEBUG"):
            raise
        errors().print(
            f"内部错误（{type(error).__name__}）。请把所用命令和本行报告给维护者；设环境变量 SHOUHU_DEBUG=1 可看到出错位置。",
            markup=False,
        )
        return INTERNAL
