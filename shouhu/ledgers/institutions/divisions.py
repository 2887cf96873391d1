"""Names of towns and villages, as sheets write them, and the codes they stand for."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shouhu.ledgers.institutions.values import Facts
from shouhu.ledgers.units.codes import level_of, parent_of, span
from shouhu.ledgers.units.models import Division

_OFFICES = re.compile(r"(?:人民政府|办事处|村民委员会|社区居民委员会|居民委员会|村委会|社区居委会|居委会)$")
_KINDS = re.compile(r"(?:街道|镇|乡|苏木|社区|村|居)$")


@dataclass(frozen=True)
class Placed:
    """The code that names stand for (empty: none in range), and what was wrong: the fact and why."""

    code: str
    problem: tuple[str, str] | None = None


class Gazetteer:
    """The towns and villages inside one division, by name; what has two meanings has none."""

    def __init__(self, code: str) -> None:
        """This function will read the divisions of today inside a code."""
        self.code, self.level = code, level_of(code)
        low, high = span(code)
        rows = list(Division.objects.filter(code__gte=low, code__lt=high, to_on=None).order_by("code"))
        above = Division.objects.filter(code=parent_of(code), to_on=None).first()
        self.name = next((row.name for row in rows if row.code == code), code)
        self._before = (self.name, above.name) if above else (self.name,)
        self._towns: dict[str, set[str]] = defaultdict(set)
        self._villages: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in rows:
            level = level_of(row.code)
            for form in _forms(row.name):
                if level == "township":
                    self._towns[form].add(row.code)
                elif level == "neighbourhood":
                    self._villages["", form].add(row.code)
                    self._villages[row.code[:9], form].add(row.code)

    def place(self, township: str | None, neighbourhood: str | None) -> Placed:
        """This function will find the code of a town and village; what is not named stays at the wider code."""
        if self.level == "neighbourhood":
            return Placed(self.code)
        town = self.code if self.level == "township" else ""
        if township and not (self.level == "township" and self._is_here(township)):
            found = self._only(self._towns, lambda form: form, township)
            if not found:
                return Placed("", ("township", f"“{township}”不是{self.name}的镇街，或名称对不上，这一行不导入"))
            town = found
        if neighbourhood:
            within = town[:9]
            if village := self._only(self._villages, lambda form: (within, form), neighbourhood):
                return Placed(village)
            where = "该镇街" if town else self.name
            why = f"“{neighbourhood}”不是{where}的村居，或名称对不上，暂归到上一级"
            return Placed(town or self.code, ("neighbourhood", why))
        if not town:
            return Placed(self.code, ("township", f"没有填写所在镇街，暂归到{self.name}"))
        return Placed(town)

    def _is_here(self, name: str) -> bool:
        return bool(set(_forms(name)) & set(_forms(self.name)))

    def _only(self, known: dict[Any, set[str]], key: Any, name: str) -> str:
        """The one code that a name stands for, its exact form before the bare one; a county's name in front is dropped."""
        plain = _plain(name)
        spelled = [plain, *(plain.removeprefix(before) for before in self._before if plain.startswith(before))]
        for form in dict.fromkeys(form for text in spelled for form in _forms(text)):
            if len(codes := known.get(key(form), set())) == 1:
                return next(iter(codes))
        return ""


def names_of(codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """This function will give the names of town and village of each code ("" where it names none), in one query."""
    wanted = set(codes)
    asked = wanted | {parent_of(code) for code in wanted if level_of(code) == "neighbourhood"}
    names = dict(Division.objects.filter(code__in=asked, to_on=None).values_list("code", "name"))
    found = {}
    for code in wanted:
        if level_of(code) == "neighbourhood":
            found[code] = (names.get(parent_of(code), ""), names.get(code, code))
        else:
            found[code] = (names.get(code, code), "")
    return found


def facts_of(code: str) -> Facts:
    """This function will give the facts that a code settles: the names of its town and village."""
    return facts_of_many([code])[code]


def facts_of_many(codes: Iterable[str]) -> dict[str, Facts]:
    """This function will give the facts that each code settles, in one query; nothing where it names no town."""
    return {
        code: {"township": town or None, "neighbourhood": village or None}
        if level_of(code) in ("township", "neighbourhood")
        else {}
        for code, (town, village) in names_of(codes).items()
    }


def _forms(name: str) -> list[str]:
    """The forms of a name, from full to bare: 柳湾村村民委员会, 柳湾村, 柳湾."""
    plain = _plain(name)
    office = _OFFICES.sub("", plain)
    return list(dict.fromkeys(form for form in (plain, office, _KINDS.sub("", office)) if form))


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name))
