"""Files that hang on papers of supervision."""

from __future__ import annotations

from django.db.models import Q

from shouhu.ledgers.supervision.models import Item, Step, Visit
from shouhu.ledgers.supervision.queries import inspecting, looking, orders, talks
from shouhu.ledgers.units.scope import Scope
from shouhu.ledgers.vault.models import StoredFile


def file(scope: Scope, token: str) -> StoredFile | None:
    """This function will give a file that hangs on an order, a talk or a matter that the scope may see."""
    steps = Step.objects.filter(file__token=token, order__in=orders.seen(scope).order_by()).values("file")
    held = talks.seen(scope).order_by().filter(file__token=token).values("file")
    found = Q(pk__in=steps) | Q(pk__in=held)
    item = Item.objects.filter(file__token=token).first()
    if item and looking.item(scope, item.pk):
        found |= Q(pk=item.file_id)
    visit = Visit.objects.filter(file__token=token).first()
    if visit and inspecting.visit(scope, visit.pk):
        found |= Q(pk=visit.file_id)
    return StoredFile.objects.filter(found, token=token, erased_at=None).first()
