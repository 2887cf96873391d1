"""What is asked for at each act on a disposal or measure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouhu.engines.law import cite
from shouhu.ledgers.disposals import queries
from shouhu.ledgers.disposals.models import Application, Refund
from shouhu.ledgers.disposals.terms import powers
from shouhu.ledgers.units.models import Post, Unit
from shouhu.ledgers.units.scope import Scope
from shouhu.web import words
from shouhu.web.fields import DayField, PaperField

MOST_YUAN = Decimal("9999999999.99")


class PostField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A post that can handle disposals, by its office and title."""

    def label_from_instance(self, obj: Any) -> str:
        """This function will name a post."""
        return f"{obj.unit.name} {obj.title}"


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An office, by its name and kind."""

    def label_from_instance(self, obj: Any) -> str:
        """This function will name an office."""
        return gettext("%(name)s（%(kind)s）") % {"name": obj.name, "kind": words.said(obj.get_kind_display())}


def long(label: Any, **more: Any) -> forms.CharField:
    """This function will give a field for several lines."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 4}), max_length=4000, **more)


def yuan(label: Any, **more: Any) -> forms.DecimalField:
    """This function will give a field for an amount in yuan."""
    return forms.DecimalField(label=label, max_value=MOST_YUAN, decimal_places=2, max_digits=12,
                              widget=forms.NumberInput(attrs={"data-unit": _("元"), "step": "0.01"}), **more)  # fmt: skip


def whole(label: Any, unit: Any, **more: Any) -> forms.IntegerField:
    """This function will give a field for a number with its unit."""
    return forms.IntegerField(label=label, widget=forms.NumberInput(attrs={"data-unit": unit}), **more)


class ActForm(forms.Form):
    """One act; ``lead`` says above the form what it is for."""

    lead: Any = ""

    def __init__(self, subject: Any, scope: Scope, today: date, data: Any = None, files: Any = None) -> None:
        days = ("effective_on", "held_on", "issued_on", "sent_on", "received_on", "result_on", "on")
        super().__init__(data, files, initial=dict.fromkeys(days, today))
        self.subject, self.scope, self.today = subject, scope, today
        self.prepare()

    def prepare(self) -> None:
        """This function will fit the questions to what the act is done to."""

    def given(self) -> dict[str, Any]:
        """This function will give the arguments of the action."""
        return dict(self.cleaned_data)


class EvidenceForm(ActForm):
    """补充佐证材料."""

    revises = forms.TypedChoiceField(label=_("这是"), coerce=int, empty_value=None, required=False)
    effective_on = DayField(label=_("材料对应的日期"), help_text=_("材料说明的是哪一天的情况，不是上传的日期"))
    file = PaperField(label=_("文件"), required=False, help_text=_("照片、扫描件或 PDF，20 MB 以内"))
    note = forms.CharField(
        label=_("说明"), max_length=300, required=False, help_text=_("不要写老人和举报人的姓名、电话")
    )

    def prepare(self) -> None:
        """This function will offer the pieces that a new revision could replace."""
        kept = self.subject.evidence.values_list("n", flat=True).distinct().order_by("n")
        choices = [("", _("新的一份材料")), *((n, _("材料 %(n)d 的新版本") % {"n": n}) for n in kept)]
        self.fields["revises"].choices = choices  # type: ignore[attr-defined]


class TalkForm(ActForm):
    """登记约谈."""

    lead = _("参加人员和内容加密保存，查看要留痕。")
    held_on = DayField(label=_("约谈日期"))
    place = forms.CharField(label=_("地点"), max_length=120)
    present = long(_("参加人员"), help_text=_("执法人员（不少于2人）和被约谈人的姓名、职务"))
    summary = long(_("约谈内容"), help_text=_("指出的问题、提出的要求、机构的承诺和期限"))
    file = PaperField(label=_("约谈记录扫描件"), required=False)


class OrderForm(ActForm):
    """登记责令文书."""

    lead = _("责令文书由有权单位依法定条款作出；镇街、村居不能作出，只负责提示、督促和配合。")
    number = forms.CharField(label=_("文号"), max_length=60)
    issued_on = DayField(label=_("作出日期"))
    unit = UnitField(
        label=_("作出单位"),
        queryset=Unit.objects.none(),
        help_text=_("只列有权的县级以上单位；没有的，先请管理员建单位"),
    )
    article = forms.ChoiceField(label=_("法律依据"))
    demands = long(_("责令内容"))
    due_on = DayField(label=_("限期"))
    file = PaperField(label=_("文书扫描件"), required=False)

    def prepare(self) -> None:
        """This function will offer the articles of the measure, and the offices that hold such a power."""
        lawful = [powers()[clause] for clause in self.subject.powers if clause in powers()]
        choices = [(one.clause, f"{cite(one.clause)}（{one.says}）") for one in lawful]
        self.fields["article"].choices = choices  # type: ignore[attr-defined]
        self.fields["unit"].queryset = queries.signers(self.subject)  # type: ignore[attr-defined]


class ReferForm(ActForm):
    """登记通报移送."""

    receiver = forms.CharField(label=_("接收单位"), max_length=80)
    sent_on = DayField(label=_("发出日期"))
    file = PaperField(label=_("函件扫描件"), required=False)
    note = forms.CharField(label=_("说明"), max_length=300, required=False)


