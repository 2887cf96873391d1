"""
No form takes more than it asks for: what is sent besides, under the name of any column of any ledger, has no effect.

Every route that takes a form is sent the same form twice, the second time with a value for every column besides; both
must answer alike and leave the same rows behind.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from django import forms
from django.apps import apps
from django.db import models

import shouhu.web
from tests.office import VILLAGE
from tests.security.doors import address, ask, matrix
from tests.security.objects import FAR, TOWN, World, rows

pytestmark = pytest.mark.django_db
DAY = "2026-11-18"
BY_LOT = {"sealed", "receipt_hash", "token", "content_hash", "session_salt", "password", "totp_secret", "seed"}
"""Columns that differ from one time to the next because they are drawn."""
Rows = dict[tuple[str, Any], dict[str, Any]]
Form = Callable[[World], dict[str, Any]]


def plain(**sent: Any) -> Form:
    """This function will give a form that needs nothing of the world."""
    return lambda _: sent


def picked(kind: str, **sent: Any) -> Form:
    """This function will give a form with the id of the town's object of a kind ticked."""
    return lambda world: {"pick": world.name(kind, TOWN)["pk"], **sent}


ON = plain(on=DAY)
FILLED: dict[str, Form] = {
    "home-filter-save": plain(route="home-work", query="when=late", name="逾期"),
    "home-notices-read": plain(until="2026-11-18T10:00:00+08:00"),
    "clearance-appoint-many": lambda world: {**picked("clearance")(world), "owner": world.seats["task_force", TOWN].pk},
    "institution-new": plain(name="新院", code=VILLAGE, source="known"),
    "institution-edit": plain(base=1, name="改名院", reason="核实"),
    "institution-move": plain(code=VILLAGE, on=DAY),
    "institution-hand": plain(role="principal", name="李四", on=DAY),
    "institution-outlet": plain(name="新店", on=DAY),
    "institution-outlet-close": ON,
    "institution-point": plain(latitude=30, longitude=120),
    "institution-cease": ON,
    "institution-import-decide": picked("staged", decision="skip"),
    "survey-round-new": plain(title="第二轮", opens_on=DAY, due_on="2026-12-01"),
    "survey-reassign": lambda world: {**picked("work")(world), "target": f"post:{world.name('seat', TOWN)['pk']}"},
    "survey-plan": ON,
    "survey-found": plain(name="新点", code=VILLAGE, address="河东路"),
    "survey-fill": plain(key=UUID(int=99), base=1, method="visit", visited_at="2026-11-18T09:00", n_asked=2),
    "survey-accept": plain(seen=1),
    "survey-return": plain(reason="照片不清"),
    "rating-propose": plain(colour="red", reason="核查", expires_on="2026-12-01"),
    "rating-confirm": plain(colour="green", reason="已整改"),
    "rating-sign": plain(answer="refuse", why="依据不足"),
    "rating-withdraw": plain(reason="有误"),
    "rating-export": plain(receiver="区公安分局"),
    "rating-adopt": plain(ruleset="002-10", typed="002-10"),
    "rating-confirm-many": lambda world: {"pick": f"{world.name('fallen', TOWN)['pk']}:green", "reason": "已整改"},
    "disposal-take": lambda world: {**picked("disposal")(world), "post": world.name("seat", TOWN)["pk"]},
    "disposal-close-many": picked("disposal", note="核实"),
    "disposal-answer approve": plain(),
    "disposal-answer refuse": plain(why="不成立"),
    "disposal-calendar-day": plain(note="区运动会"),
    "disposal-work add_evidence": plain(effective_on=DAY, note="记录"),
    "disposal-work record_talk": plain(held_on=DAY, place="会议室", present="两人", summary="限期整改"),
    "disposal-work refer": plain(receiver="政法委", sent_on=DAY),
    "disposal-work do_task": plain(result="已办"),
    "disposal-check assign": lambda world: {"post": world.name("seat", TOWN)["pk"]},
    "disposal-referral receive_receipt": plain(receipt_number="1号", received_on=DAY),
    "disposal-correct": plain(n_persons=1, sum_fen="2.00", why="漏记"),
    "disposal-handle plan": plain(text="一院一策"),
    "disposal-handle record_refund": plain(kind="owed", on=DAY, n_persons=1, sum_fen="3.00"),
    "disposal-end close": plain(note="核实"),
    "clearance-handle appoint": lambda world: {"owner_id": world.name("seat", TOWN)["pk"]},
    "clearance-handle classify": plain(nature="enterprise", is_stable="no", is_large="yes", tracks=["joint"]),
    "objection-new": plain(says="没有这回事"),
    "objection-decide": plain(is_upheld="no", grounds="属实"),
    "objection-corrections-sent": picked("correction"),
    "campaign-task-new": lambda world: {"title": "新任务", "lead": world.seats["task_force", TOWN].unit_id, "due_on": "2026-12-01"},
    "campaign-meeting-new": plain(title="调度会", held_on=DAY, chair="主任", minutes="抓紧"),
    "campaign-change owe": lambda world: {"unit_id": world.name("unit", TOWN)["pk"]},
    "campaign-change move": plain(due_on="2026-12-01", says="大雪"),
    "campaign-change sort": plain(arm="crackdown"),
    "campaign-change withdraw": plain(says="重复"),
    "campaign-work progress": plain(says="过半"),
    "campaign-check reassign": lambda world: {"unit_id": world.name("unit", TOWN)["pk"], "says": "职责调整"},
    "campaign-body-new": lambda world: {"name": "专项办", "kind": "campaign_office", "unit_id": world.seats["task_force", TOWN].unit_id,
                                        "from_on": DAY},
    "campaign-body-dissolve": ON,
    "campaign-seat-new": plain(role="head", name="新组长", on=DAY),
    "campaign-seat replace": plain(name="接任人", on=DAY),
    "campaign-seat vacate": ON,
    "plan-template": plain(template="publicity_month", place="清河镇", starts_on=DAY, campaign="0"),
    "plan-item": lambda world: {f"i{world.name('plan-item', TOWN)['item']}-heading": "改名的任务"},
    "plan-keep": plain(kind="task", keep="0"),
    "plan-add": plain(kind="annex", **{"n-annex-title": "新表"}),
    "plan-bind": plain(title="新方案", domain="elder_care", ruleset_id="001", year=2027, starts_on=DAY, ends_on="2027-06-30"),
    "supervision-new": lambda world: {"title": "滞后", "issue": "请补齐", "n_days": 5, "unit_id": world.seats["task_force", TOWN].unit_id},
    "supervision-check accept": plain(says="相符"),
    "supervision-check send_back": plain(says="缺照片", n_days=3),
    "supervision-check withdraw": plain(says="重复"),
    "supervision-circular-new": lambda world: {"manner": "praise", "named_ids": world.seats["task_force", TOWN].unit_id,
                                               "title": "通报", "text": "办得好"},
    "supervision-talk-new": lambda world: {"unit_id": world.seats["task_force", TOWN].unit_id, "meets_on": "2026-11-20", "place": "会议室",
                                           "meets_when": "15:00", "invited": "镇长", "why": "逾期"},
    "supervision-talk-act record": plain(held_on=DAY, present="两人", summary="谈话", promised="整改", n_days=5),
    "supervision-talk-act cancel": plain(why="改期"),
    "supervision-draw-new": lambda world: {"title": "抽查", "orange": "100%", "team_size": 1, "post_ids": world.seats["task_force", TOWN].pk},
    "supervision-item-look look": plain(looked_on=DAY, is_sound="yes", says="看过"),
    "unit-add": plain(name="新单位", kind="other"),
    "unit-grid-add": plain(code=f"{VILLAGE}001", name="第一网格"),
    "unit-division-change": plain(name="新名镇", on="2026-11-19"),
    "unit-person-add": plain(name="王五", username="wangwu"),
    "unit-person-edit": plain(name="王六"),
    "unit-appoint": plain(username="sentryb", on="2026-11-19"),
    "unit-vacate": plain(on="2026-11-19"),
    "unit-post-close": plain(on="2026-11-19"),
    "unit-liaison": plain(is_liaison="1"),
    "unit-edit": plain(name="改名单位", kind="other"),
    "unit-close": plain(on="2026-11-19"),
    "unit-post-add": plain(title="新岗", role="member_unit"),
    "unit-campaign": plain(title="新行动", ruleset_id="001", starts_on="2027-01-01", ends_on="2027-06-30"),
}  # fmt: skip
"""Route (and act) to a form as a person would fill it in; what is not named here is sent empty."""
ASKED = {
    "survey-reassign": {"due_on"}, "unit-liaison": {"is_liaison"}, "institution-import-decide": {"decision", "pick"},
    "survey-phone-photo": {"caption"}, "unit-import-confirm": {"on"}, "plan-part": {"part"},
}  # fmt: skip
"""What a page without a form of its own reads besides."""
TAKEN = [(route, verb) for route, row in matrix().items() if "POST" in row.methods and row.roles for verb in row.verbs]


