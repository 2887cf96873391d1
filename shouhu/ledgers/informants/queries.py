"""Keys and requests as pages show them; nothing here opens an identity."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from shouhu.ledgers.informants.models import Identity, IdentityKey, Opening
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope, same_person

READABLE = timedelta(hours=24)
"""How long a released identity waits for its reader."""
GRANTED = timedelta(days=14)
"""How long what was granted may be released."""
STATES = {
    "asked": "待审批", "granted": "待保密员启封", "refused": "未同意", "lapsed": "同意后逾期未启封",
    "released": "待查看", "read": "已查看", "expired": "逾期未看，已清除",
}  # fmt: skip


def all_keys() -> list[IdentityKey]:
    """This function will give every key, the oldest first."""
    return list(IdentityKey.objects.select_related("made_by", "retired_by").order_by("pk"))


def key_in_use() -> IdentityKey | None:
    """This function will give the key to which identities are sealed; None: tips are taken without a name only."""
    return IdentityKey.objects.filter(retired_at=None).order_by("-pk").first()


def n_sealed() -> int:
    """This function will count the identities that are kept."""
    return Identity.objects.filter(erased_at=None).count()


def n_to_move() -> int:
    """This function will count the identities that a change of keys has still to move."""
    newest = IdentityKey.objects.order_by("-pk").first()
    return Identity.objects.filter(erased_at=None).exclude(key=newest).count() if newest else 0


def is_moving() -> bool:
    """This function will tell whether a change of keys was cut short."""
    return IdentityKey.objects.filter(retired_at=None).count() > 1


def openings(scope: Scope) -> QuerySet[Opening]:
    """
    This function will give the requests that a post may know of, newest first.

    The 保密员, who holds the one key of the desk, knows of all; others of those asked from their range. Whether a post may know
    of the tip behind one is asked by ``tips.queries.openings``, which the pages use.
    """
    if not scope.may("informant.view"):
        return Opening.objects.none()
    rows = Opening.objects.select_related("viewer__unit", "asked_by__unit", "decided_by", "released_by", "identity")
    if not scope.may("informant.release"):
        rows = rows.filter(scope.range("asked_by__unit__code") | Q(viewer=scope.post))
    return rows.order_by("-pk")


def of(scope: Scope, identity_id: int) -> QuerySet[Opening]:
    """This function will give the requests for one identity, newest first."""
    return openings(scope).filter(identity=identity_id)


def waiting(scope: Scope, at: datetime) -> QuerySet[Opening]:
    """This function will give the requests that wait for this very post: to be decided, released or read."""
    waits = Q(viewer=scope.post, content__isnull=False, until_at__gt=at)
    if scope.may("informant.grant"):
        waits |= Q(decided_at=None) & ~Q(asked_by=scope.post) & ~Q(viewer=scope.post)
    if scope.may("informant.release"):
        late = at - GRANTED
        waits |= Q(is_granted=True, released_at=None, decided_at__gt=late) & ~Q(asked_by=scope.post)
    return openings(scope).filter(waits, identity__erased_at=None)


def viewers(scope: Scope) -> QuerySet[Post]:
    """This function will give the posts for which an identity may be asked."""
    able = Post.objects.filter(role__in=holders("informant.view"), closed_on=None, tenures__to_on=None)
    rows = able.filter(tenures__isnull=False).filter(scope.range("unit__code") | Q(pk=scope.post.pk))
    return rows.select_related("unit").order_by("code").distinct()


def state_of(opening: Opening, at: datetime) -> str:
    """This function will give the state of a request, as in STATES."""
    if opening.read_at:
        return "read"
    if opening.released_at:
        return (
            "expired" if opening.content is None or opening.until_at is None or opening.until_at <= at else "released"
        )
    if opening.is_granted and opening.decided_at:
        return "lapsed" if opening.decided_at + GRANTED <= at else "granted"
    return "asked" if opening.decided_at is None else "refused"


def hindrance(opening: Opening, verb: str, by: Post, at: datetime) -> str:
    """
    This function will say why a post cannot take a step with a request now; empty: it can.

    :param verb: ``grant``, ``refuse``, ``release`` or ``read``.
    """
    right, needed, other = _STEPS[verb]
    if by.role not in holders(right):
        return other
    if opening.identity.erased_at:
        return "这条身份信息已按期限删除"
    if (state := state_of(opening, at)) != needed:
        return f"这份申请现在的状态是“{STATES[state]}”，不能{_SAYS[verb]}"
    if verb == "read":
        return "" if by.pk == opening.viewer_id else "只有申请里指定的查看人能看"
    hands = [(opening.asked_by, "申请人")]
    if verb in ("grant", "refuse"):
        hands.append((opening.viewer, "查看人"))
    elif opening.decided_by:
        hands.append((opening.decided_by, "审批人"))
    today, since = localdate(at), localdate(opening.asked_at)
    for hand, title in hands:
        if same_person(by, hand, today, since=since):
            return f"{_SAYS[verb]}的不能与{title}是同一个人，请由其他人办理"
    return ""


_SAYS = {"grant": "同意", "refuse": "不同意", "release": "启封", "read": "查看"}
_STEPS = {
    "grant": ("informant.grant", "asked", "由专项办审批"),
    "refuse": ("informant.grant", "asked", "由专项办审批"),
    "release": ("informant.release", "granted", "由保密员启封"),
    "read": ("informant.view", "released", "只有申请里指定的查看人能看"),
}
"""Right, state before, and who does it."""
