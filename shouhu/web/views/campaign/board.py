"""The tasks of a campaign as a list, taken out as it is shown; and the gaps: what nobody of ours owes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.periods.deadlines import SERIOUSLY_OVERDUE
from shouhu.ledgers.campaigns import actions, queries, workflow
from shouhu.ledgers.campaigns.models import ARMS, Campaign, Duty, Task
from shouhu.ledgers.campaigns.queries import LATE, STATES, Filters
from shouhu.web.access import DeskRequest, page
from shouhu.web.language import official
from shouhu.web.listing import asked, column, export
from shouhu.web.paging import paged
from shouhu.web.views.campaign.forms import Reassign, answered, campaign_of, units_of
from shouhu.web.words import said

ALL = ("", gettext_lazy("全部"))
CHIPS: tuple[tuple[str, Any, dict[str, str]], ...] = (
    ("all", gettext_lazy("全部"), {}), ("mine", gettext_lazy("我单位的"), {"unit": "mine"}),
    ("overdue", gettext_lazy("逾期"), {"late": "overdue"}), ("serious", gettext_lazy("严重逾期"), {"late": "serious"}),
    ("open", gettext_lazy("办理中"), {"state": "open"}), ("done", gettext_lazy("待审核"), {"state": "done"}),
    ("accepted", gettext_lazy("已办结"), {"state": "accepted"}), ("unowned", gettext_lazy("没有责任单位"), {"state": "unowned"}),
    ("withdrawn", gettext_lazy("已撤销"), {"state": "withdrawn"}),
)  # fmt: skip
"""Counted by ``queries.counts``: key, label, and what it narrows to."""
NAMED = 3
"""Units that a line of the table names; of the others it tells how many."""


class FilterForm(forms.Form):
    """The line of filters above the list."""

    text = forms.CharField(
        label=gettext_lazy("任务、内容、编号"),
        max_length=60,
        required=False,
        widget=forms.TextInput({"type": "search"}),
    )
    phase = forms.TypedChoiceField(label=gettext_lazy("阶段"), coerce=int, required=False, empty_value=None)
    arm = forms.ChoiceField(
        label=gettext_lazy("类别"), required=False, choices=[ALL, *ARMS.items(), ("none", gettext_lazy("未归类"))]
    )
    unit = forms.ChoiceField(label=gettext_lazy("责任单位"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("进展"), required=False, choices=[ALL, *STATES.items()])
    late = forms.ChoiceField(label=gettext_lazy("期限"), required=False, choices=[ALL, *LATE.items()])

    def __init__(self, request: DeskRequest, campaign: Campaign) -> None:
        super().__init__(request.GET)
        self.request, today = request, localdate(request.at)
        owing = (
            queries.duties(request.scope)
            .filter(task__campaign=campaign, unit__isnull=False)
            .order_by("unit__code", "unit")
        )
        units = [
            ("mine", _("我单位")),
            *((str(pk), name) for pk, name in owing.values_list("unit", "unit__name").distinct()),
        ]
        phases = [(one.phase.pk, one.phase.name) for one in queries.stages(campaign, today)]
        self.fields["unit"].choices = [ALL, *units]  # type: ignore[attr-defined]
        self.fields["phase"].choices = [ALL, *phases]  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        """This function will give what was asked for; what is not understood narrows nothing and is said beside the field."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        if unit := given.pop("unit", ""):
            given["unit"] = self.request.post.unit_id if unit == "mine" else int(unit)
        return Filters(**given, sort=self.request.GET.get("sort", "position"))


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    pk: int
    task: Task
    units: str
    n_more: int
    is_gap: bool
    done: str
    state: str
    left: int | None
    is_serious: bool


