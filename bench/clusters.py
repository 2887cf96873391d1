"""The same rules as SQL, where data already lies: PostgreSQL and Spark on this machine, masks counted up."""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import polars as pl

from bench import registers
from bench.measure import Line, Median, in_turns
from shouhu.engines.rules import sql
from shouhu.engines.rules.plan import Plan
from shouhu.engines.rules.program import Program
from shouhu.engines.rules.rulesets import load
from tests.servers import postgresql, postgresql_binaries

TIMES = 5


def figures(rows: int) -> Iterator[Line]:
    """This function will measure what is installed, say what is not, and give the lines of the table."""
    plan = Plan(Program(load()))
    facts = registers.table(plan.program, rows)
    for name, lack, engine in (("PostgreSQL", lacks_postgresql(), in_postgresql), ("Spark", lacks_spark(), in_spark)):
        if lack:
            yield Line(name, "-", f"not measured: {lack}")
        else:
            taken = engine(plan, facts)
            yield Line(
                name, f"{rows / taken.wall:,.0f}/s", f"{taken.wall:.2f} s, all masks of a rating and the missing facts"
            )


def lacks_postgresql() -> str:
    """What is missing to measure PostgreSQL; empty if nothing."""
    return "" if postgresql_binaries() else "no PostgreSQL server programs"


def lacks_spark() -> str:
    """What is missing to measure Spark; empty if nothing."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark is not installed (requirements-spark.txt)"
    return "" if shutil.which("java") else "no Java"


def totals(plan: Plan, dialect: sql.Dialect) -> str:
    """This function will write a statement that computes every mask of the table ``register`` and returns one row."""
    sums = ", ".join(f"sum({dialect.name(name)} % 1000)" for group in sql.masks(plan) for name in group)
    return f"SELECT {sums} FROM ({sql.select(plan, dialect, 'register', as_of=None)}) AS rated"


def in_postgresql(plan: Plan, facts: pl.DataFrame) -> Median:
    """This function will load the facts into a server of its own and time the statement."""
    import psycopg

    types = sql.layout(plan.program, sql.POSTGRESQL)
    columns = ", ".join(f"{sql.POSTGRESQL.name(name)} {type_}" for name, type_ in types.items())
    binaries = postgresql_binaries()
    assert binaries
    with (
        postgresql(binaries) as socket,
        psycopg.connect(host=str(socket), user="postgres", autocommit=True) as connection,
    ):
        connection.execute(f"CREATE UNLOGGED TABLE register ({columns})")
        with connection.cursor().copy("COPY register FROM STDIN (FORMAT csv, NULL '\\N')") as copy:
            copy.write(
                facts.select(list(types)).write_csv(include_header=False, null_value="\\N", quote_style="non_numeric")
            )
        connection.execute("ANALYZE register")
        statement = totals(plan, sql.POSTGRESQL)
        return in_turns({"": lambda: connection.execute(statement).fetchall()}, TIMES)[""]


def in_spark(plan: Plan, facts: pl.DataFrame) -> Median:
    """This function will write the facts as Parquet, cache them in Spark on this machine, and time the statement."""
    from pyspark.sql import SparkSession

    with ExitStack() as stack:
        path = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "facts.parquet"
        facts.write_parquet(path, row_group_size=max(facts.height // (os.cpu_count() or 1), 1))
        builder = SparkSession.builder.master(f"local[{os.cpu_count()}]").config(
            "spark.ui.showConsoleProgress", "false"
        )
        spark = builder.config("spark.sql.codegen.hugeMethodLimit", 8000).getOrCreate()
        stack.callback(spark.stop)
        spark.sparkContext.setLogLevel("ERROR")
        spark.read.parquet(str(path)).repartition(os.cpu_count() or 1).cache().createOrReplaceTempView("register")
        statement = totals(plan, sql.SPARK)
        return in_turns({"": lambda: spark.sql(statement).collect()}, TIMES)[""]
