"""What all forms of acts on a tip are made of; what may tell who told is looked for before it leaves the desk."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouhu.engines.text import masking
from shouhu.ledgers.tips.models import Tip
from shouhu.ledgers.units.scope import Scope

CHOOSE = ("", _("请选择"))


def long(label: Any, rows: int = 4, **more: Any) -> forms.CharField:
    """This function will give a field for several lines."""
    most = more.pop("max_length", 4000)
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), max_length=most, **more)


class ActForm(forms.Form):
    """One act on a tip; ``lead`` says above the form what it is for."""

    lead: Any = ""

    def __init__(
        self, tip: Tip, scope: Scope, today: date, data: Any = None, files: Any = None, **initial: Any
    ) -> None:
        super().__init__(data, files, initial=initial)
        self.tip, self.scope, self.today = tip, scope, today
        self.prepare()
        self.finish()

    def prepare(self) -> None:
        """This function will fit the questions to the tip."""

    def finish(self) -> None:
        """This function will do what is to be done once the questions stand."""

    def given(self) -> dict[str, Any]:
        """This function will give the arguments of the action."""
        return dict(self.cleaned_data)

    def choices(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        """This function will set what can be chosen."""
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class LookedThrough(ActForm):
    """A text that leaves the desk: names and numbers of people left in it are told, and have to be looked at."""

    leaving = ""
    """Name of the field."""
    is_sure = forms.BooleanField(
        label=_("已逐处核对，留下的不是举报人、老人或证人"), required=False,
        help_text=_("文字里还有姓名、电话、证件号或门牌号，须逐处看过"),
    )  # fmt: skip

    def finish(self) -> None:
        """This function will ask to look through the text only where somebody is named in it."""
        held = self.data.get(self.leaving, "") if self.is_bound else self.initial.get(self.leaving, "")
        if not left_in(held):
            self.fields["is_sure"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """This function will refuse a text in which people are still named, unless somebody says that they may be."""
        given = super().clean() or {}
        found = left_in(given.get(self.leaving) or "")
        if found and not given.get("is_sure"):
            self.add_error(
                self.leaving,
                gettext("文字里还有：%(found)s。请删去或改写；确属可以写明的，请勾选下面的“已逐处核对”")
                % {"found": found},
            )
        return given

    def given(self) -> dict[str, Any]:
        """This function will leave out the tick."""
        return {name: value for name, value in self.cleaned_data.items() if name != "is_sure"}


def left_in(text: str) -> str:
    """This function will say which names and numbers of people a text still holds; empty if none."""
    held = Counter((span.mark.strip("〔〕"), text[span.start : span.end]) for span in masking.spans(text))
    return gettext("、").join(f"{mark}“{words}”" for mark, words in held)
