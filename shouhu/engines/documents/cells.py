"""One cell's content becomes the value of a fact, or the reason why it does not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from shouhu.engines.documents.grids.grid import Broken, Cell, Scaled
from shouhu.engines.documents.numbers import Unreadable, folded, numeral, read_figure, read_number
from shouhu.engines.rules.facts import PERSONS, Fact, declared
from shouhu.engines.rules.values import UNNAMED

_ANSWERS = yaml.safe_load((files(__package__) / "answers.yaml").read_text("utf-8"))
YES, NO, THERE_IS, THERE_IS_NOT, NOT_APPLICABLE, UNKNOWN = (
    frozenset(_ANSWERS[kind]) for kind in ("yes", "no", "there_is", "there_is_not", "not_applicable", "unknown")
)
OWN = {
    fact: {word: answer == "yes" for answer, words in answers.items() for word in words}
    for fact, answers in _ANSWERS["own"].items()
}
ROLES = {word: role for role, words in _ANSWERS["roles"].items() for word in words}
HOLDERS = {"name": "机构", "legal_representative": "法定代表人", "principal": "主要负责人", "investor": "投资人"}
"""The facts that name who may be meant in a cell of persons."""

_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\uffff\ud800-\udfff]"
)
_MASKED = re.compile(r"[xX×*＊]{2,}|[xX]")
_TICKED, _OPEN = "☑■√✓✔●▣☒", "□☐○"
_BUSINESS = re.compile(r"(?:公司|集团|企业|中心|[店厂社院行部所馆会站园场坊铺]|有限合伙\)|个体户)(?:\([^()]*\))?$")
_BETWEEN = re.compile(r"[、,，;；/\n|]+")
_ROLES_IN_A_ROW = re.compile("|".join(sorted(ROLES, key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell without a value; ``why`` is reported."""

    why: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A cell whose value is taken, with something to report about it."""

    value: Any
    why: str


@dataclass(frozen=True, slots=True)
class _Moot:
    """A cell that says 不适用 (or a dash, or 无 where that is no answer); what it means depends on the row."""

    says: str


@dataclass(frozen=True, slots=True)
class _Named:
    """Persons of whom some are named: roles found, and names to look for in the row."""

    roles: tuple[str, ...]
    names: tuple[str, ...]


def shown(cell: Cell) -> str:
    """This function will give a cell as text, the way a report quotes it."""
    if isinstance(cell, Broken):
        return cell.text
    if isinstance(cell, Scaled):
        return f"{cell.number}"
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return "" if cell is None else str(cell)


def read_column(
    fact: Fact, cells: Sequence[Cell], factor: Fraction, known: Mapping[str, Sequence[Any]]
) -> tuple[list[Any], list[tuple[int, str]]]:
    """
    This function will read the cells of a column as values of a fact.

    ``factor`` is what the head multiplies bare sums with; ``known`` holds the columns of the same rows that were read
    before (facts are read in their order of declaration). Every distinct content is understood once.

    :return: one value per cell, and (index, why) for each cell that is to be reported.
    """
    understood = {cell: _understood(fact, cell, factor) for cell in set(cells)}
    values = list(map(understood.__getitem__, cells))
    if {type(value) for value in understood.values()}.isdisjoint((Unread, Noted, _Moot, _Named)):
        return values, []
    reports: list[tuple[int, str]] = []
    for at, value in enumerate(values):
        if isinstance(value, _Moot):
            value = _settled(fact, value, known.get(fact.moot.without, ()) if fact.moot else (), known, at)
        elif isinstance(value, _Named):
            value = _identified(value, known, at)
        if isinstance(value, Unread | Noted):
            reports.append((at, value.why))
            value = value.value if isinstance(value, Noted) else None
        values[at] = value
    return values, reports


def _understood(fact: Fact, cell: Cell, factor: Fraction) -> Any:
    if cell is None:
        return None
    if isinstance(cell, Broken):
        return Unread(cell.why)
    if fact.type == "text" and isinstance(cell, str) and _is_plain(fact, cell):
        return cell.upper().replace("-", "") if fact.name == "uscc" else cell
    try:
        if not isinstance(cell, str):
            return _of_kind(fact, cell, factor)
        text = _INVISIBLE.sub("", cell)
        value = _of_text(fact, text, factor) if text.strip() else None
    except Unreadable as error:
        return Unread(str(error))
    if len(text) == len(cell) or isinstance(value, Unread | _Moot | _Named):
        return value
    return Noted(value, "内容含有不可见的控制字符，已去掉")


def _is_plain(fact: Fact, text: str) -> bool:
    """Whether words are taken as they stand: nothing to fold or to take out, no mask, too long to mean unknown."""
    if len(text) <= 6 or text[0] in " xX×*＊":
        return False
    if fact.name == "uscc" or text.isascii():
        return text.isascii() and text.replace("-", "").isalnum()
    return text.isprintable() and "  " not in text and text[-1] != " "


def _of_kind(fact: Fact, cell: int | float | date | Scaled, factor: Fraction) -> Any:
    """A cell that is no text: a number, a date, a number in a 万 format."""
    if isinstance(cell, date):
        if fact.type == "date":
            return cell.date() if isinstance(cell, datetime) else cell
        return shown(cell)[:10] if fact.type == "text" else Unread("单元格是日期，可能被表格软件自动改写，请核对")
    if fact.is_number:
        return (
            read_figure(cell.number, fact, cell.factor) if isinstance(cell, Scaled) else read_figure(cell, fact, factor)
        )
    number = cell.number if isinstance(cell, Scaled) else cell
    if fact.type == "date":
        return _date_of_number(number)
    if fact.type == "text" and not abs(number) < 10**15:
        return Unread("以数字格式保存，15 位以后的数字已丢失，请改为文本格式重填")
    return _of_text(fact, shown(number), factor)


def _of_text(fact: Fact, text: str, factor: Fraction) -> Any:
    if fact.type == "text":
        return _read_text(fact, text)
    word = folded(text).strip("。;；,.'’`").upper()
    if not word:
        return Unread("看不出内容")
    if word in NOT_APPLICABLE:
        return _Moot(word)
    if word in UNKNOWN:
        return Unread(f"填写为“{text.strip()[:20]}”，按未知处理")
    if len(word) > 2_000:
        return Unread("内容过长，看不出答案")
    if fact.is_number:
        return read_number(text, fact, factor)
    if _MASKED.fullmatch(word) and word != "×":
        return Unread("内容是“x”，可能是遮盖，也可能表示否，看不出答案")
    readers = {
        "choice": _read_choice,
        "yes_no": _read_yes_no,
        "date": _read_date,
        "persons": _read_persons,
        "names": _read_names,
    }
    return readers[fact.type](fact, text, word)


def _read_text(fact: Fact, text: str) -> Any:
    text = " ".join(text.split())
    word = folded(text).upper()
    if word in NOT_APPLICABLE or (fact.name == "uscc" and word in THERE_IS_NOT):
        return _Moot(word) if fact.moot else None
    if word in UNKNOWN:
        return Unread(f"填写为“{text}”，按未知处理")
    if re.fullmatch(r"[xX×*＊]{2,}", text):
        return Unread("内容被“x”等符号遮盖")
    if fact.name == "uscc":
        return word.replace("-", "")
    return text


# --- yes or no, choices


def _ticked(word: str) -> str:
    """The one word that is ticked in "☑是□否" or "是☑否□"; a word without boxes is itself."""
    boxes = _TICKED + _OPEN
    if not set(word) & set(boxes) or len(word) == 1:
        return word
    pattern = rf"([{boxes}])([^{boxes}]+)" if word[0] in boxes else rf"([^{boxes}]+)([{boxes}])"
    pairs = re.findall(pattern, word)
    if "".join(a + b for a, b in pairs) != word:
        return word
    chosen = [b if a in _TICKED else a for a, b in pairs if {a, b} & set(_TICKED)]
    return chosen[0].strip("()、,/;") if len(chosen) == 1 else word


@cache
def _words(fact_name: str, choices: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, str]:
    return {folded(word).upper(): choice for choice, words in choices for word in (choice, *words)}


def _chosen(fact: Fact, word: str) -> str | None:
    return _words(fact.name, tuple(fact.choices.items())).get(word)


def _read_choice(fact: Fact, text: str, word: str) -> Any:
    word = _ticked(word)
    for candidate in (word, "是" if word in YES else "否" if word in NO else word):
        if choice := _chosen(fact, candidate):
            return choice
    if (noted := re.fullmatch(r"(.+?)\([^()]*\)", word)) and (choice := _chosen(fact, noted[1])):
        return Noted(choice, f"按“{noted[1]}”读入，括号里的说明没有使用，请核对")
    return Unread(f"应填{'、'.join(fact.choices)}之一")


def _read_yes_no(fact: Fact, text: str, word: str) -> Any:
    word = _ticked(word)
    if word in YES or word in NO:
        return word in YES
    if own := OWN.get(fact.name):  # 有 or 无 would be no answer to its question, unless they are among its words
        if word in own:
            return own[word]
        return _Moot(word) if fact.moot and word in THERE_IS_NOT else Unread("应填“是”或“否”")
    return word in THERE_IS if word in THERE_IS or word in THERE_IS_NOT else Unread("应填“是”或“否”")


def _settled(fact: Fact, moot: _Moot, without: Sequence[Any], known: Mapping[str, Sequence[Any]], at: int) -> Any:
    """What 不适用 means in a row: the fact's own answer while the fact that it hangs on is 否, otherwise blank."""
    if fact.moot and without and without[at] is False:
        return fact.moot.value
    taken = known.get("takes_prepayment", ())
    if fact.name in _about_prepayments() and taken and taken[at] is True:
        return Unread(f"已填收取预付费，这一项却填“{moot.says}”，请补填")
    return None if moot.says in NOT_APPLICABLE else Unread("应填“是”或“否”")


