"""How the desk writes what a plan was read into, and reads it back from what a clerk types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouhu.engines.plans import dates
from shouhu.engines.plans.plan import Colour
from shouhu.web.words import word

OPERATORS = {
    ">=": gettext_lazy("不少于（含本数）"), ">": gettext_lazy("超过（不含本数）"),
    "<=": gettext_lazy("不超过（含本数）"), "<": gettext_lazy("不足（不含本数）"),
}  # fmt: skip
EVERY = {
    "daily": gettext_lazy("每日"), "weekly": gettext_lazy("每周"), "every ten days": gettext_lazy("每旬"),
    "fortnightly": gettext_lazy("每两周"), "half-monthly": gettext_lazy("每半月"),
    "monthly": gettext_lazy("每月"), "quarterly": gettext_lazy("每季"), "half-yearly": gettext_lazy("每半年"),
    "yearly": gettext_lazy("每年"), "regularly": gettext_lazy("定期"),
}  # fmt: skip
WEEKDAYS = {
    "Monday": gettext_lazy("周一"), "Tuesday": gettext_lazy("周二"), "Wednesday": gettext_lazy("周三"), "Thursday": gettext_lazy("周四"),
    "Friday": gettext_lazy("周五"), "Saturday": gettext_lazy("周六"), "Sunday": gettext_lazy("周日"),
}  # fmt: skip
_EDGES = {"start": gettext_lazy("月初"), "end": gettext_lazy("月底")}
_PARTS = {"early": "上旬", "mid": "中旬", "end": "底"}
_RULE = re.compile(
    r"(?P<every>daily|weekly|every ten days|fortnightly|half-monthly|monthly|quarterly|half-yearly|yearly|regularly)"
    r"(?: (?P<on>[A-Z]\w+|\d+[a-z]{2}|start|end))?(?: (?P<at>\d\d:\d\d))?"
)


def colours() -> list[tuple[str, str]]:
    """This function will give the colours that a plan may name, the gravest first, as choices."""
    return [(name, word(name)) for name in get_args(Colour)]


def day(said: str | None) -> str:
    """This function will write a day of a plan as plans print it: 2026年5月26日, 5月中旬, 即日."""
    if not said or said == dates.TODAY:
        return said or ""
    year, month, *rest = said.split("-")
    told = f"{'' if year == 'XXXX' else f'{year}年'}{int(month)}月"
    if not rest:
        return told
    return told + (_PARTS.get(rest[0]) or f"{int(rest[0])}日")


def read_day(text: str) -> str | None:
    """
    This function will read a day that a clerk typed as plans print it.

    :raises ValueError: no day, or several.
    """
    text = text.strip()
    if not text:
        return None
    text = re.sub(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$", r"\1年\2月\3日", text)
    found = dates.find(text)
    if len(found) != 1 or found[0].end - found[0].start != len(text):
        raise ValueError(text)
    return found[0].value


def ordinal(n: int) -> str:
    """This function will write a day of the month as a plan's JSON has it: 5th."""
    return f"{n}{'th' if 10 <= n % 100 <= 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def rule_parts(rule: str) -> tuple[str, str, str]:
    """This function will take ``weekly Tuesday 17:00`` apart."""
    found = _RULE.fullmatch(rule)
    return (found["every"], found["on"] or "", found["at"] or "") if found else ("regularly", "", "")


def rule(said: str) -> str:
    """This function will write a reporting rule: 每周 周二 17:00, 每月 5日."""
    every, on, at = rule_parts(said)
    named = WEEKDAYS | _EDGES
    day_ = named.get(on) or (_("%(n)d日") % {"n": int(re.sub(r"\D", "", on))} if on else "")
    return " ".join(str(part) for part in (EVERY[every], day_, at) if part)


def note(kind: str, says: Mapping[str, Any]) -> str:
    """This function will write in one line what an item says besides its name."""
    match kind:
        case "phase":
            days = f"{day(says['start']) or '…'} — {day(says['end']) or '…'}" if says["start"] or says["end"] else ""
            return "；".join(
                filter(
                    None,
                    (
                        days or says["duration"] or _("没有写明起止"),
                        says["part_of"] and _("属于：%s") % says["part_of"],
                    ),
                )
            )
        case "task":
            owners = "、".join(says["owners"] or says["owners_above"])
            due = day(says["deadline"] or says["deadline_above"])
            return "；".join((owners or _("没有写明责任单位"), (due and _("%s前") % due) or _("没有写明时限")))
        case "report":
            return "；".join(filter(None, (rule(says["rule"]), says["limit"], says["to"] and _("报：%s") % says["to"])))
        case "body":
            return "；".join(
                filter(None, (says["host"] and _("设在：%s") % says["host"], says["head"], "、".join(says["members"])))
            )
        case "annex":
            return _("附件%s") % says["no"] if says["no"] else ""
        case "threshold":
            return f"{OPERATORS[says['operator']]} {says['value']:g} {says['unit'] or ''}".strip()
        case "measure":
            return says["when"] or ""
        case "channel":
            return str(says["says"])
    return ""
