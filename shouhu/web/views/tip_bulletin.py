"""线索通报: tips of a period by place, guise, scheme, source, age, outcome and timeliness; small numbers are kept back where they must."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from shouhu.ledgers.tips import queries
from shouhu.ledgers.tips.channels import channels, sources
from shouhu.ledgers.tips.queries.bulletin import Bulletin, Line, Table
from shouhu.web.access import DeskRequest, page
from shouhu.web.charts import Chart, Mark, bars
from shouhu.web.fields import DayField
from shouhu.web.language import official
from shouhu.web.listing import asked, column
from shouhu.web.listing import export as exported
from shouhu.web.words import said

FILTERS = {
    "area": "town", "source": "source", "channel": "channel", "guise": "guise", "scheme": "scheme", "outcome": "outcome",
    "state": "state",
}  # fmt: skip
"""Which filter of the list shows the tips behind a table."""
WHOLE = ("timeliness", "flag", "source", "outcome")
"""Tables that also say what there is none of."""
NOTE = (
    "说明：五个来源为统计口径；渠道后标“建议”的，折算办法文件没有规定，为本系统建议。"
    "不足3件写作“<3”的，可能同时隐去另一项，免得推算出来。"
)
COLOURS = {"timeliness": {"done_late": "orange", "running_late": "red", "done": "green", "running": "brand"}}


class PeriodForm(forms.Form):
    """From which day to which."""

    since = DayField(label=gettext_lazy("收到日期自"), required=False)
    until = DayField(label=gettext_lazy("至"), required=False)
    circulated = forms.BooleanField(label=gettext_lazy("印发用：不足3件的不写明"), required=False)

    def __init__(self, request: DeskRequest) -> None:
        today = localdate(request.at)
        self.started: dict[str, Any] = {"since": today.replace(month=1, day=1), "until": today}
        super().__init__({**self.started, **{name: value for name, value in request.GET.items() if value}})
        self.today = today

    def counted(self, request: DeskRequest) -> Bulletin:
        """This function will count the period; a day that is not understood is as it was at first."""
        self.is_valid()
        since, until = (self.cleaned_data.get(name) or self.started[name] for name in ("since", "until"))
        return queries.bulletin(
            request.scope, min(since, until), until, self.today, is_circulated=bool(self.cleaned_data.get("circulated"))
        )


@dataclass(frozen=True)
class Panel:
    """A table as a chart and figures."""

    chart: Chart | None
    title: str
    note: str


@page("tip.figures")
@require_GET
def bulletin(request: DeskRequest) -> HttpResponse:
    """This function will show the tips of a period in pictures, each with its figures, which lead to the tips."""
    form = PeriodForm(request)
    counted = form.counted(request)
    return render(request, "tip/bulletin.html", {
        "title": _("线索通报"), "filters": form, "bulletin": counted, "chips": _chips(counted, form.today),
        "panels": [_panel(request, counted, table) for table in counted.tables],
        "export_url": f"{reverse('tip-bulletin-export')}?{urlencode(_period(counted, form))}" if request.scope.may("tip.export") else "",
    })  # fmt: skip


@page("tip.export")
@require_GET
@official
def export(request: DeskRequest) -> HttpResponse:
    """This function will give the figures of a period as a workbook."""
    form = PeriodForm(request)
    counted = form.counted(request)
    columns = (column("统计项目", 14, "centre"), column("类别", 30), column("件数", 10, "centre"), column("说明", 40))

    def lines() -> Iterator[tuple[Any, ...]]:
        yield "合计", "收到的线索（合并的只算一件）", str(counted.n), None
        for table in counted.tables:
            for line in table.lines:
                yield table.title, line.title, str(line.n), _folding(line.code) if table.name == "channel" else None

    n_rows = 1 + sum(len(table.lines) for table in counted.tables)
    return exported(
        request, title="线索通报", columns=columns, rows=lines(), n_rows=n_rows, narrowed=asked(form), note=NOTE
    )


def _panel(request: DeskRequest, counted: Bulletin, table: Table) -> Panel:
    shown = [line for line in table.lines if line.n or table.name in WHOLE]
    marks = [_mark(request, counted, table, line) for line in shown]
    chart = bars(str(said(table.title)), marks, of=_("类别"), unit=_("件"), width=340) if marks else None
    notes = {"source": _folded(), "timeliness": _("按现在的办理期限算：每一步都没有超过期限的，才算按期。")}
    return Panel(chart, table.title, notes.get(table.name, ""))


def _mark(request: DeskRequest, counted: Bulletin, table: Table, line: Line) -> Mark:
    exact = line.n if isinstance(line.n, int) else None
    url = ""
    if exact and line.code and not counted.is_rounded and table.name in FILTERS and request.scope.may("tip.view"):
        days = {"since": counted.since.isoformat(), "until": counted.until.isoformat()}
        url = f"{reverse('tip-list')}?{urlencode({'show': 'counted', FILTERS[table.name]: line.code, **days})}"
    colour = COLOURS.get(table.name, {}).get(line.code, "brand")
    return Mark(str(said(line.title)), exact, colour, url, "" if exact is not None else str(line.n))


def _folding(code: str) -> str:
    one = channels()[code]
    return f"计入{sources()[one.source]}{'（建议）' if one.mark else ''}"


def _folded() -> str:
    """Which ways count to which source; ``P`` where no document says so."""
    told = []
    for source, title in sources().items():
        ways = [
            f"{said(one.title)}{'（P）' if one.mark else ''}" for one in channels().values() if one.source == source
        ]
        told.append(f"{said(title)}：{'、'.join(ways)}")
    return "；".join(told) + _("。标P的折算办法文件没有规定，是本系统的建议。")


def _period(counted: Bulletin, form: PeriodForm) -> dict[str, str]:
    days = {"since": counted.since.isoformat(), "until": counted.until.isoformat()}
    return days | ({"circulated": "on"} if form.cleaned_data.get("circulated") else {})


def _chips(counted: Bulletin, today: date) -> list[dict[str, Any]]:
    first = today.replace(day=1)
    before = first - timedelta(1)
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    spans = (
        (_("本月"), first, today), (_("上月"), before.replace(day=1), before), (_("本季度"), quarter, today),
        (_("今年"), today.replace(month=1, day=1), today),
        (_("去年"), date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    )  # fmt: skip
    return [
        {
            "label": label,
            "url": f"?since={since}&until={until}",
            "active": (since, until) == (counted.since, counted.until),
        }
        for label, since, until in spans
    ]