@cache
def columns() -> dict[str, str]:
    """This function will give every column of every ledger, by the names that a form could use, with a value that fits."""
    fitting: list[tuple[type[Any], str]] = [
        (models.BooleanField, "on"), (models.DateTimeField, "2001-01-01T00:00"), (models.DateField, "2001-01-01"),
        (models.ForeignKey, "1"), (models.IntegerField, "1"), (models.FloatField, "1"), (models.JSONField, "{}"),
    ]  # fmt: skip
    found = {}
    for model in apps.get_models():
        if model.__module__.startswith("shouhu.ledgers"):
            for column in model._meta.concrete_fields:
                value = next((value for kind, value in fitting if isinstance(column, kind)), "哨兵越权")
                found[column.name] = found[column.attname] = FAR if column.name == "code" else value
    return found


def test_forms_are_written_out_and_none_is_made_from_a_model() -> None:
    for module in pkgutil.walk_packages(shouhu.web.__path__, "shouhu.web."):
        importlib.import_module(module.name)

    def below(kind: type[Any]) -> list[type[Any]]:
        return [one for child in kind.__subclasses__() for one in (child, *below(child))]

    ours = [one for one in below(forms.BaseForm) if one.__module__.startswith("shouhu")]
    assert len(ours) > 40
    assert [one for one in ours if issubclass(one, forms.BaseModelForm)] == []


