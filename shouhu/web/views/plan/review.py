"""The plan beside what was read out of it: every item looked at, changed, kept or left out, and more added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouhu.ledgers.campaigns import actions, items, queries
from shouhu.ledgers.campaigns.models import ITEM_KINDS, PlanItem, PlanPaper
from shouhu.ledgers.units.refusals import Refused
from shouhu.web import bulk
from shouhu.web.access import DeskRequest, note_refusal, page
from shouhu.web.views.plan import words
from shouhu.web.views.plan.forms import FORMS, ItemForm
from shouhu.web.views.plan.handing import found, steps, unread


@dataclass(frozen=True)
class Piece:
    """A run of the plan's text: of which items it is, and which begin with it."""

    text: str
    items: str
    begins: tuple[int, ...]


@dataclass(frozen=True)
class Row:
    """An item as the page shows it."""

    item: PlanItem
    title: str
    note: str
    is_unsure: bool
    form: ItemForm | None = None

    @property
    def percent(self) -> int | None:
        """How sure the reader was."""
        return None if self.item.confidence is None else round(self.item.confidence * 100)


def pieces(text: str, found: Sequence[PlanItem]) -> Iterator[Piece]:
    """This function will cut a plan's text where items begin and end; what lies in several is of all of them."""
    placed = [(one.start, one.stop, one.pk) for one in found if one.start is not None and one.stop is not None]
    cuts = sorted({0, len(text), *(cut for start, stop, _pk in placed for cut in (start, stop))})
    for start, stop in pairwise(cuts):
        of = " ".join(str(pk) for begin, end, pk in placed if begin <= start and stop <= end)
        yield Piece(text[start:stop], of, tuple(pk for begin, _end, pk in placed if begin == start))


