"""A site, the people around it, and the way it goes: for the tests of the ledger and of its pages."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from shouhu.ledgers.clearances import actions, transitions
from shouhu.ledgers.clearances.actions import Paper
from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.units.models import Person, Post, Tenure
from tests import office

DAY = office.AT.date()
TOKENS = count(1)
UNREGISTERED: dict[str, Any] = {"registered": "未登记", "filed": "未备案", "n_residents": 12, "principal": "张三丰"}


def town() -> Post:
    """This function will give the post of the town's task force: the named person in these tests."""
    return office.post("task_force", office.TOWN, holder="李包干")


def chief() -> Post:
    """This function will give the campaign office's post, who reviews and closes."""
    return office.post("campaign_office", office.COUNTY)


def colleague(name: str) -> Post:
    """This function will give another post of the campaign office, held by somebody of this name."""
    post, is_new = Post.objects.get_or_create(
        code=f"CO-{name}", defaults={"title": "专项办", "role": "campaign_office", "unit": chief().unit}
    )
    if is_new:
        person = Person.objects.create(username=name, name=name, must_change_password=False)
        Tenure.objects.create(post=post, person=person, from_on=DAY.replace(month=1))
    return post


def paper(name: str = "现场照片.jpg") -> Paper:
    """This function will make a file to hand in; each has a token of its own."""
    return Paper(b"\xff\xd8\xff" + name.encode(), name, "image/jpeg", f"{next(TOKENS):032x}")


def site(name: str = "河东路12号托老点", code: str = office.VILLAGE, **facts: Any) -> Institution:
    """This function will register an unregistered site."""
    return office.institution(name, code, **{**UNREGISTERED, **facts})


def found(name: str = "河东路12号托老点", code: str = office.VILLAGE, **facts: Any) -> Clearance:
    """This function will put a new site on the ledger."""
    clearance = actions.find(institution_id=site(name, code, **facts).pk, by=town(), at=office.AT)
    assert clearance
    return clearance


def step(clearance: Clearance, verb: str, **more: Any) -> Clearance:
    """This function will take one step with sensible arguments, but for those given."""
    n = clearance.steps.count()
    by = {"review": chief(), "send_back": chief(), "close": chief()}.get(verb, town())
    given: dict[str, dict[str, Any]] = {
        "appoint": {"owner_id": town().pk},
        "verify": {"done_on": DAY, "opened_when": "2021年3月"},
        "classify": {"nature": "enterprise", "is_stable": False, "is_large": True, "tracks": ["joint", "transfer"]},
        "act": {"track": "joint", "done_on": DAY, "body": "区市场监管局", "document_number": "望市监〔2026〕8号"},
        "transfer": {"receiver": "区市场监管局", "document_number": "清移〔2026〕1号", "done_on": DAY},
        "receive": {"done_on": DAY, "document_number": "回执1号"},
        "propose": {"outcome": "shut", "document_number": "望市监〔2026〕9号", "done_on": DAY, "n_residents": 12, "n_placed": 12},
        "send_back": {"says": "照片看不清"},
    }  # fmt: skip
    arguments = {**given.get(verb, {}), "by": by, "at": office.AT + timedelta(minutes=n), **more}
    if verb == "receive" and "transfer_id" not in arguments:
        arguments["transfer_id"] = clearance.steps.get(verb="transfer").pk
    if verb == "propose":
        arguments.setdefault("paper", paper())
    act = actions.propose_outcome if verb == "propose" else getattr(actions, verb)
    moved: Clearance = act(clearance_id=clearance.pk, **arguments)
    return moved


def until(state: str, clearance: Clearance | None = None) -> Clearance:
    """This function will lead a site the usual way until it is in a state."""
    clearance = clearance or found()
    while clearance.state != state or (state == "acting" and transitions.next_verb(clearance) != "propose"):
        clearance = step(clearance, transitions.next_verb(clearance))
    return clearance
