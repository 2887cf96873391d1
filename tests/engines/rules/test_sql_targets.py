"""
The rules as SQL against the same rules on Polars: every bit of every mask, in PostgreSQL and in Spark.

``SHOUHU_SOAK=1`` compares 1,000,000 fact sets instead of 100,000.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from operator import ne
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from shouhu.engines.rules import rulesets, spark, sql
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.frame import Batch, settle, table, whole
from shouhu.engines.rules.plan import Plan, state
from shouhu.engines.rules.program import Program
from shouhu.engines.rules.ratings import rate
from tests.engines.rules.generate import AS_OF, many
from tests.servers import postgresql, postgresql_binaries

N_FACT_SETS = 1_000_000 if os.environ.get("SHOUHU_SOAK") == "1" else 100_000
CHUNK = 50_000
# Every kind of comparison and of nesting, beyond what the shipped sets happen to use.
ODD = """
id: odd
title: 检验用
scale: colours
answer_valid_days: {value: 30}
derived: [{name: tight, when: NOT (n_beds > n_residents), says: 床位不多于入住人数}]
rules:
  - {id: R-1, colour: red, when: max_prepayment + 3 * monthly_fee - 2 * prepaid_total < 0.15, says: 合计, clause: 001 二(二)二是}
  - {id: R-2, colour: red, when: NOT (registered OR NOT (stable AND NOT (tight AND is_care_home))), says: 否定, clause: 001 二(二)二是}
  - {id: O-1, colour: orange, when: prepaid_months * 0.5 > 3 AND n_prepayers != n_large_prepayers, says: 不等, clause: 001 二(二)二是}
  - {id: O-2, colour: orange, when: n_prepayers = 100 AND complained_head, says: 相等, clause: 001 二(二)二是}
findings: [{id: F-1, when: tight AND NOT blacklisted_institution, says: 床位紧张}]
own_track: {when: NOT registered AND NOT tight, says: 另行处置, clause: 000-19 (三)}
green: {when: is_care_home OR 2 * n_beds - n_residents <= 100, says: 没有发现风险隐患, clause: 001 二(二)二是}
"""
# So many rules that a mask takes several words, no rule of two of the colours, and one that always holds.
LONG = """
id: long
title: 检验用
scale: colours
rules:
""" + "".join(
    f"  - {{id: Y-{k}, colour: yellow, when: n_beds > {k + 0.5}{' OR n_beds <= 107.5' * (k == 107)}, says: 第{k}条, clause: 001 二(二)二是}}\n"
    for k in range(45, 108)
)
NAMES = ("001", "002-10", "000-19", "000-8", "odd", "long")
Column = list[Any]


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Plan]:
    """A plan a rule set, the shipped ones each with another reading of 被投诉举报."""
    sets = [rulesets.load(name, complaint=c) for name, c in zip(NAMES, rulesets.READINGS, strict=False)]
    for text in (ODD, LONG):
        path = tmp_path_factory.mktemp("rules") / "own.yaml"
        path.write_text(text, "utf-8")
        sets.append(rulesets.load(str(path)))
    return {ruleset.id: Plan(Program(ruleset)) for ruleset in sets}


def columns(seed: int, count: int) -> dict[str, Column]:
    """Random facts as the columns of a register."""
    records = list(many(seed, count))
    return {name: [record.get(name) for record in records] for name in declared()}


@pytest.fixture(scope="module")
def facts(plans: Mapping[str, Plan]) -> pl.DataFrame:
    """The table of facts that databases are given, with a key."""
    used = {column for plan in plans.values() for column in sql.layout(plan.program, sql.SPARK)}
    names = [name for name in declared() if name in used]
    chunks = [table(columns(500 + k, CHUNK), names) for k in range(N_FACT_SETS // CHUNK)]
    return pl.concat(chunks).with_columns(pl.int_range(N_FACT_SETS, eager=True).alias("row"))


def as_of(name: str) -> date | None:
    """The day of the rating; None for one set, where all answers are valid then."""
    return None if name == "000-8" else AS_OF


def differences(plan: Plan, facts: pl.DataFrame, day: date | None, rated: pl.DataFrame) -> dict[str, int]:
    """In how many rows the masks of a rated table, and the words, differ from what Polars gives; none where equal."""
    rated = rated.sort("row")
    frame = settle(facts.drop("row"), plan.program, as_of=day)
    groups = Batch.of(plan.program, (*plan.groups, plan.missing)).run(frame)
    here = (whole(planes, frame.rows) for planes in groups)
    there = (sql.whole([rated[name].to_list() for name in names]) for names in sql.masks(plan))
    pairs: dict[str, tuple[Column, Column]] = dict(zip(sql.GROUPS, zip(here, there, strict=True), strict=True))
    read = [state(bits) for bits in pairs["state"][0]]
    for k, name in enumerate(("colour", "at_least", "at_most")):
        pairs[name] = [words[k] for words in read], rated[name].to_list()
    return {name: sum(map(ne, *pair)) for name, pair in pairs.items() if pair[0] != pair[1]}


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


class Server:
    """A PostgreSQL server with the table of facts."""

    def __init__(self, socket: Path) -> None:
        import psycopg

        self.results = socket / "results.csv"
        self.connection = psycopg.connect(host=str(socket), user="postgres", autocommit=True)

    def load(self, name: str, types: Mapping[str, str], rows: pl.DataFrame) -> None:
        """This function will make a table of rows."""
        columns = ", ".join(f"{sql.POSTGRESQL.name(column)} {type_}" for column, type_ in types.items())
        self.connection.execute(f"CREATE UNLOGGED TABLE {name} ({columns})")
        text = rows.select(list(types)).write_csv(include_header=False, null_value="\\N", quote_style="non_numeric")
        with self.connection.cursor().copy(f"COPY {name} FROM STDIN (FORMAT csv, NULL '\\N')") as copy:
            copy.write(text)

    def query(self, statement: str) -> pl.DataFrame:
        """This function will give the rows of a statement."""
        self.connection.execute(f"COPY ({statement}) TO '{self.results}' (FORMAT csv, HEADER)")
        return pl.read_csv(self.results)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server for this module."""
    pytest.importorskip("psycopg")
    binaries = postgresql_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server programs under /usr/lib/postgresql (Debian: postgresql)")
    with postgresql(binaries) as socket:
        server = Server(socket)
        try:
            yield server
        finally:
            server.connection.close()


