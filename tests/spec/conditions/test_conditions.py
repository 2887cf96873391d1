"""What a condition may say

AND, OR, NOT, brackets, six comparisons, + - *, numbers and declared names (Chinese titles too); everything else is
refused with a reason before it is looked at more closely.
"""

from __future__ import annotations

import pytest

from shouhu.engines.rules.expressions import BadExpression, parse
from shouhu.engines.rules.rulesets import base_names
from tests.spec.tables import by_row, rows

SPEC_SAME = """
    written                                            | means
    资产总额 < 负债总额                                    | assets < liabilities
    liabilities > assets                               | assets < liabilities
    NOT (assets >= liabilities)                        | assets < liabilities
    ａｓｓｅｔｓ ＜ liabilities                            | assets < liabilities
    0 < liabilities - assets                           | assets < liabilities
    max_prepayment * 2 >= 12 * monthly_fee             | max_prepayment >= 6 * monthly_fee
    NOT NOT stable                                     | stable
    ((stable))                                         | stable
"""
SPEC_REFUSED = """
    condition                                          | because
    assets < liabilities; drop table t                 | 不允许的字符
    stable -- and more                                 | 不允许的字符
    stable /* x */                                     | 不允许的字符
    "stable"                                           | 不允许的字符
    'stable'                                           | 不允许的字符
    n_beds[1] > 2                                      | 不允许的字符
    n_beds > 7 / 2                                     | 不允许的字符
    stable IS NULL                                     | 不允许使用
    stable = true                                      | 不是数值
    coalesce(stable)                                   | 不允许使用
    CASE WHEN stable THEN stable END                   | 不允许使用
    n_beds IN (1)                                      | 不允许使用
    n_beds BETWEEN 1 AND 2                             | 不允许使用
    SELECT 1                                           | 不允许使用
    EXISTS (SELECT 1)                                  | 不允许使用
    1 = 1                                              | 没有事实
    n_beds > 1e400                                     | 不允许使用
    n_beds > 1234567890123456                          | 不允许使用
    n_beds > NULL                                      | 不允许使用
    n_beds > assets                                    | 单位不同
    n_beds + assets > 1                                | 单位不同
    n_beds * n_beds > 1                                | 相乘
    n_beds > n_beds                                    | 两边相同
    n_beds                                             | 不能单独作条件
    stable > 1                                         | 不是数值
    t.stable                                           | 不允许使用
    unheard_of                                         | 不是已声明的事实
    stаble                                             | 不是已声明的事实
    stable AND                                         | 无法解析
"""


@pytest.mark.parametrize(**by_row(SPEC_SAME))
def test_two_ways_to_say_the_same(row: dict[str, str]) -> None:
    assert parse(row["written"], base_names()) == parse(row["means"], base_names())


@pytest.mark.parametrize(**by_row(SPEC_REFUSED))
def test_refused(row: dict[str, str]) -> None:
    with pytest.raises(BadExpression, match=row["because"]):
        parse(row["condition"], base_names())


HOSTILE = [
    "(" * 5_000 + "stable" + ")" * 5_000,
    "NOT " * 5_000 + "stable",
    " AND ".join(["stable"] * 20_000),
    "-" * 1_000 + "n_beds > 1",
    "n_beds > " + "1" * 100_000,
    "\u202estable",
    "stable\x00",
    "stable OR 1=1; --",
    "read_csv('/etc/passwd')",
    "${stable}",
    "{{ stable }}",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_refused(text: str) -> None:
    with pytest.raises(BadExpression):
        parse(text, base_names())


def test_every_refusal_of_the_table_is_its_own_case() -> None:
    conditions = [row["condition"] for row in rows(SPEC_REFUSED)]
    assert len(conditions) == len(set(conditions))
