"""《养老服务诈骗风险隐患排查工作进度表》: 001's 附件2, a line a town and a total; the columns are our proposal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shouhu.engines.documents.annexes import wording
from shouhu.engines.documents.annexes.layout import A3_LANDSCAPE, Column, Heading, Table
from shouhu.engines.documents.annexes.rated import Rated, Tick, nothing, ticking
from shouhu.engines.documents.annexes.workbook import Cell, workbook
from shouhu.engines.rules import words
from shouhu.engines.rules.values import Approximate

TITLE = "养老服务诈骗风险隐患排查工作进度表"
ANNEX = {"001": "附件2"}
UNTOLD = "—"
"""Stands where a register alone cannot tell."""

COLUMNS = (
    Column(("镇街",), 16, "centre"),
    Column(("应排查数", "合计"), 8, "count"),
    Column(("应排查数", "已登记备案"), 8, "count"),
    Column(("应排查数", "已登记未备案"), 8, "count"),
    Column(("应排查数", "未登记"), 8, "count"),
    Column(("应排查数", "登记备案不明"), 8, "count"),
    Column(("已排查数",), 8, "count"),
    Column(("完成率",), 10, "share"),
    Column(("新增数",), 8, "count"),
    Column(("“四看”复查", "①信息全面准确"), 14, "own"),
    Column(("“四看”复查", "②与民政统计一致"), 10, "centre"),
    Column(("“四看”复查", "③部门共享补齐"), 10, "centre"),
    Column(("“四看”复查", "④新成立已纳入"), 10, "centre"),
    *(
        Column(("风险等级", words.colour(name)), 8, "count")
        for name in ("green", "yellow", "orange", "red", "unknown", "decide")
    ),
    Column(("收取大额预付费情况", "机构数"), 8, "count"),
    Column(("收取大额预付费情况", "人数"), 12, "count"),
    Column(("收取大额预付费情况", "金额（元）"), 24, "money"),
    Column(("备注",), 34, "own"),
)

NOTES = (
    "说明：1.应排查数为台账所列家数，已排查数为填有排查日期的家数；完成率不四舍五入，不足百分之百的不显示为100%。"
    "2.“四看”中②③④须与民政统计、公安和市场监管等部门共享信息、排查期间新成立机构名单比对，单凭台账不能得出，以“—”表示；"
    "①为台账内待补正的家数（待查、疑似重复或前后矛盾的），信息是否准确仍须实地复核。",
    "3.风险等级按名单口径统计：只能确定下限（至少某色）的，计入该下限颜色。4.收取大额预付费情况只计能够判定的机构，"
    "人数、金额为其大额预付费人数、预付费总额之和；有约数的以“最小值-最大值”表示；未填的不计入，在备注中说明。",
)


def write(path: Path, rated: Rated, tick: Tick = nothing, *, new: frozenset[int] | None = None) -> None:
    """
    This function will write the progress of every town.

    :param new: the rows that the previous run did not have; None where there is no previous run to compare with.
    """
    counts = [_count(town, ticking(rows, tick), rated, new) for town, rows in rated.by_town.items()]
    with workbook(path, as_of=rated.as_of) as book:
        annex = ANNEX.get(rated.ratings.ruleset.id, "")
        basis = wording.basis(rated.ratings.ruleset, rated.as_of)
        heading = Heading(TITLE, rated.unit, rated.as_of, annex, "家、人、元", (basis,))
        table = Table(book, "排查工作进度", heading, COLUMNS, A3_LANDSCAPE, frozen=1)
        for count in counts:
            table.line(count.line())
        table.line(_summed(counts).line(), total=True)
        new_says = (
            "新增数为与上期台账比对新出现的家数。" if new is not None else "新增数须有上期结果方可比对，本期以“—”表示。"
        )
        table.finish(*NOTES[:-1], NOTES[-1] + f"5.{new_says}")


@dataclass
class _Sum:
    """A sum of figures of which some are approximate and some not known."""

    low: float = 0
    high: float = 0
    n_unknown: int = 0

    def add(self, value: Any) -> None:
        if value is None:
            self.n_unknown += 1
        elif isinstance(value, Approximate):
            self.low, self.high = self.low + value.low, self.high + value.high
        else:
            self.low, self.high = self.low + value, self.high + value

    def merge(self, other: _Sum) -> None:
        self.low, self.high = self.low + other.low, self.high + other.high
        self.n_unknown += other.n_unknown

    def shown(self) -> Cell:
        return self.low if self.low == self.high else f"{words.plain(self.low)}-{words.plain(self.high)}"


class _Count:
    """What is counted of one town."""

    def __init__(self, town: str) -> None:
        self.town = town
        self.kinds = {"已登记备案": 0, "已登记未备案": 0, "未登记": 0, "不明": 0}
        self.n_surveyed = 0
        self.n_new: int | None = None
        self.n_to_mend = 0
        self.colours = dict.fromkeys(words.COLOUR, 0)
        self.n_large = 0
        self.n_large_unknown = 0
        self.payers, self.sum = _Sum(), _Sum()

    @property
    def n(self) -> int:
        return sum(self.kinds.values())

    def line(self) -> tuple[Cell, ...]:
        share = self.n_surveyed * 10_000 // self.n / 10_000 if self.n else None
        return (
            self.town, self.n, *self.kinds.values(), self.n_surveyed, share, UNTOLD if self.n_new is None else self.n_new,
            f"待补正{self.n_to_mend}家" if self.n_to_mend else "无待补正", UNTOLD, UNTOLD, UNTOLD,
            *(self.colours[name] for name in ("green", "yellow", "orange", "red", "unknown", "decide")),
            self.n_large, self.payers.shown(), self.sum.shown(), self._remark(),
        )  # fmt: skip

    def _remark(self) -> str:
        told = (
            (self.n_large_unknown, "家是否收取大额预付费不明"),
            (self.payers.n_unknown, "家大额预付费人数未填"),
            (self.sum.n_unknown, "家预付费总额未填"),
        )
        return "；".join(f"{n}{says}" for n, says in told if n)


def _count(town: str, rows: Iterable[int], rated: Rated, new: frozenset[int] | None) -> _Count:
    count = _Count(town)
    columns = rated.register.columns
    registered, filed, surveyed = columns["registered"], columns["filed"], columns["surveyed_on"]
    n_new = 0
    for row in rows:
        count.kinds[_kind(registered[row], filed[row])] += 1
        count.n_surveyed += surveyed[row] is not None
        n_new += new is not None and row in new
        count.n_to_mend += rated.colours[row] == "unknown" or not _DOUBTFUL.isdisjoint(rated.register.flags[row])
        count.colours[rated.grades[row]] += 1
        if rated.large[row]:
            count.n_large += 1
            count.payers.add(columns["n_large_prepayers"][row])
            count.sum.add(columns["prepaid_total"][row])
        elif rated.large[row] is None:
            count.n_large_unknown += 1
    count.n_new = None if new is None else n_new
    return count


_DOUBTFUL = {"duplicate", "contradiction"}


def _kind(registered: str | None, filed: str | None) -> str:
    if registered == "未登记":
        return "未登记"
    if registered is None or filed is None:
        return "不明"
    return "已登记备案" if filed == "已备案" else "已登记未备案"


def _summed(counts: Sequence[_Count]) -> _Count:
    total = _Count("合计")
    for count in counts:
        for kind, n in count.kinds.items():
            total.kinds[kind] += n
        for name, n in count.colours.items():
            total.colours[name] += n
        total.n_surveyed += count.n_surveyed
        total.n_to_mend += count.n_to_mend
        total.n_large += count.n_large
        total.n_large_unknown += count.n_large_unknown
        total.payers.merge(count.payers)
        total.sum.merge(count.sum)
        if count.n_new is not None:
            total.n_new = (total.n_new or 0) + count.n_new
    return total
