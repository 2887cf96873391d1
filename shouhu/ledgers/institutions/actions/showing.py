"""Taking an import over and taking it back: in chunks that go on after a break, new entries behind one switch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from shouhu.ledgers.institutions import queries
from shouhu.ledgers.institutions.actions.batches import WrongStep
from shouhu.ledgers.institutions.actions.writing import Change, Newcomer, create, write
from shouhu.ledgers.institutions.models import Batch, Institution, StagedRow, Version
from shouhu.ledgers.institutions.values import Facts, held
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Post

Pause = Callable[[], None]
CHUNK = 100
"""Rows in one transaction; fewer than in staging, as each becomes several rows and an entry of the journal."""


def show_batch(*, batch_id: int, by: Post, at: datetime, pause: Pause) -> Batch:
    """
    This function will take a confirmed batch over: updates become versions, new institutions appear by one switch.

    It may be broken off at any point and called again: it goes on from ``Batch.n_taken``.

    :param pause: called between two chunks, so that other writers get their turn.
    :raises WrongStep: the batch is not confirmed, or was dropped meanwhile.
    """
    batch = Batch.objects.get(pk=batch_id)
    if batch.state not in ("taking", "shown"):
        raise WrongStep("这批台账还没有确认导入，或已撤销")
    while batch.n_taken < batch.n_rows:
        batch.n_taken = _take(batch, by, at)
        pause()
    if not batch.shown_at:
        batch = _switch(batch, by, at)
    _clear(batch, pause)
    return batch


def drop_batch(*, batch_id: int, by: Post, at: datetime, pause: Pause) -> Batch:
    """
    This function will undo an import at any stage: new institutions vanish by one switch, updates are taken back.

    A fact that somebody changed after the import stays as it is, and so does a new institution that somebody has worked on
    since (counted in ``report["kept"]``). It may be broken off at any point and called again.
    """
    batch = switch_off(batch_id=batch_id, by=by, at=at)
    while _take_back(batch, by, at):
        pause()
    _clear(batch, pause)
    return batch


# --- forward


def _take(batch: Batch, by: Post, at: datetime) -> int:
    """Take one chunk over, and give how far that is."""
    start, end = batch.n_taken, min(batch.n_taken + CHUNK, batch.n_rows)
    rows = list(batch.rows.select_related("matched").filter(n__gte=start, n__lt=end).order_by("n"))
    newcomers = [
        Newcomer(held(row.facts, row.personal), row.code, _reference(row)) for row in rows if row.decision == "new"
    ]
    with transaction.atomic():
        now = Batch.objects.select_for_update().get(pk=batch.pk)
        if now.n_taken != start or now.dropped_at or now.shown_at:
            raise WrongStep("这批台账正由另一个进程导入，或已撤销")
        if newcomers:
            create(newcomers, source=batch.source, cause="import", by=by, at=at, batch=batch)
        for some in _rounds([row for row in rows if row.decision == "update"]):
            write(_changes(some), cause="import", by=by, at=at, batch=batch)
        Batch.objects.filter(pk=batch.pk).update(n_taken=end, failure="")
    return end


def _reference(row: StagedRow) -> str:
    return f"batch/{row.batch_id}#{row.n}"


def _rounds(rows: Sequence[StagedRow]) -> Iterator[dict[int, StagedRow]]:
    """Rows by the institution they update; two for the same one come in two rounds, so that the second sees the first."""
    while rows:
        some: dict[int, StagedRow] = {}
        later = []
        for row in rows:
            assert row.matched is not None
            target = row.matched.merged_into_id or row.matched.pk
            if target in some:
                later.append(row)
            else:
                some[target] = row
        yield some
        rows = later


def _changes(rows: Mapping[int, StagedRow]) -> list[Change]:
    """What each row changes now; rows that change nothing are left out, facts changed since the preview are kept."""
    institutions = {one.pk: one for one in Institution.objects.select_for_update().filter(pk__in=rows)}
    versions = queries.current(institutions.values())
    stale = {pk: row.base for pk, row in rows.items() if row.matched_id == pk and row.base != institutions[pk].n}
    bases = Version.objects.filter(institution__in=stale, n__in=set(stale.values()))
    seen = {one.institution_id: queries.facts_of(one) for one in bases if stale[one.institution_id] == one.n}
    found = []
    for pk, row in rows.items():
        now = queries.facts_of(versions[pk])
        before = seen.get(pk, now)
        changes = {
            name: value
            for name, value in held(row.facts, row.personal).items()
            if now.get(name) != value and now.get(name) == before.get(name)
        }
        if changes:
            found.append(Change(institutions[pk], versions[pk], now, changes, _reference(row)))
    return found


@transaction.atomic
def _switch(batch: Batch, by: Post, at: datetime) -> Batch:
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.dropped_at:
        raise WrongStep("这批台账已撤销")
    batch.shown_at, batch.shown_by = at, by
    batch.save(update_fields=["shown_at", "shown_by"])
    journal.record(verb="batch.shown", subject=batch, by=by.code, at=at, code=batch.code)
    return batch


def _clear(batch: Batch, pause: Pause) -> None:
    """Remove the staged rows; they hold personal data that now stands where it belongs."""
    while chunk := list(batch.rows.order_by("n").values_list("pk", flat=True)[:CHUNK]):
        StagedRow.objects.filter(pk__in=chunk).delete()
        pause()


# --- back


@transaction.atomic
def switch_off(*, batch_id: int, by: Post, at: datetime, keep: Iterable[Institution] = ()) -> Batch:
    """
    This function will hide what a batch added, at once; ``drop_batch`` does the rest. Once dropped it stays so.

    :param keep: new institutions that other rooms work on.
    """
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    if batch.dropped_at:
        return batch
    wanted = _worked_on() | Q(pk__in=[one.pk for one in keep])
    kept = batch.institutions.filter(wanted) if batch.shown_at else batch.institutions.none()
    batch.report = {**batch.report, "kept": kept.update(batch=None)}
    batch.dropped_at, batch.dropped_by, batch.failure = at, by, ""
    batch.save(update_fields=["report", "dropped_at", "dropped_by", "failure"])
    journal.record(verb="batch.dropped", subject=batch, by=by.code, at=at, code=batch.code)
    return batch


def _worked_on() -> Q:
    """That somebody changed a new institution, or merged another into it, since the import; undone imports do not count."""
    lasting = Q(batch=None) | Q(batch__dropped_at=None)
    changed = Version.objects.filter(lasting, institution=OuterRef("pk"), n__gt=1)
    return Q(Exists(changed)) | Q(pk__in=Institution.objects.filter(merged_into__isnull=False).values("merged_into"))


def _take_back(batch: Batch, by: Post, at: datetime) -> bool:
    """Take one chunk of updates back, the latest first; False once none is left."""
    updates = _once_each(queries.updates(batch)[(done := queries.n_undone(batch)) : done + CHUNK])
    if not updates:
        return False
    wanted = {pk: version.n - 1 for pk, version in updates.items()}
    befores = Version.objects.filter(institution__in=wanted, n__in=set(wanted.values()))
    before = {one.institution_id: one for one in befores if wanted[one.institution_id] == one.n}
    with transaction.atomic():
        Batch.objects.select_for_update().get(pk=batch.pk)
        if queries.n_undone(batch) != done:
            raise WrongStep("这批台账正由另一个进程撤销")
        institutions = {one.pk: one for one in Institution.objects.select_for_update().filter(pk__in=updates)}
        versions = queries.current(institutions.values())
        changes = []
        for pk, update in updates.items():
            now, then, was = (queries.facts_of(one) for one in (versions[pk], update, before[pk]))
            back = _back(now, then, was)
            origins = {name: before[pk].origins[name] for name in back if name in before[pk].origins}
            changes.append(Change(institutions[pk], versions[pk], now, back, update.reference, origins))
        write(changes, cause="undo", by=by, at=at, batch=batch)
    return True


def _once_each(latest_first: Iterable[Version]) -> dict[int, Version]:
    """Updates by institution, up to where one comes a second time: that one must see the first taken back."""
    updates: dict[int, Version] = {}
    for version in latest_first:
        if version.institution_id in updates:
            break
        updates[version.institution_id] = version
    return updates


def _back(now: Facts, done: Facts, was: Facts) -> Facts:
    """The facts that an update changed and nobody else since, with their values before it."""
    return {
        name: was.get(name)
        for name in {*done, *was}
        if done.get(name) != was.get(name) and now.get(name) == done.get(name)
    }
