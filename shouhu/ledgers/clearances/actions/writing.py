"""What all steps share: the refusals, the locked row, and how a step is written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.clearances import transitions
from shouhu.ledgers.clearances.models import Clearance, Proposal, Step
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.vault import actions as vault
from shouhu.ledgers.vault.models import StoredFile


class NotNow(Refused):
    """The step cannot be taken in this state or by this post."""


class NotFit(Refused):
    """The post cannot be the named person of the site."""


class Incomplete(Refused):
    """Something that the step needs is missing."""


class Unproved(Refused):
    """The proof does not bear out the end that is proposed."""


@dataclass(frozen=True)
class Paper:
    """A file that is handed in with a step; ``token`` are 32 random hex digits made by the face."""

    content: bytes
    name: str
    media_type: str
    token: str


def locked(clearance_id: int, verb: str, by: Post, at: datetime) -> tuple[Clearance, str]:
    """
    This function will give the row, locked, and the state it is in, if the step can be taken.

    :raises NotNow: it cannot, with the reason.
    """
    rows = Clearance.objects.select_for_update(of=("self",)).select_related(
        "institution", "owner", "proposal__proposed_by"
    )
    clearance = rows.get(pk=clearance_id)
    if hindrance := transitions.hindrance(clearance, verb, by, localdate(at)):
        raise NotNow(hindrance)
    return clearance, clearance.state


def write(
    clearance: Clearance, before: str, verb: str, fields: Sequence[str], by: Post, at: datetime, *,
    paper: Paper | None = None, changes: Mapping[str, tuple[Any, Any]] | None = None, **step: Any,
) -> None:  # fmt: skip
    """
    This function will save what changed, count the deadline of a new state, and note the step.

    :raises Incomplete: it is said to have happened in the future.
    """
    today, state = localdate(at), clearance.state
    if step.setdefault("done_on", today) > today:
        raise Incomplete("日期不能晚于今天")
    if state == "closed":
        clearance.due_from_on = clearance.due_on = None
    elif state != before:
        clearance.due_from_on = today
        clearance.due_on = transitions.deadline(state, today, campaigns.calendar()).due_on
    clearance.save(update_fields=[*fields, "due_from_on", "due_on"])
    if paper:
        step["file"] = stored(paper, by, at)
    note(clearance, verb, by, at, changes={"state": (before, state), **(changes or {})}, **step)


def note(
    clearance: Clearance, verb: str, by: Post, at: datetime, *, changes: Mapping[str, tuple[Any, Any]], **step: Any
) -> None:
    """This function will note a step on the trail and in the journal."""
    Step.objects.create(clearance=clearance, verb=verb, recorded_at=at, recorded_by=by, **step)
    code = clearance.institution.code
    journal.record(verb=f"clearance.{verb}", subject=clearance, by=by.code, at=at, code=code, changes=changes)


def acted(clearance: Clearance, by: Post, at: datetime) -> None:
    """This function will remember when the first measure was recorded."""
    if clearance.acted_at is None:
        clearance.acted_at, clearance.acted_by = at, by


def live(clearance: Clearance) -> Proposal:
    """This function will give the end that is proposed now."""
    assert clearance.proposal is not None
    return clearance.proposal


def stored(paper: Paper, by: Post, at: datetime) -> StoredFile:
    """This function will seal a paper into the vault."""
    return vault.store(
        content=paper.content, name=paper.name, media_type=paper.media_type, token=paper.token, by=by.code, at=at
    )
