"""
The counter where forms are handed in: forms that arrive at the same time are made durable together.

The disk's flush is what a receipt waits for. One thread writes, over one connection; whoever comes while it writes goes into the
next batch, so that a crowd costs a flush a batch and not a flush a person, and one person alone waits for nobody.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from queue import Empty, SimpleQueue
from time import sleep

from django.db import close_old_connections, connection
from django.utils.timezone import now

from shouhu.ledgers.tips import actions

GATHERING = 0.003
"""Seconds that the first of a batch waits for others: a flush takes as long, and a person notices neither."""
AT_MOST = 64
"""Forms in a batch, so that nobody waits long behind a crowd."""
Waiting = tuple[actions.Form, "Future[actions.Taken]"]


class Counter:
    """
    One for each process. Safe to use from many threads.

    Its thread starts with a form, and ends, with its connection, once none came for ``idle`` seconds.
    """

    def __init__(self, idle: float = 60) -> None:
        self._idle = idle
        self._waiting: SimpleQueue[Waiting] = SimpleQueue()
        self._starting = threading.Lock()
        self._writer: threading.Thread | None = None

    def hand_in(self, form: actions.Form) -> actions.Taken:
        """
        This function will return once the tip is safe on disk.

        :raises Refused: as ``tips.actions.take_in_many``; the others of the batch are taken in all the same.
        """
        mine: Future[actions.Taken] = Future()
        self._waiting.put((form, mine))
        with self._starting:
            if self._writer is None or not self._writer.is_alive():
                self._writer = threading.Thread(target=self._write, name="counter", daemon=True)
                self._writer.start()
        return mine.result()

    def _write(self) -> None:
        while True:
            try:
                first = self._waiting.get(timeout=self._idle)
            except Empty:
                with self._starting:
                    if self._waiting.empty():
                        connection.close()
                        self._writer = None
                        return
                continue
            sleep(GATHERING)
            batch = [first, *self._next()]
            close_old_connections()
            take_in(batch)

    def _next(self) -> Iterator[Waiting]:
        for _ in range(AT_MOST - 1):
            try:
                yield self._waiting.get_nowait()
            except Empty:
                return


def take_in(batch: Sequence[Waiting]) -> None:
    """This function will take a batch in, in one transaction if it can be, and give each form its own answer."""
    try:
        taken = actions.take_in_many(forms=[form for form, _ in batch], by=None, at=now())
    except Exception:  # one of them cannot be taken: each by itself then, so that every one gets its own answer
        for form, future in batch:
            _alone(form, future)
        return
    for (_, future), one in zip(batch, taken, strict=True):
        future.set_result(one)


def _alone(form: actions.Form, future: Future[actions.Taken]) -> None:
    # The files of the batch that came to nothing still lie there, under their tokens, until they are swept.
    papers = [replace(paper, token=secrets.token_hex(16)) for paper in form.papers]
    try:
        future.set_result(actions.take_in(form=replace(form, papers=papers), by=None, at=now()))
    except Exception as error:
        future.set_exception(error)


counter = Counter()
