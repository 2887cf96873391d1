"""Setting days apart from the official calendar; whoever keeps deadlines counts them anew afterwards."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from shouhu.engines.periods.calendar import Calendar
from shouhu.ledgers.campaigns import queries
from shouhu.ledgers.campaigns.models import CalendarDay
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.rights import holders


class DayRefused(Refused):
    """The day cannot be set apart like this."""


@transaction.atomic
def set_day(*, on: date, is_worked: bool, note: str, by: Post, at: datetime) -> CalendarDay:
    """
    This function will say that a day is worked or not, whatever the shipped calendar says.

    :param note: what the day is called or which notice sets it apart.
    :raises DayRefused: no note, or the day is so already.
    """
    require_calendar(by)
    if not note.strip():
        raise DayRefused("请写明依据，例如“国务院办公厅关于2027年部分节假日安排的通知”")
    earlier = CalendarDay.objects.select_for_update().filter(on=on).first()
    before = earlier.is_worked if earlier else Calendar.shipped().is_worked(on)
    if before == is_worked:
        raise DayRefused(f"{on} 本来就{'上班' if is_worked else '不上班'}，不需要调整")
    day, _ = CalendarDay.objects.update_or_create(
        on=on, defaults={"is_worked": is_worked, "note": note.strip()[:60], "set_at": at, "set_by": by}
    )
    journal.record(verb="calendar.set", subject=f"day/{on}", by=by.code, at=at, code=by.unit.code,
                   changes={"is_worked": (before, is_worked)})  # fmt: skip
    return day


@transaction.atomic
def clear_day(*, on: date, by: Post, at: datetime) -> None:
    """
    This function will let the shipped calendar hold again for a day.

    :raises DayRefused: the day was not set apart.
    """
    require_calendar(by)
    day = CalendarDay.objects.select_for_update().filter(on=on).first()
    if day is None:
        raise DayRefused(f"{on} 没有调整过")
    day.delete()
    journal.record(verb="calendar.cleared", subject=f"day/{on}", by=by.code, at=at, code=by.unit.code,
                   changes={"is_worked": (day.is_worked, Calendar.shipped().is_worked(on))})  # fmt: skip


def require_calendar(by: Post) -> None:
    """
    This function will make sure that a post may set days apart.

    :raises DayRefused: another role, or an office above keeps the calendar, which all offices share.
    """
    if by.role not in holders("calendar.edit"):
        raise DayRefused("您的岗位不能调整工作日历")
    if queries.has_office_above(by):
        raise DayRefused("工作日历全区域共用，由最上一级专项办调整；请报上级专项办")