@page("campaign.view")
@require_GET
def listing(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show the tasks of a campaign in the plan's order, or by the day they are due."""
    campaign, today = campaign_of(request, pk), localdate(request.at)
    form = FilterForm(request, campaign)
    shown: Any = paged(request, queries.listed(request.scope, campaign, form.filters(), today))
    shown.object_list = rows_of(shown.object_list, today, queries.calendar())
    directs = workflow.runs(campaign, request.post)
    return render(request, "campaign/tasks.html", {
        "title": _("任务"), "campaign": campaign, "page": shown, "counter": _("项"), "filters": form, "wide_paper": True,
        "chips": _chips(request, campaign, today), "export_url": reverse("campaign-tasks-export", args=[pk]),
        "may_add": directs, "empty_title": _("还没有任务"), "empty_text": _("采用方案后，方案里的任务会列在这里；也可以手工增加任务。"),
        "empty_url": reverse("campaign-task-new", args=[pk]) if directs else "", "empty_action": _("增加任务"),
    })  # fmt: skip


@page("campaign.view")
@require_GET
@official
def export_list(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will give the listed tasks as a workbook, a line for each unit that owes one."""
    campaign, today = campaign_of(request, pk), localdate(request.at)
    form = FilterForm(request, campaign)
    tasks = list(queries.listed(request.scope, campaign, form.filters(), today))
    columns = [
        column("序号", 6, "count"), column("方案编号", 14, "centre"), column("任务", 44), column("阶段", 16, "centre"), column("类别", 8, "centre"),
        column("责任单位", 26), column("牵头", 6, "centre"), column("完成期限", 12, "date"), column("进展", 12, "centre"),
        column("报告完成", 12, "date"), column("审核通过", 12, "date"), column("逾期工作日", 9, "count"),
    ]  # fmt: skip
    lines = list(_exported(tasks, today, queries.calendar()))
    return export(request, title="任务清单", columns=columns, rows=lines, n_rows=len(lines), narrowed=asked(form),
                  note=f"专项行动：{campaign.title}。逾期按工作日计算，超过 {SERIOUSLY_OVERDUE} 个工作日为严重逾期（本软件建议）。")  # fmt: skip


@page(workflow.ACCEPT)
@require_http_methods(["GET", "POST"])
def gaps(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show whom the plan names that no unit bears, and closed offices; and hand what one owes (?name=) to a unit."""
    campaign, today = campaign_of(request, pk), localdate(request.at)
    workflow.require_runs(campaign, request.post)
    found, here = queries.unborne(campaign, today), reverse("campaign-gaps", args=[pk])
    gap = next((one for one in found if one.name == request.GET.get("name")), None)
    if gap is None:
        return render(request, "campaign/gaps.html", {
            "title": _("没有责任单位的任务"), "campaign": campaign, "gaps": found,
            "nobody": queries.narrowed(request.scope, campaign, Filters(state="unowned"), today).filter(duties=None),
        })  # fmt: skip
    form = Reassign(units_of(campaign, today), request.POST if request.method == "POST" else None)
    return answered(
        request, form, partial(actions.reassign, duty_ids=[one.pk for one in gap.duties]), back=lambda _made: here,
        done=_("已改派 %(n)d 项任务") % {"n": len(gap.duties)}, title=_("改派“%(name)s”的任务") % {"name": gap.name},
        template="campaign/gap.html", campaign=campaign, gap=gap, submit_label=_("改派这 %(n)d 项") % {"n": len(gap.duties)},
        cancel_url=here,
    )  # fmt: skip


def rows_of(tasks: Iterable[Task], today: date, calendar: Calendar) -> list[Row]:
    """This function will give the lines of a page of the table, from tasks of ``queries.listed``."""
    return [_row(one, today, calendar) for one in tasks]


def _row(task: Task, today: date, calendar: Calendar) -> Row:
    known: list[Duty] = task.known  # type: ignore[attr-defined]
    state = "withdrawn" if task.withdrawn_at else queries.state_of(known)
    runs = state in ("open", "unowned")
    left = queries.left(task.due_on, today, calendar) if task.due_on and runs else None
    names = [one.unit.name if one.unit else one.printed for one in known]
    return Row(
        pk=task.pk, task=task, units="、".join(names[:NAMED]), n_more=max(len(names) - NAMED, 0),
        is_gap=state == "unowned", done=f"{sum(one.state == 'accepted' for one in known)} / {len(known)}" if len(known) > 1 else "",
        state=STATES[state], left=left, is_serious=left is not None and left < -SERIOUSLY_OVERDUE,
    )  # fmt: skip


def _exported(tasks: Iterable[Task], today: date, calendar: Calendar) -> Iterator[tuple[Any, ...]]:
    for n, task in enumerate(tasks, 1):
        known: list[Duty | None] = list(task.known) or [None]  # type: ignore[attr-defined]
        for duty in known:
            yield (n, task.number or None, task.title, task.phase.name if task.phase else None, ARMS.get(task.arm),
                   *_owed(task, duty, today, calendar))  # fmt: skip


def _owed(task: Task, duty: Duty | None, today: date, calendar: Calendar) -> tuple[Any, ...]:
    if duty is None:
        return (None, None, task.due_on, STATES["unowned"], None, None, None)
    late = (
        queries.left(task.due_on, today, calendar)
        if task.due_on and not duty.done_at and not task.withdrawn_at
        else None
    )
    state = STATES["withdrawn"] if task.withdrawn_at else workflow.states()[duty.state]
    return (
        duty.unit.name if duty.unit else duty.printed, "是" if duty.is_lead else None, task.due_on,
        state if duty.unit else STATES["unowned"], localdate(duty.done_at) if duty.done_at else None,
        localdate(duty.accepted_at) if duty.accepted_at else None, -late if late is not None and late < 0 else None,
    )  # fmt: skip


def _chips(request: DeskRequest, campaign: Campaign, today: date) -> list[dict[str, Any]]:
    counts = queries.counts(request.scope, campaign, today)
    asked_for = {name: value for name, value in request.GET.items() if value and name not in ("page", "sort")}
    return [
        {"label": said(str(label)), "url": f"?{urlencode(wanted)}", "count": counts[key], "active": asked_for == wanted}
        for key, label, wanted in CHIPS
        if counts[key] or key in ("all", "mine", "overdue")
    ]
