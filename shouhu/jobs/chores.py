"""What each job of the schedule does: one call, and what to tell a person about it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils.timezone import localdate
from django_tasks_db.models import DBTaskResult

from shouhu.jobs import backup, imports
from shouhu.jobs.models import Run
from shouhu.jobs.schedule import Chore
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.informants import actions as informants
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions.models import Batch
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.tips import actions as tips
from shouhu.ledgers.tips import queries as tip_queries
from shouhu.ledgers.tips.actions.arriving import drop_stale
from shouhu.ledgers.units import actions as units
from shouhu.ledgers.units import throttle
from shouhu.ledgers.units.models import LoginAttempt, Post, Unit
from shouhu.ledgers.vault import actions as vault

KEPT_RESULTS = timedelta(days=14)
KEPT_UPLOADS = timedelta(days=30)
KEPT_LISTS = timedelta(days=3)
"""Lists of tips that nobody took in: names stand in them."""
KEPT_NIGHTS = 14
"""Nightly backups kept: what was erased from the desk is in no nightly backup after as many days."""
CLOCK = "定时任务"
"""Title of the post that signs what the clock does."""
FILLING, FULL = 0.80, 0.90


def expire_decisions(at: datetime) -> str:
    """This function will end the decisions on colours whose last day has passed, signed by a post that nobody holds."""
    if post := _clock(at):
        disposals.settle_expiry(today=localdate(at), by=post, at=at)
    return ""


def renew_ratings(at: datetime) -> str:
    """This function will rate anew those whose answers ran out of their validity: what is not known any more is not green."""
    if post := _clock(at):
        disposals.settle_renewal(today=localdate(at), by=post, at=at, pause=imports.rest)
    return ""


def erase_uploads(at: datetime) -> str:
    """This function will give up imports that nobody confirmed, and delete what was uploaded and came to nothing."""
    before = at - KEPT_UPLOADS
    if post := _clock(at):
        institutions.abandon_batches(before=before, by=post, at=at)
    released = Batch.objects.filter(confirmed_at=None, dropped_at__isnull=False).values_list("file", flat=True)
    with transaction.atomic():
        gone = vault.erase_unclaimed(before=before, released=released, at=at)
        acts = [journal.Act("file.erased", journal.named(one)) for one in gone]
        journal.record_many(acts=acts, by="system", at=at)
    drop_stale(before=at - KEPT_LISTS, at=at)
    vault.sweep(before=at - timedelta(days=1))
    return ""


def _clock(at: datetime) -> Post | None:
    """The post that nobody holds and that signs what the clock does; None before there is an office."""
    office = Unit.objects.filter(kind="campaign_office", closed_on=None).order_by("code", "pk").first()
    if office is None:
        return None
    post = Post.objects.filter(unit=office, title=CLOCK).first()
    return post or units.add_post(unit_id=office.pk, title=CLOCK, role="campaign_office", by=None, at=at)


def read_tips(at: datetime) -> str:
    """
    This function will read the tips that came in, bar whom they name, copy their files without metadata, and tell of tips that
    nobody is left to handle.
    """
    while tips.read_new(at=at):
        imports.rest()
    while tips.copy_new(at=at):
        imports.rest()
    n = len(tip_queries.unowned())
    return f"有 {n} 条线索点名了本地区所有能受理的人员，请与上级专项办联系" if n else ""


def erase_tips(at: datetime) -> str:
    """This function will erase the words, files and identities of tips whose time is over."""
    tips.erase_due(today=localdate(at), at=at)
    return ""


def expire_openings(at: datetime) -> str:
    """This function will wipe the identities that were released and not read in time."""
    informants.expire(at=at)
    return ""


def forget_attempts(at: datetime) -> str:
    """This function will delete log-in attempts that count for nothing any more."""
    LoginAttempt.objects.filter(at__lt=at - throttle.KEPT).delete()
    return ""


def clear_sessions(at: datetime) -> str:
    """This function will delete log-ins that ran out."""
    Session.objects.filter(expire_date__lt=at).delete()
    return ""


def clear_results(at: datetime) -> str:
    """This function will delete results of background work, and runs of the schedule, that nobody needs any more."""
    DBTaskResult.objects.finished().filter(finished_at__lt=at - KEPT_RESULTS).delete()
    Run.objects.filter(due_at__lt=at - KEPT_RESULTS).delete()
    return ""


def count_anew(_: datetime) -> str:
    """This function will let SQLite count its tables anew, on samples, so that lists go by the right index; PostgreSQL does so
    by itself.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")
    return ""


def watch_disk(_: datetime) -> str:
    """This function will warn when a disk that holds data or backups fills up."""
    nightly = nightly_backup()
    folders = {Path(settings.HOME): "数据", **({nightly[0]: "备份"} if nightly and nightly[0].is_dir() else {})}
    said = []
    for folder, what in folders.items():
        usage = shutil.disk_usage(folder)
        used = 1 - usage.free / usage.total
        if used >= FILLING:
            urgent = "，很快就写不进去了，请马上清理或换大一些的磁盘" if used >= FULL else "，请安排清理"
            said.append(f"{what}所在磁盘已用 {used:.0%}，还剩 {usage.free / 1e9:.1f} GB{urgent}")
    return "；".join(said)


def back_up(at: datetime) -> str:
    """This function will make the nightly backup, if one was asked for, and delete the oldest beyond those that are kept."""
    nightly = nightly_backup()
    if nightly is None:
        return ""
    folder, passphrase = nightly
    if not folder.is_dir():
        raise backup.BackupRefused(f"备份文件夹不在：{folder}")
    backup.make(target=folder / f"每夜-{at:%Y%m%d-%H%M%S}{backup.SUFFIX}", passphrase=passphrase, at=at)
    for old in sorted(folder.glob(f"每夜-*{backup.SUFFIX}"))[:-KEPT_NIGHTS]:
        old.unlink()
    return ""


def nightly_backup() -> tuple[Path, str] | None:
    """This function will give folder and passphrase of the nightly backup, if one was asked for."""
    try:
        kept = json.loads(_nightly_file().read_text("utf-8"))
    except FileNotFoundError:
        return None
    return Path(kept["folder"]), kept["passphrase"]


def set_nightly_backup(folder: Path | None, passphrase: str = "") -> None:
    """This function will ask for a nightly backup from now on; None: no more. The passphrase lies beside the keys."""
    if folder is None:
        _nightly_file().unlink(missing_ok=True)
        return
    with os.fdopen(
        os.open(_nightly_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump({"folder": str(folder.resolve()), "passphrase": passphrase}, file)


def _nightly_file() -> Path:
    path: Path = settings.HOME / "keys" / "nightly.json"
    return path


CHORES: Mapping[str, Chore] = {
    "ratings.expire": expire_decisions,
    "ratings.renew": renew_ratings,
    "attempts.forget": forget_attempts,
    "sessions.clear": clear_sessions,
    "results.clear": clear_results,
    "uploads.erase": erase_uploads,
    "tips.read": read_tips,
    "tips.erase": erase_tips,
    "openings.expire": expire_openings,
    "tables.count": count_anew,
    "backup.nightly": back_up,
    "disk.watch": watch_disk,
}
