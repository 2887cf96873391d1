"""Handing out many things at once: what would happen is shown before it does, and can be taken back for a while."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shouhu.web.access import DeskRequest

LOOK = "look"
"""Name of the button of a list: it asks for the preview; the button of the preview does not bear it."""
NAMED = 10
"""Things that a preview names; of the others it tells how many."""
FOR = timedelta(minutes=30)
"""How long something can be taken back."""


@dataclass(frozen=True)
class Former:
    """What can be taken back: when it was done, and how each thing stood before, by its id."""

    at: datetime
    rows: dict[int, Any]


def wants_preview(request: DeskRequest) -> bool:
    """This function will tell whether several things are ticked and nobody has seen yet what would become of them."""
    return LOOK in request.POST and len(request.POST.getlist("pick")) > 1


def preview(
    request: DeskRequest,
    *,
    title: str,
    to: Sequence[tuple[str, Any]],
    names: Sequence[str],
    before: Iterable[str],
    counter: str,
    cancel_url: str,
) -> HttpResponse:
    """
    This function will show how many things would go to whom, and in whose hands they are now; sending it does it.

    :param to: labels and values of what is going to be; an empty value is left out.
    :param before: in whose hand each thing is, in words.
    """
    held = "、".join(_("%(who)s（%(n)d）") % {"who": who, "n": n} for who, n in Counter(before).most_common())
    named = "、".join(names[:NAMED]) + (_(" 等") if len(names) > NAMED else "")
    facts = [
        *({"label": label, "value": value} for label, value in to if value),
        {"label": _("共"), "value": f"{len(names)} {counter}"}, {"label": _("现在"), "value": held}, {"label": _("名单"), "value": named},
    ]  # fmt: skip
    kept = [(name, value) for name, values in request.POST.lists() for value in values]
    return render(request, "parts/bulk_page.html", {
        "title": title, "question": _("请核对：共 %(n)d %(counter)s") % {"n": len(names), "counter": counter}, "facts": facts,
        "kept": [one for one in kept if one[0] not in (LOOK, "csrfmiddlewaretoken")], "cancel_url": cancel_url,
    })  # fmt: skip


def offer_undo(request: DeskRequest, *, listed: str, route: str, says: str, rows: dict[int, Any]) -> None:
    """This function will let the next pages of a list offer to take back what was just done."""
    request.session["undo"] = {
        "listed": listed, "route": route, "says": says, "at": request.at.isoformat(), "post": request.post.pk,
        "until": (request.at + FOR).timestamp(), "rows": [[pk, value] for pk, value in rows.items()],
    }  # fmt: skip


def offered(request: DeskRequest, listed: str) -> dict[str, Any] | None:
    """This function will give what a list offers to take back, if it does."""
    kept: dict[str, Any] | None = request.session.get("undo")
    if not kept or kept["listed"] != listed or kept["post"] != request.post.pk:
        return None
    return kept if kept["until"] > request.at.timestamp() else None


def former(request: DeskRequest, listed: str) -> Former | None:
    """This function will give what is to be taken back, once."""
    kept = offered(request, listed)
    request.session.pop("undo", None)
    return Former(datetime.fromisoformat(kept["at"]), dict(kept["rows"])) if kept else None
