"""The process beside the server: background tasks one after the other, and the clock's jobs in a thread of their own."""

from __future__ import annotations

import hashlib
import logging
import signal
import socket
import threading
from multiprocessing.connection import Connection
from pathlib import Path

import django

POLL_SECONDS = 15
"""How often the schedule is looked at."""
TAKEN_AT_MOST = 3
"""A task that took its worker down with it as often is not started again."""
_log = logging.getLogger(__name__)


def run(life: Connection) -> None:
    """This function will work until the other end of ``life`` is closed, finishing the task at hand."""
    for name in ("SIGINT", "SIGTERM"):  # the server ends it, after the pages; a task cut short would count as failed
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    django.setup()
    from django.conf import settings
    from django_tasks_db.management.commands.db_worker import Worker

    name = worker_name(settings.HOME)
    take_back(name)
    worker = Worker(
        queue_names=["*"], interval=1, batch=False, backend_name="default", startup_delay=False, max_tasks=None,
        worker_id=name, excluded_queue_names=[],
    )  # fmt: skip
    stopping = threading.Event()

    def wait_for_the_end() -> None:
        try:
            life.recv()
        except (EOFError, OSError):
            stopping.set()
            worker.running = False

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    clock = threading.Thread(target=_keep_the_clock, args=(stopping,))
    clock.start()
    worker.run()
    clock.join()


def worker_name(home: Path) -> str:
    """This function will name the one worker that a home has at a time, the same after every start."""
    return f"{socket.gethostname()[:40]}-{hashlib.sha256(str(home).encode()).hexdigest()[:16]}"


def take_back(name: str) -> None:
    """This function will put the tasks that a killed worker of this name left unfinished back into the queue."""
    from django_tasks.base import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    for left in DBTaskResult.objects.running():
        if left.worker_ids[-1:] != [name]:
            continue
        if len(left.worker_ids) < TAKEN_AT_MOST:
            left.status = TaskResultStatus.READY
            left.save(update_fields=["status"])
        else:
            left.set_failed(RuntimeError("the worker died during this task"))


def _keep_the_clock(stopping: threading.Event) -> None:
    from django.db import close_old_connections
    from django.utils.timezone import now

    from shouhu.jobs import schedule
    from shouhu.jobs.chores import CHORES

    while not stopping.is_set():
        close_old_connections()
        try:
            schedule.run_due(CHORES, now)
        except Exception:  # a database that is away for a while must not end the clock
            _log.exception("the schedule could not be looked at")
        close_old_connections()
        stopping.wait(POLL_SECONDS)