def test_forms_are_those_of_routes() -> None:
    acts = {f"{route} {verb}".strip() for route, verb in TAKEN}
    assert set(FILLED) <= acts


@pytest.fixture(scope="module")
def before(world: World) -> Rows:
    """This function will read the world once: every test leaves it as it was."""
    return rows()


@pytest.mark.parametrize(("route", "verb"), TAKEN)
def test_what_is_sent_besides_has_no_effect(world: World, before: Rows, route: str, verb: str) -> None:
    row = matrix()[route]
    role = row.hand or next(
        one for one in ("campaign_office", *row.roles) if one in row.roles or row.roles == ["anybody"]
    )
    client = world.clients[role, TOWN]
    url = address(route, verb, world.name(row.of, TOWN) if row.of else {})
    form = {"csrfmiddlewaretoken": "x", **FILLED.get(f"{route} {verb}".strip(), plain())(world)}
    page = ask(client, "GET", url)[1] if "GET" in row.methods else ""
    left: list[Any] = []

    def sent(data: dict[str, Any]) -> tuple[int, str, list[str]]:
        status, text = ask(client, "POST", url, data, row.sends, lambda: left.append(rows()))
        return status, text, _effects(before, left.pop()) if left else []

    status, text, effects = sent(form)
    assert status < 500, text
    if f"{route} {verb}".strip() in FILLED:
        assert status in (200, 302, 409) and not text.startswith("/login/"), text
    names = {*form, *re.findall(r'name="([^"]+)"', page + text), *ASKED.get(route, ())}
    besides = {name: value for name, value in columns().items() if name not in names}
    assert len(besides) > 100
    again, _, effects_again = sent({**besides, **form})
    assert (again, effects_again) == (status, effects)


def _effects(before: Rows, after: Rows) -> list[str]:
    """What was added, changed and removed; ids that are new are not told apart."""
    newest: dict[str, int] = {}
    for label, pk in before:
        if isinstance(pk, int):
            newest[label] = max(pk, newest.get(label, 0))
    told = [f"gone {key}" for key in before.keys() - after.keys()]
    for (label, pk), values in after.items():
        if values != before.get((label, pk)):
            kept = {name: value for name, value in values.items() if name not in BY_LOT}
            for column in apps.get_model(label)._meta.concrete_fields:
                to = column.related_model._meta.label if column.related_model else label if column.primary_key else ""
                if to and isinstance(kept.get(column.attname), int) and kept[column.attname] > newest.get(to, 0):
                    kept[column.attname] = "new"
            told.append(f"{label} {kept}")
    return sorted(told)
