"""002-10's two 《…诈骗风险隐患排查情况统计表》: institutions, and unregistered sites; the columns are our proposal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_DOWN, Decimal
from pathlib import Path

from shouhu.engines.documents.annexes import wording
from shouhu.engines.documents.annexes.layout import A3_LANDSCAPE, Column, Heading, Table
from shouhu.engines.documents.annexes.rated import Rated, Tick, nothing, ticking
from shouhu.engines.documents.annexes.styles import Style, Tinted, Value
from shouhu.engines.documents.annexes.workbook import Cell, workbook
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.values import Approximate

INSTITUTIONS_TITLE = "养老服务机构诈骗风险隐患排查情况统计表"
SITES_TITLE = "未经登记开展养老服务场所诈骗风险隐患排查情况统计表"
INSTITUTIONS_ANNEX = {"002-10": "附件2"}
SITES_ANNEX = {"002-10": "附件3"}

Fill = Callable[[Rated], Sequence[Value]]
"""Gives a column's value for every row of the register."""

_STYLES: dict[str, Style] = {"money": "money", "count": "count", "months": "count", "date": "date", "text": "text"}
_SHORT = ("uscc", "township", "legal_representative", "investor", "principal", "surveyor", "survey_method")


def _fact(name: str, width: float, *group: str, title: str = "") -> tuple[Column, Fill]:
    fact = declared()[name]
    style = "centre" if name in _SHORT else _STYLES.get(fact.type, "centre")
    return Column((*group, title or fact.heading), width, style), lambda rated: wording.cells(
        fact, rated.register.columns[name]
    )


def _own(
    title: str, width: float, style: Style, fill: Callable[[Rated, int], Value], *group: str
) -> tuple[Column, Fill]:
    return Column((*group, title), width, style), lambda rated: [fill(rated, row) for row in range(len(rated))]


def _blank(title: str, width: float, *group: str) -> tuple[Column, Fill]:
    """A column that no register holds: for the office to fill in."""
    return Column((*group, title), width), lambda rated: [None] * len(rated)


def times_the_fee(rated: Rated, row: int) -> Cell:
    """
    This function will give 最高倍数, the highest single prepayment over the monthly fee; None where either is unknown.

    Cut off after two digits and never rounded up, so that what is not large does not look it (002-10 三(二)2).
    """
    paid, fee = rated.fact("max_prepayment", row), rated.fact("monthly_fee", row)
    if paid is None or fee is None:
        return None
    low, high = _bounds(paid)
    least, most = _bounds(fee)
    if least <= 0:
        return None
    first, last = _cut(low, most), _cut(high, least)
    return first if first == last else f"{first}-{last}"


def _bounds(value: float | Approximate) -> tuple[float, float]:
    return (value.low, value.high) if isinstance(value, Approximate) else (value, value)


def _cut(paid: float, fee: float) -> float:
    return float((Decimal(str(paid)) / Decimal(str(fee))).quantize(Decimal("0.01"), ROUND_DOWN))


def opinion(rated: Rated, row: int) -> str:
    """This function will propose the 处理意见 in the two cases that the plans speak of (CLR-2); else 研判."""
    large, stable = rated.large[row], rated.fact("stable", row)
    if large is False and stable is True:
        return "建议：督促办理登记"
    if large is True and stable is False:
        return "建议：责令退还资金、联合执法"
    return "待研判" if large is not None and stable is not None else "待核实"


def _grade(rated: Rated, row: int) -> Tinted:
    return rated.grade(row)