@cache
def _about_prepayments() -> frozenset[str]:
    implied = {name for settled in declared()["takes_prepayment"].implies.values() for name in settled}
    moot = {fact.name for fact in declared().values() if fact.moot and fact.moot.without == "takes_prepayment"}
    return frozenset(implied | moot)


# --- dates

_DATE = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})[日号]?(?:T?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_CHINESE_DATE = re.compile(
    r"([零〇○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]"
)
_NO_YEAR = re.compile(r"\d{1,2}(?:月|[-/.])\d{1,2}[日号]?")
_NO_DAY = re.compile(r"\d{4}(?:年|[-/.])\d{1,2}月?")
_SHORT_YEAR = re.compile(r"\d{2}(?:[-/.]|年)\d{1,2}(?:[-/.]|月)\d{1,2}[日号]?")


def _read_date(fact: Fact, text: str, word: str) -> Any:
    if word.isdecimal() and len(word) <= 8:
        return _date_of_number(int(word))
    if chinese := _CHINESE_DATE.fullmatch(word):
        return _calendar(*(int(numeral(part)) for part in chinese.groups()))
    if plain := _DATE.fullmatch(word):
        return _calendar(*map(int, plain.groups()))
    if _NO_YEAR.fullmatch(word):
        return Unread("没有写年份，不能确定日期")
    if _NO_DAY.fullmatch(word):
        return Unread("没有写到日，不能确定日期")
    if _SHORT_YEAR.fullmatch(word):
        return Unread("年份只有两位，请写四位年份")
    return Unread("看不出日期，请写成 2022-05-31")


def _date_of_number(number: int | float) -> Any:
    """A number in a column of dates: 20220531, or the serial day of a spreadsheet (44712) of the years 2000 to 2099."""
    if number == int(number) and (compact := _COMPACT.fullmatch(str(int(number)))):
        return _calendar(*map(int, compact.groups()))
    if 36_526 <= number < 73_051:
        return date(1899, 12, 30) + timedelta(days=int(number))
    return Unread("看不出日期，请写成 2022-05-31")


def _calendar(year: int, month: int, day: int) -> Any:
    try:
        return date(year, month, day) if 1900 <= year < 2100 else Unread("年份不合理，请核对")
    except ValueError:
        return Unread("日历上没有这一天")


# --- persons and names


def _read_persons(fact: Fact, text: str, word: str) -> Any:
    word = _ticked(word)
    if word in NO or word in THERE_IS_NOT:
        return ()
    if word in YES or word in THERE_IS or word == UNNAMED:
        return (UNNAMED,)
    roles: set[str] = set()
    names: list[str] = []
    for part in filter(None, map(folded, _BETWEEN.split(text.strip("。;；,. ")))):
        found = _roles_of(part)
        roles |= set(found)
        if not found:
            names.append(part)
    if names:
        return _Named(tuple(roles), tuple(names))
    return tuple(person for person in PERSONS if person in roles)


def _roles_of(part: str) -> tuple[str, ...]:
    """The roles that a part of the cell consists of: 法人, 法定代表人和投资人, 院长(王某)."""
    bare = re.sub(r"\([^()]*\)", "", part)
    inside = re.search(r"\(([^()]*)\)", part)
    for words in (part, bare, inside[1] if inside else ""):
        if words in ROLES:
            return (ROLES[words],)
        rest = _ROLES_IN_A_ROW.sub("", words)
        if words and rest in ("", "和", "及", "与", "兼", "本人"):
            return tuple(ROLES[word] for word in _ROLES_IN_A_ROW.findall(words))
    return ()


def _identified(named: _Named, known: Mapping[str, Sequence[Any]], at: int) -> Any:
    """The roles of the persons named, looked up among those of the row."""
    holders: dict[str, set[str]] = {}
    for fact, role in HOLDERS.items():
        if (column := known.get(fact)) and column[at]:
            for holder in _BETWEEN.split(column[at]):
                holders.setdefault(folded(holder), set()).add(role)
    roles = set(named.roles)
    for name in named.names:
        stated = next(
            (word for word in ROLES if name.startswith(word) and name.removeprefix(word).strip(":：") in holders), None
        )
        found = {ROLES[stated]} if stated else holders.get(name)
        if not found:
            parts = re.split("[和及与]", name)
            found = set().union(*(holders.get(part, ()) for part in parts)) if all(map(holders.get, parts)) else None
        if not found:
            return Unread(f"“{name[:20]}”不是投资人、法定代表人、主要负责人或机构，看不出指谁")
        roles |= found
    return tuple(person for person in PERSONS if person in roles)


def _read_names(fact: Fact, text: str, word: str) -> Any:
    for yes, no in ((YES, NO), (THERE_IS, THERE_IS_NOT)):
        if word in yes or word in no:
            return word in yes
    own = OWN.get(fact.name, {})
    if word in own:
        return own[word]
    if re.fullmatch(r"(?:有|共)?(?:\d+|[一二两三四五六七八九十]+)(?:家|个)", word):
        return Noted(True, "只写了数量，请补写名称")
    names = tuple(" ".join(part.split()) for part in re.split(r"[、,，;；\n]+", text) if part.strip())
    if all(_BUSINESS.search(folded(name)) for name in names):
        return names
    return Unread("看不出有没有关联公司；有则写公司全称，几家用顿号隔开，没有则写“否”")
