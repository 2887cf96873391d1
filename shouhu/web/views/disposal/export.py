"""The progress of disposals as the official table (001's 附件4, 002-10's 附件6), every column filled."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.timezone import localdate

from shouhu.engines.documents.annexes import wording
from shouhu.engines.documents.annexes.disposal import ANNEX, COLUMNS, TITLE
from shouhu.engines.documents.annexes.layout import A3_LANDSCAPE, Heading, Table
from shouhu.engines.documents.annexes.styles import Tinted
from shouhu.engines.documents.annexes.workbook import workbook
from shouhu.engines.law import sources
from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.rules import words
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.disposals import queries
from shouhu.ledgers.disposals.models import Disposal, Task
from shouhu.ledgers.disposals.owing import SEVERE
from shouhu.ledgers.disposals.workflow import label, state_of
from shouhu.ledgers.units import queries as units

_OF_THE_INSTITUTION = (0, 1, 2, 9, 10, 11, 12, 13, 14, 15)
NOTE = "说明：时限的天数为本软件建议，方案只要求“及时”；经批准中止或延长的已计入。不再要求的措施不列。"


def workbook_of(rows: Sequence[Disposal], *, today: date, unit: str, notes: tuple[str, ...] = ()) -> bytes:
    """This function will write disposals from ``queries.listed`` as a workbook, ``notes`` above, a block each, a line a measure."""
    tasks: dict[int, list[Task]] = defaultdict(list)
    for task in queries.tasks_of_many(rows):
        tasks[task.disposal_id].append(task)
    towns = units.names({row.institution.code[:9].ljust(12, "0") for row in rows})
    ruleset = next((task.ruleset_id for some in tasks.values() for task in some), "001")
    plan = (f"本方案：《{sources()[ruleset].title}》。",) if ruleset in sources() else ()
    calendar = campaigns.calendar()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "progress.xlsx"
        with workbook(path, as_of=today) as book:
            heading = Heading(TITLE, unit, today, ANNEX.get(ruleset, ""), "元", (*plan, *notes))
            table = Table(book, "分类处置进度", heading, COLUMNS, A3_LANDSCAPE, frozen=3, blocks=True)
            for number, row in enumerate(rows, 1):
                table.block(
                    _block(number, row, [_line(task, today, calendar) for task in tasks[row.pk]], towns),
                    _OF_THE_INSTITUTION,
                )
            if not rows:
                table.wide("没有符合条件的处置。")
            table.finish(NOTE)
        return path.read_bytes()


def _block(number: int, row: Any, lines: list[tuple[Any, ...]], towns: dict[str, str]) -> list[tuple[Any, ...]]:
    town = towns.get(row.institution.code[:9].ljust(12, "0"))
    where = "\n".join(part for part in (row.institution.name, row.institution.address, town) if part)
    plan = "已编制" if row.planned_at else "未编制" if row.worst in SEVERE else None
    closed = localdate(row.closed_at).isoformat() if row.closed_at else None
    before: tuple[Any, ...] = (number, where, Tinted(words.colour(row.worst), row.worst))
    money = (row.owed_fen / 100, row.paid_fen / 100) if row.owed_fen else (None, None)
    after: tuple[Any, ...] = (*money, None, plan, Tinted(words.colour(row.colour), row.colour), closed, None)
    lines = lines or [("（没有措施）", None, None, None, None, None)]
    return [
        (*(before if not at else (None, None, Tinted("", row.worst))), *line, *(after if not at else (None,) * 7))
        for at, line in enumerate(lines)
    ]


def _line(task: Task, today: date, calendar: Calendar) -> tuple[Any, ...]:
    left = queries.left(task.due_on, today, calendar) if state_of(task) in ("open", "returned") else None
    late = f"（逾期{-left}个工作日）" if left and left < 0 else ""
    when = f"{task.when}，" if task.when else ""
    ours = "[建议]" if task.mark == "P" else ""
    return (
        f"{when}{task.says}{ours}", task.body, wording.cited(tuple(task.powers)), task.clause.partition(" ")[2],
        task.due_on.isoformat(), label(task) + late,
    )  # fmt: skip
