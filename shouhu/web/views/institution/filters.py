"""What the list, its export and the map are narrowed to, and in which order."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.ratings import SEVERITY
from shouhu.ledgers.institutions import queries
from shouhu.ledgers.institutions.models import SOURCES, Institution
from shouhu.ledgers.ratings.models import COLOURS
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.codes import is_code, span
from shouhu.ledgers.units.scope import Scope
from shouhu.web.access import DeskRequest

UNRATED = "none"
_EVERY = ("", _("全部"))
_THREE = [_EVERY, ("yes", _("是")), ("no", _("否")), ("unknown", _("未知"))]
_BOOLEANS = {"yes": True, "no": False, "unknown": None}
_SORTS = {"name": "initials", "number": "number", "code": "code", "kind": "kind", "colour": "rank", "found": "found_at"}


class Filters(forms.Form):
    """The filters of the list of institutions, sent by GET."""

    q = forms.CharField(label=_("名称、代码、编号、拼音首字母"), required=False, max_length=60,
                        widget=forms.TextInput({"type": "search"}))  # fmt: skip
    township = forms.ChoiceField(label=_("辖区"), required=False)
    kind = forms.ChoiceField(label=_("机构类型"), required=False)
    registered = forms.ChoiceField(label=_("已登记"), required=False, choices=_THREE)
    filed = forms.ChoiceField(label=_("已备案"), required=False, choices=_THREE)
    colour = forms.ChoiceField(
        label=_("等级"), required=False, choices=[_EVERY, *COLOURS.items(), (UNRATED, _("未评"))]
    )
    source = forms.ChoiceField(label=_("来源"), required=False, choices=[_EVERY, *SOURCES.items()])
    ceased = forms.BooleanField(label=_("已停办"), required=False, widget=forms.HiddenInput)

    def __init__(self, request: DeskRequest) -> None:
        super().__init__(request.GET, auto_id="filter_%s")
        places = units.narrowings(request.scope, request.GET.get("township", ""), localdate(request.at))
        kinds = [(kind, kind) for kind in declared()["kind"].choices]
        self.fields["township"].choices = [_EVERY, *places]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [_EVERY, *kinds]  # type: ignore[attr-defined]
        self.is_valid()

    def narrow(self, rows: QuerySet[Institution]) -> QuerySet[Institution]:
        """This function will keep the institutions that were asked for; what was filled in wrongly narrows nothing."""
        asked = self.cleaned_data
        rows = queries.search(rows, asked.get("q", ""))
        if is_code(town := asked.get("township", "")):
            low, high = span(town)
            rows = rows.filter(code__gte=low, code__lt=high)
        for name in ("kind", "source"):
            if asked.get(name):
                rows = rows.filter(**{name: asked[name]})
        for name in ("registered", "filed"):
            if asked.get(name):
                rows = rows.filter(**{f"is_{name}": _BOOLEANS[asked[name]]})
        if colour := asked.get("colour"):
            rows = rows.filter(standing=None) if colour == UNRATED else rows.filter(standing__colour=colour)
        return rows.filter(ceased_on__isnull=False) if asked.get("ceased") else rows


def listed(request: DeskRequest, filters: Filters) -> QuerySet[Institution]:
    """This function will give the institutions of a list as filtered and sorted, with their colours."""
    rows = filters.narrow(queries.seen(request.scope)).select_related("standing__rating")
    wanted = request.GET.get("sort", "code")
    field = _SORTS.get(wanted.removeprefix("-"), "code")
    if field == "rank":
        ranks = [When(standing__colour=colour, then=Value(at)) for at, colour in enumerate(SEVERITY)]
        rows = rows.annotate(rank=Case(*ranks, default=Value(len(SEVERITY))))
    order = F(field).desc() if wanted.startswith("-") else F(field).asc()
    return rows.order_by(order, "number")


def chips(request: DeskRequest, address: str) -> list[dict[str, Any]]:
    """This function will give the ready filters with how many institutions each keeps, counted in one query."""
    ready: list[tuple[Any, str, Q]] = [
        (_("全部"), "", Q()),
        (_("未登记"), "registered=no", Q(is_registered=False)),
        (_("已登记未备案"), "registered=yes&filed=no", Q(is_registered=True, is_filed=False)),
        *((COLOURS[one], f"colour={one}", Q(standing__colour=one)) for one in ("red", "orange", "yellow", "unknown")),
        (_("未评"), f"colour={UNRATED}", Q(standing=None)),
        (_("已停办"), "ceased=1", Q(ceased_on__isnull=False)),
    ]
    counts = _counted(request.scope, [condition for _label, _query, condition in ready])
    here = request.GET.copy()
    for ignored in ("page", "sort"):
        here.pop(ignored, None)
    now = "&".join(f"{name}={value}" for name, value in here.items() if value)
    return [
        {"label": label, "url": f"{address}?{query}" if query else address, "count": count, "active": now == query}
        for (label, query, _condition), count in zip(ready, counts, strict=True)
    ]


def _counted(scope: Scope, conditions: list[Q]) -> list[int]:
    found = queries.seen(scope).aggregate(
        **{f"n{at}": Count("pk", filter=condition) for at, condition in enumerate(conditions)}
    )
    return [found[f"n{at}"] for at in range(len(conditions))]
