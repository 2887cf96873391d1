"""``shouhu journal``: checks an exported journal on any machine, without the desk and without its database."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from shouhu.cli import screen
from shouhu.cli.screen import Refused
from shouhu.ledgers.journal.chain import faults_of_file, noted_head


@click.group(short_help="核对导出的留痕。")
def journal() -> None:
    """核对从工作台导出的留痕文件，不需要数据库。"""


@journal.command(short_help="核对一个留痕文件。")
@click.argument("file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--head", metavar="链尾|文件", help="另处记下的链尾：“条数 摘要”，或存有它的文件。")
def verify(file: Path, head: str | None) -> int:
    """核对留痕文件是否完整：改动、删除、插入、换序、截去都会指出是第几条。

    退出码：0 完整；1 有断裂，逐条列出；2 文件不能读取。
    """
    noted = _noted(head) if head else None
    out, n, last = screen.console(), 0, ""
    try:
        with file.open(encoding="utf-8") as lines:
            first = lines.readline()
            if not first.lstrip().startswith("{"):
                raise Refused(f"{file.name}：不是留痕文件。留痕文件由工作台“留痕 > 导出整条链”下载，扩展名 .jsonl")
            lines.seek(0)
            for fault in faults_of_file(lines, noted):
                n += 1
                out.print(f"第 {fault.seq} 条：{fault.what}", markup=False, soft_wrap=True)
            lines.seek(0)
            for line in lines:
                last = line
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file.name}：文件不能读取（{type(error).__name__}），请重新导出或检查权限后重试") from error
    if n:
        out.print(f"链条有 {n} 处断裂。请保留此文件和数据库，报告主管领导。")
        return 1
    ending = noted_head(last)
    out.print(f"完整。链尾：{ending['seq']} {ending['digest']}", soft_wrap=True)
    if noted is None:
        out.print("没有对照另处记下的链尾（--head）：整条链被重写、末尾被截去时查不出。", soft_wrap=True)
    return 0


def _noted(given: str) -> Mapping[str, Any]:
    text = given
    if "{" not in given and Path(given).is_file():
        lines = Path(given).read_text("utf-8", errors="replace").strip().splitlines()
        text = lines[-1] if lines else ""
    try:
        return noted_head(text)
    except ValueError as error:
        raise Refused("链尾应为“条数 摘要”（摘要64位十六进制），或存有它的文件，请照打印件填写") from error
