"""Reporting weeks

Townships report to the district every Tuesday before 17:00 (001 三(五)); 村居 on Monday 17:00 and the district on Wednesday 12:00
are our proposal. Exactly on the deadline is in time. Neither holidays nor 调休 move it. Times are those of China.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from shouhu.engines.periods.weeks import ZONE, timetables
from tests.spec.tables import by_row

SPEC = """
    recorded at             | level         | week         | next deadline
    2022-05-31 16:59:59     | township      | 2022年第22周 | 2022-05-31 17:00
    2022-05-31 17:00:00     | township      | 2022年第22周 | 2022-05-31 17:00
    2022-05-31 17:00:00.001 | township      | 2022年第23周 | 2022-06-07 17:00
    2022-05-31 16:59:59     | neighbourhood | 2022年第23周 | 2022-06-06 17:00
    2022-05-30 17:00:00     | neighbourhood | 2022年第22周 | 2022-05-30 17:00
    2022-05-31 17:00:01     | county        | 2022年第22周 | 2022-06-01 12:00
    2022-06-01 12:00:01     | county        | 2022年第23周 | 2022-06-08 12:00
    2022-06-05 23:59:59     | township      | 2022年第23周 | 2022-06-07 17:00
    2022-10-04 09:00:00     | township      | 2022年第40周 | 2022-10-04 17:00
    2022-10-08 09:00:00     | township      | 2022年第41周 | 2022-10-11 17:00
    2023-01-01 00:00:00     | township      | 2023年第1周  | 2023-01-03 17:00
    2024-12-31 17:00:01     | township      | 2025年第2周  | 2025-01-07 17:00
"""


@pytest.mark.parametrize(**by_row(SPEC))
def test_weeks(row: dict[str, str]) -> None:
    at = datetime.fromisoformat(row["recorded at"]).replace(tzinfo=ZONE)
    timetable = timetables()[row["level"]]
    assert str(timetable.week_of(at)) == row["week"]
    assert timetable.next_deadline(at) == datetime.fromisoformat(row["next deadline"]).replace(tzinfo=ZONE)
