"""What is asked for at each act on tasks, duties, bodies and meetings, and how a form becomes one act."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from shouhu.ledgers.campaigns import queries
from shouhu.ledgers.campaigns.mechanisms import mechanisms
from shouhu.ledgers.campaigns.models import ARMS, BODY_KINDS, SEATS, Campaign
from shouhu.ledgers.clearances.actions import Paper
from shouhu.ledgers.units.codes import level_of, span
from shouhu.ledgers.units.models import Unit
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.vault import actions as vault
from shouhu.web.access import DeskRequest, note_refusal
from shouhu.web.fields import DayField, PaperField

CHOOSE = ("", _("请选择"))


def long(label: Any, rows: int = 4, **more: Any) -> forms.CharField:
    """This function will give a field for several lines."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), max_length=20_000, **more)


def units_of(campaign: Campaign, today: date, *, near: bool = False) -> list[tuple[Any, Any]]:
    """
    This function will give the units that can owe tasks of a campaign, as choices.

    :param near: those of the campaign's own division and of the level right below; a county's village offices are many.
    """
    found = list(queries.able(campaign, today))
    levels = list(dict.fromkeys(level_of(one.code) for one in found))[:2] if near else []
    return [(one.pk, one.name) for one in found if not near or level_of(one.code) in levels]


