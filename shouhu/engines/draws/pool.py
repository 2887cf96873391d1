"""What is drawn from: objects in groups with a rate or a number each, inspectors, and who may not inspect what."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

HEAVIEST = 1_000_000
LONGEST = 200
"""Characters of an id, a name or a witness's words."""
_RATE = re.compile(r"\d{1,9}(?:\.\d{1,9})?%?|\d{1,9}/[1-9]\d{0,8}")


class BadDraw(Exception):
    """A pool that nothing can be drawn from, or a file that is no draw; ``str()`` says what to mend, in Chinese."""


@dataclass(frozen=True)
class Group:
    """
    Objects that are drawn at the same rate: a share of them (rounded up, a rate is a minimum) or a number.

    :raises BadDraw: both or neither, a rate outside 0 to 1.
    """

    name: str
    rate: Fraction | None = None
    number: int | None = None

    def __post_init__(self) -> None:
        word(self.name, "类别名称")
        if (self.rate is None) == (self.number is None):
            raise BadDraw(f"类别“{self.name}”要写抽取比例或抽取数量，只写一项")
        if self.rate is not None and not 0 <= self.rate <= 1:
            raise BadDraw(f"类别“{self.name}”的比例应在0到100%之间")
        if self.number is not None and not _is_count(self.number):
            raise BadDraw(f"类别“{self.name}”的数量应是整数，不小于0")

    def n_drawn(self, size: int) -> int:
        """This function will give how many of so many objects are drawn."""
        if self.number is not None:
            return self.number
        assert self.rate is not None
        return -(-size * self.rate.numerator // self.rate.denominator)

    def as_json(self) -> dict[str, Any]:
        """This function will give the group as the file has it: a rate in lowest terms, ``3/10``, ``1/1``."""
        if self.rate is None:
            return {"name": self.name, "number": self.number}
        return {"name": self.name, "rate": f"{self.rate.numerator}/{self.rate.denominator}"}


@dataclass(frozen=True)
class Candidate:
    """
    An object that may be drawn; within its group the chance of each next draw is in proportion to its weight.

    :raises BadDraw: an id or name that is empty or too long, a weight that is no whole number from 1 on.
    """

    id: str
    name: str
    group: str
    weight: int = 1

    def __post_init__(self) -> None:
        word(self.id, "对象编号")
        word(self.name, f"对象{self.id}的名称")
        if not _is_count(self.weight) or not 1 <= self.weight <= HEAVIEST:
            raise BadDraw(f"对象{self.id}的权重应是1到{HEAVIEST}的整数")


@dataclass(frozen=True)
class Pool:
    """
    All that is sealed but the seed. Whatever order things are given in, they are kept by name and id (code points).

    :param inspectors: their codes; no personal data is needed.
    :param conflicts: pairs of inspector and object id (回避).
    :raises BadDraw: a name twice, a name that is nowhere declared, more to be drawn than there is.
    """

    title: str
    groups: tuple[Group, ...]
    objects: tuple[Candidate, ...]
    inspectors: tuple[str, ...]
    team_size: int
    conflicts: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", tuple(sorted(self.groups, key=lambda one: one.name)))
        object.__setattr__(self, "objects", tuple(sorted(self.objects, key=lambda one: one.id)))
        object.__setattr__(self, "inspectors", tuple(sorted(self.inspectors)))
        object.__setattr__(self, "conflicts", tuple(sorted(set(self.conflicts))))
        word(self.title, "抽查名称")
        for inspector in self.inspectors:
            word(inspector, "检查人员编号")
        _once((group.name for group in self.groups), "类别")
        _once((one.id for one in self.objects), "对象编号")
        _once(self.inspectors, "检查人员")
        self._check_numbers()
        self._check_conflicts()

    def barred(self) -> dict[str, set[str]]:
        """This function will give, by object, the inspectors that may not inspect it."""
        found: dict[str, set[str]] = {}
        for inspector, one in self.conflicts:
            found.setdefault(one, set()).add(inspector)
        return found

    def short(self) -> dict[str, int]:
        """This function will give the objects that no full team may inspect, with how many inspectors each would lack."""
        barred = self.barred()
        left = {one.id: len(self.inspectors) - len(barred.get(one.id, ())) for one in self.objects}
        return {name: self.team_size - n for name, n in left.items() if n < self.team_size}

    def as_json(self) -> dict[str, Any]:
        """This function will give the pool as the file has it."""
        return {
            "title": self.title,
            "groups": [group.as_json() for group in self.groups],
            "objects": [
                {"id": one.id, "name": one.name, "group": one.group, "weight": one.weight} for one in self.objects
            ],
            "inspectors": list(self.inspectors),
            "team_size": self.team_size,
            "conflicts": [{"inspector": inspector, "object": one} for inspector, one in self.conflicts],
        }

    def _check_numbers(self) -> None:
        sizes = Counter(one.group for one in self.objects)
        known = {group.name for group in self.groups}
        if unknown := next((one for one in self.objects if one.group not in known), None):
            raise BadDraw(f"对象{unknown.id}的类别“{unknown.group}”没有写比例或数量")
        for group in self.groups:
            if group.n_drawn(sizes[group.name]) > sizes[group.name]:
                raise BadDraw(f"类别“{group.name}”只有{sizes[group.name]}个对象，不能抽{group.number}个")
        if not _is_count(self.team_size) or not self.team_size:
            raise BadDraw("每组检查人员的人数应是整数，不小于1")
        if len(self.inspectors) < self.team_size:
            raise BadDraw(f"检查人员只有{len(self.inspectors)}人，不够一组{self.team_size}人")

    def _check_conflicts(self) -> None:
        inspectors, objects = set(self.inspectors), {one.id for one in self.objects}
        for inspector, one in self.conflicts:
            if inspector not in inspectors:
                raise BadDraw(f"回避关系里的检查人员“{inspector}”不在检查人员名单里")
            if one not in objects:
                raise BadDraw(f"回避关系里的对象“{one}”不在对象名单里")


def pool_of(data: Any) -> Pool:
    """
    This function will read a pool from plain lists and dicts, as YAML and JSON give them and the file documents them.

    Rates may be written 30%, 3/10, 0.3 or 全部; ``weight`` is 1 where it is left out, ``conflicts`` may be left out.

    :raises BadDraw: anything missing, unknown or of another kind.
    """
    given = _fields(data, "对象池", ("title", "groups", "objects", "inspectors", "team_size"), ("conflicts",))
    groups = [_fields(row, "类别", ("name",), ("rate", "number")) for row in _rows(given["groups"], "groups")]
    objects = [_fields(row, "对象", ("id", "name", "group"), ("weight",)) for row in _rows(given["objects"], "objects")]
    pairs = [
        _fields(row, "回避关系", ("inspector", "object")) for row in _rows(given.get("conflicts", []), "conflicts")
    ]
    return Pool(
        given["title"],
        tuple(Group(row["name"], _rate(row), row.get("number")) for row in groups),
        tuple(Candidate(row["id"], row["name"], row["group"], row.get("weight", 1)) for row in objects),
        tuple(word(one, "检查人员编号") for one in _rows(given["inspectors"], "inspectors")),
        given["team_size"],
        tuple((word(row["inspector"], "检查人员编号"), word(row["object"], "对象编号")) for row in pairs),
    )


def _rate(row: Mapping[str, Any]) -> Fraction | None:
    said = row.get("rate")
    if said is None:
        return None
    text = str(said).strip()
    if text == "全部":
        return Fraction(1)
    if not _RATE.fullmatch(text):
        raise BadDraw(f"类别“{row['name']}”的比例“{text}”读不懂，请写成30%、3/10或全部")
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def _fields(row: Any, what: str, needed: Sequence[str], optional: Sequence[str] = ()) -> Mapping[str, Any]:
    if not isinstance(row, Mapping):
        raise BadDraw(f"{what}应写成若干项“名称: 值”")
    if missing := [key for key in needed if key not in row]:
        raise BadDraw(f"{what}缺少{'、'.join(missing)}")
    if unknown := [str(key) for key in row if key not in (*needed, *optional)]:
        raise BadDraw(f"{what}里有不认识的项{'、'.join(unknown)}")
    return row


def _rows(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise BadDraw(f"{what}应是一个列表")
    return value


def word(value: Any, what: str) -> str:
    """
    This function will make sure of a text that can be sealed: some characters, none of which controls a screen or a printer.

    :raises BadDraw: anything else.
    """
    if not isinstance(value, str):
        raise BadDraw(f"{what}应是文字，{value!r}要加引号")
    if not value.strip() or len(value) > LONGEST or any(unicodedata.category(c) in ("Cc", "Cs") for c in value):
        raise BadDraw(f"{what}应是1到{LONGEST}个字，不含换行等控制字符")
    return value


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _once(names: Iterable[str], what: str) -> None:
    if twice := next((name for name, n in Counter(names).items() if n > 1), None):
        raise BadDraw(f"{what}“{twice}”重复了")
