"""The values of a letter's fields against what its kind declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shouhu.engines.documents.letters import texts
from shouhu.engines.documents.letters.kinds import Field, Kind

MOST_PARTS, MOST_SIGNS = 2_000, 20_000
"""Paragraphs, items or headings of one field; characters of a paragraph."""
MOST_COLUMNS, MOST_ROWS, MOST_IN_CELL = 12, 3_000, 500


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 4, without its number: 一、（一）1.（1）are counted when it is laid out."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Table:
    """A ruled table: the heads of its columns, repeated on every page, and its rows. Without heads the first column is one."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str | int | date | None]]


Part = str | Heading | Table
"""What a body consists of; a ``str`` is a paragraph."""


class _Fault(Exception):
    """``str()`` says what is wrong with a value, to follow the label of its field."""


def checked(kind: Kind, values: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """
    This function will give the values that are there, cleaned, and what is wrong with them, each in Chinese.

    Lists come back as tuples; a text is a tuple of its paragraphs.
    """
    given: dict[str, Any] = {}
    faults = [f"没有“{name}”这个字段" for name in values if name not in kind.fields]
    missing = []
    for name, field in kind.fields.items():
        try:
            value = _value(field, values.get(name))
        except _Fault as fault:
            faults.append(f"“{field.label}”{fault}")
            continue
        if value not in (None, "", ()):
            given[name] = value
        elif field.required:
            missing.append(field.label)
    if missing:
        faults.insert(0, f"缺少{'、'.join(missing)}")
    return given, faults


def _value(field: Field, value: Any) -> Any:
    match field.type:
        case _ if value is None:
            return None
        case "line":
            return _line(value, field.most)
        case "lines":
            return _lines(value, field)
        case "text":
            return _paragraphs([value] if isinstance(value, str) else value)
        case "body":
            return _body(value)
        case "table":
            return (_table(value),)
        case "date":
            if not isinstance(value, date) or isinstance(value, datetime):
                raise _Fault("应当是日期")
            return value
        case "choice":
            if value not in ("", *field.choices):
                raise _Fault(f"只能是{'、'.join(field.choices)}")
            return value


def _line(value: Any, most: int) -> str:
    if not isinstance(value, str):
        raise _Fault("应当是文字")
    text = texts.line(value)
    if len(text) > most:
        raise _Fault(f"有{len(text)}个字，最多{most}个字")
    return text


def _lines(value: Any, field: Field) -> tuple[str, ...]:
    found = tuple(
        line for each in _several([value] if isinstance(value, str) else value) if (line := _line(each, field.most))
    )
    if found and len(found) < field.least:
        raise _Fault(f"至少{field.least}项，现有{len(found)}项")
    return found


def _paragraphs(value: Any) -> tuple[str, ...]:
    return tuple(part for each in _several(value) for part in _split(each))


def _split(value: Any) -> list[str]:
    if not isinstance(value, str):
        raise _Fault("应当是文字")
    found = texts.paragraphs(value)
    if any(len(part) > MOST_SIGNS for part in found):
        raise _Fault(f"有一段超过{MOST_SIGNS}个字，请分段")
    return found


def _body(value: Any) -> tuple[Part, ...]:
    parts: list[Part] = []
    for part in _several([value] if isinstance(value, str) else value):
        match part:
            case Heading(level=level) if level not in (1, 2, 3, 4):
                raise _Fault("的标题只有一至四级")
            case Heading(text=text, level=level):
                if said := _line(text, 200):
                    parts.append(Heading(said, level))
            case Table():
                parts.append(_table(part))
            case _:
                parts += _split(part)
    return tuple(parts)


def _table(value: Any) -> Table:
    if not isinstance(value, Table):
        raise _Fault("应当是表格")
    n_columns = len(value.columns or next(iter(value.rows), ()))
    if not 0 < n_columns <= MOST_COLUMNS:
        raise _Fault(f"有{n_columns}列，应当是1至{MOST_COLUMNS}列；列数更多的请另附工作簿")
    if len(value.rows) > MOST_ROWS:
        raise _Fault(f"有{len(value.rows)}行，最多{MOST_ROWS}行；行数更多的请另附工作簿")
    for at, row in enumerate(value.rows, 1):
        if len(row) != n_columns:
            raise _Fault(f"第{at}行有{len(row)}格，应当是{n_columns}格")
    return Table(tuple(map(_cell, value.columns)), tuple(tuple(map(_cell, row)) for row in value.rows))


def _cell(value: Any) -> str:
    if type(value) in (date, int):
        return str(value)
    return _line("" if value is None else value, MOST_IN_CELL)


def _several(value: Any) -> Sequence[Any]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise _Fault("应当是一个列表")
    if len(value) > MOST_PARTS:
        raise _Fault(f"有{len(value)}项，最多{MOST_PARTS}项")
    return value
