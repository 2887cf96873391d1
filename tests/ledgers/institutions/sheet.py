"""Registers as files, for imports in tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

HEAD = (
    "机构名称",
    "统一社会信用代码",
    "所在镇街",
    "所在村居",
    "地址",
    "法定代表人",
    "联系电话",
    "床位数",
    "是否收取预付费",
    "月收费标准",
)
_MARKS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def uscc(number: int) -> str:
    """This function will give a code with the right check digit."""
    body = f"52990102{number:09d}"
    total = sum(pow(3, at, 31) * _MARKS.index(mark) for at, mark in enumerate(body))
    return body + _MARKS[-total % 31]


def row(number: int, *, name: str = "", town: str = "清河镇", village: str = "柳湾村", beds: str = "30") -> list[str]:
    """This function will give one row of a register."""
    return [
        name or f"第{number}养老院", uscc(number), town, village, f"河东路{number}号", f"张三{number}", "13800000000", beds,
        "否", "2000",
    ]  # fmt: skip


def register(rows: Iterable[Sequence[str]], head: Sequence[str] = HEAD) -> bytes:
    """This function will give a register as a CSV file."""
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    return text.getvalue().encode("utf-8-sig")
