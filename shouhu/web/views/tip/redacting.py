"""What units get to read of a tip, decided by a person: the forms of 甄别, 重新甄别 and 更新脱敏文本."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouhu.engines.text import masking
from shouhu.engines.text.taxonomy import guises, schemes
from shouhu.ledgers.tips import queries
from shouhu.ledgers.units import queries as units
from shouhu.web.views.clearance_forms import YesNo
from shouhu.web.views.institution.forms import places
from shouhu.web.views.tip.asking import CHOOSE, LookedThrough, long


class RedactedForm(LookedThrough):
    """The redacted text, and which files go with it."""

    leaving = "copy"
    copy = long(_("给承办单位的脱敏文本"), 12, max_length=10_000)
    released = forms.TypedMultipleChoiceField(
        label=_("给承办单位的附件"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("先看副本：画面和声音里有面孔、姓名、签名、卡号的，不要给；不勾的承办单位看不到，原来给过的就收回"),
    )  # fmt: skip
    were_released = forms.CharField(required=False, widget=forms.HiddenInput)
    """Which files units had when the page was opened: who gives one again that was taken back meanwhile is told so."""

    def prepare(self) -> None:
        """This function will begin with what units have now, or with what the machine masked."""
        files = queries.releasable(self.tip)
        self.choices("released", [(one.pk, one.pk) for one in files])  # the page tells them by kind and number
        self.initial["copy"] = self.tip.copy or masking.mask(self.tip.text)
        self.initial["released"] = [one.pk for one in files if one.released_at]
        self.initial["were_released"] = " ".join(str(pk) for pk in self.initial["released"])

    def clean_released(self) -> list[int]:
        """This function will refuse ticks that were made over what a colleague has changed since."""
        now_released = self.initial["were_released"]
        if self.data.get("were_released", now_released) != now_released:
            sent: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
            sent["were_released"] = now_released  # so that the page, shown again, is up to date
            self.data = sent
            raise forms.ValidationError(
                gettext("您打开页面后，附件的给出情况被同事改过，上面写明了现在给了哪些；请核对勾选后再提交")
            )
        released: list[int] = self.cleaned_data["released"]
        return released

    def given(self) -> dict[str, Any]:
        """This function will give the arguments of the action."""
        return {name: value for name, value in super().given().items() if name != "were_released"}


class TriageForm(RedactedForm):
    """甄别."""

    lead = _("左边是举报原文，只有甄别的岗位看得到；承办单位拿到的只有您在这里定下的脱敏文本和附件。")
    is_in_scope = YesNo(
        label=_("是否属于本专项"),
        help_text=_("以养老服务、养老项目、养老产品、以房养老、代办养老保险、养老帮扶为名诱骗老人出钱的，属于"),
    )
    says = long(_("理由"), 3, max_length=500, help_text=_("会写进经过，承办单位看得到：不要写是谁反映的"))
    guise = forms.ChoiceField(label=_("名目"))
    scheme = forms.ChoiceField(label=_("手法"))
    code = forms.ChoiceField(label=_("发生地点"))
    is_urgent = forms.BooleanField(
        label=_("紧急：钱正在转出、人群聚集，或已经“爆雷”"), required=False, help_text=_("紧急的当日办理，并电话联系")
    )
    field_order = ("is_in_scope", "says", "copy", "is_sure", "released", "guise", "scheme", "code", "is_urgent")

    def prepare(self) -> None:
        """This function will begin with what the machine suggests, or with what was decided before."""
        super().prepare()
        tip = self.tip
        self.choices("guise", [CHOOSE, *((code, one.says) for code, one in guises().items())])
        self.choices("scheme", [CHOOSE, *((code, one.says) for code, one in schemes().items())])
        known = units.names([tip.code])
        here = (tip.code, gettext("不变（%(place)s）") % {"place": known.get(tip.code, tip.code)})
        self.choices("code", [here, *places(self.scope, self.today)])
        said: dict[str, Any] = {"guise": tip.guise, "scheme": tip.scheme, "is_urgent": tip.is_urgent, "code": tip.code}
        if tip.is_in_scope is not None:
            said["is_in_scope"] = "yes" if tip.is_in_scope else "no"
        self.initial.update(said)


class RecopyForm(RedactedForm):
    """更新脱敏文本."""

    lead = _("举报人补充了内容，或发现脱敏文本和附件里还有不该留的：改好后承办单位看到的就是新的。")
    field_order = ("copy", "is_sure", "released")
