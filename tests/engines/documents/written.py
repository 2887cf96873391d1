"""What the tests of the annexes share: a small rated register, and the written workbooks opened again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from shouhu.engines.documents.annexes import Rated
from shouhu.engines.documents.register import Register, Remark, Source
from shouhu.engines.rules import rulesets
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.ratings import rate
from tests.spec.tables import facts

AS_OF = date(2022, 5, 31)
SURVEYED = date(2022, 5, 20)
SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")

Case = tuple[str, str | None, str]
"""Name, town, and what is found there, in the phrases of the specification tests."""
CASES: tuple[Case, ...] = (
    ("甲照料中心", "东桥镇", "nothing found"),
    ("乙养老院", "东桥镇", "false publicity"),
    ("丙养老院", "西山街道", "large + for construction"),
    ("丁颐养院", "东桥镇", "large + insolvent + head prosecuted"),
    ("戊养老院", "西山街道", "complaint against the head"),
    ("己托老点", "西山街道", "not registered"),
    ("庚康养馆", "东桥镇", "not registered + large unknown"),
    ("辛养老院", "西山街道", "assets unknown + large + irregular"),
    ("壬养老院", "西山街道", "suspicion unknown"),
    ("癸养老院", None, "large"),
)
"""Under 001: green, yellow, yellow, red, orange, orange, at least orange, orange, unknown, decide."""


def record(case: Case) -> dict[str, Any]:
    """This function will give every fact of a case; the survey is of May."""
    name, town, phrases = case
    address = f"{town or ''}幸福路{len(name) + len(phrases)}号"
    said = {"name": name, "township": town, "address": address, "surveyed_on": SURVEYED, "survey_method": "上门"}
    return facts(phrases) | said


def register(records: Sequence[dict[str, Any]], **parts: Any) -> Register:
    """This function will make a register of records, on one sheet from line 4 on."""
    columns = {name: [record.get(name) for record in records] for name in declared()}
    whole: dict[str, Any] = {
        "columns": columns,
        "sheets": ["排查表"] * len(records),
        "rows": list(range(4, 4 + len(records))),
        "flags": [()] * len(records),
        "cells": [],
        "sources": [Source("台账.xlsx", "ab" * 32, len(records))],
        "missing": [],
    }
    return Register(**(whole | parts))


def rated(
    cases: Sequence[Case] = CASES,
    ruleset: str = "001",
    *,
    edit: Callable[[list[dict[str, Any]]], None] | None = None,
    **parts: Any,
) -> Rated:
    """This function will rate cases; ``edit`` may change their records first."""
    records = [record(case) for case in cases]
    if edit:
        edit(records)
    whole = register(records, **parts)
    ratings = rate(whole.columns, rulesets.load(ruleset), as_of=AS_OF, row_flags=whole.flags, engine="record")
    return Rated(whole, ratings, AS_OF, "某某区民政局")


def remark(
    cell: str | None, column: str, content: str = "", why: str = "不是数字", sheet: str | None = "排查表"
) -> Remark:
    """This function will make a remark of the reader."""
    return Remark(sheet, cell, column, content, why)


def sheets(path: Path) -> dict[str, Any]:
    """This function will open a workbook again and give its sheets by name."""
    book = openpyxl.load_workbook(path)
    return {sheet.title: sheet for sheet in book.worksheets}


def table(sheet: Any, first_head: str = "序号") -> list[dict[str, Any]]:
    """This function will read a written table: one dict a line, by its heads (joined by / where there are several rows)."""
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    top = next(at for at, line in enumerate(lines) if line[0] == first_head)
    repeat = sheet.print_title_rows  # "$5:$6"
    deep = int(repeat.rpartition("$")[2]) - top
    heads: list[str] = []
    group = ""
    for at in range(len(lines[top])):
        group = lines[top][at] or group
        own = [lines[top + row][at] for row in range(1, deep) if lines[top + row][at]]
        heads.append("/".join([group, *own]) if own else group)
    body = []
    for line in lines[top + deep :]:
        if all(value is None for value in line[1:]):
            break
        body.append(dict(zip(heads, line, strict=True)))
    return body