@pytest.fixture(scope="module")
def loaded(server: Server, facts: pl.DataFrame, plans: Mapping[str, Plan]) -> Server:
    """The server with the facts in it."""
    types = {"row": "BIGINT"}
    for plan in plans.values():
        types |= sql.layout(plan.program, sql.POSTGRESQL)
    server.load("facts", types, facts)
    return server


@pytest.mark.parametrize("name", NAMES)
def test_postgresql_agrees_in_every_bit(
    name: str, loaded: Server, facts: pl.DataFrame, plans: Mapping[str, Plan]
) -> None:
    rated = sql.select(plans[name], sql.POSTGRESQL, "public.facts", as_of=as_of(name), keep=["row"])
    words = ", ".join(f"{text} AS {column}" for column, text in sql.WORDS.items())
    rows = loaded.query(f"SELECT *, {words} FROM ({rated}) AS rated")
    assert len(rows) == N_FACT_SETS
    assert differences(plans[name], facts, as_of(name), rows) == {}


def test_postgresql_shares_every_layer_among_workers(loaded: Server, plans: Mapping[str, Plan]) -> None:
    loaded.connection.execute("ANALYZE facts")
    statement = sql.select(plans["001"], sql.POSTGRESQL, "facts", as_of=AS_OF)
    first, *_ = (line for (line,) in loaded.connection.execute(f"EXPLAIN {statement}"))
    assert first.startswith("Gather")


def test_many_rules_take_several_words(plans: Mapping[str, Plan]) -> None:
    assert sql.masks(plans["long"])[sql.GROUPS.index("fired")] == ["fired_0", "fired_1"]


def test_groups_are_those_of_the_plan(plans: Mapping[str, Plan]) -> None:
    for plan in plans.values():
        assert tuple(getattr(plan, group) for group in sql.GROUPS) == (*plan.groups, plan.missing)


def test_not_a_number_is_not_known(server: Server, plans: Mapping[str, Plan]) -> None:
    types = sql.layout(plans["001"].program, sql.POSTGRESQL)
    numbers = [column for column, type_ in types.items() if type_ == sql.POSTGRESQL.double]
    blank = pl.DataFrame({column: [None, None] for column in types}, schema=dict.fromkeys(types, pl.Float64))
    rows = blank.with_columns(pl.Series(column, [None, float("nan")]) for column in numbers)
    server.load("numbers", types, rows)
    null, nan = server.query(sql.select(plans["001"], sql.POSTGRESQL, "numbers", as_of=None)).rows()
    assert null == nan


