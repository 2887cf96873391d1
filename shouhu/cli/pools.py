"""Pools of a draw as clerks write them: YAML, or a workbook with a sheet for each kind of thing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from shouhu.cli.screen import Refused
from shouhu.engines.documents.grids.grid import Broken, Cell, Scaled, Sheet
from shouhu.engines.documents.grids.opening import open_sheets
from shouhu.engines.draws.pool import Pool, pool_of

SHEETS = {
    "类别": {"类别": "name", "比例": "rate", "数量": "number"},
    "对象": {"编号": "id", "名称": "name", "类别": "group", "权重": "weight"},
    "检查人员": {"编号": "id"},
    "回避": {"检查人员": "inspector", "对象": "object"},
}
"""Titles of the columns by sheet; a sheet 说明 has 名称 and 每组人数 in its first column, what they are in the second."""
NUMBERS = ("rate", "number", "weight")


def read(path: Path) -> Pool:
    """
    This function will read a pool from .yaml or from a workbook.

    :raises Refused, RefusedInput, BadDraw: what cannot be read, with sheet and row.
    """
    if path.suffix.lower() in (".yaml", ".yml"):
        try:
            return pool_of(yaml.safe_load(path.read_text("utf-8")))
        except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
            raise Refused(
                f"{path.name}：不能读取，请核对是否是 UTF-8 的 YAML 文件（{type(error).__name__}）"
            ) from error
    return pool_of(_workbook(path))


def _workbook(path: Path) -> dict[str, Any]:
    sheets = {sheet.name: sheet for sheet in open_sheets(path, lambda what, done, total: None)}
    if missing := [name for name in ("说明", "类别", "对象", "检查人员") if name not in sheets]:
        raise Refused(f"{path.name}：缺少工作表{'、'.join(missing)}；要有说明、类别、对象、检查人员，有回避的另加回避")
    rows = {name: _rows(sheets[name], name) if name in sheets else [] for name in SHEETS}
    about = {str(row[0]): _plain(row[1], "说明", number) for number, row in _filled(sheets["说明"]) if len(row) > 1}
    if lacking := [name for name in ("名称", "每组人数") if about.get(name) is None]:
        raise Refused(f"{path.name}：工作表说明里没有写{'、'.join(lacking)}")
    return {
        "title": str(about["名称"]),
        "team_size": about["每组人数"],
        "groups": rows["类别"],
        "objects": rows["对象"],
        "inspectors": [row["id"] for row in rows["检查人员"]],
        "conflicts": rows["回避"],
    }


def _rows(sheet: Sheet, name: str) -> list[dict[str, Any]]:
    """The rows under the titles, as ``pool_of`` reads them; codes are text however the workbook keeps them."""
    filled = _filled(sheet)
    titles = [str(_plain(cell, name, filled[0][0]) or "") for cell in filled[0][1]] if filled else []
    columns = SHEETS[name]
    if unknown := [title for title in titles if title and title not in columns]:
        raise Refused(f"工作表{name}：不认识列“{'、'.join(unknown)}”，应是{'、'.join(columns)}")
    found = []
    for number, cells in filled[1:]:
        row = {}
        for title, cell in zip(titles, cells, strict=False):
            if title and (value := _plain(cell, name, number)) is not None:
                row[columns[title]] = value if columns[title] in NUMBERS else str(value)
        if lacking := [title for title, key in columns.items() if key not in (*NUMBERS, *row)]:
            raise Refused(f"工作表{name}第{number}行：没有填{'、'.join(lacking)}")
        found.append(row)
    return found


def _filled(sheet: Sheet) -> list[tuple[int, list[Cell]]]:
    rows = zip(sheet.numbers, sheet.cells, strict=True)
    return [(number, list(cells)) for number, cells in rows if any(cell not in (None, "") for cell in cells)]


def _plain(cell: Cell, name: str, number: int) -> str | int | float | None:
    """A cell as text or number: 12.0 is 12, blanks are nothing."""
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if cell is None or isinstance(cell, int | float):
        return cell
    shown = cell.text if isinstance(cell, Broken) else cell.number if isinstance(cell, Scaled) else cell
    raise Refused(f"工作表{name}第{number}行：“{shown}”不是文字或数字，请改成文本后重试")
