"""From finding out what a site is to doing something about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.clearances import transitions
from shouhu.ledgers.clearances.actions.writing import Incomplete, NotFit, Paper, acted, locked, write
from shouhu.ledgers.clearances.models import TRACKS, Clearance, Step
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope, holder_of


@transaction.atomic
def appoint(*, clearance_id: int, owner_id: int, by: Post, at: datetime) -> Clearance:
    """
    This function will name the one post (and so the person) that answers for the site, in place of any before.

    :raises NotFit: the post is closed, empty, cannot handle sites, or is not of this place.
    """
    clearance, before = locked(clearance_id, "appoint", by, at)
    owner = Post.objects.select_related("unit", "grid").get(pk=owner_id)
    holder = holder_of(owner, localdate(at))
    if owner.closed_on or holder is None:
        raise NotFit(f"岗位“{owner.title}”现在没有人，不能作包干人，请换一个岗位")
    if owner.role not in holders(transitions.HANDLE) or not Scope.of(owner).covers(clearance.institution.code):
        raise NotFit(f"岗位“{owner.title}”不负责这处场所所在的地方，请换属地的岗位")
    former, clearance.owner = clearance.owner, owner
    write(clearance, before, "appoint", ("owner",), by, at, says=f"{holder.name}（{owner.unit.name}{owner.title}）",
           changes={"owner": (former and former.code, owner.code)})  # fmt: skip
    return clearance


@transaction.atomic
def appoint_many(*, clearance_ids: Iterable[int], owner_id: int, by: Post, at: datetime) -> list[Clearance]:
    """
    This function will name one post for several sites; all of them, or none.

    :raises NotFit: as for ``appoint``, or no site is named.
    """
    ids = sorted(set(clearance_ids))
    if not ids:
        raise NotFit("请先勾选要指定包干人的场所")
    return [appoint(clearance_id=pk, owner_id=owner_id, by=by, at=at) for pk in ids]


@transaction.atomic
def verify(
    *,
    clearance_id: int,
    done_on: date,
    opened_when: str = "",
    says: str = "",
    paper: Paper | None = None,
    by: Post,
    at: datetime,
) -> Clearance:
    """This function will record that somebody went and saw an unregistered site that serves old people."""
    clearance, before = locked(clearance_id, "verify", by, at)
    clearance.verified_at, clearance.verified_by, clearance.opened_when = at, by, opened_when
    write(
        clearance,
        before,
        "verify",
        ("verified_at", "verified_by", "opened_when"),
        by,
        at,
        done_on=done_on,
        says=says,
        paper=paper,
    )
    return clearance


@transaction.atomic
def classify(
    *,
    clearance_id: int,
    nature: str,
    is_stable: bool,
    is_large: bool,
    tracks: Sequence[str],
    says: str = "",
    by: Post,
    at: datetime,
) -> Clearance:
    """
    This function will record in whose name a site works, how risky it is, and what is to be done; again, if that changes.

    :raises Incomplete: no track was chosen.
    """
    clearance, before = locked(clearance_id, "classify", by, at)
    chosen = [track for track in TRACKS if track in tracks]
    if not chosen:
        raise Incomplete("请至少选一项措施：督促登记、责令退费、移交或联合执法")
    fields: dict[str, Any] = {"nature": nature, "is_stable": is_stable, "is_large": is_large, "tracks": chosen}
    changes = {name: (getattr(clearance, name), value) for name, value in fields.items()}
    for name, value in {**fields, "classified_at": at, "classified_by": by}.items():
        setattr(clearance, name, value)
    told = f"{clearance.get_nature_display()}；运营{'平稳' if is_stable else '不平稳'}；"
    told += f"{'收取' if is_large else '没有收取'}大额预付费；措施：{'、'.join(TRACKS[track] for track in chosen)}"
    write(clearance, before, "classify", (*fields, "classified_at", "classified_by"), by, at,
           says=f"{told}。{says}" if says else told, changes=changes)  # fmt: skip
    return clearance


@transaction.atomic
def act(
    *, clearance_id: int, track: str, done_on: date, body: str = "", document_number: str = "", says: str = "",
    paper: Paper | None = None, by: Post, at: datetime,
) -> Clearance:  # fmt: skip
    """
    This function will record a measure on one of the chosen tracks, but for transfers.

    A town orders nothing by itself: 责令退费 and 联合执法 name the body that has the power, and its document.

    :raises Incomplete: the track was not chosen, or body or document are missing where they must be named.
    """
    clearance, before = locked(clearance_id, "act", by, at)
    if track not in clearance.tracks or track == "transfer":
        raise Incomplete("这项措施不在分类时所选的范围内，请先重新分类")
    if track != "urge" and not (body and document_number):
        raise Incomplete(f"“{TRACKS[track]}”必须写明依法实施的单位和文书编号；镇街自己不能责令")
    acted(clearance, by, at)
    write(clearance, before, "act", ("acted_at", "acted_by"), by, at, done_on=done_on, says=says, paper=paper, track=track,
           body=body, document_number=document_number)  # fmt: skip
    return clearance


@transaction.atomic
def transfer(
    *, clearance_id: int, receiver: str, document_number: str, done_on: date, says: str = "", paper: Paper | None = None,
    by: Post, at: datetime,
) -> Clearance:  # fmt: skip
    """
    This function will record a written transfer (书面移交); it counts once its receipt is in.

    :raises Incomplete: receiver or document number is missing.
    """
    clearance, before = locked(clearance_id, "transfer", by, at)
    if not (receiver and document_number):
        raise Incomplete("书面移交必须写明接收单位和移交文书编号")
    acted(clearance, by, at)
    write(clearance, before, "transfer", ("acted_at", "acted_by"), by, at, done_on=done_on, says=says, paper=paper,
           track="transfer", body=receiver, document_number=document_number)  # fmt: skip
    return clearance


@transaction.atomic
def receive(
    *, clearance_id: int, transfer_id: int, done_on: date, document_number: str = "", says: str = "",
    paper: Paper | None = None, by: Post, at: datetime,
) -> Clearance:  # fmt: skip
    """
    This function will record the receipt for a transfer.

    :raises Incomplete: neither its number nor the receipt itself is there, or the transfer has its receipt already.
    """
    clearance, before = locked(clearance_id, "receive", by, at)
    if transfer_id not in transitions.pending(clearance):
        raise Incomplete("这次移交已有回执，或不属于这处场所")
    if not (document_number or paper):
        raise Incomplete("请填写回执文号，或上传回执的照片、扫描件")
    sent = Step.objects.get(pk=transfer_id)
    if done_on < sent.done_on:
        raise Incomplete("签收日期不能早于移交日期")
    write(clearance, before, "receive", (), by, at, done_on=done_on, says=says, paper=paper, body=sent.body,
           document_number=document_number, answers=sent)  # fmt: skip
    return clearance
