"""Forms of the survey pages; the questionnaire's own is generated from its content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from shouhu.engines.documents.numbers import Unreadable, read_number
from shouhu.engines.rules.facts import NUMBERS, declared
from shouhu.ledgers.institutions.values import to_json
from shouhu.ledgers.surveys.models import CAPTIONS, METHODS
from shouhu.ledgers.surveys.questionnaires import Content
from shouhu.ledgers.surveys.questionnaires import questions as questions_of
from shouhu.web.fields import DayField

UNKNOWN = "不清楚"
"""Typed or chosen: asked, and could not be found out."""
NONE = "没有"


class RoundForm(forms.Form):
    """A new round."""

    title = forms.CharField(label=_("轮次名称"), max_length=80, help_text=_("例如：第一轮全面摸排"))
    opens_on = DayField(label=_("开始日期"))
    due_on = DayField(label=_("完成期限"))


class FoundForm(forms.Form):
    """A place that nobody knew of."""

    name = forms.CharField(
        label=_("场所名称"), max_length=120, help_text=_("没有招牌的，写“地址＋用途”，例如“河东路12号老年公寓”")
    )
    code = forms.ChoiceField(label=_("所在村居"))
    address = forms.CharField(label=_("地址"), max_length=200)
    latitude = forms.FloatField(label=_("纬度"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(label=_("经度"), required=False, min_value=-180, max_value=180)

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = list(places)  # type: ignore[attr-defined]

    def point(self) -> tuple[float, float] | None:
        """This function will give the point, if both figures were filled in."""
        return _point(self.cleaned_data)


class SheetForm(forms.Form):
    """The answer sheet of one institution: a field a question, then how the survey was made."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    method = forms.ChoiceField(
        label=_("怎样排查的"), choices=list(METHODS.items()), widget=forms.RadioSelect, initial="visit"
    )
    visited_at = forms.DateTimeField(
        label=_("什么时候"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    n_asked = forms.IntegerField(
        label=_("问了几位老人或其代理人"), min_value=0, max_value=10_000, help_text=_("只填人数，不记姓名"),
        widget=forms.NumberInput(attrs={"data-unit": _("人")}),
    )  # fmt: skip
    note = forms.CharField(
        label=_("补充说明"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    latitude = forms.FloatField(label=_("纬度"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(label=_("经度"), required=False, min_value=-180, max_value=180)

    def __init__(self, *args: Any, content: Content, hints: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content = content
        for question in questions_of(content):
            self.fields[f"a_{question['name']}"] = _field(question, hints.get(question["name"], ""))
        for caption, title in CAPTIONS.items():
            self.fields[f"photo_{caption}"] = forms.FileField(
                label=title, required=False, widget=forms.FileInput(attrs={"accept": "image/*"})
            )

    def topics(self) -> list[dict[str, Any]]:
        """This function will give the questions by topic, as bound fields."""
        return [
            {"id": topic["id"], "title": topic["title"], "fields": [self[f"a_{q['name']}"] for q in topic["questions"]]}
            for topic in self.content
        ]

    def made(self) -> list[BoundField]:
        """This function will give the fields on how the survey was made."""
        return [self[name] for name in ("method", "visited_at", "n_asked", "note", "latitude", "longitude")]

    def photos(self) -> list[BoundField]:
        """This function will give the fields for photos."""
        return [self[f"photo_{caption}"] for caption in CAPTIONS]

    def taken(self) -> dict[str, Any]:
        """This function will give the photos that were handed in, by caption."""
        found = {caption: self.cleaned_data.get(f"photo_{caption}") for caption in CAPTIONS}
        return {caption: file for caption, file in found.items() if file}

    def answers(self) -> dict[str, Any]:
        """This function will give the answers as JSON takes them; questions left open are not in it."""
        found: dict[str, Any] = {}
        for question in questions_of(self.content):
            name = question["name"]
            value = self.cleaned_data.get(f"a_{name}")
            if value in (None, "", []):
                continue
            try:
                found[name] = _answer(question, value)
            except Unreadable as why:
                self.add_error(f"a_{name}", str(why))
        return found

    def point(self) -> tuple[float, float] | None:
        """This function will give the point, if both figures were filled in."""
        return _point(self.cleaned_data)

    def blame(self, faults: Mapping[str, str]) -> None:
        """This function will put faults of answers beside their fields."""
        for name, why in faults.items():
            self.add_error(f"a_{name}" if f"a_{name}" in self.fields else None, why)


def shown(question: Mapping[str, Any], value: Any) -> Any:
    """This function will give a fact as the initial value of its field."""
    kind = question["type"]
    if value is None:
        return None
    if kind == "yes_no":
        return "yes" if value else "no"
    if kind == "persons":
        return list(value) or [NONE]
    if kind == "names":
        return "\n".join(value) or NONE
    return value if isinstance(value, str) else str(value)


def local(at: datetime) -> str:
    """This function will write an instant as a browser's input takes it."""
    return f"{at:%Y-%m-%dT%H:%M}"


def _field(question: Mapping[str, Any], hint: str) -> forms.Field:
    kind, more = question["type"], {"label": question["ask"], "help_text": hint, "required": False}
    if kind == "yes_no":
        return forms.ChoiceField(
            choices=[("yes", "是"), ("no", "否"), (UNKNOWN, UNKNOWN)], widget=forms.RadioSelect, **more
        )
    if kind == "choice":
        choices = [(choice, choice) for choice in (*question["choices"], UNKNOWN)]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **more)
    if kind == "persons":
        choices = [(choice, choice) for choice in (NONE, *question["choices"], UNKNOWN)]
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **more)
    if kind == "names":
        more["help_text"] = " ".join(filter(None, [hint, str(_("一行写一个；没有的写“没有”，查不清的写“不清楚”。"))]))
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), **more)
    if kind in NUMBERS:
        more["help_text"] = " ".join(filter(None, [hint, str(_("可写“约30”“1.5万”；查不清的写“不清楚”。"))]))
        return forms.CharField(
            max_length=40, widget=forms.TextInput(attrs={"data-unit": question["unit"] or ""}), **more
        )
    return forms.CharField(max_length=300, **more)


def _answer(question: Mapping[str, Any], value: Any) -> Any:
    kind = question["type"]
    if kind == "persons":
        if UNKNOWN in value:
            return None
        if NONE in value and len(value) > 1:
            raise Unreadable(str(_("选了“没有”，就不能再选别的")))
        return [one for one in value if one != NONE]
    text = value.strip()
    if text == UNKNOWN:
        return None
    if kind == "yes_no":
        return text == "yes"
    if kind == "names":
        return [] if text == NONE else [line for line in text.splitlines() if line.strip()]
    if kind in NUMBERS:
        return to_json(read_number(text, declared()[question["name"]]))
    return text


def _point(cleaned: Mapping[str, Any]) -> tuple[float, float] | None:
    latitude, longitude = cleaned.get("latitude"), cleaned.get("longitude")
    return None if latitude is None or longitude is None else (latitude, longitude)
