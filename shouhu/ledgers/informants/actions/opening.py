"""The way to one identity: asked for with a reason, granted by another, released by the 保密员, read once by the named viewer."""

from __future__ import annotations

from datetime import datetime

import orjson
from django.db import transaction

from shouhu.ledgers.informants import queries
from shouhu.ledgers.informants.actions import keys
from shouhu.ledgers.informants.actions.sealing import opened_with
from shouhu.ledgers.informants.models import Identity, Opening
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.rights import holders

SHORTEST_REASON = 5
"""Characters."""


class NotNow(Refused):
    """The step cannot be taken in this state or by this person."""


class Incomplete(Refused):
    """Something that the step needs is missing."""


@transaction.atomic
def ask(*, identity_id: int, viewer_id: int, reason: str, by: Post, at: datetime) -> Opening:
    """
    This function will ask that one named post may read one identity.

    :raises NotNow: not theirs to ask or to read, erased, or asked already.
    :raises Incomplete: the reason is missing.
    """
    identity = Identity.objects.select_for_update().get(pk=identity_id)
    viewer = Post.objects.select_related("unit").get(pk=viewer_id)
    if by.role not in holders("informant.ask"):
        raise NotNow("由专项办申请查看举报人身份")
    if identity.erased_at:
        raise NotNow("这条身份信息已按期限删除")
    if viewer.role not in holders("informant.view") or viewer.closed_on:
        raise NotNow("查看人须是专项办或保密员的在任岗位")
    if len(reason.strip()) < SHORTEST_REASON:
        raise Incomplete("请写明为什么必须知道举报人是谁，以及不看有什么办法、为什么不行")
    if Opening.objects.filter(identity=identity, viewer=viewer, decided_at=None).exists():
        raise NotNow("同一查看人的申请正在等待审批，不必重复申请")
    opening = Opening.objects.create(
        identity=identity, viewer=viewer, reason=reason.strip(), asked_at=at, asked_by=by
    )  # fmt: skip
    _note("ask", opening, by, at)
    return opening


@transaction.atomic
def grant(*, opening_id: int, by: Post, at: datetime) -> Opening:
    """
    This function will grant a request.

    :raises NotNow: decided already, or the hand is the asker's or the viewer's.
    """
    return _decide(opening_id, "grant", "", by, at)


@transaction.atomic
def refuse(*, opening_id: int, why: str, by: Post, at: datetime) -> Opening:
    """
    This function will refuse a request; the asker is told why.

    :raises NotNow: decided already, or the hand is the asker's or the viewer's.
    :raises Incomplete: the reason is missing.
    """
    if not why.strip():
        raise Incomplete("请写明为什么不同意，申请人会看到")
    return _decide(opening_id, "refuse", why.strip(), by, at)


def release(*, opening_id: int, passphrase: str, by: Post, at: datetime) -> Opening:
    """
    This function will open an identity for the viewer of a request, who can read it once within a day.

    :raises NotNow: not granted, granted too long ago, or the hand is the asker's or the granter's.
    :raises WrongPassphrase: the passphrase is another one, or too many were wrong.
    """
    _locked(opening_id, "release", by, at)  # before the passphrase is asked for anything
    privates = keys.opened(passphrase, by, at).privates
    with transaction.atomic():
        opening = _locked(opening_id, "release", by, at)
        private = privates.get(opening.identity.key_id)
        if private is None:
            raise NotNow("密钥刚刚更换，请再试一次")
        opening.content = orjson.loads(opened_with(private, bytes(opening.identity.sealed)))
        opening.released_at, opening.released_by, opening.until_at = at, by, at + queries.READABLE
        opening.save(update_fields=["content", "released_at", "released_by", "until_at"])
        _note("release", opening, by, at)
    return opening


@transaction.atomic
def read(*, opening_id: int, by: Post, at: datetime) -> dict[str, str]:
    """
    This function will give an identity to its viewer, once; it is wiped as it is given.

    :raises NotNow: not released, read already, too late, or another viewer's.
    """
    opening = _locked(opening_id, "read", by, at)
    content = dict(opening.content or {})
    opening.content, opening.read_at = None, at
    opening.save(update_fields=["content", "read_at"])
    _note("read", opening, by, at, outcome="read")
    return content


@transaction.atomic
def expire(*, at: datetime) -> int:
    """This function will wipe what was released and not read in time; how many."""
    rows = list(Opening.objects.select_for_update().filter(content__isnull=False, until_at__lte=at).order_by("pk"))
    for opening in rows:
        opening.content = None
    Opening.objects.bulk_update(rows, ["content"], batch_size=500)
    acts = [journal.Act("informant.expire", journal.named(opening)) for opening in rows]
    journal.record_many(acts=acts, by="system", at=at)
    return len(rows)


def _decide(opening_id: int, verb: str, why: str, by: Post, at: datetime) -> Opening:
    opening = _locked(opening_id, verb, by, at)
    opening.decided_at, opening.decided_by, opening.is_granted, opening.refusal = at, by, verb == "grant", why
    opening.save(update_fields=["decided_at", "decided_by", "is_granted", "refusal"])
    _note(verb, opening, by, at)
    return opening


@transaction.atomic
def _locked(opening_id: int, verb: str, by: Post, at: datetime) -> Opening:
    rows = Opening.objects.select_for_update(of=("self",))
    opening = rows.select_related("identity", "viewer", "asked_by", "decided_by").get(pk=opening_id)
    if hindrance := queries.hindrance(opening, verb, by, at):
        raise NotNow(hindrance)
    return opening


def _note(verb: str, opening: Opening, by: Post, at: datetime, outcome: str = "done") -> None:
    journal.record(
        verb=f"informant.{verb}", subject=opening, by=by.code, at=at, code=by.unit.code, outcome=outcome
    )  # fmt: skip
