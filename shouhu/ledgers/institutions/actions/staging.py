"""Staging: the rows of a file, read and matched, laid out beside the register in chunks. Nobody sees them yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.engines.documents.checks import is_uscc
from shouhu.ledgers.institutions import matching, queries, sheets
from shouhu.ledgers.institutions.actions.batches import WrongStep
from shouhu.ledgers.institutions.divisions import Gazetteer
from shouhu.ledgers.institutions.matching import Match
from shouhu.ledgers.institutions.models import Batch, StagedRow
from shouhu.ledgers.institutions.sheets import Row
from shouhu.ledgers.institutions.values import stored
from shouhu.ledgers.units.codes import parent_of
from shouhu.ledgers.vault import actions as vault

CHUNK = 500
"""Rows in one transaction: other writers wait for no more than that."""


def stage_batch(*, batch_id: int, at: datetime, pause: Callable[[], None]) -> Batch:
    """
    This function will stage the rows of a batch that are not staged yet, a chunk a transaction.

    It may be broken off at any point and called again: it goes on from ``Batch.n_staged``.

    :param pause: called between two chunks, so that other writers get their turn.
    :raises WrongStep: the columns are not confirmed yet, or staging is over.
    :raises Unimportable: the file does not read as it did before.
    """
    batch = Batch.objects.select_related("file").get(pk=batch_id)
    if batch.state != "staging" or batch.mapped_at is None:
        raise WrongStep("这批台账现在不能读入，请刷新页面查看进展")
    # The day of confirmation, so that going on tomorrow gives the same rows.
    rows, report = sheets.rows_of(
        vault.content_of(batch.file), batch.file.name, batch.mapping, localdate(batch.mapped_at)
    )
    if not rows:
        raise sheets.Unimportable("文件里没有数据行，请核对后重新上传")
    Batch.objects.filter(pk=batch_id).update(n_rows=len(rows), report=report, failure="")
    placed = _placed(rows, Gazetteer(batch.code))
    repeated = _repeated(rows, placed)
    start = batch.n_staged
    while start < len(rows):
        end = min(start + CHUNK, len(rows))
        _stage(batch, rows[start:end], placed[start:end], repeated, start)
        start = end
        pause()
    batch.refresh_from_db()
    return batch


def _placed(rows: Sequence[Row], gazetteer: Gazetteer) -> list[tuple[str, list[list[str]]]]:
    """The code of every row, and its problems with that of finding it among them."""
    found = []
    for row in rows:
        place = gazetteer.place(row.facts.get("township"), row.facts.get("neighbourhood"))
        problems = list(row.problems)
        if place.problem:
            fact, why = place.problem
            problems.append([row.cells.get(fact, ""), "所在镇街" if fact == "township" else "所在村居", why])
        found.append((place.code, problems))
    return found


def _repeated(rows: Sequence[Row], placed: Sequence[tuple[str, list[list[str]]]]) -> dict[int, str]:
    """The rows that say the same institution as an earlier row of the file: row index to where that one stands."""
    first: dict[tuple[str, ...], int] = {}
    again: dict[int, str] = {}
    for at, (row, (code, _)) in enumerate(zip(rows, placed, strict=True)):
        name, uscc = row.facts.get("name"), row.facts.get("uscc")
        keys: list[tuple[str, ...]] = [("uscc", uscc)] if uscc and is_uscc(uscc) else []
        keys += [("name", name, code)] if name else []
        for key in keys:
            if first.setdefault(key, at) != at:
                again.setdefault(at, rows[first[key]].place)
    return again


def _stage(
    batch: Batch,
    rows: Sequence[Row],
    placed: Sequence[tuple[str, list[list[str]]]],
    repeated: Mapping[int, str],
    start: int,
) -> None:
    """Write one chunk; what can be worked out before is, so that the lock is held for the writing alone."""
    matches = _matches(batch, rows, [code for code, _ in placed], repeated, start)
    staged = []
    for at, (row, (code, problems), match) in enumerate(zip(rows, placed, matches, strict=True), start):
        plain, personal = stored(row.facts)
        staged.append(
            StagedRow(batch=batch, n=at, place=row.place, code=code, facts=plain, personal=personal, problems=problems,
                      n_problems=len(problems), matched=match.matched, base=match.matched.n if match.matched else None,
                      doubt=match.doubt[:200], decision=match.decision)
        )  # fmt: skip
    with transaction.atomic():
        held = Batch.objects.select_for_update().get(pk=batch.pk)
        if held.n_staged != start or held.dropped_at:
            raise WrongStep("这批台账正由另一个进程读入，或已放弃")
        StagedRow.objects.bulk_create(staged, batch_size=CHUNK)
        Batch.objects.filter(pk=batch.pk).update(n_staged=start + len(rows))


def _matches(
    batch: Batch, rows: Sequence[Row], codes: Sequence[str], repeated: Mapping[int, str], start: int
) -> list[Match]:
    matches = matching.match(list(zip(codes, (row.facts for row in rows), strict=True)), batch.code)
    versions = queries.current([one.matched for one in matches if one.matched])
    found = []
    for at, (row, match) in enumerate(zip(rows, matches, strict=True), start):
        if match.decision != "skip" and at in repeated:
            match = Match("ask", match.matched, f"与{repeated[at]}是同一家，疑似重复")
        elif match.decision == "update" and match.matched:
            version = versions[match.matched.pk]
            if codes[at - start] not in (match.matched.code, parent_of(match.matched.code)):
                match = Match("ask", match.matched, "所在村居与现在的不同；更新只改文字，搬迁请在机构页面登记")
            elif titles := matching.overrules(row.facts, queries.facts_of(version), version.origins):
                match = Match("ask", match.matched, f"将改动排查或异议核定过的{titles}")
        found.append(match)
    return found
