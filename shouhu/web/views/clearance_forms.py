"""What is asked for at each step of an unregistered site."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouhu.engines.rules.facts import declared
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.clearances import queries, transitions
from shouhu.ledgers.clearances.models import NATURES, OUTCOMES, TRACKS, Clearance
from shouhu.ledgers.units.scope import Scope
from shouhu.web import words
from shouhu.web.fields import DayField, PaperField

RECEIVERS = {"social": _("区民政局（社会组织登记管理）"), "enterprise": _("区市场监管部门")}
"""Who deals with a site that works in the name of such (002-10 三(四)2(2))."""
YES_NO = [("yes", _("是")), ("no", _("否"))]


class YesNo(forms.TypedChoiceField):
    """A question with two answers; none is chosen before."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            choices=YES_NO, coerce=lambda said: said == "yes", empty_value=None, widget=forms.RadioSelect, **more
        )


class StepForm(forms.Form):
    """One step: what it needs beside the site. ``lead`` says above the form what it is for."""

    lead: Any = ""

    def __init__(self, clearance: Clearance, scope: Scope, today: date, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, initial={"done_on": today})
        self.clearance, self.today = clearance, today
        campaign = campaigns.current(scope)
        self.ruleset_id = campaign.ruleset_id if campaign else "001"
        self.prepare()

    def prepare(self) -> None:
        """This function will fit the questions to the site."""

    def choices(self, name: str, choices: Mapping[str, Any] | list[tuple[Any, Any]]) -> None:
        """This function will set what can be chosen, and the choice itself where there is but one."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices.items()) if isinstance(choices, Mapping) else choices
        if len(field.choices) == 1:
            self.initial[name] = field.choices[0][0]


class Appoint(StepForm):
    """指定包干人."""

    lead = _("一处场所只有一名包干人，从核实到销号由他负责。换人后，以前的包干人仍留在经过里。")
    owner_id = forms.TypedChoiceField(label=_("包干人"), coerce=int, help_text=_("只列属地的、现在有人的岗位"))

    def prepare(self) -> None:
        """This function will offer the posts of the place with those who hold them."""
        posts = list(queries.candidates(self.clearance, self.today))
        held = queries.holders_of((post.pk for post in posts), self.today)
        self.choices(
            "owner_id",
            [("", _("请选择"))] + [(post.pk, f"{held[post.pk]}（{post.unit.name} {post.title}）") for post in posts],
        )
        if self.clearance.owner_id:
            self.initial["owner_id"] = self.clearance.owner_id


class Verify(StepForm):
    """核实."""

    lead = _("到现场看过：确实在为老年人提供养老服务，并且没有登记。看过之后不属养老服务的，也先核实，再提出办结。")
    done_on = DayField(label=_("到现场的日期"))
    opened_when = forms.CharField(
        label=_("开办时间"), max_length=30, required=False, help_text=_("知道到什么程度就填到什么程度，例如“2021年3月”")
    )
    says = forms.CharField(label=_("核实情况"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    paper = PaperField(label=_("现场照片"), required=False, help_text=_("JPG、PNG 或 PDF，不超过 20 MB"))


class Classify(StepForm):
    """分类."""

    lead = _("以什么名义办、是否平稳、收没收大额预付费，决定走哪条路。几项措施可以同时选。")
    nature = forms.ChoiceField(label=_("以什么名义开办"), choices=list(NATURES.items()), widget=forms.RadioSelect)
    is_stable = YesNo(label=_("运营是否平稳"))
    is_large = YesNo(label=_("是否收取大额预付费"))
    tracks = forms.MultipleChoiceField(
        label=_("措施"), choices=list(TRACKS.items()), widget=forms.CheckboxSelectMultiple
    )
    says = forms.CharField(label=_("说明"), widget=forms.Textarea(attrs={"rows": 3}), required=False)

    def prepare(self) -> None:
        """This function will begin with what was decided before, or else with what the facts and the plan suggest."""
        one = self.clearance
        known = queries.facts(one)
        stable, large = known.get("stable"), queries.is_large(known, self.ruleset_id, self.today)
        found = {True: _("是"), False: _("否"), None: _("未知")}
        self.fields["is_stable"].help_text = _("台账现记：%(found)s") % {"found": found[stable]}
        self.fields["is_large"].help_text = _("按台账推算：%(found)s") % {"found": found[large]}
        self.fields["tracks"].help_text = _(
            "平稳且没有大额的，督促登记；有大额且不平稳的，责令退费、联合执法；以企业或社会服务机构名义且有风险的，书面移交；"
            "方案没有说到的情形，集体研判并督促登记。"
        )
        if one.classified_at:
            decided = {"is_stable": one.is_stable, "is_large": one.is_large}
            self.initial.update(nature=one.nature, tracks=one.tracks)
        else:
            decided = {"is_stable": stable, "is_large": large}
            self.initial["tracks"] = queries.advised("", stable, large)
        answer = {True: "yes", False: "no"}
        self.initial.update({name: answer[value] for name, value in decided.items() if value is not None})


class Act(StepForm):
    """记录处置措施."""

    lead = _("责令退费、联合执法由有权的部门实施，请写明是哪个部门、哪份文书；镇街自己不能责令。")
    track = forms.ChoiceField(label=_("措施"), widget=forms.RadioSelect)
    done_on = DayField(label=_("日期"))
    body = forms.CharField(label=_("实施单位"), max_length=80, required=False)
    document_number = forms.CharField(label=_("文书编号"), max_length=60, required=False)
    says = forms.CharField(label=_("做了什么、结果怎样"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    paper = PaperField(label=_("文书或照片"), required=False, help_text=_("JPG、PNG 或 PDF，不超过 20 MB"))

    def prepare(self) -> None:
        """This function will offer the chosen tracks but for the transfer, the first undone one chosen."""
        tracks = {track: TRACKS[track] for track in self.clearance.tracks if track != "transfer"}
        self.choices("track", tracks)
        self.initial["track"] = next((track for track in transitions.undone(self.clearance) if track in tracks), None)


class Transfer(StepForm):
    """书面移交."""

    lead = _("移交要有书面材料；收到对方回执后再来登记，才算办完。")
    receiver = forms.CharField(label=_("接收单位"), max_length=80)
    document_number = forms.CharField(label=_("移交文书编号"), max_length=60)
    done_on = DayField(label=_("移交日期"))
    says = forms.CharField(label=_("移交的材料和事项"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    paper = PaperField(label=_("移交书"), required=False, help_text=_("JPG、PNG 或 PDF，不超过 20 MB"))

    def prepare(self) -> None:
        """This function will name the receiver that the plan names for such a site."""
        self.initial["receiver"] = RECEIVERS.get(self.clearance.nature, "")


class Receive(StepForm):
    """登记移交回执."""

    lead = _("回执文号和回执照片至少要有一样。")
    transfer_id = forms.TypedChoiceField(label=_("哪一次移交"), coerce=int, widget=forms.RadioSelect)
    done_on = DayField(label=_("签收日期"))
    document_number = forms.CharField(label=_("回执文号"), max_length=60, required=False)
    says = forms.CharField(label=_("对方的答复"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    paper = PaperField(label=_("回执照片或扫描件"), required=False, help_text=_("JPG、PNG 或 PDF，不超过 20 MB"))

    def prepare(self) -> None:
        """This function will offer the transfers that have no receipt."""
        waiting = set(transitions.pending(self.clearance))
        sent = [step for step in self.clearance.steps.all() if step.pk in waiting]
        self.choices("transfer_id", [(one.pk, f"{one.done_on} {one.body}（{one.document_number}）") for one in sent])


class Propose(StepForm):
    """提出办结."""

    lead = _("写明结果并附凭据，由另一人复核后销号。")
    outcome = forms.ChoiceField(label=_("结果"), choices=list(OUTCOMES.items()), widget=forms.RadioSelect)
    document_number = forms.CharField(
        label=_("证照或文书编号"), max_length=60,
        help_text=_("已登记的填统一社会信用代码或登记证号；关停取缔的填关停文书编号；不属养老服务的填核查记录编号"),
    )  # fmt: skip
    paper = PaperField(label=_("照片或扫描件"), help_text=_("证照、关停现场或核查记录；JPG、PNG 或 PDF，不超过 20 MB"))
    done_on = DayField(label=_("办结日期"))
    is_filed = YesNo(label=_("登记的：养老机构备案是否已办妥"), required=False)
    n_residents = forms.IntegerField(label=_("关停的：原住老人"), min_value=0, max_value=100_000, required=False,
                                     widget=forms.NumberInput(attrs={"data-unit": _("人")}))  # fmt: skip
    n_placed = forms.IntegerField(label=_("关停的：已妥善安置"), min_value=0, max_value=100_000, required=False,
                                  widget=forms.NumberInput(attrs={"data-unit": _("人")}),
                                  help_text=_("转到其他机构的、由家人接回的都算；一位都不能少"))  # fmt: skip
    grounds = forms.CharField(label=_("说明"), widget=forms.Textarea(attrs={"rows": 4}), required=False,
                              help_text=_("老人去了哪里、为什么不属养老服务等"))  # fmt: skip

    def prepare(self) -> None:
        """This function will leave out the ends that the trail does not bear out yet, and say how many live there."""
        if transitions.why_not_finished(self.clearance):
            self.choices("outcome", {"not_care": OUTCOMES["not_care"]})
            for name in ("is_filed", "n_residents", "n_placed"):
                del self.fields[name]
            return
        told = words.value(declared()["n_residents"], queries.facts(self.clearance).get("n_residents"))
        self.fields["n_residents"].help_text = _("台账现记入住：%(n)s") % {"n": told}


class Review(StepForm):
    """复核."""

    lead = _("核对凭据是否真实、完整。没有问题就通过；有问题请退回并写明要补什么。")
    says = forms.CharField(label=_("复核意见"), widget=forms.Textarea(attrs={"rows": 3}), required=False)


class SendBack(StepForm):
    """退回."""

    lead = _("退回后回到处置阶段，由包干人补办；这次提出的材料仍留在经过里。")
    says = forms.CharField(label=_("退回原因"), widget=forms.Textarea(attrs={"rows": 3}))


class Close(StepForm):
    """销号."""

    lead = _(
        "销号后从地图和未销号清单中移出。登记备案完成的，台账改为已登记；关停取缔或不属养老服务的，台账记为停办。"
        "以后再次发现，会另立一号并连着这一号。"
    )
    says = forms.CharField(label=_("说明"), widget=forms.Textarea(attrs={"rows": 3}), required=False)


FORMS: dict[str, type[StepForm]] = {
    "appoint": Appoint, "verify": Verify, "classify": Classify, "act": Act, "transfer": Transfer, "receive": Receive,
    "propose": Propose, "review": Review, "send_back": SendBack, "close": Close,
}  # fmt: skip
