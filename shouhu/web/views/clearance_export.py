"""The ledger of unregistered sites as the official table, 002-10's 未经登记场所排查情况统计表, every column filled."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.timezone import localdate

from shouhu.engines.documents.annexes.layout import A3_LANDSCAPE, Column, Heading, Table
from shouhu.engines.documents.annexes.statistics import SITES_ANNEX, SITES_TITLE
from shouhu.engines.documents.annexes.workbook import Cell, workbook
from shouhu.engines.documents.canonical import written
from shouhu.engines.rules.facts import declared
from shouhu.ledgers.clearances import queries, transitions
from shouhu.ledgers.clearances.models import TRACKS, Clearance
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import SOURCES
from shouhu.ledgers.institutions.values import Facts, shown

COLUMNS = (
    Column(("序号",), 6, "count"), Column(("场所名称",), 30, "text"), Column(("地址",), 34, "text"),
    Column(("所在镇街",), 13, "centre"), Column(("实际经营人",), 12, "centre"),
    Column(("名义（企业、社会服务机构、其他）",), 18, "centre"), Column(("开办时间",), 13, "centre"),
    Column(("收住人数",), 8, "centre"), Column(("预付费", "预付费人数"), 10, "centre"), Column(("预付费", "预付费总额(元)"), 18, "centre"),
    Column(("运营状况",), 12, "centre"), Column(("发现来源",), 12, "centre"), Column(("处理意见",), 20, "text"),
    Column(("包干人",), 12, "centre"), Column(("进展",), 22, "text"), Column(("销号日期",), 12, "date"),
)  # fmt: skip
NOTE = "说明：空白为未填或未知，不等于“否”；“进展”为当前状态和最近办理的事项。"
MASKED = "实际经营人姓名已隐去部分；需要全名的，由有权限的岗位导出。"


def workbook_of(
    rows: Sequence[Clearance], *, today: date, unit: str, named: bool, notes: tuple[str, ...] = ()
) -> bytes:
    """This function will write the rows as a workbook, ``notes`` above; names of people in full only if ``named``."""
    versions = institutions.current(row.institution for row in rows)
    held = queries.holders_of((row.owner_id for row in rows), today)
    towns = queries.names(queries.town_of(row.institution.code) for row in rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.xlsx"
        with workbook(path, as_of=today) as book:
            heading = Heading(SITES_TITLE, unit, today, SITES_ANNEX["002-10"], "人、元", notes)
            table = Table(book, "未经登记场所", heading, COLUMNS, A3_LANDSCAPE, frozen=2, filtered=True)
            for number, row in enumerate(rows, 1):
                facts = institutions.facts_of(versions[row.institution_id])
                table.line((number, *_cells(row, facts, held, towns, named)))
            if not rows:
                table.wide("没有符合条件的场所。")
            table.finish(NOTE if named else NOTE + MASKED)
        return path.read_bytes()


def _cells(row: Clearance, facts: Facts, held: dict[int, str], towns: dict[str, str], named: bool) -> Iterable[Cell]:
    institution = row.institution
    town = queries.town_of(institution.code)
    manager = next((name for name in ("principal", "legal_representative") if facts.get(name)), "")
    fact = declared().get(manager)
    yield institution.name
    yield institution.address
    yield towns.get(town, town)
    yield None if fact is None else str(facts[manager]) if named else shown(fact, facts[manager])
    yield row.get_nature_display()
    yield row.opened_when
    for name in ("n_residents", "n_prepayers", "prepaid_total"):
        yield _number(name, facts.get(name))
    stable = facts.get("stable") if row.is_stable is None else row.is_stable
    yield None if stable is None else "平稳" if stable else "不平稳"
    yield SOURCES.get(institution.source, institution.source)
    yield "、".join(TRACKS[track] for track in row.tracks)
    yield held.get(row.owner_id or 0)
    yield _progress(row)
    yield localdate(row.closed_at) if row.closed_at else None


def _number(name: str, value: Any) -> Cell:
    return value if value is None or type(value) in (int, float) else written(declared()[name], value)


def _progress(row: Clearance) -> str:
    last = max(row.steps.all(), key=lambda one: (one.recorded_at, one.pk))
    told = f"{transitions.STATES[row.state].title}；{last.done_on} {transitions.TITLES[last.verb]}"
    if row.proposal and row.closed_at:
        told = f"{row.proposal.get_outcome_display()}（{row.proposal.document_number}）"
    return told
