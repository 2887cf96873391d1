"""What is asked for at each act of supervision."""

from __future__ import annotations

from collections import Counter
from datetime import time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouhu.engines.rules import words
from shouhu.ledgers.supervision import workflow
from shouhu.ledgers.supervision.actions.talks import Undertaking
from shouhu.ledgers.supervision.models import FOUND, MANNERS, MATTERS, Circular, Item
from shouhu.ledgers.supervision.queries import inspecting, matters, orders
from shouhu.ledgers.supervision.queries.subjects import Opening, receivers
from shouhu.ledgers.supervision.workflow import LOOK
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.models import Post
from shouhu.web.fields import DayField, PaperField
from shouhu.web.views.disposal.forms import ActForm, PostField, long, whole

FILE = _("照片、扫描件或 PDF，20 MB 以内")


def days(label: Any, **more: Any) -> forms.IntegerField:
    """This function will give a field for a term in worked days."""
    return whole(label, _("个工作日"), min_value=1, max_value=180, **more)


class UnitForm(ActForm):
    """A form that is addressed to one unit of the scope."""

    unit_id = forms.TypedChoiceField(label=_("收件单位"), coerce=int)

    def prepare(self) -> None:
        """This function will offer the units that papers can go to."""
        offered = [(unit.pk, unit.name) for unit in receivers(self.scope, self.today)]
        self.fields["unit_id"].choices = [("", _("请选择")), *offered]  # type: ignore[attr-defined]


class OrderForm(UnitForm):
    """发督办单; its subject is how it begins, if it is about something."""

    lead = _("督办单发到单位，由该单位回复；期限按工作日计算，印在单上。")
    title = forms.CharField(label=_("督办事项"), max_length=80)
    issue = long(_("存在的问题和办理要求"), help_text=_("收件单位都看得到：不要写老人、举报人的姓名和电话"))
    n_days = days(_("办理期限"), help_text=_("从发出次日起算；天数是本软件建议的"))

    def prepare(self) -> None:
        """This function will begin as what it is about suggests."""
        super().prepare()
        self.initial["n_days"] = workflow.proposed_days()
        if isinstance(self.subject, Opening):
            self.initial.update(unit_id=self.subject.unit_id, title=self.subject.title, issue=self.subject.issue)


class ReplyForm(ActForm):
    """回复."""

    lead = _("写明做了什么、结果怎样，附佐证材料；由发出单位审核。")
    says = long(_("办理情况"))
    paper = PaperField(label=_("佐证材料"), required=False, help_text=FILE)


class AcceptForm(ActForm):
    """审核通过."""

    says = long(_("审核意见"), required=False)


class SendBackForm(ActForm):
    """退回重办."""

    says = long(_("退回原因"))
    n_days = days(_("重新办理的期限"), initial=5)


class ExtendForm(ActForm):
    """调整期限."""

    lead = _("新的期限从今天次日起算。")
    says = long(_("调整原因"))
    n_days = days(_("期限"))


class EscalateForm(ActForm):
    """逐级报告."""

    lead = _("先当面或电话报告，再在这里登记报给了谁；被报告的领导会收到通知。")
    told_id = PostField(
        label=_("报给"), queryset=Post.objects.none(), help_text=_("只列现在有人的领导岗位；没有的，请管理员设岗任命")
    )
    says = long(_("说明"), required=False)

    def prepare(self) -> None:
        """This function will offer the leaders of the level that is due."""
        if level := orders.next_level(self.subject):
            field: Any = self.fields["told_id"]
            field.queryset = orders.leaders(self.subject, level, self.today)
            self.initial["told_id"] = field.queryset.first()

    def given(self) -> dict[str, Any]:
        """This function will give the id of the post."""
        return {**self.cleaned_data, "told_id": self.cleaned_data["told_id"].pk}


class WhyForm(ActForm):
    """An act that needs its reason."""

    why = long(_("原因"))


class WithdrawForm(ActForm):
    """撤销."""

    says = long(_("撤销原因"))


# --- 通报 ------------------------------------------------------------------------------------------------------------


