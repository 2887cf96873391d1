"""What is asked about a plan: its file, a template, one item of each kind, and what it leaves open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouhu.engines.rules import rulesets
from shouhu.ledgers.campaigns import owning, queries, templates
from shouhu.ledgers.campaigns.models import DOMAINS
from shouhu.web.access import DeskRequest
from shouhu.web.fields import DayField
from shouhu.web.views.plan import words
from shouhu.web.words import said

MANY = 300
"""Items of a kind or owners that a form holds at most; no plan seen has a third of it."""
NEW = 0
"""What stands for a campaign that is still to be made, among the choices."""
_SEPARATORS = str.maketrans("，,；; 　", "、、、、、、")


class _UnderForm(forms.Form):
    """What a plan is for: a new campaign, or a sub-plan under one that runs."""

    campaign = forms.TypedChoiceField(label=gettext_lazy("这份方案用来"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, request: DeskRequest, **more: Any) -> None:
        super().__init__(request.POST or None, request.FILES or None, **more)
        running = queries.campaigns_above(request.scope, localdate(request.at))
        choices = [(str(NEW), _("建立新的专项行动"))] if request.scope.may("campaign.open") else []
        choices += [(str(one.pk), _("作为子方案，落实“%s”") % one.title) for one in running]
        self.fields["campaign"].choices = choices  # type: ignore[attr-defined]
        self.initial.setdefault("campaign", choices[0][0] if choices else "")
        self.may_go_on = bool(choices)


class UploadForm(_UnderForm):
    """A file with a plan."""

    file = forms.FileField(
        label=gettext_lazy("方案文件"),
        help_text=gettext_lazy("Word（.docx）、有文字的 PDF、文本或网页，不超过 20 MB；.doc、.wps 请先另存为 .docx"),
        widget=forms.ClearableFileInput({"accept": ".docx,.pdf,.txt,.html,.htm"}),
    )
    field_order = ("file", "campaign")


class TemplateForm(_UnderForm):
    """A template and what it speaks of."""

    template = forms.ChoiceField(label=gettext_lazy("样本"), widget=forms.RadioSelect)
    place = forms.CharField(
        label=gettext_lazy("地区名称"),
        max_length=20,
        help_text=gettext_lazy("方案里怎样称呼本地，例如“望澜区”“清河镇”"),
    )
    starts_on = DayField(
        label=gettext_lazy("从哪一天开始"), help_text=gettext_lazy("样本里的各个日期从这一天推算，核对时都可以改")
    )
    field_order = ("template", "place", "starts_on", "campaign")

    def __init__(self, request: DeskRequest, **more: Any) -> None:
        super().__init__(request, **more)
        self.fields["template"].choices = [  # type: ignore[attr-defined]
            (one.id, f"{said(one.title)}（{said(one.says)}）") for one in templates.templates().values()
        ]


class DayTextField(forms.CharField):
    """A day as plans print it."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            required=False, max_length=20, help_text=gettext_lazy("如 2026年5月26日、5月中旬、6月底、即日"), **more
        )

    def prepare_value(self, value: Any) -> Any:
        """This function will write what was read as a plan prints it."""
        return (
            words.day(value) if value and value[:4] in ("XXXX", *(str(year) for year in range(1900, 2100))) else value
        )

    def clean(self, value: Any) -> str | None:
        """This function will read the day."""
        try:
            return words.read_day(super().clean(value))
        except ValueError as error:
            raise ValidationError(_("看不懂这个日期，请写成“2026年5月26日”“5月中旬”或“即日”")) from error


class NamesField(forms.CharField):
    """Names with 、 between them."""

    def prepare_value(self, value: Any) -> Any:
        """This function will string the names together."""
        return "、".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """This function will take the names apart."""
        return list(dict.fromkeys(filter(None, super().clean(value).translate(_SEPARATORS).split("、"))))


