"""甄别: whether a tip is in scope and why, the redacted copy and the files for units, and the institution that it is about."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from shouhu.engines.text.taxonomy import guises, schemes
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.tips.actions.releasing import release
from shouhu.ledgers.tips.actions.writing import Incomplete, count, locked, move, said
from shouhu.ledgers.tips.models import Tip
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.scope import Scope

_SORTED = ["is_in_scope", "triaged_at", "triaged_by", "copy", "guise", "scheme", "is_urgent", "code", "due_on"]


@transaction.atomic
def triage(
    *, tip_id: int, is_in_scope: bool, says: str, copy: str, guise: str, scheme: str, is_urgent: bool, by: Post,
    at: datetime, code: str = "", released: Collection[int] = (),
) -> Tip:  # fmt: skip
    """
    This function will sort a tip: in scope or not, of which kind, how urgent, and what units get to read.

    :param says: why; it stands on the trail, which everybody reads who has the tip.
    :param copy: the text with all gone that tells who told.
    :param code: the division where it happened, if that turned out to be another one.
    :param released: ids of the attachments of which units get the copy; they get no others.
    :raises Incomplete: reason or copy are missing, a code is not one of the list, or a file cannot be given to units.
    """
    tip, step = locked(tip_id, "triage", by)
    fields = _sort(tip, is_in_scope, says, copy, guise, scheme, is_urgent, code, by, at)
    release(tip, released, by, at)
    move(tip, "triage", fields, by, at, state=step.to, says=_told(is_in_scope, says))
    return tip


@transaction.atomic
def retriage(
    *, tip_id: int, is_in_scope: bool, says: str, copy: str, guise: str, scheme: str, is_urgent: bool, by: Post,
    at: datetime, code: str = "", released: Collection[int] = (),
) -> Tip:  # fmt: skip
    """This function will sort a tip again before it is handed out, as ``triage`` does."""
    tip, _ = locked(tip_id, "retriage", by)
    fields = _sort(tip, is_in_scope, says, copy, guise, scheme, is_urgent, code, by, at)
    release(tip, released, by, at)
    count(tip, at)
    move(tip, "retriage", [*fields, "due_from_on"], by, at, says=_told(is_in_scope, says))
    return tip


@transaction.atomic
def recopy(*, tip_id: int, copy: str, by: Post, at: datetime, released: Collection[int] = ()) -> Tip:
    """
    This function will put another redacted copy in the place of the one that units have, as after the informant added something.

    :param released: ids of the attachments of which units get the copy; they get no others.
    :raises Incomplete: it is empty, or a file cannot be given to units.
    """
    tip, _ = locked(tip_id, "recopy", by)
    tip.copy = said(copy, "请填写脱敏后的文本")
    release(tip, released, by, at)
    move(tip, "recopy", ["copy"], by, at)
    return tip


@transaction.atomic
def link(*, tip_id: int, institution_id: int | None, by: Post, at: datetime) -> Tip:
    """
    This function will say which institution a tip is about; None: none.

    :raises Incomplete: there is no such institution where the post may look.
    """
    tip, _ = locked(tip_id, "link", by)
    found = institutions.seen(Scope.of(by)).filter(pk=institution_id).first() if institution_id else None
    if institution_id and found is None:
        raise Incomplete("没有这家机构，或不在您的辖区内，请重新选择")
    if tip.institution_id == institution_id:
        return tip
    tip.institution = found
    move(tip, "link", ["institution"], by, at, says=f"关联到{found.number}“{found.name}”" if found else "取消关联")
    return tip


def _sort(
    tip: Tip, is_in_scope: bool, says: str, copy: str, guise: str, scheme: str, is_urgent: bool, code: str, by: Post,
    at: datetime,
) -> list[str]:  # fmt: skip
    said(says, "请写明属于或不属于本专项的理由")
    if guise not in guises() or scheme not in schemes():
        raise Incomplete("请从列表里选择名目和手法")
    if code and code != tip.code and not Scope.of(by).covers(code):
        raise Incomplete("地点不在您的辖区内；其他地区的线索请甄别后“分流转出”")
    values: dict[str, Any] = {
        "is_in_scope": is_in_scope, "triaged_at": at, "triaged_by": by, "guise": guise, "scheme": scheme,
        "is_urgent": is_urgent, "code": code or tip.code, "copy": said(copy, "请填写脱敏后的文本：承办单位只看得到它"),
    }  # fmt: skip
    for name, value in values.items():
        setattr(tip, name, value)
    return list(_SORTED)


def _told(is_in_scope: bool, says: str) -> str:
    return f"{'属于' if is_in_scope else '不属于'}本专项：{says.strip()}"
