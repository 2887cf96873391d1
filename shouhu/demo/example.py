"""The invented example that ``shouhu example`` writes: the district's register, and what its twelve towns sent in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from shouhu.demo import reports
from shouhu.demo.district import District, Institution, district
from shouhu.demo.hands import Hand
from shouhu.demo.sheets import Cell, Column, Sheet, save_xlsx
from shouhu.engines.rules.facts import Fact, declared

REGISTER = "示例台账.xlsx"
FOLDER = "各镇街报送"

_GROUPS = {  # the first fact of each group
    "name": "基本情况",
    "n_beds": "规模与收费",
    "takes_prepayment": "预付费情况",
    "assets": "资产与运营",
    "n_new_outlets_3y": "近三年变化",
    "false_publicity": "风险情形",
    "surveyed_on": "排查情况",
}
_TEN_THOUSANDS = dict.fromkeys(("prepaid_total", "assets", "liabilities"), "万元")
_HAND = Hand(money=_TEN_THOUSANDS)
_TOTALS = {"n_beds", "n_residents", "prepaid_total", "n_prepayers", "n_large_prepayers"}
_TOGETHER = ("苔岭乡", "栗坪乡")
"""Two small towns share a sheet."""


def write_example(folder: Path, *, as_of: date, seed: int = 1) -> list[Path]:
    """
    This function will write the invented example as of a day: the district's own register, and a folder with the
    workbooks of the twelve towns, each in the shape its office is used to.

    The same day and seed give the same bytes.
    """
    invented = district(seed, as_of=as_of)
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    register = save_xlsx(folder / REGISTER, list(_register(invented)), created=as_of)
    return [register, *reports.write_reports(folder / FOLDER, invented)]


def _register(invented: District) -> Sequence[Sheet]:
    """One sheet per town, the two smallest together: what the district's office keeps."""
    names = [(town.name,) for town in invented.townships if town.name not in _TOGETHER]
    return [_sheet(invented, towns) for towns in [*names, _TOGETHER]]


def _sheet(invented: District, towns: tuple[str, ...]) -> Sheet:
    institutions = [one for town in towns for one in invented.institutions if one.township.name == town]
    return Sheet(
        name="、".join(towns),
        above=(
            f"{invented.name}养老服务诈骗风险隐患排查台账（演示数据）",
            f"填报单位：{invented.name}民政局　　镇街：{'、'.join(towns)}　　填报日期：{invented.as_of.isoformat()}",
        ),
        columns=[Column("序号", width=6), *(_column(fact) for fact in declared().values()), Column("备注", width=16)],
        rows=[_row(number, one) for number, one in enumerate(institutions, start=1)],
        total="合计",
        below=("注：1.本表为演示数据，机构、人员、电话均为虚构。2.空白表示尚未了解。3.“30余”“约200”为现场口述数字。",),
    )


def _column(fact: Fact) -> Column:
    unit = _TEN_THOUSANDS.get(fact.name)
    return Column(
        heading=f"{fact.title}（{unit}）" if unit else fact.heading,
        group=next(group for first, group in reversed(_GROUPS.items()) if _order(first) <= _order(fact.name)),
        width=reports.WIDTHS.get(fact.name, 11),
        total=fact.name in _TOTALS,
        merged=fact.name == "township",
    )


def _order(fact: str) -> int:
    return list(declared()).index(fact)


def _row(number: int, one: Institution) -> list[Cell]:
    return [number, *(_HAND.write(fact, one.facts[fact.name]) for fact in declared().values()), None]
