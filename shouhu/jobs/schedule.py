"""The clock's jobs: which are due, each done once, tried again when it fails."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from importlib.resources import files

import yaml
from django.db.models import Q
from django.utils.timezone import localtime

from shouhu.jobs.models import Run
from shouhu.ledgers.units.refusals import Refused

TRIES = 3
BACKOFF = (timedelta(minutes=1), timedelta(minutes=10))
"""After the first and the second failure."""
LEASE = timedelta(hours=2)
"""A worker that has not ended a try within this time is taken for dead."""
DAY = timedelta(days=1)
Chore = Callable[[datetime], str]
"""Does the work; what it returns is for a person to read, empty when there is nothing to say."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """A job and its cadence: a time of day in China, or a number of minutes that divides the day."""

    name: str
    says: str
    at: str = ""
    every: int = 0

    def due(self, now: datetime) -> datetime:
        """This function will give the last time at or before ``now`` at which the job was due."""
        here = localtime(now)
        midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
        if self.every:
            step = timedelta(minutes=self.every)
            return midnight + (here - midnight) // step * step
        due = datetime.combine(here.date(), time.fromisoformat(self.at), here.tzinfo)
        return due if due <= here else due - DAY


@cache
def jobs() -> tuple[Job, ...]:
    """This function will give every job, as ``schedule.yaml`` declares it."""
    declared = yaml.safe_load((files(__package__) / "schedule.yaml").read_text("utf-8"))
    return tuple(Job(**row) for row in declared["jobs"])


def run_due(
    chores: Mapping[str, Chore], clock: Callable[[], datetime], declared: Iterable[Job] | None = None
) -> list[Run]:
    """
    This function will do every job that is due and was not done, and give the runs that it tried.

    Of the times that passed while nothing ran, only the last is made up for.

    :param clock: asked before and after each job, since a job takes time.
    """
    now = clock()
    by_name = {job.name: job for job in (jobs() if declared is None else declared)}
    Run.objects.bulk_create(
        [Run(job=job.name, due_at=job.due(now), next_try_at=now) for job in by_name.values()], ignore_conflicts=True
    )
    waiting = Run.objects.filter(done_at=None, n_tries__lt=TRIES, next_try_at__lte=now, job__in=by_name)
    newest = {run.job: run for run in waiting.order_by("due_at")}
    return [tried for run in newest.values() if (tried := _try(run, chores[run.job], clock))]


def _try(run: Run, chore: Chore, clock: Callable[[], datetime]) -> Run | None:
    """One try, if no other worker has it already."""
    now = clock()
    run.n_tries, run.started_at, run.next_try_at = run.n_tries + 1, now, now + LEASE
    mine = Run.objects.filter(pk=run.pk, done_at=None, n_tries=run.n_tries - 1)
    if not mine.update(n_tries=run.n_tries, started_at=now, next_try_at=run.next_try_at):
        return None
    try:
        run.remark = chore(now)
        run.done_at = clock()
    except Exception as error:  # whatever it was, the other jobs must go on
        _log.exception("job %s failed, try %d", run.job, run.n_tries)
        # A sentence for people, or what is wrong with disk and folders; other faults may quote what somebody wrote in confidence.
        why = f"：{error}" if isinstance(error, Refused | OSError) else ""
        run.remark = f"{type(error).__name__}{why}"[:500]
        run.next_try_at = clock() + BACKOFF[min(run.n_tries, len(BACKOFF)) - 1]
    run.save(update_fields=["done_at", "remark", "next_try_at"])
    return run


def warnings() -> list[str]:
    """This function will say what of the clock's jobs a person should look at: the last run of each, if it left a remark."""
    last = {run.job: run for run in Run.objects.exclude(Q(done_at=None) & Q(remark="")).order_by("due_at")}
    told = [(job.says, last[job.name]) for job in jobs() if job.name in last and last[job.name].remark]
    return [run.remark if run.done_at else f"没有做成：{says}（{run.remark}）" for says, run in told]
