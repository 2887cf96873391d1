"""The form of all facts, made from their declarations, and the small forms of dated events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from shouhu.engines.documents.canonical import written
from shouhu.engines.documents.cells import read_column
from shouhu.engines.rules.facts import PERSONS, Fact, declared
from shouhu.engines.rules.values import UNNAMED
from shouhu.ledgers.institutions.models import ROLES, SOURCES
from shouhu.ledgers.institutions.values import changed, masked
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.codes import level_of
from shouhu.ledgers.units.scope import Scope
from shouhu.web.views.institution.topics import TOPICS

NOBODY = "none"
_YES_NO = [("", _("未知")), ("yes", _("是")), ("no", _("否"))]
_HELP = {
    "number": _("可写“约30”“30余”“1.5万”；不清楚的留空"),
    "names": _("没有写“否”；有的写公司全称，几家用顿号隔开；有但不知名称写“是”"),
}
_PLACES = frozenset({"township", "neighbourhood"})
"""Facts that follow from where the institution stands."""


class FactsForm(forms.Form):
    """All facts of one institution; a field left blank is not known. Personal facts left blank stay as they are."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)
    reason = forms.CharField(label=_("依据或说明"), required=False, max_length=300,
                             help_text=_("例如：电话核实、营业执照副本"))  # fmt: skip

    def __init__(self, *args: Any, known: Mapping[str, Any], is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known, self.is_new = known, is_new
        for name, fact in declared().items():
            if name not in _PLACES:
                self.fields[name] = _field(fact, known.get(name))

    def topics(self) -> Iterator[tuple[Any, str, list[BoundField]]]:
        """This function will give the fields by topic: title, anchor, fields."""
        for title, anchor, names in TOPICS:
            yield title, anchor, [self[name] for name in names if name not in _PLACES]

    def clean(self) -> dict[str, Any]:
        """This function will read every field as the value of its fact; what cannot be read is an error beside it."""
        given = super().clean() or {}
        for name, fact in declared().items():
            if name in given and name in self.fields:
                value, why = _read(fact, given[name])
                if why:
                    self.add_error(name, why)
                given[name] = value
        if "name" in self.fields and not given.get("name") and "name" not in self.errors:
            self.add_error("name", str(_("请填写名称；没有招牌的，写“地址＋用途”")))
        return given

    def facts(self) -> dict[str, Any]:
        """This function will give what was filled in, fact name to value; unknown ones are left out."""
        return {name: value for name, value in self._given() if value is not None}

    def changes(self) -> dict[str, Any]:
        """This function will give the facts that differ from those that the form was opened with."""
        told = changed(self.known, dict(self._given()))
        return {name: value for name, value in told.items() if value is not None or not declared()[name].personal}

    def _given(self) -> Iterator[tuple[str, Any]]:
        return ((name, self.cleaned_data.get(name)) for name in declared() if name in self.fields)


class PlaceForm(forms.Form):
    """Where a new institution stands, and how it became known."""

    code = forms.ChoiceField(label=_("所在村居"))
    source = forms.ChoiceField(label=_("发现来源"), choices=[*SOURCES.items()], initial="known")
    latitude = forms.FloatField(label=_("纬度"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(label=_("经度"), required=False, min_value=-180, max_value=180)

    def __init__(self, *args: Any, scope: Scope, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = places(scope, on)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """This function will ask for both figures of the point or none."""
        given = super().clean() or {}
        if (given.get("latitude") is None) != (given.get("longitude") is None):
            self.add_error("longitude", str(_("经度和纬度要一起填")))
        return given

    def point(self) -> tuple[float, float] | None:
        """This function will give the point, if it was filled in."""
        latitude, longitude = self.cleaned_data.get("latitude"), self.cleaned_data.get("longitude")
        return None if latitude is None or longitude is None else (latitude, longitude)


class _DatedForm(forms.Form):
    """What every dated event asks for."""

    on = forms.DateField(label=_("自哪一天起"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    reference = forms.CharField(label=_("依据"), required=False, max_length=60, help_text=_("例如：变更登记通知书文号"))


class MoveForm(_DatedForm):
    """A move."""

    code = forms.ChoiceField(label=_("所在村居"))
    address = forms.CharField(label=_("新地址"), required=False, max_length=200,
                              help_text=_("只是区划变动、地址没变的，留空"))  # fmt: skip
    field_order = ("code", "address", "on", "reference")

    def __init__(self, *args: Any, scope: Scope, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = places(scope, today)  # type: ignore[attr-defined]


class HandForm(_DatedForm):
    """A change of people."""

    role = forms.ChoiceField(label=_("变更什么"), choices=list(ROLES.items()))
    name = forms.CharField(label=_("变更为"), max_length=120, help_text=_("姓名或单位全称；几个人用顿号隔开"))
    field_order = ("role", "name", "on", "reference")


class OutletForm(_DatedForm):
    """A new outlet."""

    name = forms.CharField(label=_("网点名称"), max_length=120)
    address = forms.CharField(label=_("网点地址"), required=False, max_length=200)
    field_order = ("name", "address", "on", "reference")


class DayForm(forms.Form):
    """A day."""

    on = forms.DateField(label=_("日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


class PointForm(forms.Form):
    """A point on the map."""

    latitude = forms.FloatField(label=_("纬度"), min_value=-90, max_value=90, help_text=_("WGS 84，例如 30.2741"))
    longitude = forms.FloatField(label=_("经度"), min_value=-180, max_value=180)


class MergeForm(forms.Form):
    """The number of the entry that is the same institution."""

    number = forms.CharField(label=_("重复的那一家的编号"), max_length=20)
    reason = forms.CharField(label=_("怎样确认是同一家"), max_length=300)


def places(scope: Scope, on: date) -> list[tuple[str, Any]]:
    """This function will give the villages in a scope to choose from, by town; a town alone where the village is not known."""
    groups: list[tuple[str, Any]] = []
    town: list[tuple[str, str]] = []
    for row in units.tree(scope, on):
        level = level_of(row.code)
        if level == "township" or (level == "neighbourhood" and not groups):
            town = [(row.code, f"{row.name}{_('（村居不详）') if level == 'township' else ''}")]
            groups.append((row.name, town))
        elif level == "neighbourhood":
            town.append((row.code, row.name))
    return groups


def _field(fact: Fact, value: Any) -> forms.Field:
    common: dict[str, Any] = {"label": fact.title, "required": fact.name == "name", "help_text": fact.ask}
    match fact.type:
        case "choice":
            choices = [("", _("未知")), *((choice, choice) for choice in fact.choices)]
            return forms.ChoiceField(**common, choices=choices, initial=value)
        case "yes_no":
            initial = "" if value is None else "yes" if value else "no"
            return forms.ChoiceField(**common, choices=_YES_NO, initial=initial)
        case "date":
            return forms.DateField(**common, initial=value, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        case "persons":
            choices = [(NOBODY, _("没有")), *((one, one) for one in (*PERSONS, UNNAMED))]
            initial_people = [] if value is None else list(value) or [NOBODY]
            return forms.MultipleChoiceField(**common, choices=choices, initial=initial_people,
                                             widget=forms.CheckboxSelectMultiple)  # fmt: skip
    if fact.personal:
        common["help_text"] = _("现为 %s，留空表示不改") % masked(fact, value) if value else fact.ask
        return forms.CharField(**common, max_length=120, widget=forms.TextInput({"autocomplete": "off"}))
    attrs = {"data-unit": fact.unit} if fact.unit else {}
    if fact.is_number or fact.type == "names":
        common["help_text"] = _HELP["number" if fact.is_number else "names"]
    longest = {"name": 120, "uscc": 18, "address": 200}.get(fact.name, 500)
    text = "" if value is None else written(fact, value)
    return forms.CharField(**common, max_length=longest, initial=text, widget=forms.TextInput(attrs))


def _read(fact: Fact, given: Any) -> tuple[Any, str]:
    """The value that a field's content stands for, or why it stands for none."""
    if given in ("", None, []):
        return None, ""
    match fact.type:
        case "yes_no":
            return given == "yes", ""
        case "choice" | "date":
            return given, ""
        case "persons":
            if NOBODY in given:
                return (), str(_("选了“没有”，就不能再选人")) if len(given) > 1 else ""
            return tuple(one for one in (*PERSONS, UNNAMED) if one in given), ""
    values, reports = read_column(fact, [given], Fraction(1), {})
    if values[0] is None:
        return None, reports[0][1] if reports else str(_("没有看懂，请核对"))
    return values[0], ""
