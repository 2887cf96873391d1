"""``shouhu example``: the invented example register."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from shouhu.cli import screen
from shouhu.demo.example import write_example


@click.command(short_help="写出一份虚构的示例台账。")
@click.argument("folder", metavar="文件夹", type=click.Path(file_okay=False, path_type=Path))
@screen.as_of_option
def example(folder: Path, as_of: date) -> int:
    """写出虚构的示例：区里的台账，以及十二个镇街各自报来的表（演示数据）。"""
    files = write_example(folder, as_of=as_of)
    screen.console().print(f"已写出 {len(files)} 个示例文件（演示数据）：{folder}", soft_wrap=True)
    screen.console().print(f"试一试：shouhu rate {files[0]}", soft_wrap=True, markup=False)
    return 0
