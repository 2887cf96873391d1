"""
Every route, for every role, at every relation, by both methods: what the reviewed matrix says, and nothing else.

``make test`` tries a twentieth, the same one every time; ``SHOUHU_SOAK=1`` tries all.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client

from shouhu.ledgers.units.models import Person, Post, Tenure
from shouhu.ledgers.units.rights import holders
from tests.office import OTHER_TOWN
from tests.security.doors import ONE_IN, SOAK, Knock, address, ask, knocks, matrix, plain, routes
from tests.security.objects import (
    DAY,
    FAR,
    FOREIGN,
    MISSING,
    PERSON,
    PHONE,
    PLACES,
    RELATIONS,
    TALKED,
    TOWN,
    VILLAGE,
    World,
    mark,
    rows,
    sits,
    staff,
)  # fmt: skip

pytestmark = pytest.mark.django_db
CLOSED = (403, 404)
MANAGERS = {"administrator", "auditor", "security"}
CASES = ("institution", "survey", "rating", "disposal", "clearance", "objection", "tip", "supervision")
"""How the names of routes begin that handle cases."""


class Doors:
    """Knocks at doors, and counts."""

    def __init__(self, world: World) -> None:
        self.world, self.n = world, 0
        self.nowhere: dict[tuple[Any, ...], tuple[int, str]] = {}

    def knock(self, one: Knock) -> str:
        """This function will make a request, and say what is wrong with the answer; empty if nothing is."""
        row = matrix()[one.route]
        named = self.world.name(row.of, RELATIONS[one.seat][one.relation]) if row.of else {}
        status, text = self._asked(one, named)
        if status >= 500:
            return f"fault: {text}"
        if status == 405:
            return "405, though this is what it is for" if one.method in row.methods else ""
        if one.method not in row.methods:
            return "" if status in CLOSED else f"{status} for a method that it does not know"
        if one.may():
            if status in CLOSED or text.startswith("/login/"):
                return f"{status}, though it is theirs"
            if one.relation in row.seen and one.method == "POST" and status < 400:
                return f"{status}: an act on what lies above"
            return ""
        if status != 404:
            return f"{status}, though it is not theirs: {text[:60]!r}"
        if row.of and (one.role in row.roles or SOAK) and (404, plain(text)) != self._not_there(one):
            return "another answer than for what is not there"
        return ""

    def _asked(self, one: Knock, named: dict[str, Any]) -> tuple[int, str]:
        self.n += 1
        client = self.world.clients[one.role, one.seat]
        row = matrix()[one.route]
        form = row.form if one.method == "POST" else {}
        return ask(client, one.method, address(one.route, one.verb, named), form, row.sends)

    def _not_there(self, one: Knock) -> tuple[int, str]:
        key = (one.route, one.verb, one.role, one.seat, one.method)
        if key not in self.nowhere:
            status, text = self._asked(one, {**MISSING, "kind": "institution"})
            self.nowhere[key] = status, plain(text)
        return self.nowhere[key]


def _nothing(wrong: list[str]) -> None:
    assert not wrong, f"{len(wrong)} differences:\n" + "\n".join(wrong)


# --- the matrix itself -----------------------------------------------------------------------------------------------


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert set(matrix()) == set(routes())


@pytest.mark.parametrize("route", [name for name, row in matrix().items() if not row.open])
def test_the_rights_say_what_the_matrix_says(route: str) -> None:
    right = getattr(routes()[route].callback, "right", "")
    assert set(matrix()[route].roles) == (holders(right) if right else {"anybody"})


def test_who_watches_or_manages_handles_no_case() -> None:
    for name, row in matrix().items():
        held = set(row.roles)
        room = name.split("-")[0]
        if room in CASES:
            assert not held & {*MANAGERS, "confidential"}, name
        if room == "journal":
            assert held == {"auditor"}, name
        if room == "unit" and "POST" in row.methods and name != "unit-campaign":
            assert held == {"administrator"}, name
        if "leader" in held and "POST" in row.methods:
            # What people keep for themselves; and a tip that names the campaign office has nobody else.
            assert name.endswith("-export") or room == "home" or name == "tip-unbar", name
        if "institution" in held:
            assert name in ("own-home", "own-objection", "own-file", "objection-new"), name


# --- every door ------------------------------------------------------------------------------------------------------


def test_every_door_opens_to_whom_it_should_and_to_nobody_else(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    doors = Doors(world)
    chosen = [one for one in knocks() if one.is_chosen()]
    wrong = [f"{one}: {why}" for one in chosen if (why := doors.knock(one))]
    with capsys.disabled():
        sys.stdout.write(f"\n{doors.n} requests for {len(chosen)} cells of the permission matrix\n")
    assert len(chosen) > 20_000 // ONE_IN // 2
    _nothing(wrong)


def test_who_is_not_let_in_is_led_away(world: World) -> None:
    stranger = Client()
    suspended, expired = _ghost(world, "suspended"), _ghost(world, "expired")
    wrong = []
    for route, row in matrix().items():
        named = world.name(row.of, TOWN) if row.of else {}
        for method in row.methods:
            for who, client in (("stranger", stranger), ("suspended", suspended), ("expired", expired)):
                one = Knock(route, row.verbs[0], who, TOWN, "own", method)
                if not one.is_chosen() or (who == "expired" and row.roles == ["anybody"]):
                    continue
                status, text = ask(client, method, address(route, row.verbs[0], named), sends=row.sends)
                ends = "/account/" if who == "expired" else "/login/"
                is_away = status == 302 and text.startswith(ends)
                if status >= 500 or not (row.open or is_away or status == 405):
                    wrong.append(f"{one}: {status} {text[:80]}")
    _nothing(wrong)


def _ghost(world: World, who: str) -> Client:
    """Somebody who sat at a post that may do much, and was suspended since or has left the post."""
    seat = world.seats["campaign_office", TOWN]
    post = Post.objects.create(code=who, title=who, role=seat.role, unit=seat.unit)
    person = Person.objects.create(username=who, name=who, must_change_password=False)
    tenure = Tenure.objects.create(post=post, person=person, from_on=DAY.replace(month=1))
    client = sits(post)
    if who == "suspended":
        Person.objects.filter(pk=person.pk).update(suspended_at="2026-11-18T02:30Z")
    else:
        Tenure.objects.filter(pk=tenure.pk).update(to_on=DAY)
    return client


# --- what is shown inside --------------------------------------------------------------------------------------------


WANTED: list[Callable[[World], dict[str, Any]]] = [
    lambda _: {},
    lambda _: {"q": "哨兵", "text": "哨兵", "show": "all", "state": "", "ruleset": "002-10"},
    lambda _: {"on": DAY.isoformat(), "state": "closed", "show": "closed", "kind": "skip"},
    lambda world: {
        "township": OTHER_TOWN, "town": OTHER_TOWN, "code": FAR, "within": FAR, "round": world.name("round", FAR)["pk"],
        "objection": world.name("objection", FAR)["pk"], "number": "哨兵", "username": "sentry",
    },
]  # fmt: skip
"""What is added to the address of a page: nothing (always), words, other days and states, things of others (a tenth)."""


@dataclass(frozen=True)
class Page:
    """What somebody was shown."""

    route: str
    role: str
    wanted: int
    text: str


@pytest.fixture(scope="module")
def shown(world: World) -> list[Page]:
    """This function will open every page for everybody of a town who may, each with everything that may be wanted."""
    pages = []
    for one in knocks():
        if one.seat != TOWN or one.relation != "own" or one.method != "GET" or not one.may():
            continue
        if one.method not in matrix()[one.route].methods:
            continue
        named = world.name(matrix()[one.route].of, TOWN) if matrix()[one.route].of else {}
        url = address(one.route, one.verb, named)
        for number, wanted in enumerate(WANTED):
            if number and not replace(one, relation=str(number)).is_chosen():
                continue
            query = urlencode(wanted(world))
            status, text = ask(world.clients[one.role, TOWN], "GET", f"{url}{'&' if '?' in url else '?'}{query}")
            assert status < 500, f"{one} {query}: {text}"
            pages.append(Page(one.route, one.role, number, text))
    return pages


def told(pages: list[Page], is_wrong: Callable[[Page], bool]) -> list[str]:
    """This function will say on which pages something is wrong, and to whom."""
    found: dict[str, set[str]] = {}
    for page in pages:
        if is_wrong(page):
            found.setdefault(f"{page.route} ({page.wanted})", set()).add(page.role)
    return [f"{where}: {', '.join(sorted(who))}" for where, who in found.items()]


def test_no_page_shows_what_belongs_to_others(shown: list[Page]) -> None:
    foreign = [mark(code) for code in PLACES if code not in (TOWN, VILLAGE)]
    foreign += [staff(code) for code in (FAR, FOREIGN)]  # offices above are known to those below
    assert any(mark(TOWN) in page.text for page in shown if page.route == "institution-list")
    _nothing(told(shown, lambda page: any(one in page.text for one in foreign)))


def test_an_institution_sees_itself_alone(shown: list[Page]) -> None:
    others = [mark(VILLAGE), *(f"{mark(TOWN)}{kind}" for kind in "降查点入")]
    own = [page for page in shown if page.role == "institution"]
    assert any(f"{mark(TOWN)}总院" in page.text for page in own)
    _nothing(told(own, lambda page: any(one in page.text for one in others)))


def test_what_is_sealed_stays_sealed(shown: list[Page]) -> None:
    in_full = {
        ("clearance-export", role) for role in holders("institution.unmask")
    }  # the official table, journalled as read
    _nothing(told(shown, lambda page: PHONE in page.text))
    _nothing(told(shown, lambda page: PERSON in page.text and (page.route, page.role) not in in_full))
    _nothing(told(shown, lambda page: TALKED in page.text and page.route != "disposal-talk"))


# --- ticked rows and ids inside a form -------------------------------------------------------------------------------

TICKED: dict[str, tuple[str, Callable[[World, int], dict[str, Any]]]] = {
    "survey-reassign": ("work", lambda world, pk: {
        "pick": pk, "target": f"unit:{world.seats['task_force', TOWN].unit_id}",
    }),
    "disposal-take": ("disposal", lambda world, pk: {"pick": pk, "post": world.seats["task_force", TOWN].pk}),
    "clearance-appoint-many": ("clearance", lambda world, pk: {"pick": pk, "owner": world.seats["task_force", TOWN].pk}),
    "disposal-close-many": ("disposal", lambda _, pk: {"pick": pk, "note": "核实"}),
    "rating-confirm-many": ("fallen", lambda _, pk: {"pick": f"{pk}:green", "reason": "核实"}),
    "tip-assign-many": ("tip", lambda world, pk: {"pick": pk, "unit": world.seats["task_force", TOWN].unit_id}),
    "objection-corrections-sent": ("correction", lambda _, pk: {"pick": pk}),
    "institution-export": ("institution", lambda _, pk: {"pick": pk}),
    "institution-import-decide": ("staged", lambda _, pk: {"pick": pk, "decision": "skip"}),
    "account-switch": ("seat", lambda _, pk: {"post": pk}),
}  # fmt: skip
"""Route to the kind of thing whose id its form holds, and the form."""


@pytest.mark.parametrize("route", TICKED)
def test_ids_of_others_in_a_form_are_ids_of_nothing(world: World, route: str) -> None:
    kind, form = TICKED[route]
    url = address(route, "", world.name("batch", TOWN))
    before = rows()
    answers = []
    for pk in (world.name(kind, FAR)["pk"], MISSING["pk"]):
        client = world.clients["campaign_office", TOWN]
        with transaction.atomic():
            answer = client.post(url, form(world, int(str(pk))), follow=True)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
            text = "" if content.startswith(b"PK") else content.decode()
            answers.append((answer.status_code, plain(text)))
            assert "post" in (answer.context or {}) or content.startswith(b"PK")  # seen by somebody who is logged in
            assert answer.status_code < 500 and mark(FAR) not in text
            assert rows() == before
            transaction.set_rollback(True)
    assert answers[0] == answers[1]