class ReceiptForm(ActForm):
    """登记回执."""

    receipt_number = forms.CharField(label=_("回执编号"), max_length=60, help_text=_("没有编号的，写签收单位和职务"))
    received_on = DayField(label=_("回执日期"))
    file = PaperField(label=_("回执扫描件"), required=False)


class ResultForm(ActForm):
    """登记反馈结果."""

    result = long(_("反馈结果"))
    result_on = DayField(label=_("反馈日期"))


class DoForm(ActForm):
    """办结."""

    lead = _("办结后由另一人审核，审核通过才算办完。")
    result = long(_("办理结果"), help_text=_("做了什么、达到什么效果；不要写老人和举报人的姓名、电话"))


class ReviewForm(ActForm):
    """审核通过."""

    note = forms.CharField(label=_("审核意见"), max_length=300, required=False)


class WhyForm(ActForm):
    """退回, 不同意."""

    why = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class AskForm(ActForm):
    """申请中止、延期或不采取."""

    lead = _("经另一人同意后才生效。中止和延期须在时限届满前提出；方案要求的措施，没有经批准的原因不能不办。")
    kind = forms.ChoiceField(label=_("申请"), choices=list(Application.KINDS.items()), widget=forms.RadioSelect)
    from_on = DayField(label=_("中止自"), required=False, help_text=_("中止计时才填"))
    until_on = DayField(label=_("中止至"), required=False)
    n_days = whole(_("延长"), _("个工作日"), required=False, min_value=1, help_text=_("延长时限才填，不超过原时限"))
    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class AssignForm(ActForm):
    """指定承办岗位."""

    post = PostField(label=_("岗位"), queryset=Post.objects.none())

    def prepare(self) -> None:
        """This function will offer the posts in reach that can handle."""
        self.fields["post"].queryset = queries.candidates(self.scope, self.today)  # type: ignore[attr-defined]


class PlanForm(ActForm):
    """编制一院一策."""

    lead = _("一院一策：风险点、处置措施和责任人、资金清退来源和进度、老年人安置、风险防控预案。加密保存。")
    text = forms.CharField(label=_("方案"), widget=forms.Textarea(attrs={"rows": 14}), max_length=20000)

    def prepare(self) -> None:
        """This function will begin with the plan as it is."""
        self.initial["text"] = self.subject.plan


class RefundForm(ActForm):
    """登记清退."""

    kind = forms.ChoiceField(label=_("登记什么"), choices=list(Refund.KINDS.items()), widget=forms.RadioSelect)
    on = DayField(label=_("日期"), help_text=_("核定应清退、或实际退还的日期"))
    n_persons = whole(_("人数"), _("人"), min_value=1)
    sum_fen = yuan(_("金额"), min_value=Decimal("0.01"))
    file = PaperField(label=_("凭证"), required=False, help_text=_("已清退必须附：收据、银行回单或本人签字的领款表"))
    note = forms.CharField(label=_("说明"), max_length=300, required=False)

    def given(self) -> dict[str, Any]:
        """This function will give the amount in fen."""
        return {**self.cleaned_data, "sum_fen": int(self.cleaned_data["sum_fen"] * 100)}


class CorrectForm(ActForm):
    """更正清退."""

    lead = _("原记录保留，另记一条差额。填更正以后应是多少；整条记错的填 0。")
    n_persons = whole(_("更正后人数"), _("人"), min_value=0)
    sum_fen = yuan(_("更正后金额"), min_value=Decimal(0))
    why = forms.CharField(label=_("更正原因"), max_length=300)

    def given(self) -> dict[str, Any]:
        """This function will give the amount in fen."""
        return {**self.cleaned_data, "sum_fen": int(self.cleaned_data["sum_fen"] * 100)}


class CloseForm(ActForm):
    """销号."""

    note = long(_("销号依据"), help_text=_("核实了什么、凭什么认定风险已消除"))


class ReopenForm(ActForm):
    """恢复处置."""

    lead = _("另立一件处置并注明原件，原件的经过原样保留。")
    task_ids = forms.TypedMultipleChoiceField(
        label=_("要重新办理的措施"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("现在的等级所要求的措施会自动列入"),
    )  # fmt: skip
    why = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def prepare(self) -> None:
        """This function will offer the measures of the closed disposal."""
        tasks = [task for task in queries.tasks_of(self.subject) if not task.dropped_at]
        self.fields["task_ids"].choices = [(task.pk, task.says) for task in tasks]  # type: ignore[attr-defined]


class NoForm(ActForm):
    """Nothing but the act itself."""


FORMS: dict[str, type[ActForm]] = {
    "add_evidence": EvidenceForm, "record_talk": TalkForm, "issue_order": OrderForm, "refer": ReferForm,
    "receive_receipt": ReceiptForm, "receive_result": ResultForm, "do_task": DoForm, "review_task": ReviewForm,
    "return_task": WhyForm, "ask": AskForm, "assign": AssignForm, "approve": NoForm, "refuse": WhyForm,
    "plan": PlanForm, "record_refund": RefundForm, "correct_refund": CorrectForm, "close": CloseForm,
    "reopen": ReopenForm,
}  # fmt: skip
