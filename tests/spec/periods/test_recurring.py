"""Recurring reports of a plan

Neither holidays nor 调休 move a report (001 三(五)); the campaign office may move a single week. Where a plan names no day or no
hour, ours are Tuesday, the 5th and 17:00 (our proposal). A report due up to the 15th tells of the month before. What is due
定期 or 每季 has no day until a person sets it.
"""

from __future__ import annotations

from datetime import date, datetime

import pytest

from shouhu.engines.periods.binding import Unbound
from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.periods.recurring import occurrences
from shouhu.engines.periods.weeks import ZONE, Week
from tests.spec.tables import by_row

SPEC = """
    rule                  | from       | to         | due                                                    | the first tells of
    weekly Tuesday 17:00  | 2022-10-01 | 2022-10-12 | 2022-10-04 17:00, 2022-10-11 17:00                     | 2022年第40周
    weekly Tuesday 17:00  | 2022-10-04 | 2022-10-04 | 2022-10-04 17:00                                       | 2022年第40周
    weekly Tuesday 17:00  | 2022-10-05 | 2022-10-10 | -                                                      | -
    weekly                | 2022-05-30 | 2022-06-07 | 2022-05-31 17:00, 2022-06-07 17:00                     | 2022年第22周
    weekly Friday 12:00   | 2022-12-30 | 2023-01-06 | 2022-12-30 12:00, 2023-01-06 12:00                     | 2022年第52周
    weekly Sunday         | 2022-10-02 | 2022-10-09 | 2022-10-02 17:00, 2022-10-09 17:00                     | 2022年第39周
    monthly 5th           | 2022-01-01 | 2022-03-05 | 2022-01-05 17:00, 2022-02-05 17:00, 2022-03-05 17:00   | 2021年12月
    monthly 25th          | 2022-05-01 | 2022-06-24 | 2022-05-25 17:00                                       | 2022年5月
    monthly 30th          | 2022-01-30 | 2022-03-30 | 2022-01-30 17:00, 2022-02-28 17:00, 2022-03-30 17:00   | 2022年1月
    monthly 31st 12:00    | 2024-02-01 | 2024-04-30 | 2024-02-29 12:00, 2024-03-31 12:00, 2024-04-30 12:00   | 2024年2月
    monthly end           | 2022-02-01 | 2022-03-31 | 2022-02-28 17:00, 2022-03-31 17:00                     | 2022年2月
    monthly               | 2022-05-31 | 2022-06-30 | 2022-06-05 17:00                                       | 2022年5月
    daily 16:00           | 2022-06-03 | 2022-06-05 | 2022-06-03 16:00, 2022-06-04 16:00, 2022-06-05 16:00   | 2022-06-03
    daily                 | 2022-06-03 | 2022-06-03 | 2022-06-03 17:00                                       | 2022-06-03
    regularly             | 2022-05-01 | 2022-12-31 | -                                                      | -
    quarterly             | 2022-05-01 | 2022-12-31 | -                                                      | -
"""
SPEC_MOVED = """
    2022年第40周 moved to | from       | to         | due
    -                     | 2022-10-03 | 2022-10-09 | 2022-10-04 17:00
    2022-10-08 17:00      | 2022-10-03 | 2022-10-09 | 2022-10-08 17:00
    2022-10-10 12:00      | 2022-10-10 | 2022-10-12 | 2022-10-10 12:00, 2022-10-11 17:00
    2022-09-30 12:00      | 2022-09-26 | 2022-10-02 | 2022-09-27 17:00, 2022-09-30 12:00
"""
SPEC_HOW = """
    rule                 | on         | how computed
    weekly Tuesday 17:00 | 2022-10-04 | 每周二17:00，即2022-10-04(周二)；逢国庆节，报送时限不因放假变动。
    weekly               | 2022-05-31 | 每周二17:00；方案没有写周几，按周二；方案没有写几时，按17:00，即2022-05-31(周二)。
    monthly 31st 12:00   | 2022-06-30 | 每月31日12:00；6月没有31日，按月末，即2022-06-30(周四)。
    monthly end          | 2022-05-31 | 每月最后一日17:00；方案没有写几时，按17:00，即2022-05-31(周二)。
"""


def due(rule: str, from_on: str, to_on: str, moved: dict[Week, datetime]) -> str:
    days = date.fromisoformat(from_on), date.fromisoformat(to_on)
    found = occurrences(rule, *days, Calendar.shipped(), moved=moved)
    return ", ".join(f"{one.due_at:%Y-%m-%d %H:%M}" for one in found) or "-"


@pytest.mark.parametrize(**by_row(SPEC))
def test_occurrences(row: dict[str, str]) -> None:
    assert due(row["rule"], row["from"], row["to"], {}) == row["due"]
    days = date.fromisoformat(row["from"]), date.fromisoformat(row["to"])
    told = [one.period for one in occurrences(row["rule"], *days, Calendar.shipped())]
    assert (told or ["-"])[0] == row["the first tells of"]


@pytest.mark.parametrize(**by_row(SPEC_MOVED))
def test_a_week_that_the_office_moved(row: dict[str, str]) -> None:
    to = row["2022年第40周 moved to"]
    moved = {} if to == "-" else {Week.of(date(2022, 10, 4)): datetime.fromisoformat(to).replace(tzinfo=ZONE)}
    assert due("weekly Tuesday 17:00", row["from"], row["to"], moved) == row["due"]


@pytest.mark.parametrize(**by_row(SPEC_HOW))
def test_how_computed(row: dict[str, str]) -> None:
    on = date.fromisoformat(row["on"])
    assert [one.how for one in occurrences(row["rule"], on, on, Calendar.shipped())] == [row["how computed"]]


@pytest.mark.parametrize("rule", ["", "hourly", "weekly Tuesday 24:00", "monthly 32nd", "weekly 5th", "daily Tuesday"])
def test_another_rule_is_refused(rule: str) -> None:
    with pytest.raises(Unbound, match="不能推算，请改写"):
        occurrences(rule, date(2022, 5, 1), date(2022, 5, 31), Calendar.shipped())
