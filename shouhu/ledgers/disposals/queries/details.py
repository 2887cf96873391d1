"""One disposal, one measure, one file: with all that a page shows, if the scope may see it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet

from shouhu.ledgers.disposals.models import Application, Disposal, Evidence, Order, Referral, Refund, Step, Talk, Task
from shouhu.ledgers.disposals.queries.lists import seen
from shouhu.ledgers.disposals.terms import TOO_LOW, powers
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.units.codes import chain, level_of
from shouhu.ledgers.units.models import Unit
from shouhu.ledgers.units.scope import Scope
from shouhu.ledgers.vault.models import StoredFile


def one(scope: Scope, disposal_id: int) -> Disposal | None:
    """This function will give a disposal with all that its page shows, if the scope may see it."""
    rows = seen(scope).select_related(
        "institution", "rating", "handler__unit", "opened_by__unit", "closed_by__unit", "planned_by__unit", "reopens",
        "closing_rating",
    )  # fmt: skip
    return rows.filter(pk=disposal_id).first()


def tasks_of(disposal: Disposal) -> list[Task]:
    """This function will give the measures of a disposal in the order of the plan, dropped ones last."""
    related = ("post__unit", "done_by__unit", "reviewed_by__unit", "waived_by__unit", "returned_by__unit")
    rows = (
        Task.objects.filter(disposal=disposal)
        .select_related(*related)
        .order_by(F("dropped_at").asc(nulls_first=True), "pk")
    )
    return list(rows.prefetch_related("applications"))


def tasks_of_many(disposals: Iterable[Disposal]) -> QuerySet[Task]:
    """This function will give the measures of disposals that were not dropped, in the order of the plan, in one query."""
    ids = [disposal.pk for disposal in disposals]
    return Task.objects.filter(disposal__in=ids, dropped_at=None).order_by("disposal", "pk")


def task(scope: Scope, task_id: int) -> Task | None:
    """This function will give a measure, if the scope may see it."""
    rows = Task.objects.filter(institutions.in_sight(scope, "disposal__institution__"))
    return rows.select_related("disposal__institution", "disposal__handler__unit", "post__unit", "done_by__unit",
                               "reviewed_by__unit", "waived_by__unit", "returned_by__unit").filter(pk=task_id).first()  # fmt: skip


def steps(disposal: Disposal) -> QuerySet[Step]:
    """This function will give the trail of a disposal, the latest first."""
    return Step.objects.filter(disposal=disposal).select_related("task", "taken_by__unit").order_by("-taken_at", "-pk")


def refunds(disposal: Disposal) -> QuerySet[Refund]:
    """This function will give the refund ledger of a disposal in the order of entry."""
    return (
        Refund.objects.filter(disposal=disposal).select_related("file", "recorded_by__unit", "corrects").order_by("pk")
    )


def refund(scope: Scope, refund_id: int) -> Refund | None:
    """This function will give an entry of a refund ledger, if the scope may see it."""
    rows = Refund.objects.select_related("disposal__institution").filter(
        institutions.in_sight(scope, "disposal__institution__")
    )
    return rows.filter(pk=refund_id).first()


def referral(scope: Scope, referral_id: int) -> Referral | None:
    """This function will give a referral, if the scope may see it."""
    rows = Referral.objects.select_related("task__disposal").filter(
        institutions.in_sight(scope, "task__disposal__institution__")
    )
    return rows.filter(pk=referral_id).first()


def talk(scope: Scope, talk_id: int) -> Talk | None:
    """This function will give the record of a talk, if the scope may see it; whoever opens it leaves a trace."""
    rows = Talk.objects.select_related("task__disposal__institution").filter(
        institutions.in_sight(scope, "task__disposal__institution__")
    )
    return rows.filter(pk=talk_id).first()


def history(disposal: Disposal) -> QuerySet[Disposal]:
    """This function will give the other disposals of the same institution, the latest first."""
    others = Disposal.objects.filter(institution=disposal.institution_id).exclude(pk=disposal.pk)
    return others.order_by("-opened_at", "-pk")


def pending(scope: Scope) -> QuerySet[Application]:
    """This function will give the applications that wait for approval, the oldest first."""
    rows = Application.objects.filter(institutions.in_sight(scope, "task__disposal__institution__"))
    waiting = rows.filter(task__dropped_at=None, approved_at=None, refused_at=None)
    return waiting.select_related("task__disposal__institution", "asked_by__unit").order_by("asked_at", "pk")


def application(scope: Scope, application_id: int) -> Application | None:
    """This function will give an application, if the scope may see it."""
    rows = Application.objects.filter(institutions.in_sight(scope, "task__disposal__institution__"))
    return rows.select_related("task__disposal__institution", "asked_by__unit").filter(pk=application_id).first()


def signers(task: Task) -> QuerySet[Unit]:
    """This function will give the offices above the town that hold a power which the measure rests on."""
    kinds = {kind for clause in task.powers if clause in powers() for kind in powers()[clause].kinds}
    above = [code for code in chain(task.disposal.institution.code)[1:] if level_of(code) not in TOO_LOW]
    return Unit.objects.filter(code__in=above, kind__in=kinds, closed_on=None).order_by("-code", "name")


def file(scope: Scope, token: str) -> StoredFile | None:
    """This function will give a file that hangs on a disposal which the scope may see."""
    disposals = seen(scope).order_by()
    holders_ = (
        Evidence.objects.filter(task__disposal__in=disposals, file__token=token).values("file"),
        Talk.objects.filter(task__disposal__in=disposals, file__token=token).values("file"),
        Order.objects.filter(task__disposal__in=disposals, file__token=token).values("file"),
        Referral.objects.filter(task__disposal__in=disposals, file__token=token).values("file"),
        Referral.objects.filter(task__disposal__in=disposals, receipt__token=token).values("receipt"),
        Refund.objects.filter(disposal__in=disposals, file__token=token).values("file"),
    )
    found = Q()
    for ids in holders_:
        found |= Q(pk__in=ids)
    return StoredFile.objects.filter(found, token=token).first()