@page("campaign.view")
@require_GET
def show(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show a plan where it stands."""
    paper = found(request, pk)
    if paper.proposal is None or paper.state in ("failed", "other"):
        return unread(request, paper)
    return _page(request, paper, editing=request.GET.get("edit", ""))


@page("campaign.plan")
@require_http_methods(["GET", "POST"])
def item(request: DeskRequest, pk: int, item: int) -> HttpResponse:
    """This function will show the form of an item and take it; or put the item back to what was read."""
    paper, one = _found(request, pk, item)
    row = _row(one)
    if request.method == "POST" and "restore" in request.POST:
        actions.restore_item(item_id=one.pk, by=request.post, at=request.at)
    elif request.method == "POST":
        form = FORMS[one.kind](request.POST, initial=one.said, prefix=f"i{one.pk}")
        if not _taken(
            request, form, lambda says: actions.revise_item(item_id=one.pk, says=says, by=request.post, at=request.at)
        ):
            return _answer(request, paper, _row(one, form), 422)
    elif request.headers.get("HX-Request"):
        row = _row(one, None if "shut" in request.GET else FORMS[one.kind](initial=one.said, prefix=f"i{one.pk}"))
        return _answer(request, paper, row)
    else:
        return redirect(f"{reverse('plan-page', args=[pk])}?edit={one.pk}#i-{one.pk}")
    one.refresh_from_db()
    return _answer(request, paper, _row(one))


@page("campaign.plan")
@require_POST
def keep(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will keep one item or all of a kind, or leave them out."""
    paper = found(request, pk)
    is_kept = request.POST.get("keep") == "1"
    kind, pick = request.POST.get("kind", ""), request.POST.get("pick", "")
    rows = [one for one in queries.items_of(paper) if one.kind == kind or str(one.pk) == pick]
    if not rows:
        raise Http404
    former = actions.keep_items(
        paper_id=paper.pk, item_ids=[one.pk for one in rows], is_kept=is_kept, by=request.post, at=request.at
    )
    if not kind:
        rows[0].refresh_from_db()
        return _answer(request, paper, _row(rows[0]))
    says = _("已采用全部%(kind)s：%(n)d 项") if is_kept else _("已不采用全部%(kind)s：%(n)d 项")
    bulk.offer_undo(request, listed=f"plan-page {pk}", route="plan-undo", rows=former,
                    says=says % {"kind": _(ITEM_KINDS[kind]), "n": len(rows)})  # fmt: skip
    return redirect(f"{reverse('plan-page', args=[pk])}#k-{kind}")


@page("campaign.plan")
@require_POST
def undo(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will take back what was last done to all items of a kind."""
    former = bulk.former(request, f"plan-page {found(request, pk).pk}")
    if former is None:
        messages.error(request, _("没有可以撤销的，请逐项选择"))
    else:
        n = actions.put_back_items(former=former.rows, by=request.post, at=request.at)
        messages.success(request, _("已撤销，%(n)d 项恢复原样") % {"n": n})
    return redirect("plan-page", pk)


@page("campaign.plan")
@require_POST
def add(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will add what the reader did not find."""
    paper = found(request, pk)
    kind = request.POST.get("kind", "")
    if kind not in FORMS:
        raise Http404
    form = FORMS[kind](request.POST, prefix=f"n-{kind}")
    if not _taken(
        request, form, lambda says: actions.add_item(paper_id=pk, kind=kind, says=says, by=request.post, at=request.at)
    ):
        return _page(request, paper, adding=form, status=422)
    messages.success(request, _("已补充：%s") % items.title(kind, form.told()))
    return redirect(f"{reverse('plan-page', args=[pk])}#k-{kind}")


def _taken(request: DeskRequest, form: ItemForm, act: Any) -> bool:
    if not form.is_valid():
        return False
    try:
        act(form.told())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        note_refusal(request)
        return False
    return True


def _answer(request: DeskRequest, paper: PlanPaper, row: Row, status: int = 200) -> HttpResponse:
    """The item alone for a page that asks for it; else the page."""
    if request.headers.get("HX-Request"):
        return render(request, "plan/item.html", {"paper": paper, "row": row, "may": True})
    if status != 200:
        return _page(request, paper, row=row, status=status)
    return redirect(f"{reverse('plan-page', args=[paper.pk])}#i-{row.item.pk}")


def _page(
    request: DeskRequest, paper: PlanPaper, *, editing: str = "", row: Row | None = None, adding: ItemForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    may = paper.state == "review" and paper.unit_id == request.post.unit_id and request.scope.may("campaign.plan")
    all_items = queries.items_of(paper)
    rows = [
        row if row and row.item.pk == one.pk
        else _row(one, FORMS[one.kind](initial=one.said, prefix=f"i{one.pk}") if may and str(one.pk) == editing else None)
        for one in all_items
    ]  # fmt: skip
    kinds = [
        {
            "kind": kind, "label": label, "rows": [one for one in rows if one.item.kind == kind],
            "n_kept": sum(one.item.is_kept for one in rows if one.item.kind == kind),
            "form": adding if isinstance(adding, FORMS[kind]) else FORMS[kind](prefix=f"n-{kind}"),
            "is_adding": isinstance(adding, FORMS[kind]),
        }
        for kind, label in ITEM_KINDS.items()
    ]  # fmt: skip
    is_sub = bool(paper.campaign_id) and not paper.is_leading
    assert paper.proposal
    context = {
        "title": paper.name, "paper": paper, "may": may, "is_sub": is_sub, "kinds": kinds, "pieces": list(pieces(paper.text, all_items)),
        "unsure": [one for one in rows if one.is_unsure and may],
        "steps": steps(paper, "adopt" if paper.adopted_at else "review"), "head": _head(paper),
        "undo": bulk.offered(request, f"plan-page {paper.pk}"), "undo_url": reverse("plan-undo", args=[paper.pk]),
        "is_own": paper.unit_id == request.post.unit_id and request.scope.may("campaign.plan"),
        "may_open": request.scope.may("campaign.open"),
    }  # fmt: skip
    return render(request, "plan/page.html", context, status=status)


def _row(one: PlanItem, form: ItemForm | None = None) -> Row:
    is_unsure = one.decided_at is None and one.confidence is not None and one.confidence < items.SURE
    return Row(one, queries.title_of(one), words.note(one.kind, one.said), is_unsure, form)


def _head(paper: PlanPaper) -> list[dict[str, Any]]:
    proposal: dict[str, Any] = paper.proposal or {}
    return [
        {"label": _("发文单位"), "value": proposal.get("issuer") or _("没有载明")},
        {"label": _("文号"), "value": proposal.get("doc_number") or _("没有载明")},
        {"label": _("上传"), "value": f"{paper.unit.name}"},
    ]


def _found(request: DeskRequest, pk: int, item: int) -> tuple[PlanPaper, PlanItem]:
    paper = found(request, pk)
    one = paper.items.filter(pk=item).first()
    if one is None:
        raise Http404
    return paper, one
