"""Taking tips in at the desk: by phone, at the counter, from letters, from grid workers; the receipt for whoever told; the call card."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from shouhu.engines.documents.numbers import Unreadable
from shouhu.ledgers.informants import queries as informants
from shouhu.ledgers.tips import actions, receipts
from shouhu.ledgers.tips.actions.taking import TEXT_AT_MOST
from shouhu.ledgers.tips.channels import channels
from shouhu.ledgers.tips.models import AGES, TOLD
from shouhu.ledgers.tips.sheets import in_words
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.codes import LEVELS, level_of, parent_of
from shouhu.ledgers.units.refusals import Refused
from shouhu.web.access import DeskRequest, note_refusal, page
from shouhu.web.fields import PapersField

WAYS = ("phone", "counter", "letter", "mail", "grid", "hotline_110", "hotline_12345", "platform_12337", "fundraising_12345",
        "department", "superior", "national")  # fmt: skip
"""By what ways a tip can come to somebody who writes it down, the most frequent first."""
FIRST_WAY = {"grid_worker": "grid", "neighbourhood": "counter", "task_force": "counter", "member_unit": "department"}
"""What is chosen for a role before anybody chooses; others mostly answer the phone."""
IDENTITY = ("name", "phone", "address", "contact")
MOMENT = "%Y-%m-%dT%H:%M"


class TakeForm(forms.Form):
    """What somebody tells, as a person of the office writes it down."""

    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    channel = forms.ChoiceField(label=gettext_lazy("怎么来的"))
    received_at = forms.DateTimeField(
        label=gettext_lazy("收到时间"), input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )  # fmt: skip
    outer_number = forms.CharField(
        label=gettext_lazy("对方的编号"), max_length=60, required=False,
        help_text=gettext_lazy("12345工单号、110接警号、12337线索编号，有就填：同一渠道同一编号只收一次"),
    )  # fmt: skip

    text = forms.CharField(
        label=gettext_lazy("发生了什么"), max_length=TEXT_AT_MOST, widget=forms.Textarea(attrs={"rows": 9}),
        help_text=gettext_lazy("照他的话写：谁、在哪里、怎么说的、交了什么钱。举报人自己的姓名电话不要写在这里，写在最下面"),
    )  # fmt: skip
    named = forms.CharField(label=TOLD["named"], max_length=200, required=False)
    code = forms.ChoiceField(label=gettext_lazy("在哪个镇街、村居"))
    place = forms.CharField(label=gettext_lazy("具体地点"), max_length=200, required=False)
    happened = forms.CharField(label=TOLD["happened"], max_length=100, required=False)
    since = forms.CharField(label=TOLD["since"], max_length=100, required=False)
    sum = forms.CharField(
        label=gettext_lazy("涉及金额"), max_length=30, required=False, help_text=gettext_lazy("例如 58000、5.8万、三万五"),
        widget=forms.TextInput(attrs={"data-unit": gettext_lazy("元")}),
    )  # fmt: skip
    n_victims = forms.IntegerField(
        label=gettext_lazy("涉及多少人"), min_value=0, max_value=1_000_000, required=False,
        widget=forms.NumberInput(attrs={"data-unit": gettext_lazy("人")}),
    )  # fmt: skip
    is_ongoing = forms.TypedChoiceField(
        label=gettext_lazy("现在还在做吗"), required=False, widget=forms.RadioSelect, empty_value=None,
        choices=[("yes", gettext_lazy("还在做")), ("no", gettext_lazy("已经停了")), ("", gettext_lazy("不清楚"))],
        coerce=lambda said: said == "yes",
    )  # fmt: skip
    is_urgent = forms.BooleanField(
        label=gettext_lazy("紧急：钱正在转、有人聚集，或者机构已经关门失联"), required=False,
        help_text=gettext_lazy("先请他拨打110或96110；勾选后当日办理，并请您电话告知专项办"),
    )  # fmt: skip
    age_band = forms.ChoiceField(label=gettext_lazy("老人年龄"), required=False)
    teller = forms.CharField(
        label=TOLD["teller"], max_length=50, required=False, help_text=gettext_lazy("本人、子女、邻居等，不写姓名")
    )
    papers = PapersField(
        label=gettext_lazy("照片、录音、合同收据"), required=False,
        help_text=gettext_lazy("可以一次选几个，每个不超过 20 MB；原件密封，承办单位只看到去掉拍摄信息的副本"),
    )  # fmt: skip

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=50, required=False)
    phone = forms.CharField(
        label=gettext_lazy("电话"), max_length=50, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    address = forms.CharField(label=gettext_lazy("住址"), max_length=200, required=False)
    contact = forms.CharField(
        label=gettext_lazy("怎样联系方便"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("例如：晚上打女儿电话"),
    )

    def __init__(self, request: DeskRequest) -> None:
        started = {
            "key": secrets.token_hex(16), "received_at": request.at, "code": request.scope.low,
            "channel": FIRST_WAY.get(request.post.role, "phone"), "is_ongoing": "",
        }  # fmt: skip
        super().__init__(request.POST or None, request.FILES or None, initial=started)
        self.request = request
        offered: dict[str, list[Any]] = {
            "channel": [(code, channels()[code].title) for code in WAYS],
            "code": places(request),
            "age_band": [("", _("不清楚")), *AGES.items()],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        for name in IDENTITY:
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_received_at(self) -> Any:
        """This function will refuse an instant that has not come yet."""
        at = self.cleaned_data["received_at"]
        if at > self.request.at:
            raise forms.ValidationError(_("收到时间在现在以后，请核对"))
        return at

    def clean_sum(self) -> int | None:
        """This function will read a sum as people say it; fen."""
        typed = self.cleaned_data["sum"]
        if not typed:
            return None
        try:
            fen = round(in_words(typed) * 100)
        except Unreadable as error:
            raise forms.ValidationError(_("看不出金额，请写数字，例如 58000 或 5.8万")) from error
        if not 0 <= fen < 10**13:
            raise forms.ValidationError(_("金额太大，请核对"))
        return fen

    def taken(self) -> actions.Form:
        """This function will give what was written down, as it is taken in."""
        said = self.cleaned_data
        return actions.Form(
            key=said["key"], channel=said["channel"], code=said["code"], text=said["text"].strip(),
            told={name: said[name].strip() for name in TOLD if said.get(name, "").strip()},
            sum_fen=said["sum"], n_victims=said["n_victims"], is_ongoing=said["is_ongoing"], is_urgent=said["is_urgent"],
            age_band=said["age_band"], papers=said["papers"], outer_number="".join(said["outer_number"].split()),
            identity={name: said[name].strip() for name in IDENTITY if said[name].strip()} or None,
            received_at=said["received_at"],
        )  # fmt: skip


PARTS = (
    (gettext_lazy("来源"), ("channel", "received_at", "outer_number"), ()),
    (gettext_lazy("反映的事"), ("text", "named", "code", "place", "sum", "is_urgent", "papers"),
     ("happened", "since", "n_victims", "is_ongoing", "age_band", "teller")),
    (gettext_lazy("举报人"), IDENTITY, ()),
)  # fmt: skip


@page("tip.take")
@require_http_methods(["GET", "POST"])
def take(request: DeskRequest) -> HttpResponse:
    """This function will write a tip down, and show its receipt; sent twice, the same form gives the same receipt."""
    form = TakeForm(request)
    if request.method == "POST" and form.is_valid():
        try:
            taken = actions.take_in(form=form.taken(), by=request.post, at=request.at)
        except Refused as refusal:
            note_refusal(request)
            form.add_error(None, str(refusal))
        else:
            return _receipt(request, taken)
    may_seal = informants.key_in_use() is not None
    context = {
        "title": _("登记线索"), "form": form, "submit_label": _("登记，生成回执"), "may_seal": may_seal,
        "parts": [_part(form, *part) for part in PARTS[: 3 if may_seal else 2]],
        "cancel_url": reverse("tip-list" if request.scope.may("tip.view") else "home"),
    }  # fmt: skip
    return render(request, "tip/take.html", context, status=422 if form.errors else 200)


def _part(form: TakeForm, title: Any, names: Sequence[str], more: Sequence[str]) -> dict[str, Any]:
    """A part of the form; what is ``more`` is folded away, unless there is something in it."""
    return {
        "title": title, "fields": [form[name] for name in names], "more": [form[name] for name in more],
        "is_open": any(form.data.get(name) or name in form.errors for name in more),
    }  # fmt: skip


def _receipt(request: DeskRequest, taken: actions.Taken) -> HttpResponse:
    """The page with the receipt: the answer itself, as no address may name it and nothing may keep it."""
    return render(request, "tip/receipt.html", {
        "title": _("回执"), "receipt": receipts.printed(taken.receipt), "tip": taken.tip, "is_new": taken.is_new,
        "may_view": request.scope.may("tip.view"),
        "site": next((f"{request.scheme}://{name}/" for name in sorted(settings.PUBLIC_HOSTS)), ""),
    })  # fmt: skip


@page("tip.take")
@require_GET
def card(request: DeskRequest) -> HttpResponse:
    """This function will show what to ask and to advise on the phone, on a page to be printed."""
    return render(request, "tip/card.html", {"title": _("接听提示卡")})


def places(request: DeskRequest) -> list[tuple[str, Any]]:
    """This function will give the divisions to choose from: villages under their towns; above the county, counties only."""
    rows = list(units.tree(request.scope, localdate(request.at)).values_list("code", "name"))
    names = dict(rows)
    if len(request.scope.low.rstrip("0")) < LEVELS["county"]:
        rows = [(code, name) for code, name in rows if level_of(code) in ("province", "city", "county")]
    choices: list[tuple[str, Any]] = []
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, name in rows:
        town = parent_of(code) if level_of(code) == "neighbourhood" else code
        if level_of(code) == "township":
            groups[code] = [(code, _("%(town)s（村居不清楚）") % {"town": name})]
            choices.append((name, groups[code]))
        elif level_of(code) == "neighbourhood" and town in groups:
            groups[town].append((code, name))
        else:
            choices.append(
                (code, name if code != request.scope.low else _("%(place)s（具体地方不清楚）") % {"place": name})
            )
    if not names:
        code = request.post.unit.code
        choices = [(code, units.names([code]).get(code, code))]
    return choices