_PREPAID = "预付费"
_THREE_YEARS = "近三年"
INSTITUTIONS = (
    _fact("name", 28), _fact("uscc", 21), _fact("address", 36), _fact("township", 11),
    _fact("kind", 12), _fact("operation", 9),
    _fact("registered", 8, "登记、备案"), _fact("filed", 8, "登记、备案"),
    _fact("n_beds", 7), _fact("n_residents", 9),
    _fact("legal_representative", 9), _fact("investor", 12), _fact("principal", 9),
    _fact("prosecuted", 11, "重点风险信息"), _fact("complained", 11, "重点风险信息"), _fact("blacklisted", 11, "重点风险信息"),
    _fact("marketing", 14), _fact("charging", 12), _fact("monthly_fee", 16),
    _fact("takes_prepayment", 12, _PREPAID), _own("最高倍数", 8, "ratio", times_the_fee, _PREPAID),
    _fact("prepaid_months", 7, _PREPAID), _fact("n_prepayers", 8, _PREPAID), _fact("prepaid_total", 16, _PREPAID),
    _fact("funds_use", 21, _PREPAID), _blank("资金存管", 9, _PREPAID),
    _fact("related_companies", 20), _fact("promises_return", 9), _fact("false_publicity", 9),
    _fact("n_new_outlets_3y", 8, _THREE_YEARS, title="新增网点数"), _fact("n_rep_changes_3y", 9, _THREE_YEARS, title="法定代表人变更次数"),
    _fact("n_address_changes_3y", 9, _THREE_YEARS, title="注册地变更次数"),
    _fact("assets", 17), _fact("liabilities", 17),
    _fact("survey_method", 9), _fact("surveyor", 10), _fact("surveyed_on", 12),
    _own("等级", 12, "own", _grade),
)  # fmt: skip
_SECOND_PAGE = 20
"""
From 预付费 on; 序号 and 名称 are printed again beside it. The first page is wider than the second, by less than its next
column, so that programs that fit two pages without heeding page breaks break here, too.
"""
SITES = (
    _fact("name", 30, title="场所名称"), _fact("address", 34), _fact("township", 13),
    _fact("legal_representative", 12, title="实际经营人"),
    _blank("名义（企业、社会服务机构、其他）", 16), _blank("开办时间", 13),
    _fact("n_residents", 8, title="收住人数"),
    _fact("n_prepayers", 10, _PREPAID, title="预付费人数"), _fact("prepaid_total", 18, _PREPAID),
    _own("运营状况", 12, "centre", lambda rated, row: {True: "平稳", False: "不平稳", None: None}[rated.fact("stable", row)]),
    _blank("发现来源", 12),
    _own("处理意见", 20, "own", opinion),
    _blank("包干人", 10), _blank("进展", 18), _blank("销号日期", 12),
    _own("等级", 13, "own", _grade),
)  # fmt: skip


INSTITUTIONS_NOTE = (
    "说明：“最高倍数”为单笔最高预付费除以月收费标准（舍去两位以后小数）；“资金存管”台账无此项，由填报单位补填；"
    "空白为未填或未能读出，不等于“否”；登记状态不明的列入本表。"
)
SITES_NOTE = (
    "说明：“名义”“开办时间”“发现来源”“包干人”“进展”“销号日期”台账无此项，由填报单位补填；空白为未填，不等于“否”。"
    "“处理意见”是对方案规定的两种情形提出的建议：运营平稳且没有收取大额预付费的督促登记，"
    "收取大额预付费且运营不平稳的责令退还、联合执法；其余须研判或核实。"
)


def write_institutions(path: Path, rated: Rated, tick: Tick = nothing) -> None:
    """This function will write the table of institutions: every row that is not known to be unregistered, by town."""
    with workbook(path, as_of=rated.as_of) as book:
        annex = INSTITUTIONS_ANNEX.get(rated.ratings.ruleset.id, "")
        heading = Heading(INSTITUTIONS_TITLE, rated.unit, rated.as_of, annex, "张、人、元")
        columns = _columns(INSTITUTIONS)
        table = Table(book, "养老服务机构", heading, columns, A3_LANDSCAPE, frozen=2, filtered=True, split=_SECOND_PAGE)
        _fill(table, INSTITUTIONS, rated, tick, unregistered=False)
        table.finish(INSTITUTIONS_NOTE)


def write_sites(path: Path, rated: Rated, tick: Tick = nothing) -> None:
    """This function will write the table of unregistered sites, by town."""
    with workbook(path, as_of=rated.as_of) as book:
        annex = SITES_ANNEX.get(rated.ratings.ruleset.id, "")
        heading = Heading(SITES_TITLE, rated.unit, rated.as_of, annex, "人、元")
        table = Table(book, "未经登记场所", heading, _columns(SITES), A3_LANDSCAPE, frozen=2, filtered=True)
        _fill(table, SITES, rated, tick, unregistered=True)
        table.finish(SITES_NOTE)


def _columns(fields: tuple[tuple[Column, Fill], ...]) -> tuple[Column, ...]:
    return Column(("序号",), 6, "count"), *(column for column, _ in fields)


def _fill(
    table: Table, fields: tuple[tuple[Column, Fill], ...], rated: Rated, tick: Tick, *, unregistered: bool
) -> None:
    """Write the rows of one kind, town by town."""
    filled = [fill(rated) for _, fill in fields]
    by_town = (row for rows in rated.by_town.values() for row in rows)
    rows = [row for row in by_town if rated.is_unregistered(row) is unregistered]
    for number, row in enumerate(ticking(rows, tick), 1):
        table.line((number, *[column[row] for column in filled]))
    if not rows:
        table.wide("本期没有此类机构或场所。")
