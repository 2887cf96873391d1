"""
One file that holds everything: the database at one instant, stored files, keys, the office's own certificate.

It is sealed under a passphrase, read back before it gets its name, and read through to its end before a restore changes anything.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.utils.timezone import localtime

import shouhu
from shouhu.jobs import homes, setup, snapshots
from shouhu.jobs.sealing import CHUNK, SealedReader, SealedWriter, Tampered
from shouhu.jobs.snapshots import SQLITE_FILE, Contents
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.vault.actions import place_of

SHORTEST_PASSPHRASE = 12
SUFFIX = ".shouhu"
Tell = Callable[[str], None]
_MANIFEST = "manifest.json"
_MEMBER = re.compile(rf"database/[\w.]+|files/[0-9a-f]{{2}}/[0-9a-f]{{32}}|keys/\d+\.key|https/ca\.\w+|{_MANIFEST}")


class BackupRefused(Refused):
    """A backup cannot be made, or must not be restored, as asked; nothing was changed."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself: when and by which version it was made, and the size and hash of all it holds."""

    version: str
    made_at: str
    contents: Contents
    sizes: dict[str, int]
    """Bytes by member."""
    hashes: dict[str, str]
    """SHA-256 of the members that are no stored files (those are sealed one by one already)."""
    missing: list[str]
    """Tokens of stored files that were not on the disk any more."""

    @property
    def n_rows(self) -> int:
        """Rows of all tables."""
        return sum(int(rows) for rows, _ in self.contents.tables.values())

    @property
    def n_files(self) -> int:
        """Stored files."""
        return len(self.contents.tokens) - len(self.missing)


def make(*, target: Path, passphrase: str, at: datetime, by: str = "system", tell: Tell = lambda _: None) -> Path:
    """
    This function will back everything up into one sealed file while others go on writing, and read it back.

    :param target: the file, or a folder in which it gets a name with the time.
    :param by: code of the post, for the journal.
    :returns: the file; one with the ending ``.shouhu`` is always whole.
    :raises BackupRefused: the passphrase is too short, the file exists, or what was written cannot be read back.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise BackupRefused(
            f"备份口令至少 {SHORTEST_PASSPHRASE} 个字。请换一个长的，并另外妥善保管：忘了就打不开备份。"
        )
    if target.is_dir():
        target = target / f"守护-{localtime(at):%Y%m%d-%H%M%S}{SUFFIX}"
    if target.exists() or target.suffix != SUFFIX or not target.parent.is_dir():
        raise BackupRefused(f"请给出一个已有的文件夹，或其中一个新文件的名字（以 {SUFFIX} 结尾）：{target}")
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        with _scratch() as folder:
            tell("正在取数据库快照 …")
            manifest = _manifest(folder, at)
            tell(f"正在写入：{manifest.n_rows} 行记录、{manifest.n_files} 个附件 …")
            _write(draft, folder, manifest, passphrase)
        tell("正在读回核对 …")
        if examine(draft, passphrase) != manifest:
            raise BackupRefused("备份写出后读回不一致，没有保留。请检查磁盘后再试。")
        draft.rename(target)
    except OSError as error:
        raise BackupRefused(
            f"备份没有写成（{error.strerror}），没有保留。请检查磁盘空间和文件夹权限：{target}"
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    journal.record(verb="backup.made", subject=f"backup/{manifest.contents.head[0]}", by=by, at=at)
    return target


def examine(source: Path, passphrase: str) -> Manifest:
    """
    This function will read a backup through to its end and tell what it holds; it changes nothing.

    :raises BackupRefused: the passphrase is another one, or the file was changed or cut.
    """
    found: dict[str, int] = {}
    manifest = None
    with _refusing(source):
        for name, member in _members(source, passphrase):
            if manifest is None:
                manifest = _understood(name, member)
                continue
            digest = hashlib.sha256()
            found[name] = 0
            while block := member.read(CHUNK):
                found[name] += len(block)
                digest.update(block)
            if manifest.hashes.get(name, digest.hexdigest()) != digest.hexdigest():
                raise Tampered
        if manifest is None or found != manifest.sizes:
            raise Tampered
    return manifest


def restore(*, source: Path, passphrase: str, at: datetime, by: str = "system", tell: Tell = lambda _: None) -> str:
    """
    This function will put a backup in the place of what is in SHOUHU_HOME, which it sets aside and does not delete.

    The file is read to its end first; it is laid out beside the present data, compared row by row, and only then takes its place.
    PostgreSQL must be an empty database.

    :returns: what a person should look at afterwards; empty when there is nothing.
    :raises BackupRefused: nothing was changed.
    """
    tell("正在通读备份文件 …")
    manifest = examine(source, passphrase)
    home: Path = settings.HOME
    with homes.occupied(home, "正在恢复备份"):
        _require_fit(manifest, home)
        with _scratch() as folder:
            tell(f"正在展开：{manifest.n_rows} 行记录、{manifest.n_files} 个附件 …")
            _lay_out(source, passphrase, folder)
            tell("正在逐表核对 …")
            if manifest.contents.engine == "sqlite":
                fault = snapshots.check_sqlite(folder / "database", manifest.contents)
                (folder / "database" / SQLITE_FILE).rename(folder / SQLITE_FILE)
            else:
                fault = snapshots.load_postgresql(folder / "database", manifest.contents)
            if hasattr(os, "sync"):
                os.sync()
            connections.close_all()
            aside = homes.set_aside(home, "before-restore", at)
            homes.move(folder, home)
    tell(f"原来的数据移到了：{aside}")
    settings.KEYS = type(settings.KEYS).kept_in(home / "keys")
    setup.migrate(at=at, tell=tell)
    journal.record(verb="backup.restored", subject=f"backup/{manifest.contents.head[0]}", by=by, at=at)
    remarks = [f"有 {len(manifest.missing)} 个附件在备份时就已不在磁盘上"] if manifest.missing else []
    remarks += [f"留痕链条在第 {fault.seq} 条断开：{fault.what}（备份时就已如此）"] if fault else []
    return "；".join(remarks)


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder on the same disk as the data, for this process only; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="backup-", dir=settings.HOME) as folder:
        yield Path(folder)


def _manifest(folder: Path, at: datetime) -> Manifest:
    contents = snapshots.take(folder)
    kept = dict(_places(folder, contents))
    there = {name: path for name, path in kept.items() if path.exists()}
    return Manifest(
        version=shouhu.__version__,
        made_at=at.isoformat(),
        contents=contents,
        sizes={name: path.stat().st_size for name, path in there.items()},
        hashes={name: _sha256(path) for name, path in there.items() if not name.startswith("files/")},
        missing=[path.name for name, path in kept.items() if name not in there],
    )


def _places(folder: Path, contents: Contents) -> Iterator[tuple[str, Path]]:
    """Name in the backup and path of all that it holds."""
    home: Path = settings.HOME
    yield from ((f"database/{path.name}", path) for path in sorted(folder.iterdir()))
    yield from ((f"keys/{path.name}", path) for path in sorted((home / "keys").glob("*.key")))
    yield from ((f"https/{path.name}", path) for path in sorted((home / "https").glob("ca.*")))
    yield from ((f"files/{token[:2]}/{token}", place_of(token)) for token in contents.tokens)


def _write(draft: Path, folder: Path, manifest: Manifest, passphrase: str) -> None:
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        sealed = SealedWriter(file, passphrase)
        with tarfile.open(fileobj=sealed, mode="w|", bufsize=CHUNK) as archive:
            text = json.dumps(asdict(manifest)).encode()
            archive.addfile(_entry(_MANIFEST, len(text)), io.BytesIO(text))
            for name, path in _places(folder, manifest.contents):
                if name in manifest.sizes:
                    with path.open("rb") as member:
                        archive.addfile(_entry(name, manifest.sizes[name]), member)
        sealed.finish()
        file.flush()
        os.fsync(file.fileno())


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size = size
    return entry


def _members(source: Path, passphrase: str) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and content of every member, in order; the end of the file is reached and checked after the last."""
    with source.open("rb") as file:
        plain = io.BufferedReader(SealedReader(file, passphrase), CHUNK)
        with tarfile.open(fileobj=plain, mode="r|", bufsize=CHUNK) as archive:
            for entry in archive:
                member = archive.extractfile(entry)
                if member is None or not _MEMBER.fullmatch(entry.name):
                    raise Tampered
                yield entry.name, member
        while plain.read(CHUNK):
            pass


