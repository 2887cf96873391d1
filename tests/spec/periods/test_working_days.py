"""Working days, as the State Council's notices arrange them

Holidays are not worked, weekends named in a notice (调休) are. A year without a notice has plain weekends and says so.
"""

from __future__ import annotations

from datetime import date

import pytest

from shouhu.engines.periods.calendar import Calendar
from tests.spec.tables import by_row

SPEC = """
    day        | weekday | worked | name                   | covered
    2022-05-31 | 2       | yes    | -                      | yes
    2022-06-03 | 5       | no     | 端午节                 | yes
    2022-06-04 | 6       | no     | 端午节                 | yes
    2022-06-11 | 6       | no     | -                      | yes
    2022-10-07 | 5       | no     | 国庆节                 | yes
    2022-10-08 | 6       | yes    | 国庆节调休上班         | yes
    2022-12-31 | 6       | no     | 元旦                   | yes
    2023-01-02 | 1       | no     | 元旦                   | yes
    2023-09-29 | 5       | no     | 中秋节、国庆节         | yes
    2024-02-09 | 5       | yes    | -                      | yes
    2024-02-18 | 7       | yes    | 春节调休上班           | yes
    2025-02-04 | 2       | no     | 春节                   | yes
    2025-10-08 | 3       | no     | 国庆节、中秋节         | yes
    2025-10-11 | 6       | yes    | 国庆节、中秋节调休上班 | yes
    2026-01-02 | 5       | no     | 元旦                   | yes
    2026-02-14 | 6       | yes    | 春节调休上班           | yes
    2026-02-23 | 1       | no     | 春节                   | yes
    2026-09-20 | 7       | yes    | 国庆节调休上班         | yes
    2026-10-08 | 4       | yes    | -                      | yes
    2027-10-01 | 5       | yes    | -                      | no
    2027-10-02 | 6       | no     | -                      | no
    2003-10-01 | 3       | yes    | -                      | no
"""


@pytest.mark.parametrize(**by_row(SPEC))
def test_working_days(row: dict[str, str]) -> None:
    day, calendar = date.fromisoformat(row["day"]), Calendar.shipped()
    assert day.isoweekday() == int(row["weekday"])
    assert calendar.is_worked(day) == (row["worked"] == "yes")
    assert (calendar.name(day) or "-") == row["name"]
    assert calendar.covers(day) == (row["covered"] == "yes")
