"""How the desk writes colours, days, money, deadlines and form fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, NumberInput, RadioSelect, Select
from django.forms.widgets import ChoiceWidget
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shouhu.engines.rules import words
from shouhu.web.words import said

register = template.Library()
register.filter(said)

WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))


def _local(value: date) -> date:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def day(value: date | None) -> str:
    """This function will write a day as 2022-05-31 周二; no day as nothing."""
    if not value:
        return ""
    local = _local(value)
    return f"{local:%Y-%m-%d} {WEEKDAYS[local.weekday()]}"


@register.filter
def moment(value: datetime | None) -> str:
    """This function will write an instant in local time as 2022-05-31 周二 14:05; no instant as nothing."""
    return f"{day(value)} {_local(value):%H:%M}" if value else ""


@register.filter
def ago(value: date | None, today: date) -> str:
    """This function will say how old something of that day is: 今天, 12 天前, 3 个月前, 2 年前."""
    if not value:
        return ""
    local = _local(value)
    days = (today - (local.date() if isinstance(local, datetime) else local)).days
    if days < 1:
        return gettext("今天")
    if days < 60:
        return ngettext("%(n)d 天前", "%(n)d 天前", days) % {"n": days}
    if days < 730:
        months = days * 12 // 365
        return ngettext("%(n)d 个月前", "%(n)d 个月前", months) % {"n": months}
    return ngettext("%(n)d 年前", "%(n)d 年前", days // 365) % {"n": days // 365}


@register.filter
def time_left(value: datetime, at: datetime) -> str:
    """This function will say how long it is from an instant to a later one: 还有 2 天 3 小时; a past one is 已过."""
    minutes = int((value - at).total_seconds()) // 60
    if minutes < 0:
        return gettext("已过")
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return gettext("还有 %(days)d 天 %(hours)d 小时") % {"days": days, "hours": hours}
    return gettext("还有 %(hours)d 小时 %(minutes)d 分") % {"hours": hours, "minutes": minutes % 60}


@register.filter
def money(fen: int | None) -> str:
    """This function will write fen as yuan: 12,345.00; an amount that is not known as 未知."""
    if fen is None:
        return unknown()
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


@register.filter
def thousands(value: Any) -> Any:
    """This function will part the thousands of a whole number (12,345) and leave anything else as it is."""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value


@register.filter
def known(value: Any) -> Any:
    """This function will write a value for a reader: 是 or 否, days with weekday, and what is not known as 未知."""
    match value:
        case None | "":
            return unknown()
        case bool():
            return gettext("是") if value else gettext("否")
        case datetime():
            return moment(value)
        case date():
            return day(value)
        case int():
            return thousands(value)
    return said(value)


def unknown() -> SafeString:
    """This function will write 未知 so that it is seen."""
    return format_html('<span class="unknown">{}</span>', gettext("未知"))


@register.filter
def masked(name: str | None) -> str:
    """This function will keep the first character of a person's name: 张**."""
    return name[0] + "*" * (len(name) - 1) if name else ""


@register.filter
def unit_of(attrs: Mapping[str, Any]) -> str:
    """This function will give the unit that a widget's attributes name: data-unit."""
    return str(attrs.get("data-unit", ""))


def _said_choice(label: Any) -> Any:
    """A choice, or a group of choices, in the reader's language."""
    return [(value, said(one)) for value, one in label] if isinstance(label, list | tuple) else said(label)


@register.inclusion_tag("parts/colour.html")
def colour(name: str, *, at_least: bool = False) -> dict[str, Any]:
    """This function will show a colour as word, shape and hue; with at_least as 至少橙◆."""
    return {
        "colour": name,
        "word": gettext(words.COLOUR[name]),
        "shape": words.SHAPE[name],
        "at_least": at_least,
    }


@register.simple_tag
def shapes() -> list[tuple[str, str]]:
    """This function will give every colour's word with its shape, the worst first."""
    return [(gettext(words.COLOUR[name]), shape) for name, shape in words.SHAPE.items()]


@register.inclusion_tag("parts/due.html")
def due(due_on: date | None, left: int | None = None) -> dict[str, Any]:
    """This function will show a deadline and the working days left, overdue ones as such."""
    return {"due_on": due_on, "left": left, "late": -left if left is not None else None}


@register.inclusion_tag("parts/sort_heading.html", takes_context=True)
def sort_heading(context: template.Context, field: str, label: str, *, number: bool = False) -> dict[str, Any]:
    """This function will head a column that sorts by ?sort=field, and by ?sort=-field when it already does."""
    sort = context["request"].GET.get("sort", "")
    direction = {field: "ascending", f"-{field}": "descending"}.get(sort, "")
    return {
        "request": context["request"],
        "label": label,
        "number": number,
        "direction": direction,
        "wanted": f"-{field}" if direction == "ascending" else field,
    }


@register.simple_tag
def pages(page: Page[Any]) -> Iterable[int | str]:
    """This function will give the page numbers that a pager shows, with gaps as …."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


@register.simple_tag
def weekdays() -> tuple[Any, ...]:
    """This function will give the days of the week, Monday first."""
    return WEEKDAYS


@register.simple_tag
def widget(field: BoundField) -> SafeString:
    """This function will draw the input of a form field in the style of the desk."""
    kind = field.field.widget
    if isinstance(kind, ChoiceWidget):
        kind.choices = [(value, _said_choice(label)) for value, label in kind.choices]
    if isinstance(kind, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        return field.as_widget()
    if isinstance(kind, NumberInput):
        kind.input_type = "text"  # a number field forgets what it cannot read; nothing that was typed is ever lost
        kind.attrs.setdefault("inputmode", "decimal")
    style = "form-select" if isinstance(kind, Select) else "form-control"
    return field.as_widget(attrs={"class": f"{style} {kind.attrs.get('class', '')}".strip()})