@contextmanager
def _refusing(source: Path) -> Iterator[None]:
    try:
        yield
    except Tampered as error:
        raise BackupRefused(
            f"打不开这份备份：口令不对，或者文件被改动、没有传完整。没有做任何改动。（{source}）"
        ) from error
    except OSError as error:
        raise BackupRefused(f"读写出错（{error.strerror}），没有做任何改动：{source}") from error


def _understood(name: str, member: IO[bytes]) -> Manifest:
    if name != _MANIFEST:
        raise BackupRefused("这份文件不是守护的备份。没有做任何改动。")
    said: dict[str, Any] = json.loads(member.read())
    contents = said.pop("contents")
    contents["migrations"] = [(app, migration) for app, migration in contents["migrations"]]
    contents["head"] = tuple(contents["head"])
    return Manifest(contents=Contents(**contents), **said)


def _require_fit(manifest: Manifest, home: Path) -> None:
    """Everything that can be known to go wrong is said before anything is touched."""
    contents = manifest.contents
    if contents.engine != connection.vendor:
        raise BackupRefused(
            f"这份备份来自 {contents.engine}，现在用的是 {connection.vendor}，不能互相恢复。请按原来的数据库设置 SHOUHU_DATABASE。"
        )
    known = MigrationLoader(None).disk_migrations
    if not set(contents.migrations) <= set(known):
        raise BackupRefused(f"这份备份来自更新的版本（{manifest.version}），请先升级软件再恢复。")
    needed = sum(manifest.sizes.values())
    if shutil.disk_usage(home).free < needed * 1.1:
        raise BackupRefused(f"磁盘空间不够：恢复需要约 {needed / 1e9:.1f} GB。")
    if contents.engine == "postgresql" and connection.introspection.table_names():
        raise BackupRefused("恢复到 PostgreSQL 要用一个新的空数据库：请先新建一个，把 SHOUHU_DATABASE 指过去，再恢复。")


def _lay_out(source: Path, passphrase: str, folder: Path) -> None:
    with _refusing(source):
        for name, member in _members(source, passphrase):
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                shutil.copyfileobj(member, file, CHUNK)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