# --- Spark -----------------------------------------------------------------------------------------------------------


def lacks_spark() -> str:
    """What is missing here for Spark to run; empty if nothing."""
    missing = [name for name in ("pyspark", "pyarrow") if importlib.util.find_spec(name) is None]
    if missing:
        return f"no {missing[0]} (requirements-spark.txt)"
    return "" if shutil.which("java") else "no Java (Debian: default-jre-headless)"


needs_spark = pytest.mark.skipif(bool(lacks_spark()), reason=lacks_spark())


@pytest.fixture(scope="module", autouse=True)
def starting(request: pytest.FixtureRequest) -> Iterator[Future[Any] | None]:
    """A Spark session, where a test wants it, that starts while PostgreSQL is at work, since it takes that long."""
    wanted = any("session" in getattr(item, "fixturenames", ()) for item in request.session.items)
    with ThreadPoolExecutor(1) as aside:
        future = aside.submit(start_spark) if wanted and not lacks_spark() else None
        yield future
        if future:
            future.result().stop()


def start_spark() -> Any:
    """This function will start Spark on this machine."""
    from pyspark.sql import SparkSession

    quick = {
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",  # a long compilation does not pay for so few rows
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    session = SparkSession.builder.master("local[*]").config(map=quick).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


@pytest.fixture(scope="module")
def session(starting: Future[Any], facts: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The Spark session with the facts as a view on a file."""
    path = tmp_path_factory.mktemp("facts") / "facts.parquet"
    facts.write_parquet(path, row_group_size=N_FACT_SETS // (os.cpu_count() or 1))
    session = starting.result()
    session.read.parquet(str(path)).createOrReplaceTempView("facts")
    return session


@needs_spark
@pytest.mark.parametrize("name", ["001", "002-10", "000-19"])
def test_spark_agrees_in_every_bit(name: str, session: Any, facts: pl.DataFrame, plans: Mapping[str, Plan]) -> None:
    ruleset = plans[name].program.ruleset
    rated = spark.rate_table(session, "facts", ruleset, as_of=as_of(name), keep=["row"])
    rows = pl.DataFrame(rated.toArrow())
    assert len(rows) == N_FACT_SETS
    assert differences(plans[name], facts, as_of(name), rows) == {}


@needs_spark
def test_a_register_rated_on_spark_is_rated_the_same(session: Any, plans: Mapping[str, Plan]) -> None:
    ruleset, some = plans["odd"].program.ruleset, columns(500, 3000)
    done: list[int] = []
    there = rate(some, ruleset, as_of=AS_OF, engine="spark", progress=done.append)
    here = rate(some, ruleset, as_of=AS_OF, engine="polars")
    assert list(there) == list(here)
    assert done == [3000]


@needs_spark
def test_an_empty_register_is_rated_on_spark(session: Any) -> None:
    assert len(rate({"name": []}, rulesets.load("001"), engine="spark")) == 0


@needs_spark
def test_a_table_that_lacks_columns_is_refused(session: Any) -> None:
    with pytest.raises(spark.BadTable, match=r"表 facts 缺少列：district$"):
        spark.rate_table(session, "facts", rulesets.load("001"), as_of=None, keep=["row", "district"])


@needs_spark
def test_without_java_a_sentence_says_what_to_install() -> None:
    code = """
from shouhu.engines.rules import rulesets, spark
from shouhu.engines.rules.ratings import rate
try:
    rate({"name": ["甲"]}, rulesets.load("001"), engine="spark")
except spark.NoSpark as error:
    raise SystemExit(str(error) != "Spark 无法启动，请安装 Java 17 或更新的版本，并设置 JAVA_HOME")
"""
    nowhere = {**os.environ, "JAVA_HOME": "/nonexistent"}
    assert subprocess.run([sys.executable, "-c", code], env=nowhere, stderr=subprocess.DEVNULL).returncode == 0


def test_without_pyspark_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    with pytest.raises(spark.NoSpark, match=r'pip install "shouhu\[spark\]"'):
        rate({"name": ["甲"]}, rulesets.load("001"), engine="spark")


def test_a_set_without_colours_is_refused() -> None:
    with pytest.raises(rulesets.NotRateable):
        spark.rate_table(None, "facts", rulesets.load("003"), as_of=None)
