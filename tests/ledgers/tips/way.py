"""A tip, the people around it, and the way it goes: for the tests of the ledger and of its pages."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from shouhu.ledgers.tips import actions, workflow
from shouhu.ledgers.tips.models import Tip
from shouhu.ledgers.units.models import Post
from tests import office

DAY = office.AT.date()
KEYS = count(1)
TEXT = "安康养老院让我妈充值五万元办会员卡，说每年返利百分之十二，现在不退钱。电话13800138000，店长李大明。"
COPY = "安康养老院收取会员费五万元，承诺年返利百分之十二，不退费。"


def key() -> str:
    """This function will give the key of a new form."""
    return f"{next(KEYS):032x}"


def chief() -> Post:
    """This function will give the campaign office's post that sorts and hands out."""
    return office.post("campaign_office", holder="王主任")


def second() -> Post:
    """This function will give the office's post that approves."""
    return office.post("campaign_office", holder="赵副主任")


def worker() -> Post:
    """This function will give the post of the unit that verifies."""
    return office.post("member_unit", holder="钱承办")


def told(text: str = TEXT, **more: Any) -> actions.Taken:
    """This function will take a tip in over the public page; nobody has read it."""
    chief(), worker(), second()
    given: dict[str, Any] = {"key": key(), "channel": "public", "code": office.TOWN, "text": text, **more}
    at = given.pop("at", office.AT)
    by = given.pop("by", None)
    return actions.take_in(form=actions.Form(**given), by=by, at=at)


def fresh(text: str = TEXT, **more: Any) -> Tip:
    """This function will give a tip that the machine has read."""
    tip = told(text, **more).tip
    actions.read_new(at=more.get("at", office.AT))
    tip.refresh_from_db()
    return tip


def step(tip: Tip, verb: str, **more: Any) -> Any:
    """This function will take one step with sensible arguments, but for those given."""
    sort = {"is_in_scope": True, "says": "以养老服务为名收取预付款", "copy": COPY, "guise": "elder_service",
            "scheme": "prepaid_runaway", "is_urgent": False}  # fmt: skip
    by = {"accept": worker(), "give_back": worker(), "conclude": worker(), "approve": second(), "archive": second(),
          "send_back": second()}.get(verb, chief())  # fmt: skip
    given: dict[str, dict[str, Any]] = {
        "triage": sort, "retriage": sort, "recopy": {"copy": COPY},
        "link": {"institution_id": None},
        "assign": {"unit_id": worker().unit_id, "handler_id": None, "says": "请核实收费和退费"},
        "join": {"unit_id": office.post("task_force", office.TOWN).unit_id, "says": "请协助走访"},
        "accept": {"handler_id": None}, "give_back": {"why": "不归本单位管"},
        "pass_on": {"to_name": "市场监督管理局", "says": "属于食品问题"},
        "conclude": {"outcome": "true", "facts": "收取会员费", "evidence": "收据", "basis": ["防范和处置非法集资条例第2条"],
                     "changes": {}, "found_on": DAY},
        "reply": {"text": "经核查，您反映的情况属实，已责令退费。"}, "report": {"text": "办结报告：属实，已处置。"},
        "send_back": {"why": "请补充依据"}, "suspend": {"why": "等待鉴定", "until_on": DAY + timedelta(30)},
        "reopen": {"why": "回头看发现反弹"}, "supervise": {"says": "重点线索"}, "unsupervise": {"says": ""},
        "bar": {"unit_id": worker().unit_id, "post_id": None}, "write": {"text": "请补充收据照片"},
    }  # fmt: skip
    act = getattr(actions, verb)
    at = more.pop("at", office.AT + timedelta(minutes=tip.steps.count()))
    return act(tip_id=tip.pk, by=more.pop("by", by), at=at, **{**given.get(verb, {}), **more})


def until(state: str, tip: Tip | None = None) -> Tip:
    """This function will lead a tip the usual way until it is in a state."""
    tip = tip or fresh()
    if state in ("suspended", "merged"):
        tip = until("verifying", tip)
        if state == "suspended":
            step(tip, "suspend")
        else:
            step(tip, "merge", into_id=fresh("另一条同样的线索").pk, why="同一件事")
        tip.refresh_from_db()
    while tip.state != state:
        step(tip, workflow.next_verb(tip.state) or "archive")
        tip.refresh_from_db()
    return tip
