"""Who sees which tip, and whose words: every other query and every act on tips begins here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import F, Max, Model, Q, QuerySet

from shouhu.ledgers.tips.models import Attachment, Bar, Message, Step, Tip, Transfer
from shouhu.ledgers.tips.workflow import OPEN, transitions
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.scope import Scope

M = TypeVar("M", bound=Model)
WIDE = ("campaign_office", "analyst", "leader")
"""Roles that see the tips of their division; all others those that their unit has or helps with."""
WORDS = ("text", "told", "reading", "copy")
"""Sealed columns: opened for one tip at a time."""


def seen(scope: Scope) -> QuerySet[Tip]:
    """
    This function will give the tips that a scope may see, the earliest deadline first, the latest of those that are done.

    None before its text was read: whom it names is known then, and units and posts that it names see nothing of it.
    """
    related = ("unit", "handler__unit", "institution")
    rows = Tip.objects.filter(in_sight(scope)).select_related(*related).defer(*WORDS)
    return rows.order_by(F("due_on").asc(nulls_last=True), "-pk")


def one(scope: Scope, pk: int) -> Tip | None:
    """This function will give a tip, if the scope may see it."""
    return seen(scope).filter(pk=pk).first()


def about(scope: Scope, rows: QuerySet[M]) -> QuerySet[M]:
    """This function will keep the rows (bars, transfers, steps, …) that belong to a tip which the scope may see."""
    return rows.filter(in_sight(scope, "tip__"))


def in_sight(scope: Scope, path: str = "") -> Q:
    """
    This function will give the condition that a tip, which ``path`` leads to, is one that ``seen`` gives.

    It is told by columns, so that a database begins with the few rows of its own table and not with all tips.
    """
    post = scope.post
    if not scope.may("tip.view"):
        return Q(pk__in=())
    if post.role in WIDE:
        reached = scope.range(f"{path}code")
    else:
        helped = Transfer.objects.filter(to_unit=post.unit_id, ended_at=None)
        reached = Q(**{f"{path}unit": post.unit_id}) | Q(**{f"{path}pk__in": helped.values("tip")})
    return Q(reached, ~Q(**{f"{path}pk__in": barred(post).values("tip")}), **{f"{path}read_at__isnull": False})


def barred(post: Post) -> QuerySet[Bar]:
    """This function will give the bars that keep a post from seeing tips."""
    return Bar.objects.filter(Q(unit=post.unit_id) | Q(post=post.pk), lifted_at=None)


def all_named(tip: Tip) -> bool:
    """This function will tell whether a tip names the unit that has it, or everybody who holds a post there."""
    named = Bar.objects.filter(tip=tip, lifted_at=None)
    if named.filter(unit=tip.unit_id).exists():
        return True
    held = Post.objects.filter(unit=tip.unit_id, closed_on=None, tenures__to_on=None, tenures__isnull=False)
    return held.exists() and not held.exclude(pk__in=named.filter(post__isnull=False).values("post")).exists()


def unowned() -> list[Tip]:
    """This function will give the open tips that nobody may handle: they name everybody who could, here and above."""
    at_unit = Q(unit=F("tip__unit")) | Q(post__unit=F("tip__unit"))
    ids = Bar.objects.filter(at_unit, lifted_at=None, tip__state__in=OPEN).values_list("tip", flat=True)
    return [tip for tip in Tip.objects.filter(pk__in=set(ids)).defer(*WORDS).order_by("pk") if all_named(tip)]


# --- words


@dataclass(frozen=True)
class Words:
    """What a post may read of a tip: the words as told, or the redacted copy."""

    text: str
    is_original: bool
    told: dict[str, str]
    """Answers besides, by the names of ``models.TOLD``; empty where only the copy is shown."""


def words(scope: Scope, tip: Tip) -> Words:
    """
    This function will give the words of a tip that a scope may read.

    Before somebody has sorted it the copy is what the machine masked, and only 领导 see it: no unit has the tip yet.
    """
    if scope.may("tip.original"):
        return Words(tip.text, True, dict(tip.told or {}))
    return Words(tip.copy, False, {})


@dataclass(frozen=True)
class Said:
    """A message between office and informant."""

    message: Message
    text: str
    """Empty where the scope may not read it: what the informant says is for those who sort."""
    is_hidden: bool
    is_from_informant: bool
    of: Tip
    """The tip over whose receipt it went: this one, or one that was merged into it."""


def messages(scope: Scope, tip: Tip) -> list[Said]:
    """This function will give the messages of a tip and of those merged into it, the first first."""
    rows = Message.objects.filter(Q(tip=tip) | Q(tip__merged_into=tip)).select_related("tip", "sent_by__unit")
    may = scope.may("tip.original")
    told = []
    for row in rows.order_by("sent_at", "pk"):
        incoming = row.sent_by_id is None
        hidden = incoming and not may
        told.append(Said(row, "" if hidden else row.text, hidden, incoming, row.tip))
    return told


def added(scope: Scope, tip: Tip) -> tuple[datetime | None, list[Said]]:
    """
    This function will give what informants added since somebody last decided what units get to read, and since when.

    What came with a tip that was merged since is new as well, whenever it was said.
    None: nobody has sorted the tip yet. For those who read the words; others get nothing.
    """
    steps = Step.objects.filter(tip=tip, verb__in=("triage", "retriage", "recopy"))
    since = steps.aggregate(last=Max("recorded_at"))["last"]
    said = [one for one in messages(scope, tip) if one.is_from_informant and not one.is_hidden]
    if since is None:
        return None, said
    merged = Step.objects.filter(tip__merged_into=tip, verb="merge", recorded_at__gt=since).values_list(
        "tip", flat=True
    )
    came = set(merged)
    return since, [one for one in said if one.message.sent_at > since or one.message.tip_id in came]


def attachments(scope: Scope, tip: Tip) -> QuerySet[Attachment]:
    """
    This function will give the files of a tip that a scope may have: all of them, or those of which the copy was released.

    Evidence that was handed in with a finding is the office's own, and is for everybody who has the tip.
    """
    rows = _files(tip).select_related("file", "copy", "released_by__unit")
    if not scope.may("tip.original"):
        rows = rows.filter(Q(released_at__isnull=False) | Q(finding__isnull=False))
    return rows.order_by("pk")


def releasable(tip: Tip) -> QuerySet[Attachment]:
    """This function will give the files of informants of which units may be given the copy: it was made, and not erased."""
    return _files(tip).filter(copy__isnull=False, finding=None, file__erased_at=None).order_by("pk")


def _files(tip: Tip) -> QuerySet[Attachment]:
    return Attachment.objects.filter(Q(tip=tip) | Q(tip__merged_into=tip))


# --- trail


@dataclass(frozen=True)
class Trace:
    """A step on the way of a tip, in words."""

    at: datetime
    verb: str
    what: str
    state: str
    who: str
    """Unit and post; empty: the informant, or the desk itself."""
    unit: str
    """To which unit it went."""
    says: str


def trail(scope: Scope, tip: Tip) -> list[Trace]:
    """This function will give every step of a tip, the latest first."""
    rows = Step.objects.filter(tip=tip).select_related("recorded_by__unit", "unit").order_by("-recorded_at", "-pk")
    verbs = transitions()
    return [
        Trace(
            at=row.recorded_at, verb=row.verb, what=verbs[row.verb].says, state=row.get_state_display(),
            who=f"{row.recorded_by.unit.name} {row.recorded_by.title}" if row.recorded_by else "",
            unit=row.unit.name if row.unit else "", says=row.says,
        )
        for row in rows
    ]  # fmt: skip


def bars(tip: Tip) -> QuerySet[Bar]:
    """This function will give the bars of a tip that hold, for those who see it: none of them is whom they name."""
    return (
        Bar.objects.filter(tip=tip, lifted_at=None).select_related("unit", "post__unit", "set_by__unit").order_by("pk")
    )