def _text(label: Any, size: int, *, required: bool = False, rows: int = 0, **more: Any) -> forms.CharField:
    widget = forms.Textarea({"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=size, required=required, widget=widget, **more)


class ItemForm(forms.Form):
    """One item of a plan; the names of its fields are those of ``engines.plans.plan``."""

    def told(self) -> dict[str, Any]:
        """This function will give the fields as a plan has them: what is empty is None, unless it is a list."""
        return {name: None if value == "" else value for name, value in self.cleaned_data.items()}


class PhaseForm(ItemForm):
    """A phase."""

    name = _text(gettext_lazy("名称"), 80, required=True)
    start = DayTextField(label=gettext_lazy("开始"))
    end = DayTextField(label=gettext_lazy("结束"))
    duration = _text(gettext_lazy("时长"), 20, help_text=gettext_lazy("没有写起止日期时填写，如“约半个月”“5个月”"))
    part_of = _text(gettext_lazy("属于哪个阶段"), 80)


class TaskForm(ItemForm):
    """A task."""

    no = forms.CharField(label=gettext_lazy("编号"), max_length=40, required=False)
    heading = _text(gettext_lazy("任务"), 120, required=True)
    text = forms.CharField(
        label=gettext_lazy("内容"), max_length=4000, required=False, widget=forms.Textarea({"rows": 4})
    )
    owners = NamesField(
        label=gettext_lazy("责任单位"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("牵头的写在最前，用顿号分开"),
    )
    deadline = DayTextField(label=gettext_lazy("完成时限"))
    phase = _text(gettext_lazy("所属阶段"), 80)

    def told(self) -> dict[str, Any]:
        """This function will let what is written here hold, whatever the items above it say; a number or text left out is empty."""
        told = super().told()
        return {**told, "no": told["no"] or "", "text": told["text"] or "", "owners_above": [], "deadline_above": None}


class ReportForm(ItemForm):
    """Something reported again and again."""

    what = _text(gettext_lazy("报送什么"), 120, required=True)
    every = forms.ChoiceField(label=gettext_lazy("多久一次"), choices=list(words.EVERY.items()))
    on = forms.ChoiceField(label=gettext_lazy("哪一天"), required=False)
    at = forms.TimeField(
        label=gettext_lazy("几点前"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    limit = _text(gettext_lazy("篇幅"), 20, help_text=gettext_lazy("如“300字”"))
    to = _text(gettext_lazy("报给谁"), 80)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["on"].choices = [  # type: ignore[attr-defined]
            ("", _("没有写明")), *words.WEEKDAYS.items(), *((words.ordinal(n), _("%(n)d日") % {"n": n}) for n in range(1, 32)),
            ("start", _("月初")), ("end", _("月底")),
        ]  # fmt: skip
        if rule := self.initial.get("rule"):
            self.initial = {**self.initial, **dict(zip(("every", "on", "at"), words.rule_parts(rule), strict=True))}

    def clean(self) -> dict[str, Any]:
        """This function will refuse a day of the week for a month, and a day of the month for a week."""
        told: dict[str, Any] = super().clean() or {}
        every, on = told.get("every"), told.get("on")
        if on and (on in words.WEEKDAYS) != (every == "weekly"):
            self.add_error("on", _("每周的请选周几，每月的请选几日，其他的选“没有写明”"))
        return told

    def told(self) -> dict[str, Any]:
        """This function will give the rule as one text."""
        told = super().told()
        at = told.pop("at")
        rule = " ".join(filter(None, (told.pop("every"), told.pop("on"), at and f"{at:%H:%M}")))
        return {**told, "rule": rule}


class BodyForm(ItemForm):
    """An office, group or staff."""

    name = _text(gettext_lazy("名称"), 80, required=True)
    host = _text(gettext_lazy("设在"), 80)
    head = _text(gettext_lazy("负责人"), 80)
    members = NamesField(label=gettext_lazy("成员"), max_length=400, required=False)


class AnnexForm(ItemForm):
    """An annex."""

    no = forms.CharField(label=gettext_lazy("编号"), max_length=10, required=False)
    title = _text(gettext_lazy("名称"), 120, required=True)

    def told(self) -> dict[str, Any]:
        """This function will give an annex without a number an empty one."""
        return {**super().told(), "no": self.cleaned_data["no"]}


class ThresholdForm(ItemForm):
    """A bound."""

    quantity = _text(gettext_lazy("什么"), 120, required=True)
    operator = forms.ChoiceField(label=gettext_lazy("怎样比"), choices=list(words.OPERATORS.items()))
    value = forms.FloatField(label=gettext_lazy("数值"))
    unit = _text(gettext_lazy("单位"), 20)

    def told(self) -> dict[str, Any]:
        """This function will say with the operator whether the value itself is included."""
        told = super().told()
        return {**told, "inclusive": told["operator"] in (">=", "<=")}


class ColourRuleForm(ItemForm):
    """A condition of a colour."""

    colour = forms.ChoiceField(label=gettext_lazy("等级"))
    condition = _text(gettext_lazy("条件"), 400, required=True, rows=2)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["colour"].choices = words.colours()  # type: ignore[attr-defined]


class MeasureForm(ItemForm):
    """What is done with a colour or in a case."""

    measure = _text(gettext_lazy("措施"), 200, required=True)
    colour = forms.ChoiceField(label=gettext_lazy("等级"), required=False)
    when = _text(gettext_lazy("情形"), 120, help_text=gettext_lazy("不分等级时填写"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["colour"].choices = [("", _("不分等级")), *words.colours()]  # type: ignore[attr-defined]


class ChannelForm(ItemForm):
    """Where tips are taken."""

    name = _text(gettext_lazy("号码、网址或名称"), 120, required=True)
    says = _text(gettext_lazy("原文"), 400)


FORMS: dict[str, type[ItemForm]] = {
    "phase": PhaseForm, "task": TaskForm, "report": ReportForm, "body": BodyForm, "annex": AnnexForm,
    "threshold": ThresholdForm, "colour_rule": ColourRuleForm, "measure": MeasureForm, "channel": ChannelForm,
}  # fmt: skip


class BindForm(forms.Form):
    """What a plan leaves open: the year, the term, the rule set, and the unit of each owner that it prints."""

    title = forms.CharField(label=gettext_lazy("专项行动名称"), max_length=80)
    domain = forms.ChoiceField(label=gettext_lazy("针对什么"), choices=list(DOMAINS.items()))
    ruleset_id = forms.ChoiceField(
        label=gettext_lazy("评级用哪套规则"),
        required=False,
        help_text=gettext_lazy("养老服务诈骗才评级；电信网络诈骗不选"),
    )
    year = forms.IntegerField(
        label=gettext_lazy("没写年份的日期按哪一年"),
        min_value=2000,
        max_value=2099,
        help_text=gettext_lazy("跨年的（如10月至次年3月）填开始的年份"),
    )
    starts_on = DayField(label=gettext_lazy("开始日期"))
    ends_on = DayField(label=gettext_lazy("结束日期"))

    def __init__(
        self,
        data: Any,
        printed: Sequence[str],
        units: Sequence[owning.Candidate],
        rules: Mapping[str, str],
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        self.fields["ruleset_id"].choices = [("", _("不评级")), *rules.items()]  # type: ignore[attr-defined]
        self.printed, self.units = printed[:MANY], units
        groups = [(key, said(label)) for key, label in owning.GROUPS.items() if any(one.group == key for one in units)]
        own = [(one.key, one.name) for one in units if one.is_own_level]
        below = [(one.key, one.name) for one in units if one.group == "task_force"]
        choices = [(owning.NOBODY, _("没有对应单位，列为缺口")), *groups, (_("本级单位"), own), (_("镇街专班"), below)]
        for at, name in enumerate(self.printed):
            self.fields[f"owner_{at}"] = forms.ChoiceField(
                label=name, choices=choices, required=False, initial=owning.proposed(name, units)
            )

    def owner_fields(self) -> list[Any]:
        """This function will give the fields of the owners."""
        return [self[f"owner_{at}"] for at in range(len(self.printed))]

    def plain_fields(self) -> list[Any]:
        """This function will give the other fields."""
        return [self[name] for name in ("title", "domain", "ruleset_id", "year", "starts_on", "ends_on")]

    def clean(self) -> dict[str, Any]:
        """This function will refuse a rule set where nothing is rated, none where it is, and an end before the start."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("domain") == "telecom_fraud" and told.get("ruleset_id"):
            self.add_error("ruleset_id", _("电信网络诈骗专项行动不评级，请选“不评级”"))
        if told.get("domain") == "elder_care" and not told.get("ruleset_id") and "ruleset_id" not in self.errors:
            self.add_error("ruleset_id", _("请选择评级用的规则"))
        if told.get("starts_on") and told.get("ends_on") and told["ends_on"] < told["starts_on"]:
            self.add_error("ends_on", _("结束日期不能早于开始日期"))
        return told

    def owners(self) -> dict[str, tuple[int, ...]]:
        """This function will give the units of each printed owner."""
        return {
            name: owning.meant(self.cleaned_data[f"owner_{at}"], self.units) for at, name in enumerate(self.printed)
        }


def rateable() -> dict[str, str]:
    """This function will give the shipped rule sets that name colours, with their titles."""
    found = {}
    for name in rulesets.SHIPPED:
        ruleset = rulesets.load(name)
        try:
            ruleset.require_colours()
        except rulesets.NotRateable:
            continue
        found[name] = said(ruleset.title)
    return found
