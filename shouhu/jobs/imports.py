"""Long work on imports, outside of requests: reading and staging, taking over, undoing. Each goes on where it stopped."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import sleep

from django.utils.timezone import now
from django_tasks import task

from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.institutions import actions
from shouhu.ledgers.institutions.models import Batch
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused

BETWEEN_CHUNKS = 0.12
"""Seconds. A waiting writer of SQLite asks for the lock every tenth of a second at most; so it gets it between two chunks."""
INTERRUPTED = "处理时出错，已完成的部分不受影响。请点“继续”；再次出错请联系系统管理员"

log = logging.getLogger(__name__)


@task()
def stage(batch_id: int) -> None:
    """This function will read a batch's file and stage its rows."""
    _work(batch_id, lambda: actions.stage_batch(batch_id=batch_id, at=now(), pause=rest))


@task()
def show(batch_id: int, post_id: int) -> None:
    """This function will take a confirmed batch over, rate it and open what its colours demand; the post confirmed it."""
    by = Post.objects.get(pk=post_id)
    _work(batch_id, lambda: disposals.settle_batch(batch_id=batch_id, by=by, at=now(), pause=rest))


@task()
def drop(batch_id: int, post_id: int) -> None:
    """This function will undo a batch and rate what it had changed, signed by the post that asked for it."""
    by = Post.objects.get(pk=post_id)
    _work(batch_id, lambda: disposals.settle_undoing(batch_id=batch_id, by=by, at=now(), pause=rest))


def rest() -> None:
    """This function will let other writers have their turn."""
    sleep(BETWEEN_CHUNKS)


def _work(batch_id: int, act: Callable[[], Batch]) -> None:
    """Do it; why it stopped is told on the page of the batch."""
    try:
        act()
    except Refused as refusal:
        actions.fail_batch(batch_id=batch_id, why=str(refusal))
    except Exception:
        log.exception("import %s stopped", batch_id)
        actions.fail_batch(batch_id=batch_id, why=INTERRUPTED)
