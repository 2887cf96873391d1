"""What every act does around its own business: lock the row, and leave a step and a journal entry behind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate

from shouhu.ledgers.disposals.models import Disposal, Step, Task
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import Scope, same_person


class NotFound(Refused):
    """No such disposal or measure, or not in the post's jurisdiction."""


class SecondPerson(Refused):
    """The act needs another person than the one who acted before."""


def locked_disposal(disposal_id: int, by: Post) -> Disposal:
    """
    This function will lock a disposal for an act.

    :raises NotFound: there is none in the jurisdiction of the post.
    """
    found = _locked(Q(pk=disposal_id), by)
    if found is None:
        raise NotFound("没有这件处置，或不在您的辖区内")
    return found


def lock_institution_of(disposal_id: int) -> None:
    """This function will lock the institution of a disposal: ratings lock it first, so whoever needs both does so too."""
    ids = Disposal.objects.filter(pk=disposal_id).values("institution")
    list(Institution.objects.select_for_update().filter(pk__in=ids).values_list("pk"))


def locked_task(task_id: int, by: Post) -> Task:
    """
    This function will lock a measure and the disposal that it belongs to, the disposal first.

    :raises NotFound: there is none in the jurisdiction of the post.
    """
    disposal = _locked(Q(tasks=task_id), by)
    if disposal is None:
        raise NotFound("没有这项措施，或不在您的辖区内")
    task = Task.objects.select_for_update().get(pk=task_id)
    task.disposal = disposal
    return task


def _locked(which: Q, by: Post) -> Disposal | None:
    rows = Disposal.objects.select_for_update(of=("self",)).select_related("institution", "rating", "handler")
    return rows.filter(which, institutions.in_sight(Scope.of(by))).first()


def leave(
    subject: models.Model,
    *,
    disposal: Disposal,
    verb: str,
    by: Post,
    at: datetime,
    task: Task | None = None,
    note: str = "",
    changes: Mapping[str, tuple[Any, Any]] | None = None,
) -> None:
    """This function will record an act: a step with its words, a journal entry without them."""
    Step.objects.create(disposal=disposal, task=task, verb=verb, note=note, taken_at=at, taken_by=by)
    journal.record(verb=f"disposal.{verb}", subject=subject, by=by.code, at=at, code=disposal.institution.code,
                   changes=changes)  # fmt: skip


def require_other(by: Post, others: list[Post], at: datetime, sentence: str) -> None:
    """
    This function will make sure that an act is not in the hand that acted before.

    :raises SecondPerson: with the sentence.
    """
    if any(same_person(by, other, localdate(at)) for other in others):
        raise SecondPerson(sentence)


def said(text: str, sentence: str) -> str:
    """
    This function will give a text without blanks around it.

    :raises Refused: there is nothing in it; with the sentence.
    """
    if not text.strip():
        raise Refused(sentence)
    return text.strip()
