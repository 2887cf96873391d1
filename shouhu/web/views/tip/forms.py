"""What is asked for at each act on a tip; 甄别 and its like are in ``redacting``, 核查结论 in ``concluding``."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.tips import queries
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.rights import holders
from shouhu.web.fields import DayField
from shouhu.web.views.tip.asking import CHOOSE, ActForm, LookedThrough, long
from shouhu.web.views.tip.redacting import RecopyForm, TriageForm


class NoForm(ActForm):
    """Nothing but the act itself."""


class WhyForm(ActForm):
    """A reason."""

    why = long(_("原因"), 3, max_length=500)


class SaysForm(ActForm):
    """A remark, if there is one."""

    says = long(_("要求或说明"), 3, max_length=500, required=False)


class LinkForm(ActForm):
    """关联机构."""

    lead = _("关联后，核查结论可以直接改动这家机构的信息，等级随之重新评定。")
    institution_id = forms.TypedChoiceField(
        label=_("机构"), coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    number = forms.CharField(
        label=_("或填机构编号"),
        max_length=20,
        required=False,
        help_text=_("机构页面上的编号；没有登记的场所，请先在“机构”里登记"),
    )

    def prepare(self) -> None:
        """This function will offer what name, phone and address suggest, each with its reason."""
        found = queries.linkable(self.scope, self.tip)
        offered = [(one.institution.pk, f"{one.institution.name}（{one.why}）") for one in found]
        linked = self.tip.institution
        if linked and linked.pk not in {one.institution.pk for one in found}:
            offered.insert(0, (linked.pk, linked.name))
        self.choices("institution_id", [*offered, ("", _("不关联，或按编号查找"))])
        self.initial.setdefault("institution_id", linked.pk if linked else "")

    def clean(self) -> dict[str, Any]:
        """This function will find the institution that bears the number."""
        given = super().clean() or {}
        number = (given.get("number") or "").strip()
        if number:
            found: Institution | None = institutions.seen(self.scope).filter(number=number).first()
            if found is None:
                self.add_error("number", gettext("没有这个编号的机构，请核对"))
            else:
                given["institution_id"] = found.pk
        return given

    def given(self) -> dict[str, Any]:
        """This function will give the institution."""
        return {"institution_id": self.cleaned_data["institution_id"]}


class MergeForm(ActForm):
    """合并."""

    lead = _("两条说的是同一件事：这一条并入另一条，两个回执都保留，都能查到进展和答复；并错了可以撤销。")
    into = forms.CharField(label=_("并入哪一条"), max_length=16, help_text=_("线索编号，例如 X000012"))
    why = long(_("怎样确认是同一件事"), 3, max_length=500)
    into_id = 0

    def clean_into(self) -> str:
        """This function will find the tip that bears the number, among those that may be seen."""
        text: str = self.cleaned_data["into"].strip()
        digits = text[1:] if text[:1] in "Xx" else text
        other = (
            queries.one(self.scope, int(digits)) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None
        )
        if other is None or other.pk == self.tip.pk:
            raise forms.ValidationError(gettext("没有这个编号的另一条线索，请核对"))
        self.into_id = other.pk
        return text

    def given(self) -> dict[str, Any]:
        """This function will give the other tip by its id."""
        return {"into_id": self.into_id, "why": self.cleaned_data["why"]}


class AssignForm(ActForm):
    """分办."""

    lead = _("一条线索任何时候只有一个承办单位。可以只交到单位，由单位接收时定人；也可以直接指定岗位。")
    target = forms.ChoiceField(label=_("交给"))
    says = long(
        _("办理要求"), 3, max_length=500, required=False, help_text=_("会写进经过，承办单位看得到：不要写是谁反映的")
    )

    def prepare(self) -> None:
        """This function will offer the units that may have the tip, each with its posts; the hindered ones are told apart."""
        rows = queries.receivers(self.scope, self.tip)
        free = {unit.pk: unit for unit, hindrance in rows if not hindrance}
        self.hindered = [(unit.name, hindrance) for unit, hindrance in rows if hindrance]
        barred = {one.post_id for one in queries.bars(self.tip)}
        groups: dict[int, list[tuple[str, Any]]] = {
            pk: [(f"unit:{pk}", _("%s（由单位定人）") % one.name)] for pk, one in free.items()
        }
        for post in self.posts(set(free)):
            if post.pk not in barred:
                groups[post.unit_id].append((f"post:{post.pk}", f"{post.unit.name} {post.title}"))
        self.units = {f"post:{post.pk}": post.unit_id for post in self.posts(set(free))}
        self.choices("target", [CHOOSE, *((free[pk].name, rows) for pk, rows in groups.items())])

    def posts(self, free: set[int]) -> list[Post]:
        """This function will give the posts that can verify, of some units."""
        if not hasattr(self, "_posts"):
            rows = units.posts(self.scope).filter(unit__in=free, role__in=holders("tip.verify"), closed_on=None)
            self._posts = list(
                rows.filter(tenures__to_on=None, tenures__isnull=False).select_related("unit").distinct()
            )
        return self._posts

    def given(self) -> dict[str, Any]:
        """This function will give the unit, and the post if one was chosen."""
        target, says = self.cleaned_data["target"], self.cleaned_data["says"]
        pk = int(target.partition(":")[2])
        if target.startswith("unit:"):
            return {"unit_id": pk, "handler_id": None, "says": says}
        return {"unit_id": self.units[target], "handler_id": pk, "says": says}


class JoinForm(ActForm):
    """联合办理."""

    lead = _("请另一个单位一起办：线索仍由现在的单位承办，联办单位看得到脱敏文本和进展。")
    unit_id = forms.TypedChoiceField(label=_("联办单位"), coerce=int)
    says = long(_("请它办什么"), 3, max_length=500, required=False)

    def prepare(self) -> None:
        """This function will offer the units that may help."""
        rows = queries.receivers(self.scope, self.tip)
        self.hindered = [(unit.name, hindrance) for unit, hindrance in rows if hindrance]
        free = [(unit.pk, unit.name) for unit, hindrance in rows if not hindrance and unit.pk != self.tip.unit_id]
        self.choices("unit_id", [CHOOSE, *free])


class AcceptForm(ActForm):
    """接收."""

    lead = _("接收后核查的时限开始计算。不归本单位管，或与本单位有利害关系的，请退回重派。")
    handler_id = forms.TypedChoiceField(label=_("承办人"), coerce=int, empty_value=None, required=False)

    def prepare(self) -> None:
        """This function will offer the posts of the unit; first whoever was named, else whoever sits there."""
        if self.tip.unit_id != self.scope.post.unit_id:  # a unit that helps names nobody
            del self.fields["handler_id"]
            return
        free = [post for post, hindrance in queries.handlers(self.tip, self.tip.unit) if not hindrance]
        self.choices("handler_id", [(post.pk, post.title) for post in free])
        self.initial["handler_id"] = self.tip.handler_id or self.scope.post.pk

    def given(self) -> dict[str, Any]:
        """This function will give who handles it."""
        return {"handler_id": self.cleaned_data.get("handler_id")}


class PassOnForm(ActForm):
    """分流转出."""

    lead = _("不属于本专项，或在其他地区的：转给有权的部门或地区，收到对方回执再来登记，并把去向反馈举报人。")
    to_name = forms.CharField(label=_("转给"), max_length=80, help_text=_("单位全称，例如“某某区公安分局”"))
    says = long(_("转出的理由"), 3, max_length=500, help_text=_("会写进经过：不要写是谁反映的"))


class SuspendForm(ActForm):
    """挂起."""

    lead = _("例如等法院判决、等公安侦查。到期会提醒恢复；挂起期间不算逾期。")
    why = long(_("原因"), 3, max_length=500)
    until_on = DayField(label=_("挂起至"))


class BarForm(ActForm):
    """设置回避."""

    lead = _(
        "被反映的、或与线索有利害关系的单位和人员：设置后他们在任何页面、统计、搜索和通知里都看不到这条线索；正在承办的，线索回到专项办。"
    )
    target = forms.ChoiceField(label=_("谁要回避"))

    def prepare(self) -> None:
        """This function will offer the units and posts in reach."""
        today = self.today
        groups: dict[int, tuple[str, list[tuple[str, Any]]]] = {
            one.pk: (one.name, [(f"unit:{one.pk}", _("%s（整个单位）") % one.name)])
            for one in units.units(self.scope).filter(units.open_on(today))
        }
        for post in units.posts(self.scope).filter(units.open_on(today), unit__in=groups).select_related("unit"):
            groups[post.unit_id][1].append((f"post:{post.pk}", f"{post.unit.name} {post.title}"))
        self.choices("target", [CHOOSE, *groups.values()])

    def given(self) -> dict[str, Any]:
        """This function will give the unit or the post."""
        kind, _colon, pk = self.cleaned_data["target"].partition(":")
        return {"unit_id": int(pk) if kind == "unit" else None, "post_id": int(pk) if kind == "post" else None}


class ReplyForm(LookedThrough):
    """反馈举报人."""

    lead = _(
        "凭回执就能看到这段话，被合并的线索的举报人也看得到。说清查了什么、结论、怎么处理的；不要写举报人、老人和证人是谁。"
    )
    leaving = "text"
    text = long(_("答复"), 8)
    field_order = ("text", "is_sure")


class WriteForm(LookedThrough):
    """给举报人留言."""

    lead = _("举报人下次凭回执来查时看到。可以问时间、地点、金额等，不要问是谁。")
    leaving = "text"
    text = long(_("留言"), 5)
    field_order = ("text", "is_sure")


class ReportForm(ActForm):
    """办结报告."""

    lead = _("按记录起草，请核对修改。提交后由提交人和核查人以外的人审批。")
    text = long(_("办结报告"), 24, max_length=20_000)


FORMS: dict[str, type[ActForm]] = {
    "triage": TriageForm, "retriage": TriageForm, "recopy": RecopyForm, "link": LinkForm, "merge": MergeForm,
    "unmerge": WhyForm, "bar": BarForm, "assign": AssignForm, "join": JoinForm, "pass_on": PassOnForm,
    "suspend": SuspendForm, "resume": NoForm, "reopen": WhyForm, "accept": AcceptForm, "give_back": WhyForm,
    "reply": ReplyForm, "write": WriteForm, "report": ReportForm, "approve": NoForm, "send_back": WhyForm,
    "archive": NoForm, "supervise": SaysForm, "unsupervise": SaysForm,
}  # fmt: skip
"""Verb to its form; the conclusion has a page of its own."""
