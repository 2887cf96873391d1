"""待核实问题清单: what is still open, to print and take along; one workbook a town, one block an institution."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from shouhu.engines.documents.annexes import wording
from shouhu.engines.documents.annexes.layout import A4_PORTRAIT, Column, Heading, Table, Wide
from shouhu.engines.documents.annexes.rated import Rated, Tick, nothing
from shouhu.engines.documents.annexes.workbook import Cell, workbook
from shouhu.engines.rules import words
from shouhu.engines.rules.facts import Fact, declared
from shouhu.engines.rules.ratings import Rating

Asked = tuple[int, Rating]
"""A row that has questions, with its rating."""

FOLDER = "待核实问题清单"
TITLE = "待核实问题清单"
MOST_TOWNS = 300
"""Towns with a workbook of their own; what a spoilt 所在镇街 column holds beyond them goes into one more."""
OTHER_TOWNS = "其余镇街"
ROOM_TO_WRITE = 30.0
"""Points; the least height of a line that is filled in by hand."""

COLUMNS = (
    Column(("序号",), 5, "count"),
    Column(("待核实的问题",), 40, "own"),
    Column(("核实结果（勾选或填写）",), 30, "own"),
    Column(("备注",), 13),
)
SIGN = "核实人签名：　　　　　　被询问人签名：　　　　　　日期：　　年　月　日"
NOTES = ("实地核实后勾选或填写，核实人、被询问人签名；问不到、查不清的写明原因。",)
_KNOWN = (
    "registered", "filed", "kind", "operation", "n_beds", "n_residents", "monthly_fee",
    "legal_representative", "principal", "investor", "phone", "surveyed_on",
)  # fmt: skip
_ANSWERS = {
    "yes_no": "是□　　否□",
    "money": "　　　　　　　　　　元",
    "date": "　　　　年　　月　　日",
    "persons": "否□　投资人□　法定代表人□\n主要负责人□　机构□",
    "names": "无□　有□，名称：",
}


def write(folder: Path, rated: Rated, tick: Tick = nothing) -> None:
    """This function will write the questions of every town that has any into ``folder`` (made anew)."""
    folder.mkdir()
    names: dict[str, str] = {}
    others: list[Asked] = []
    for town, rows in rated.by_town.items():
        asked = [(row, rating) for row in rows if rated.grades[row] != "green" and (rating := rated.ratings[row]).ask]
        if asked and len(names) < MOST_TOWNS:
            write_town(folder / _file_name(town, names), rated, town, asked, tick)
        else:
            others += asked
    if others:
        write_town(folder / _file_name(OTHER_TOWNS, names), rated, OTHER_TOWNS, others, tick)


def write_town(path: Path, rated: Rated, town: str, asked: Sequence[Asked], tick: Tick = nothing) -> None:
    """This function will write the questions of one town, for the rows given with their ratings."""
    heading = Heading(f"{TITLE}（{_shortened(town, 20)}）", rated.unit, rated.as_of, notes=NOTES)
    with workbook(path, as_of=rated.as_of) as book:
        table = Table(book, "待核实问题", heading, COLUMNS, A4_PORTRAIT, blocks=True, least=ROOM_TO_WRITE)
        for number, (row, rating) in enumerate(asked, 1):
            table.block(list(_block(number, row, rating, rated)))
            tick()
        table.finish()


def _file_name(town: str, names: dict[str, str]) -> str:
    """A name for a town's workbook; two towns whose names become one on disk do not share a file."""
    name = f"问题清单_{_safe(town)}"
    while names.setdefault(name.casefold(), town) != town:
        name += "_"
    return f"{name}.xlsx"


def _block(number: int, row: int, rating: Rating, rated: Rated) -> Iterator[tuple[Cell, ...] | Wide]:
    uscc = rated.fact("uscc", row)
    yield Wide(f"{number}．{rated.fact('name', row) or '（未填名称）'}" + (f"（{uscc}）" if uscc else ""), "lead")
    place = rated.fact("address", row) or "未填"
    at_most = (
        f"，最高可能{words.colour(rating.at_most)}" if rating.at_most and rating.at_most != rated.grades[row] else ""
    )
    known = [f"地址：{place}", f"目前等级：{rated.grade(row).text}{at_most}"]
    if said := [fired.says for fired in rating.fired] + [finding.says for finding in rating.findings]:
        known.append(f"已发现：{'；'.join(said)}")
    if told := "；".join(_known(row, rated)):
        known.append(f"已掌握：{told}")
    if rating.flags:
        known.append(wording.flagged(rating.flags))
    yield Wide("\n".join(known))
    facts = declared()
    for at, name in enumerate(rating.ask, 1):
        yield at, facts[name].ask, answer_space(facts[name]), None
    yield Wide(SIGN, "sign", 34)


def _known(row: int, rated: Rated) -> Iterator[str]:
    facts = declared()
    for name in _KNOWN:
        value = rated.cell(name, row)
        if value is not None:
            yield f"{facts[name].title}{value}{facts[name].unit or ''}"


def answer_space(fact: Fact) -> str:
    """This function will give the room for an answer that suits the type of a fact: boxes to tick, or a unit to write before."""
    if fact.choices:
        return "　".join(f"{choice}□" for choice in fact.choices)
    if fact.type in ("count", "months"):
        return f"　　　　　　　　　　{'个月' if fact.type == 'months' else fact.unit}"
    return _ANSWERS.get(fact.type, "")


def _safe(name: str) -> str:
    """A part of a file name that Windows, macOS and Linux all take, and that does not trick the eye."""
    name = unicodedata.normalize("NFC", name)
    kept = "".join("_" if unicodedata.category(c).startswith("C") else c for c in name)
    kept = re.sub(r'[<>:"/\\|?*\s]+', "_", kept).strip("._")
    return _shortened(kept, 40) or "_"


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + "…"
