"""A processor without AVX2: the column engine must not even be loaded, and the rows are rated one by one, the same."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from shouhu.engines.rules import ratings, rulesets
from tests.engines.rules.generate import many

AS_OF = date(2022, 10, 1)


def test_the_command_loads_no_column_engine_before_it_rates() -> None:
    code = "import sys, shouhu.cli; sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("ruleset_id", ["001", "002-10", "000-19", "000-8"])
def test_rows_one_by_one_come_out_the_same(ruleset_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    records = list(many(seed=21, count=400))
    names = dict.fromkeys(name for record in records for name in record)
    columns = {name: [record.get(name) for record in records] for name in names}
    ruleset = rulesets.load(ruleset_id)
    by_columns = ratings.rate(columns, ruleset, as_of=AS_OF, engine="polars")
    monkeypatch.setattr(ratings, "has_avx2", lambda: False)
    assert list(ratings.rate(columns, ruleset, as_of=AS_OF)) == list(by_columns)
