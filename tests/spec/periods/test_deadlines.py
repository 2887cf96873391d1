"""Deadlines, counted in working or in calendar days

The day of the act is not counted. Worked days leave out holidays and weekends and count 调休. Calendar days count all; where
the last one is a holiday or a weekend, the term ends on the next worked day. Days of a pause, first and last included, are not counted.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import pytest

from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.periods.deadlines import Pause, due, overdue, seriously_overdue
from tests.spec.tables import by_row

SPEC_DUE = """
    what                             | start      | days        | paused                   | due
    within a week                    | 2022-05-09 | 3 worked    | -                        | 2022-05-12
    over 端午节                      | 2022-05-31 | 5 worked    | -                        | 2022-06-08
    act on a holiday                 | 2022-06-04 | 1 worked    | -                        | 2022-06-06
    over 国庆节, both 调休 counted   | 2022-09-30 | 3 worked    | -                        | 2022-10-10
    last day is 调休                 | 2022-09-30 | 1 worked    | -                        | 2022-10-08
    eight days of 国庆节、中秋节     | 2025-09-30 | 3 worked    | -                        | 2025-10-11
    调休 before and after 春节       | 2026-02-13 | 2 worked    | -                        | 2026-02-24
    over New Year                    | 2022-12-30 | 1 worked    | -                        | 2023-01-03
    year not known, 国庆节 unseen    | 2027-09-30 | 1 worked    | -                        | 2027-10-01
    paused                           | 2022-05-31 | 5 worked    | 2022-06-06 to 2022-06-08 | 2022-06-13
    paused on days not worked anyway | 2022-05-31 | 5 worked    | 2022-06-03 to 2022-06-05 | 2022-06-08
    15 calendar days                 | 2022-08-01 | 15 calendar | -                        | 2022-08-16
    60 calendar days                 | 2022-08-01 | 60 calendar | -                        | 2022-09-30
    ends on a Saturday               | 2022-08-05 | 15 calendar | -                        | 2022-08-22
    ends on 国庆节                   | 2022-09-16 | 15 calendar | -                        | 2022-10-08
    ends on a Sunday that is worked  | 2022-09-24 | 15 calendar | -                        | 2022-10-09
    paused, calendar days            | 2022-08-01 | 15 calendar | 2022-08-10 to 2022-08-11 | 2022-08-18
    moved past a pause               | 2022-08-05 | 15 calendar | 2022-08-22 to 2022-08-23 | 2022-08-24
"""
SPEC_OVERDUE = """
    due        | today      | worked days overdue | seriously
    2022-06-08 | 2022-06-07 | 0                   | no
    2022-06-08 | 2022-06-08 | 0                   | no
    2022-06-08 | 2022-06-09 | 1                   | no
    2022-06-10 | 2022-06-12 | 0                   | no
    2022-06-10 | 2022-06-13 | 1                   | no
    2022-06-08 | 2022-06-15 | 5                   | no
    2022-06-08 | 2022-06-16 | 6                   | yes
    2022-09-30 | 2022-10-07 | 0                   | no
    2022-09-30 | 2022-10-09 | 2                   | no
"""
SPEC_CHANGED = """
    the office sets apart          | start      | days        | due before | due now
    2022-05-10 off                 | 2022-05-09 | 1 worked    | 2022-05-10 | 2022-05-11
    2022-06-04 worked              | 2022-05-31 | 5 worked    | 2022-06-08 | 2022-06-07
    2022-10-08 off, 2022-10-09 off | 2022-09-30 | 1 worked    | 2022-10-08 | 2022-10-10
    2022-08-16 off                 | 2022-08-01 | 15 calendar | 2022-08-16 | 2022-08-17
    2022-08-20 worked              | 2022-08-05 | 15 calendar | 2022-08-22 | 2022-08-20
    2027-10-01 off, 2027-10-09 worked | 2027-09-30 | 1 worked | 2027-10-01 | 2027-10-04
    2024-02-29 off                 | 2024-02-28 | 1 worked    | 2024-02-29 | 2024-03-01
"""


@pytest.mark.parametrize(**by_row(SPEC_DUE))
def test_due(row: dict[str, str]) -> None:
    n_days, counting = row["days"].split()
    kind: Literal["worked", "calendar"] = "worked" if counting == "worked" else "calendar"
    pauses: list[Pause] = []
    if row["paused"] != "-":
        first, last = row["paused"].split(" to ")
        pauses.append((date.fromisoformat(first), date.fromisoformat(last)))
    found = due(date.fromisoformat(row["start"]), int(n_days), Calendar.shipped(), counting=kind, pauses=pauses)
    assert found.due_on == date.fromisoformat(row["due"])


@pytest.mark.parametrize(**by_row(SPEC_OVERDUE))
def test_overdue(row: dict[str, str]) -> None:
    due_on, today = date.fromisoformat(row["due"]), date.fromisoformat(row["today"])
    assert overdue(due_on, today, Calendar.shipped()) == int(row["worked days overdue"])
    assert seriously_overdue(due_on, today, Calendar.shipped()) == (row["seriously"] == "yes")


@pytest.mark.parametrize(**by_row(SPEC_CHANGED))
def test_a_changed_calendar_moves_what_is_counted_again(row: dict[str, str]) -> None:
    changes = row["the office sets apart"].split(", ")
    exceptions = {date.fromisoformat(change[:10]): change.endswith("worked") for change in changes}
    n_days, counting = row["days"].split()
    kind: Literal["worked", "calendar"] = "worked" if counting == "worked" else "calendar"
    for when, calendar in (
        ("due before", Calendar.shipped()),
        ("due now", Calendar.shipped().with_exceptions(exceptions)),
    ):
        found = due(date.fromisoformat(row["start"]), int(n_days), calendar, counting=kind)
        assert found.due_on == date.fromisoformat(row[when])
