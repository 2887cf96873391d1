"""
The index of tips that tell the same script: in the memory of each process, as hashes under a key; nothing of it lies on disk.

It is filled from the database when it is first asked, and follows what was read and erased since.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock, Thread

from django.conf import settings
from django.db import connection

from shouhu.engines.text.similar import Index, Match
from shouhu.ledgers.tips import reading
from shouhu.ledgers.tips.models import Tip

LATE = timedelta(minutes=10)
"""Rows that bear an instant may come through later than others that bear a later one, but not by as much."""
CANDIDATES = 60
"""More than are shown, as some may not be seen by whoever asks."""


PORTION = 2_000
"""So many texts are taken in while somebody waits, the newest first; the rest in the background."""


class _Shelf:
    """The index and how far it has followed the database."""

    def __init__(self) -> None:
        self.index: Index[int] = Index(settings.KEYS.derived("similar tips"))
        self.read_until: datetime | None = None
        self.erased_until: datetime | None = None

    def follow(self) -> list[int]:
        """
        This function will take in what was read and take out what was erased since it last looked.

        :returns: ids of older tips that are still to be taken in.
        """
        told = Tip.objects.filter(read_at__isnull=False, erased_at=None)
        if self.read_until:
            told = told.filter(read_at__gte=self.read_until - LATE)
        rows = told.order_by("-read_at", "-pk").values_list("pk", "read_at")
        fresh = [(pk, at) for pk, at in rows if pk not in self.index]
        if fresh:
            self.read_until = fresh[0][1]
        ids = [pk for pk, _ in fresh]
        self.take(ids[:PORTION])
        gone = Tip.objects.filter(erased_at__isnull=False)
        if self.erased_until:
            gone = gone.filter(erased_at__gte=self.erased_until - LATE)
        for pk, at in gone.order_by("erased_at").values_list("pk", "erased_at"):
            self.index.remove(pk)
            self.erased_until = at
        return ids[PORTION:]

    def take(self, ids: list[int]) -> None:
        """This function will take tips into the index, those that were not erased meanwhile."""
        for start in range(0, len(ids), 500):
            part = ids[start : start + 500]
            for tip in Tip.objects.only("text", "reading").filter(pk__in=part, erased_at=None):
                self.index.add(tip.pk, tip.text, reading.found(tip))

    def take_later(self, ids: list[int]) -> None:
        """This function will do the same in a thread of its own, with a connection of its own."""
        try:
            self.take(ids)
        finally:
            connection.close()


_LOCK = Lock()
_shelf: _Shelf | None = None


def nearest(tip: Tip) -> list[Match[int]]:
    """
    This function will give the tips nearest to one, the nearest first.

    Of very many tips those of long ago are found some time after the process was first asked.
    """
    global _shelf
    with _LOCK:
        _shelf = _shelf or _Shelf()
        if older := _shelf.follow():
            Thread(target=_shelf.take_later, args=(older,), daemon=True).start()
        index = _shelf.index
    return index.nearest(tip.text, reading.found(tip), CANDIDATES, but=tip.pk)


def forget() -> None:
    """This function will drop the index; it is filled again when it is next asked."""
    global _shelf
    with _LOCK:
        _shelf = None