class UnitForm(forms.Form):
    """A form that names one unit of the campaign."""

    unit_id = forms.TypedChoiceField(label=_("责任单位"), coerce=int)

    def __init__(self, units: Iterable[tuple[Any, Any]], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit_id"].choices = [CHOOSE, *units]  # type: ignore[attr-defined]


class Progress(forms.Form):
    """报告进展."""

    says = long(_("进展"), help_text=_("做了什么、还差什么、有什么困难"))
    file = PaperField(label=_("材料"), required=False, help_text=_("JPG、PNG 或 PDF，不超过 20 MB"))


class Done(forms.Form):
    """报告完成."""

    says = long(_("完成情况"))
    file = PaperField(label=_("佐证材料"), help_text=_("照片、扫描件或 PDF，不超过 20 MB"))


class Accept(forms.Form):
    """审核通过."""

    says = long(_("意见"), 3, required=False)


class Reason(forms.Form):
    """退回, 撤销."""

    says = long(_("原因"), help_text=_("责任单位会看到"))


class Reassign(UnitForm):
    """改派."""

    says = long(_("原因"), 3, help_text=_("原来的单位和接手的单位都会看到"))


class Owe(UnitForm):
    """增加责任单位."""


class Move(forms.Form):
    """调整期限."""

    due_on = DayField(label=_("新的完成期限"))
    says = long(_("原因"), 3, help_text=_("责任单位会看到"))


class Sort(forms.Form):
    """归类."""

    arm = forms.ChoiceField(label=_("归入"), choices=list(ARMS.items()), widget=forms.RadioSelect)


class NewTask(forms.Form):
    """A task by hand."""

    title = forms.CharField(label=_("任务"), max_length=120)
    lead = forms.TypedChoiceField(label=_("牵头单位"), coerce=int)
    others = forms.TypedMultipleChoiceField(
        label=_("其他责任单位"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    due_on = DayField(label=_("完成期限"), required=False)
    phase_id = forms.TypedChoiceField(label=_("阶段"), coerce=int, required=False, empty_value=None)
    arm = forms.ChoiceField(
        label=_("类别"), choices=[("", _("按任务的文字归类")), *ARMS.items()], required=False
    )  # fmt: skip
    text = long(_("任务内容"), required=False)

    def __init__(self, campaign: Campaign, today: date, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        units = units_of(campaign, today, near=True)
        offered = {
            "lead": [CHOOSE, *units], "others": units,
            "phase_id": [("", _("不属于某一阶段")), *((one.phase.pk, one.phase.name) for one in queries.stages(campaign, today))],
        }  # fmt: skip
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """This function will give what ``add_task`` takes."""
        given = dict(self.cleaned_data)
        given["unit_ids"] = [given.pop("lead"), *given.pop("others")]
        return given


class NewBody(UnitForm):
    """A body to be set up."""

    name = forms.CharField(label=_("名称"), max_length=80)
    kind = forms.ChoiceField(label=_("种类"), choices=list(BODY_KINDS.items()))
    parent_id = forms.TypedChoiceField(label=_("上级机构"), coerce=int, required=False, empty_value=None)
    host = forms.CharField(label=_("设在哪里"), max_length=80, required=False, help_text=_("例如：平安办"))
    document = forms.CharField(label=_("成立文件"), max_length=120, required=False)
    from_on = DayField(label=_("成立日期"))
    field_order = ("name", "kind", "unit_id", "parent_id", "host", "document", "from_on")

    def __init__(
        self, above: Iterable[tuple[int, str]], units: Iterable[tuple[Any, Any]], *args: Any, **more: Any
    ) -> None:
        super().__init__(units, *args, **more)
        self.fields["unit_id"].label = _("所属单位")
        self.fields["parent_id"].choices = [("", _("没有")), *above]  # type: ignore[attr-defined]


class Replace(forms.Form):
    """Who takes a seat over."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    employer = forms.CharField(label=_("单位"), max_length=80, required=False)
    position = forms.CharField(label=_("职务"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("联系电话"), max_length=30, required=False, help_text=_("加密保存，页面上隐去中间几位")
    )
    on = DayField(label=_("从哪天起"))


class NewSeat(Replace):
    """Somebody who takes a new seat."""

    role = forms.ChoiceField(label=_("组内职务"), choices=list(SEATS.items()))
    field_order = ("role", "name", "employer", "position", "phone", "on")


class Day(forms.Form):
    """The day from which on something is no more."""

    on = DayField(label=_("从哪天起"))


class NewMeeting(forms.Form):
    """Minutes."""

    title = forms.CharField(label=_("会议名称"), max_length=80)
    held_on = DayField(label=_("日期"))
    chair = forms.CharField(label=_("主持人"), max_length=60)
    attendees = long(_("参加人员"), 2, required=False)
    minutes = long(_("纪要"), 8)
    file = PaperField(label=_("扫描件"), required=False, help_text=_("JPG、PNG 或 PDF，不超过 20 MB"))


class Stand(forms.Form):
    """The owners of the six mechanisms, with those proposed that are there."""

    def __init__(self, campaign: Campaign, today: date, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        units = units_of(campaign, today, near=True)
        low, high = span(campaign.code)
        kinds = dict(Unit.objects.filter(code__gte=low, code__lt=high).values_list("pk", "kind"))
        for one in mechanisms().values():
            fitting = [pk for kind in one.kinds for pk, _name in units if kinds.get(pk) == kind]
            self.fields[f"lead_{one.name}"] = forms.TypedChoiceField(
                label=_("牵头单位"), coerce=int, choices=[CHOOSE, *units], initial=fitting[0] if fitting else None
            )
            self.fields[f"others_{one.name}"] = forms.TypedMultipleChoiceField(
                label=_("其他责任单位"),
                coerce=int,
                required=False,
                choices=units,
                initial=fitting[1:],
                widget=forms.CheckboxSelectMultiple,
            )

    def rows(self) -> list[dict[str, Any]]:
        """This function will give the mechanisms with their fields."""
        return [
            {"mechanism": one, "lead": self[f"lead_{one.name}"], "others": self[f"others_{one.name}"]}
            for one in mechanisms().values()
        ]

    def owners(self) -> dict[str, list[int]]:
        """This function will give what ``stand`` takes."""
        said = self.cleaned_data
        return {name: [said[f"lead_{name}"], *said[f"others_{name}"]] for name in mechanisms()}


def campaign_of(request: DeskRequest, pk: int) -> Campaign:
    """
    This function will give a campaign that the post sees.

    :raises Http404: it is not there, or not theirs.
    """
    found = queries.campaign(request.scope, pk)
    if found is None:
        raise Http404
    return found


def answered(
    request: DeskRequest, form: forms.Form, act: Callable[..., Any], *, back: Callable[[Any], str], done: Any, title: Any,
    template: str = "campaign/act.html", given: Callable[[], dict[str, Any]] | None = None, **context: Any,
) -> HttpResponse:  # fmt: skip
    """
    This function will show a form, or carry its act out with its file in one transaction; a refusal is told above what was typed.

    :param back: the page to go to, by what the act gave; ``done`` is said there.
    :param given: what the act takes, if not the form's fields as they are.
    """
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = given() if given else dict(form.cleaned_data)
            try:
                with transaction.atomic():
                    if isinstance(paper := said.get("file"), Paper):
                        said["file"] = vault.store(content=paper.content, name=paper.name, media_type=paper.media_type,
                                                   token=paper.token, by=request.post.code, at=request.at)  # fmt: skip
                    made = act(**said, by=request.post, at=request.at)
            except Refused as refusal:
                note_refusal(request)
                form.add_error(None, str(refusal))
                status = 409
            else:
                messages.success(request, str(done))
                return redirect(back(made))
    return render(request, template, {"title": title, "form": form, **context}, status=status)
