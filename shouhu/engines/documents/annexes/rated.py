"""A register with its ratings, in the orders that the annexes need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from shouhu.engines.documents.annexes import wording
from shouhu.engines.documents.annexes.styles import Tinted
from shouhu.engines.documents.annexes.workbook import Cell
from shouhu.engines.documents.register import Register
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.ratings import SEVERITY, Ratings

NO_TOWN = "未填镇街"
ON_THE_LIST = ("red", "orange", "yellow")
RANKS = {name: rank for rank, name in enumerate(SEVERITY)}

Tick = Callable[[], None]
"""Called once for every institution that has been written."""


def nothing() -> None:
    """This function will do nothing: the tick of a caller who does not ask for progress."""


@dataclass(frozen=True)
class Rated:
    """A register, how it was rated, on which day, and the office that reports (填报单位, may be empty)."""

    register: Register
    ratings: Ratings
    as_of: date
    unit: str = ""

    def __len__(self) -> int:
        return len(self.register)

    def fact(self, name: str, row: int) -> Any:
        """This function will give the value of a fact in a row; None where it is not known."""
        return self.register.columns[name][row]

    def cell(self, name: str, row: int) -> Cell:
        """This function will give the value of a fact in a row as a register writes it."""
        return wording.cells(declared()[name], [self.fact(name, row)])[0]

    def grade(self, row: int) -> Tinted:
        """This function will give the 等级 of a row as it is printed."""
        return wording.grade(self.colours[row], self.grades[row])

    def is_unregistered(self, row: int) -> bool:
        """This function will say whether a row is an unregistered site; what is not known does not count as one."""
        return bool(self.register.columns["registered"][row] == "未登记")

    @cached_property
    def colours(self) -> list[str]:
        """The colour of every row: what fired."""
        return self.ratings.colours

    @cached_property
    def grades(self) -> list[str]:
        """What the lists go by, for every row: the higher of the colour and the proven bound (COL-8)."""
        return self.ratings.listed

    @cached_property
    def towns(self) -> list[str]:
        """The town of every row."""
        return [town or NO_TOWN for town in self.register.columns["township"]]

    @cached_property
    def town_order(self) -> dict[str, int]:
        """The towns in the order in which the register names them first, rows without a town last."""
        names = dict.fromkeys(self.towns)
        names.pop(NO_TOWN, None)
        return {town: at for at, town in enumerate((*names, NO_TOWN))}

    @cached_property
    def ranked(self) -> list[int]:
        """Every row, from high to low, then by town."""
        grades, towns, order = self.grades, self.towns, self.town_order
        return sorted(range(len(self)), key=lambda row: (RANKS[grades[row]], order[towns[row]]))

    @cached_property
    def listed(self) -> list[int]:
        """The rows of the 红橙黄 list, from high to low, then by town."""
        return [row for row in self.ranked if self.grades[row] in ON_THE_LIST]

    @cached_property
    def pending(self) -> list[int]:
        """The rows that are 待研判 or 待查."""
        return [row for row in self.ranked if self.grades[row] in ("decide", "unknown")]

    @cached_property
    def by_town(self) -> dict[str, list[int]]:
        """The rows of every town; towns in their order."""
        rows: dict[str, list[int]] = {town: [] for town in self.town_order}
        for row, town in enumerate(self.towns):
            rows[town].append(row)
        return {town: found for town, found in rows.items() if found}

    @cached_property
    def large(self) -> list[bool | None]:
        """Whether a large prepayment is taken, as the rule set derives it; None where not known or not defined."""
        if all(derived.name != "large_prepayment" for derived in self.ratings.ruleset.derived):
            return [None] * len(self)
        return list(self.ratings.derived("large_prepayment"))


def ticking(rows: Iterable[int], tick: Tick) -> Iterator[int]:
    """This function will pass the rows on and tick after each."""
    for row in rows:
        yield row
        tick()
