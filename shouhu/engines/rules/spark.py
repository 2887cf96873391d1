"""Rating on Spark: a register too large for one machine, or a table that already lies on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from shouhu.engines.rules import sql
from shouhu.engines.rules.frame import needed, settle, table
from shouhu.engines.rules.plan import Plan
from shouhu.engines.rules.record import evaluator
from shouhu.engines.rules.rulesets import NotRateable, RuleSet
from shouhu.engines.rules.tables import questions

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from shouhu.engines.rules.tables import Questions


class NoSpark(NotRateable):
    """Spark cannot be started here; ``str()`` says what to install, in Chinese."""


class BadTable(NotRateable):
    """The table lacks columns; ``str()`` names them, in Chinese."""


def rate(
    plan: Plan, columns: Mapping[str, Sequence[Any]], as_of: date | None, progress: Callable[[int], None] | None
) -> tuple[list[list[int]], Questions]:
    """
    This function will compute the masks of a register on Spark, and a function that gives the questions of a row.

    The master is that of the environment or of spark-defaults.conf; without one, Spark runs on this machine.

    :raises NoSpark: pyspark or Java is missing.
    """
    raw = table(columns, needed(plan.program))
    rows = pl.int_range(len(raw), eager=True).alias("row")
    try:
        session = _session()
        register = session.createDataFrame(raw.with_columns(rows).to_arrow())
    except ImportError as error:
        raise NoSpark('没有安装 Spark 组件，请运行：pip install "shouhu[spark]"') from error
    register.createOrReplaceTempView("register")
    rated = _run(session, sql.select(plan, sql.SPARK, "register", as_of=as_of, keep=["row"]))
    words = pl.DataFrame(rated.toArrow()).sort("row")
    masks = [sql.whole([words[name].to_list() for name in names]) for names in sql.masks(plan)[: len(plan.groups)]]
    if progress:
        progress(len(raw))
    return masks, questions(plan.program, settle(raw, plan.program, as_of=as_of), masks[-1])


def rate_table(
    spark: SparkSession, table: str, ruleset: RuleSet, *, as_of: date | None, keep: Iterable[str] = ()
) -> DataFrame:
    """
    This function will rate a table where it lies.

    :param table: a table or view in the layout of ``sql.layout``.
    :param as_of: answers older than the set's validity on this day count as unknown; None: all are valid.
    :param keep: columns of the table to carry along, such as its key.
    :returns: ``keep``, colour, at_least, at_most, and the masks of ``sql.masks``; computed only when it is asked for rows.
    :raises NotRateable: a rule set without colours.
    :raises BadTable: the table lacks columns.
    """
    ruleset.require_colours()
    plan = Plan(evaluator(ruleset).program)
    kept = list(keep)
    columns = spark.table(table).columns
    if missing := [name for name in (*kept, *sql.layout(plan.program, sql.SPARK)) if name not in columns]:
        raise BadTable(f"表 {table} 缺少列：{'、'.join(missing)}")
    rated = _run(spark, sql.select(plan, sql.SPARK, table, as_of=as_of, keep=kept))
    masks = [name for group in sql.masks(plan) for name in group]
    return rated.selectExpr(
        *map(sql.SPARK.name, kept), *(f"{text} AS {name}" for name, text in sql.WORDS.items()), *masks
    )


def _session() -> SparkSession:
    """A session of its own on the running Spark, started if need be."""
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession

    quiet = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
    try:
        session = SparkSession.builder.appName("shouhu").config(map=quiet).getOrCreate().newSession()
    except PySparkRuntimeError as error:
        raise NoSpark("Spark 无法启动，请安装 Java 17 或更新的版本，并设置 JAVA_HOME") from error
    # Else Spark takes the register for a constant, and works everything out while planning, row by row on one core.
    session.conf.set("spark.sql.execution.arrow.localRelationThreshold", 0)
    return session


def _run(spark: SparkSession, statement: str) -> DataFrame:
    # Longer methods than this the Java machine never compiles: a statement of one huge method runs many times slower.
    spark.conf.set("spark.sql.codegen.hugeMethodLimit", 8000)
    return spark.sql(statement)
