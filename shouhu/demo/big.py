"""A canonical register of any size, for the bars on speed: the district's institutions again and again, renamed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from shouhu.demo import names, stories
from shouhu.demo.dice import Dice
from shouhu.demo.district import Institution, district
from shouhu.demo.hands import Hand
from shouhu.engines.rules.facts import Fact, declared
from shouhu.engines.rules.values import UNNAMED, Approximate

_GREEN = (stories.CALM, stories.SMALL_PREPAYMENT, stories.UNDATED)
_NEITHER = (stories.RELATED_ONLY, stories.LONG_PREPAYMENT)
"""Green or not, according to the rule set."""
_TYPES: dict[str, Any] = {
    "yes_no": pl.Boolean,
    "money": pl.Float64,
    "count": pl.Float64,
    "months": pl.Float64,
    "date": pl.Date,
    "persons": pl.List(pl.String),
    "names": pl.List(pl.String),
}


def write_big_register(path: Path, rows: int = 100_000, seed: int = 1, *, as_of: date) -> Path:
    """
    This function will write a register with one column per declared fact; every other row is not green.

    A path that ends in .parquet gets typed columns by fact name (approximate figures by their lower bound, since a
    column of numbers cannot hold them); any other becomes an .xlsx with the canonical titles.
    """
    invented = [one for one in district(seed, as_of=as_of).institutions if one.story not in _NEITHER]
    if path.suffix == ".parquet":
        _write_parquet(path, invented, rows, seed)
    else:
        _write_xlsx(path, invented, rows, seed, as_of)
    return path


def _drawn(invented: Sequence[Institution], rows: int, seed: int) -> Iterator[tuple[int, dict[str, str | None]]]:
    """Places of institutions drawn by lot, green and not green in turn, each under a name of its own."""
    dice = Dice(seed)
    green = [place for place, one in enumerate(invented) if one.story in _GREEN]
    other = [place for place, one in enumerate(invented) if one.story not in _GREEN]
    for number in range(rows):
        place = dice.pick(other if number % 2 else green)
        facts = invented[place].facts
        yield (
            place,
            {
                "name": f"{facts['name']}{number + 1}号",
                "uscc": facts["uscc"] and names.uscc(facts["uscc"][:2], 10_000_000 + number),
                "address": f"{facts['address']}{number + 1}室",
                "phone": names.phone(dice),
            },
        )


def _write_parquet(path: Path, invented: Sequence[Institution], rows: int, seed: int) -> None:
    facts = declared()
    schema = {name: _TYPES.get(fact.type, pl.String) for name, fact in facts.items()}
    columns = {name: [_typed(fact, one.facts[name]) for one in invented] for name, fact in facts.items()}
    places, own = zip(*_drawn(invented, rows, seed), strict=True)
    table = pl.DataFrame(columns, schema=schema)[list(places)]
    table.with_columns(pl.DataFrame(own).get_columns()).write_parquet(path, row_group_size=100_000)


def _typed(fact: Fact, value: Any) -> Any:
    if isinstance(value, Approximate):
        return value.low
    if fact.type == "names" and isinstance(value, bool):
        return [UNNAMED] if value else []
    return list(value) if isinstance(value, tuple) else value


def _write_xlsx(path: Path, invented: Sequence[Institution], rows: int, seed: int, as_of: date) -> None:
    facts = list(declared().values())
    places = {fact.name: place for place, fact in enumerate(facts)}
    hand = Hand()
    written = [[hand.write(fact, one.facts[fact.name]) for fact in facts] for one in invented]
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        book.set_properties({"created": datetime.combine(as_of, time())})
        page = book.add_worksheet("演示数据")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for place, fact in enumerate(facts):
            page.write_string(0, place, fact.heading)
        for number, (which, own) in enumerate(_drawn(invented, rows, seed), start=1):
            cells = written[which].copy()
            for name, text in own.items():
                cells[places[name]] = text
            for place, cell in enumerate(cells):
                if isinstance(cell, str):
                    page.write_string(number, place, cell)
                elif isinstance(cell, date):
                    page.write_datetime(number, place, cell, day)
                elif cell is not None:
                    page.write_number(number, place, cell)