class ChoiceForm(ActForm):
    """The first step of a circular: its manner, whom it is about, and to whom it goes besides."""

    lead = _("先选表扬还是批评、通报哪些单位；下一步按台账里的数字拟出正文，再由您修改。")
    manner = forms.ChoiceField(label=_("类型"), choices=list(MANNERS.items()), widget=forms.RadioSelect)
    named_ids = forms.TypedMultipleChoiceField(
        label=_("通报哪些单位"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("括号内是现在逾期、已办结的件数"),
    )
    everyone = forms.BooleanField(label=_("同时发给其他单位学习、警示"), required=False, initial=True)

    def prepare(self) -> None:
        """This function will offer the units with what they are late with and have done."""
        self.fields["named_ids"].choices = self.subject  # type: ignore[attr-defined]


class CircularForm(ActForm):
    """The words of a circular."""

    title = forms.CharField(label=_("标题"), max_length=80)
    text = forms.CharField(label=_("正文"), max_length=8000, widget=forms.Textarea(attrs={"rows": 12}),
                           help_text=_("一行一段；数字来自台账，请核对后印发"))  # fmt: skip

    def prepare(self) -> None:
        """This function will begin with the words as they stand."""
        if isinstance(self.subject, Circular):
            self.initial.update(title=self.subject.title, text=self.subject.text)


class NoForm(ActForm):
    """Nothing but the act itself."""


# --- 约谈 ------------------------------------------------------------------------------------------------------------


class TalkForm(UnitForm):
    """发约谈通知."""

    lead = _("通知发到单位；谈完后登记记录，承诺的事项自动立成督办单。")
    meets_on = DayField(label=_("约谈日期"))
    meets_when = forms.TimeField(
        label=_("时间"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), initial=time(15)
    )
    place = forms.CharField(label=_("地点"), max_length=120)
    invited = forms.CharField(label=_("请谁参加"), max_length=120, initial=_("单位主要负责同志"))
    why = long(_("约谈事由"))

    def prepare(self) -> None:
        """This function will propose a day."""
        super().prepare()
        self.initial["meets_on"] = self.today + timedelta(2)


class RecordForm(ActForm):
    """登记约谈记录."""

    lead = _("参加人员和内容加密保存，查看要留痕。承诺一行一项，每项自动发一张督办单。")
    held_on = DayField(label=_("约谈日期"))
    present = long(_("参加人员"), help_text=_("双方的姓名、职务"))
    summary = long(_("约谈内容"), help_text=_("指出的问题、提出的要求、单位的表态"))
    promised = long(_("整改承诺"), required=False, help_text=_("一行一项"))
    n_days = days(_("承诺的期限"))
    paper = PaperField(label=_("记录扫描件"), required=False, help_text=FILE)

    def prepare(self) -> None:
        """This function will propose the usual term."""
        self.initial["n_days"] = workflow.proposed_days()

    def given(self) -> dict[str, Any]:
        """This function will give the undertakings, a line each."""
        told = dict(self.cleaned_data)
        lines, n_days = told.pop("promised").splitlines(), told.pop("n_days")
        return {**told, "undertakings": [Undertaking(line.strip(), n_days) for line in lines if line.strip()]}


# --- 回头看 ----------------------------------------------------------------------------------------------------------


class ShareField(forms.RegexField):
    """How many are drawn: a number, or a percentage."""

    def __init__(self, **more: Any) -> None:
        super().__init__(regex=r"^(\d{1,4}|\d{1,2}%|100%)$", required=False, max_length=4,
                         error_messages={"invalid": _("请填数字或百分比，例如 5 或 10%%")}, **more)  # fmt: skip


class DrawForm(ActForm):
    """组织回头看."""

    lead = _("从这段时间办结、销号、降级的事项里随机抽，分给没有经过手、又看得到的单位去复查。种子留存，可以重抽核对。")
    title = forms.CharField(label=_("名称"), max_length=80)
    from_on = DayField(label=_("从"))
    until_on = DayField(label=_("到"))
    unit_ids = forms.TypedMultipleChoiceField(
        label=_("由哪些单位复查"), coerce=int, widget=forms.CheckboxSelectMultiple,
        help_text=_("办理过的单位会自动避开；线索只分给看得到它的单位"),
    )  # fmt: skip
    n_days = days(_("复查期限"))

    def prepare(self) -> None:
        """This function will say how many there are of each kind in the last month, and offer the units."""
        first = self.today - timedelta(30)
        self.initial.update(title=f"{self.today.year}年{self.today.month}月回头看", from_on=first, until_on=self.today,
                            n_days=workflow.proposed_days())  # fmt: skip
        for kind, label in MATTERS.items():
            n = len(matters.pool(self.scope, kind, first, self.today))
            self.fields[kind] = ShareField(label=label, initial="10%",
                                           help_text=_("件数或百分比，例如 5 或 10%%；近30天有 %(n)s 件") % {"n": n})  # fmt: skip
        offered = [(unit.pk, unit.name) for unit in receivers(self.scope, self.today, LOOK)]
        self.fields["unit_ids"].choices = offered  # type: ignore[attr-defined]
        self.order_fields(["title", "from_on", "until_on", *MATTERS, "unit_ids", "n_days"])

    def given(self) -> dict[str, Any]:
        """This function will give the shares by kind."""
        told = dict(self.cleaned_data)
        shares = {kind: told.pop(kind) for kind in MATTERS}
        return {**told, "shares": {kind: share for kind, share in shares.items() if share}}


class HandForm(ActForm):
    """指定复查单位."""

    unit_id = forms.TypedChoiceField(
        label=_("复查单位"), coerce=int, help_text=_("只列没有办理过、又看得到这件事的单位")
    )

    def prepare(self) -> None:
        """This function will offer the units that may look."""
        item: Item = self.subject
        fit = matters.lookers(item.kind, matters.matter_of(item), receivers(self.scope, self.today, LOOK))
        self.fields["unit_id"].choices = [("", _("请选择")), *((unit.pk, unit.name) for unit in fit)]  # type: ignore[attr-defined]


class LookForm(ActForm):
    """登记复查结果."""

    lead = _("到现场或调材料核对：当时凭什么办结的，现在还是不是这样。")
    looked_on = DayField(label=_("复查日期"))
    is_sound = forms.TypedChoiceField(
        label=_("结果"), coerce=lambda said: said == "yes", widget=forms.RadioSelect,
        choices=[("yes", _("保持：与办结时一致")), ("no", _("应重新打开：有反弹或办结不实"))],
    )  # fmt: skip
    says = long(_("复查情况"), help_text=_("看了什么、问了谁（不写老人姓名）、查实了什么"))
    paper = PaperField(label=_("现场照片或材料"), required=False, help_text=FILE)

    def prepare(self) -> None:
        """This function will begin with today."""
        self.initial["looked_on"] = self.today


class ReopenForm(ActForm):
    """重新打开."""

    why = long(_("原因"))
    task_ids = forms.TypedMultipleChoiceField(
        label=_("要重新办理的措施"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("都不选的，全部重新办理"),
    )

    def prepare(self) -> None:
        """This function will say what will happen, and offer the measures of a disposal."""
        item: Item = self.subject
        self.lead = REOPENED[item.kind]
        self.initial["why"] = item.says
        if item.disposal is None:
            del self.fields["task_ids"]
            return
        tasks = item.disposal.tasks.filter(dropped_at=None).order_by("pk")
        self.fields["task_ids"].choices = [(task.pk, task.says) for task in tasks]  # type: ignore[attr-defined]


# --- 双随机 ----------------------------------------------------------------------------------------------------------


class CommitForm(ActForm):
    """封存名单."""

    lead = _("封存的是：哪些机构、各等级抽多少、哪些检查人员、谁回避谁，和一个保密的种子。封存后只能抽取，不能改。")
    title = forms.CharField(label=_("抽查名称"), max_length=80)
    town = forms.ChoiceField(label=_("范围"), required=False)
    post_ids = forms.TypedMultipleChoiceField(
        label=_("检查人员"), coerce=int, widget=forms.CheckboxSelectMultiple,
        help_text=_("只列现在有人的岗位；经办过机构处置的单位、看不到机构的岗位自动回避"),
    )  # fmt: skip
    team_size = whole(_("每组人数"), _("人"), min_value=1, max_value=9, initial=2, help_text=_("现场检查不少于2人"))
    declared = forms.CharField(
        label=_("申报的回避关系"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一行一对：岗位编号、空格、机构编号"),
    )  # fmt: skip

    def prepare(self) -> None:
        """This function will propose a rate a colour with how many there are, and offer places and inspectors."""
        counts = Counter(inspecting.candidates(self.scope).values_list("colour", flat=True))
        for colour, rate in workflow.proposed_rates().items():
            told = _("现有 %(n)s 家；比例是本软件建议的，不抽的留空") % {"n": counts[colour]}
            self.fields[colour] = ShareField(label=words.colour(colour), initial=rate, help_text=told)
        self.initial["title"] = f"{self.today.year}年{self.today.month}月双随机抽查"
        places = units.narrowings(self.scope, self.data.get("town", ""), self.today)
        self.fields["town"].choices = [("", _("全部")), *places]  # type: ignore[attr-defined]
        posts = inspecting.inspectors(self.scope, self.today).exclude(unit__kind="neighbourhood")
        offered = [(one.pk, f"{one.unit.name} {one.title}（{one.code}）") for one in posts]
        self.fields["post_ids"].choices = offered  # type: ignore[attr-defined]
        self.order_fields(["title", "town", *workflow.proposed_rates(), "post_ids", "team_size", "declared"])

    def clean_declared(self) -> list[tuple[str, str]]:
        """This function will read the pairs, a line each."""
        pairs = [tuple(line.split()) for line in self.cleaned_data["declared"].splitlines() if line.strip()]
        if any(len(pair) != 2 for pair in pairs):
            raise forms.ValidationError(_("每行写一个岗位编号和一个机构编号，中间空一格"))
        return [(one, other) for one, other in pairs]

    def given(self) -> dict[str, Any]:
        """This function will give the rates by colour."""
        told = dict(self.cleaned_data)
        rates = {colour: told.pop(colour) for colour in workflow.proposed_rates()}
        return {**told, "rates": {colour: rate for colour, rate in rates.items() if rate}}


class SeedForm(ActForm):
    """抽取."""

    lead = _("封存号公布以后，请不知道种子的人各说一句话，一行一句，原样记下。见证词混进种子，谁也不能事先挑结果。")
    words = forms.CharField(label=_("见证词"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def given(self) -> dict[str, Any]:
        """This function will give the words, a line each."""
        return {"words": self.cleaned_data["words"].splitlines()}


class FindForm(ActForm):
    """登记检查结果."""

    found_on = DayField(label=_("检查日期"))
    found = forms.ChoiceField(label=_("结果"), choices=list(FOUND.items()), widget=forms.RadioSelect)
    says = long(_("检查情况"), help_text=_("看了什么、发现什么、怎样处理；不写老人姓名"))
    paper = PaperField(label=_("检查记录"), required=False, help_text=FILE)

    def prepare(self) -> None:
        """This function will begin with today."""
        self.initial["found_on"] = self.today


REOPENED = {
    "tip": _("线索重新打开，回到待分办；原来的结论保留，直到有新的结论。"),
    "clearance": _("台账改回未登记、在办，另立一号重新列入清零台账，并连着原来的一号。"),
    "disposal": _("另立一件处置并注明原件，原件的经过原样保留。"),
    "move": _("提出把等级调回降级以前的颜色，由另一人签字后生效。"),
}
"""What opening again means, by kind of matter."""


FORMS: dict[tuple[str, str], type[ActForm]] = {
    ("order", "reply"): ReplyForm, ("order", "accept"): AcceptForm, ("order", "send_back"): SendBackForm,
    ("order", "extend"): ExtendForm, ("order", "escalate"): EscalateForm, ("order", "withdraw"): WithdrawForm,
    ("circular", "amend"): CircularForm, ("circular", "send"): NoForm, ("circular", "drop"): NoForm,
    ("circular", "receive"): NoForm, ("talk", "record"): RecordForm, ("talk", "cancel"): WhyForm,
    ("item", "hand"): HandForm, ("item", "look"): LookForm, ("item", "reopen"): ReopenForm, ("item", "settle"): WhyForm,
    ("draw", "draw"): SeedForm, ("visit", "find"): FindForm,
}  # fmt: skip
