"""What the twelve towns sent in: the same facts, in twelve shapes, with the dirt of real offices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from shouhu.demo.district import District, Institution
from shouhu.demo.hands import Hand, chinese, full_width
from shouhu.demo.sheets import Cell, Column, Sheet, save_csv, save_xlsx
from shouhu.engines.rules.facts import declared

_ALL = tuple(declared())
_FUNDS = ("max_prepayment", "prepaid_total", "assets", "liabilities")
WIDTHS = {"name": 30, "uscc": 22, "kind": 29, "address": 38, "investor": 22, "charging": 24, "marketing": 18}
WIDTHS |= {"funds_use": 22, "related_companies": 46}
"""Widths of columns in characters, where 11 is too narrow."""


def _without(*facts: str) -> tuple[str, ...]:
    return tuple(fact for fact in _ALL if fact not in facts)


def _first(*facts: str) -> tuple[str, ...]:
    return (*facts, *_without(*facts))


@dataclass(frozen=True)
class Part:
    """One sheet of a report: which institutions stand in it, and with which facts."""

    name: str
    holds: Callable[[Institution], bool] = lambda one: True
    facts: tuple[str, ...] = _ALL


@dataclass(frozen=True)
class Report:
    """
    What one town sent.

    :param file: the file's name; a .csv is written in ``encoding``
    :param above: lines over the head, the first being the title
    :param headings: what stands over a fact, where it is not the canonical title
    :param groups: what stands over a group of neighbouring columns
    :param by_village: sorted by village, the village's cell merged over its institutions
    :param spoil: what happens to a fact's cell in the first row
    :param twice: the first institution stands in the table a second time, as the last
    :param every: after so many rows comes ``between``: a blank row, or the head once more
    """

    town: str
    file: str
    above: tuple[str, ...]
    hand: Hand
    parts: tuple[Part, ...] = (Part("Sheet1"),)
    headings: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    below: tuple[str, ...] = ()
    total: str = ""
    encoding: str = ""
    by_village: bool = False
    every: int = 0
    between: str = ""
    numbered: bool = True
    spoil: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    twice: bool = False


def _with_unit(count: int, unit: str) -> str:
    return f"{count}个月" if unit == "月" else f"{count}{unit}"


def _in_chinese(count: int, unit: str) -> str:
    return chinese(count)


_UNREGISTERED = Part(
    "未登记场所", lambda one: one.facts["registered"] == "未登记", _without("uscc", "filed", "operation")
)

REPORTS = (
    Report(
        "云泊街道",
        "01云泊街道.xlsx",
        ("云泊街道养老服务机构风险隐患摸排表（演示数据）", "填报单位：云泊街道办事处　填报人：苗某　审核人：某某"),
        Hand(none="无", unknown="不详"),
        headings={"name": "单位名称", "uscc": "信用代码", "principal": "负责人", "n_beds": "核定床位"},
        below=("说明：不详的为现场未能了解。",),
    ),
    Report(
        "芦汀街道",
        "02芦汀街道.csv",
        ("芦汀街道养老服务机构排查情况（演示数据）",),
        Hand(dates=("slash",), money={"prepaid_total": "36,000元", "max_prepayment": "36,000元"}),
        (Part("", facts=_without("phone", "charging", "marketing", "survey_method")),),
        {"township": "街道", "neighbourhood": "社区", "n_residents": "在住人数",
         "takes_prepayment": "有无预付费", "large_stated": "有无大额预付费", "related_companies": "有无关联公司",
         "related_dealings": "有无关联交易", "surveyed_on": "摸排时间"},
        encoding="gbk",
    ),
    Report(
        "丹枫街道",
        "03丹枫街道排查台账.xlsx",
        ("丹枫街道养老服务领域排查台账", "（演示数据）", "填报单位（盖章）：丹枫街道办事处"),
        Hand(dates=("words",), money=dict.fromkeys(_FUNDS, "万元")),
        (Part("排查台账", facts=_first("neighbourhood", "name", "kind")),),
        {"neighbourhood": "村（社区）", "max_prepayment": "单笔最高\n预付费\n（万元）",
         "prepaid_total": "预付费总额（万元）",
         "assets": "资产总额（万元）", "liabilities": "负债总额（万元）", "monthly_fee": "月收费标准（元/月）"},
        {"takes_prepayment": "预付费", "large_stated": "预付费", "max_prepayment": "预付费", "prepaid_months": "预付费",
         "prepaid_total": "预付费", "n_prepayers": "预付费", "n_large_prepayers": "预付费"},
        by_village=True,
    ),
    Report(
        "荻浦街道",
        "04荻浦街道.xlsx",
        ("荻浦街道养老服务机构摸排情况统计表　演示数据",),
        Hand("√", "×", counts=lambda count, unit: full_width(str(count)), digits=full_width, dates=("full",),
             money=dict.fromkeys(("monthly_fee", "max_prepayment", "prepaid_total"), "full")),
        headings={"false_publicity": "是否虚假或夸大宣传", "promises_return": "是否承诺投资回报",
                  "collapsed": "是否爆雷"},
        below=("填表说明：“√”为是，“×”为否。", "联系电话：0900-0000000"),
        spoil={"uscc": lambda code: code[:-1] + ("0" if code[-1] != "0" else "1")},
    ),
    Report(
        "临砚街道",
        "05临砚街道（三张表）.xlsx",
        ("临砚街道养老服务诈骗风险隐患排查表（演示数据）", "填报单位：临砚街道"),
        Hand(dates=("dots",), unknown="/", none="无"),
        (
            Part("养老机构", lambda one: one.facts["kind"] == "养老机构", _without("kind")),
            Part("居家社区", lambda one: one.facts["kind"] != "养老机构" and one.facts["registered"] == "已登记"),
            _UNREGISTERED,
        ),
        {"name": "机构（场所）名称", "legal_representative": "法人代表", "surveyor": "排查人员"},
        total="合计",
    ),
    Report(
        "岚浦镇",
        "06岚浦镇.xlsx",
        ("岚浦镇养老服务机构排查情况表（演示数据）",),
        Hand(dates=("numerals",), counts=_in_chinese, words={"公办": "公办公营", "民办": "民营"}),
        headings={"n_new_outlets_3y": "新增网点数", "n_rep_changes_3y": "法定代表人",
                  "n_address_changes_3y": "注册地"},
        groups={"n_rep_changes_3y": "近三年变更次数", "n_address_changes_3y": "近三年变更次数"},
    ),
    Report(
        "霁川镇",
        "07霁川镇（导出）.csv",
        (),
        Hand(dates=("digits",), money=dict.fromkeys(_FUNDS, "3.6万元")),
        (Part("", facts=_first("township", "neighbourhood", "name", "address")),),
        {"township": "乡镇", "neighbourhood": "村居", "address": "详细地址", "complained": "投诉举报情况"},
        below=("演示数据",),
        encoding="utf-8-sig",
        numbered=False,
    ),
    Report(
        "鹤渚镇",
        "08鹤渚镇汇总.xlsx",
        ("鹤渚镇养老服务机构摸排汇总表", "演示数据　　单位：张、人、元"),
        Hand(dates=("iso",), unknown="#N/A"),
        (Part("汇总", facts=_without("address", "investor", "marketing")),),
        total="合计",
        every=10,
        between="blank",
    ),
    Report(
        "茶坞镇",
        "09茶坞镇.xlsx",
        ("茶坞镇排查表（演示数据）",),
        Hand(dates=("words",), counts=_with_unit),
        (Part("Sheet1", facts=_without("bad_influence", "n_large_prepayers")),),
        {"n_beds": "床位", "n_residents": "入住老年人数", "prosecuted": "涉诉情况", "blacklisted": "黑名单情况"},
        below=("审核人签字：　　　　　　　　　　年　　月　　日",),
    ),
    Report(
        "栖禾镇",
        "10栖禾镇.xlsx",
        ("栖禾镇养老服务机构（场所）台账（演示数据）",),
        Hand(yes="是", no="否", none="无", dates=("date", "iso", "slash", "dots", "words", "digits")),
        headings={"registered": "是否登记", "filed": "是否备案"},
        every=12,
        between="head",
        spoil={"uscc": lambda code: code[2:17]},
        twice=True,
    ),
    Report(
        "苔岭乡",
        "11苔岭乡.xlsx",
        ("苔岭乡养老服务机构排查表（演示数据）", "单位：万元"),
        Hand(dates=("iso",), money=dict.fromkeys(_FUNDS, "万元")),
        headings={"monthly_fee": "月收费标准（元/月）"},
        below=("注：除月收费标准外，金额单位均为万元。",),
    ),
    Report(
        "栗坪乡",
        "12栗坪乡.xlsx",
        ("栗 坪 乡 排 查 表（演示数据）",),
        Hand(dates=("date",), money=dict.fromkeys(_FUNDS[1:], "format")),
        headings={"name": "机构\n名称", "legal_representative": "法 定 代 表 人", "principal": "主 要\n负责人",
                  "phone": "联 系 电 话"},
    ),
)  # fmt: skip


def write_reports(folder: Path, invented: District) -> list[Path]:
    """This function will write one file per town; the same district gives the same bytes."""
    return [_write(folder / report.file, report, invented) for report in REPORTS]


def standing_in(report: Report, part: Part, invented: District) -> list[Institution]:
    """This function will give the institutions of one sheet of a report, in the order of its rows."""
    found = [one for one in invented.institutions if one.township.name == report.town and part.holds(one)]
    if report.twice:
        found.append(found[0])
    return sorted(found, key=lambda one: one.village.code) if report.by_village else found


def _write(path: Path, report: Report, invented: District) -> Path:
    sheets = [_sheet(report, part, invented) for part in report.parts]
    if report.encoding:
        return save_csv(path, sheets[0], report.encoding)
    return save_xlsx(path, sheets, created=invented.as_of)


def _sheet(report: Report, part: Part, invented: District) -> Sheet:
    facts = declared()
    columns = [Column("序号", width=6)] if report.numbered else []
    columns += [
        Column(
            report.headings.get(name, facts[name].title),
            report.groups.get(name, ""),
            WIDTHS.get(name, 11),
            total=name in ("n_beds", "n_residents"),
            merged=report.by_village and name == "neighbourhood",
        )
        for name in part.facts
    ]
    rows: list[list[Cell]] = []
    for place, one in enumerate(standing_in(report, part, invented)):
        if report.every and place and place % report.every == 0:
            rows.append([] if report.between == "blank" else [column.heading for column in columns])
        rows.append(
            [*([place + 1] if report.numbered else []), *(_cell(report, name, one, place) for name in part.facts)]
        )
    return Sheet(part.name, report.above, columns, rows, report.below, report.total)


def _cell(report: Report, name: str, one: Institution, place: int) -> Cell:
    asks = report.headings.get(name, "").startswith("有无")
    hand = replace(report.hand, yes="有", no="无") if asks else report.hand
    cell = hand.write(declared()[name], one.facts[name], place)
    return report.spoil[name](cell) if place == 0 and name in report.spoil and isinstance(cell, str) else cell
