"""
A whole database as files, taken at one instant while others write, and how such files become a database again.

SQLite gives one file of its own. PostgreSQL gives one file a table, as its ``COPY`` writes them. A table is told by its number of
rows and the sum of its rows' hashes, so that the order in which a database keeps its rows does not matter.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.backends.sqlite3._functions import register  # type: ignore[import-untyped]
from django.db.migrations.executor import MigrationExecutor

from shouhu.ledgers.journal.chain import COVERED, Fault, faults
from shouhu.ledgers.units.refusals import Refused

Count = list[int | str]
"""Number of rows, and the sum of the rows' SHA-256 modulo 2**256 as hex."""
SQLITE_FILE = "shouhu.sqlite3"
_CHAIN = ", ".join(f'"{name}"' for name in (*COVERED, "digest"))
_MODULUS = 1 << 256


class NotAsWritten(Refused):
    """A database that was put back is not the one that was taken; nothing was changed."""


@dataclass(frozen=True)
class Contents:
    """What a snapshot holds: rows by table, migrations applied, the journal's head, tokens of stored files."""

    engine: str
    migrations: list[tuple[str, str]]
    tables: dict[str, Count]
    head: tuple[int, str]
    tokens: list[str]


def take(folder: Path) -> Contents:
    """This function will write the database as it is at one instant into an empty folder."""
    return _take_sqlite(folder) if connection.vendor == "sqlite" else _take_postgresql(folder)


def copy_sqlite(target: Path) -> None:
    """This function will write the embedded database into one new file; others may write to it meanwhile."""
    with _opened(connection.settings_dict["NAME"]) as source:
        source.execute("VACUUM INTO ?", [str(target)])
    target.chmod(0o600)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """With the functions that Django's constraints use, such as REGEXP."""
    with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as database:
        register(database)
        yield database


def _take_sqlite(folder: Path) -> Contents:
    copy_sqlite(folder / SQLITE_FILE)
    with _opened(folder / SQLITE_FILE) as taken:
        return _contents("sqlite", _sqlite_tables(taken), lambda sql: taken.execute(sql).fetchall())


def _sqlite_tables(database: sqlite3.Connection) -> dict[str, Count]:
    names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return {name: _count(map(repr, database.execute(f'SELECT * FROM "{name}"'))) for (name,) in names.fetchall()}


def _take_postgresql(folder: Path) -> Contents:
    tables = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for name in connection.introspection.table_names(cursor):
            with (folder / f"{name}.copy").open("wb") as file:
                file.write(json.dumps(_columns(cursor, name)).encode() + b"\n")
                tables[name] = _copied_out(cursor, name, file)

        def fetched(sql: str) -> list[tuple[Any, ...]]:
            cursor.execute(sql)
            return list(cursor.fetchall())

        return _contents("postgresql", tables, fetched)


def _contents(engine: str, tables: dict[str, Count], fetched: Any) -> Contents:
    return Contents(
        engine,
        [(app, name) for app, name in fetched("SELECT app, name FROM django_migrations ORDER BY id")],
        tables,
        next(iter(fetched("SELECT seq, digest FROM journal_head")), (0, "0" * 64)),
        [token for (token,) in fetched("SELECT token FROM vault_storedfile WHERE erased_at IS NULL ORDER BY id")],
    )


def _columns(cursor: Any, table: str) -> list[str]:
    return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def _copied_out(cursor: Any, table: str, file: Any) -> Count:
    """One line a row; PostgreSQL writes a line break inside a value as two characters."""
    n_rows = total = 0
    rest = b""
    names = ", ".join(f'"{name}"' for name in _columns(cursor, table))
    with cursor.copy(f'COPY "{table}" ({names}) TO STDOUT') as copy:
        for block in copy:
            *lines, rest = (rest + bytes(block)).split(b"\n")
            for line in lines:
                n_rows, total = n_rows + 1, total + _hashed(line)
            if file:
                file.write(block)
    return [n_rows, f"{total % _MODULUS:064x}"]


def check_sqlite(folder: Path, expected: Contents) -> Fault | None:
    """
    This function will check a database file that was put back, row by row, and give the first break of the journal's chain.

    :raises NotAsWritten: something differs.
    """
    with _opened(folder / SQLITE_FILE) as found:
        if found.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise NotAsWritten("恢复出来的数据库文件不完整，没有采用，原来的数据没有变动")
        if found.execute("PRAGMA foreign_key_check").fetchone():
            raise NotAsWritten("恢复出来的数据库里有对不上的记录，没有采用，原来的数据没有变动")
        _same(_sqlite_tables(found), expected)
        return _break(found.execute(f"SELECT {_CHAIN} FROM journal_entry ORDER BY seq"), expected)


def load_postgresql(folder: Path, expected: Contents) -> Fault | None:
    """
    This function will fill an empty PostgreSQL database in one transaction, check it as ``check_sqlite`` does, and commit.

    :raises NotAsWritten: something differs; the database is as empty as before.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        executor = MigrationExecutor(connection)
        executor.migrate([node for node in expected.migrations if node in executor.loader.disk_migrations])
        names = connection.introspection.table_names(cursor)
        cursor.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in names))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # tables come in the order of their names
        for name in expected.tables:
            with (folder / f"{name}.copy").open("rb") as file:
                columns = ", ".join(f'"{column}"' for column in json.loads(file.readline()))
                with cursor.copy(f'COPY "{name}" ({columns}) FROM STDIN') as copy:
                    while block := file.read(1 << 20):
                        copy.write(block)
            for column in connection.introspection.get_sequences(cursor, name):
                quoted = f'"{column["column"]}"'
                cursor.execute(
                    f'SELECT setval(pg_get_serial_sequence(%s, %s), max({quoted})) FROM "{name}" HAVING max({quoted}) > 0',
                    [f'"{name}"', column["column"]],
                )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _same({name: _copied_out(cursor, name, None) for name in expected.tables}, expected)
        cursor.execute(f"SELECT {_CHAIN} FROM journal_entry ORDER BY seq")
        return _break(cursor, expected)


def _same(found: dict[str, Count], expected: Contents) -> None:
    different = sorted(name for name in found.keys() | expected.tables if found.get(name) != expected.tables.get(name))
    if different:
        raise NotAsWritten(f"恢复出来的表与备份时不一致（{'、'.join(different)}），没有采用，原来的数据没有变动")


def _break(rows: Iterable[tuple[Any, ...]], expected: Contents) -> Fault | None:
    return next(faults(_entries(rows), dict(zip(("seq", "digest"), expected.head, strict=True))), None)


def _entries(rows: Iterable[tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    """The journal's rows as the chain covers them; SQLite keeps instants and JSON as text."""
    for row in rows:
        entry = dict(zip((*COVERED, "digest"), row, strict=True))
        moment = entry["at"]
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        entry["at"] = moment.astimezone(UTC).isoformat(timespec="microseconds")
        if isinstance(entry["fields"], str):
            entry["fields"] = json.loads(entry["fields"])
        yield entry


def _count(rows: Iterable[str]) -> Count:
    n_rows = total = 0
    for row in rows:
        n_rows, total = n_rows + 1, total + _hashed(row.encode())
    return [n_rows, f"{total % _MODULUS:064x}"]


def _hashed(row: bytes) -> int:
    return int.from_bytes(hashlib.sha256(row).digest(), "big")
