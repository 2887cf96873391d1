"""
Every page of the desk in a real browser: axe finds no A or AA violation, wide and on a phone, with folds, menus and help open.

The pages are those of the permission matrix, so that a new route is looked at without a word here: a sixth of them, opened by
the first role that may; all of them, by every role, under ``SHOUHU_SOAK=1``. What the browser asks for is answered in this
process, inside the transaction that holds the world; whatever it asks for elsewhere is refused and fails the test.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zlib import crc32

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from playwright.sync_api import Browser, Page, Route, expect

from shouhu.ledgers.units.models import Person
from shouhu.ledgers.units.rights import roles
from shouhu.web.headers import headers
from shouhu.web.urls import NOUNS
from shouhu.web.views import errors
from tests.security.conftest import world  # noqa: F401
from tests.security.doors import SOAK, Knock, address, matrix
from tests.security.objects import COUNTY, LATER, TOWN, World
from tests.web.chromium import browser, needs_chromium  # noqa: F401

pytestmark = [pytest.mark.django_db, needs_chromium]

HERE = "http://localhost"
WIDE, PHONE = (1366, 768), (390, 844)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
STRUCTURE = """() => {
    const root = document.documentElement;
    const wrong = [];
    if (document.querySelectorAll("h1").length !== 1) wrong.push("not one h1");
    if (!root.lang) wrong.push("no language");
    const skip = document.querySelector("a.skip");
    if (document.querySelector("nav.rooms") && !(skip && document.querySelector(skip.hash)?.tabIndex === -1)) {
        wrong.push("no way past the menu");
    }
    if (root.scrollWidth > root.clientWidth + 1) {
        const out = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1);
        wrong.push(`${root.scrollWidth - root.clientWidth} px too wide: ${out.at(-1)?.outerHTML.slice(0, 150)}`);
    }
    return wrong;
}"""


@dataclass(frozen=True)
class Door:
    """A page and who opens it; nobody if it is open before log-in."""

    route: str
    verb: str
    role: str

    def __str__(self) -> str:
        return " ".join(filter(None, (self.route, self.verb, self.role)))


@cache
def doors() -> dict[str, list[Door]]:
    """This function will give the pages of each room."""
    found: dict[str, list[Door]] = {}
    for route, row in matrix().items():
        for verb in row.verbs:
            may = [role for role in roles() if Knock(route, verb, role, TOWN, "own", "GET").may()]
            for role in [""] if row.open else may if SOAK else may[:1]:
                room = route.split("-")[0]
                found.setdefault(room if room in NOUNS else "home", []).append(Door(route, verb, role))
    return found


def is_page(answer: Any) -> bool:
    """This function will tell a page from a file, a fragment and a way to elsewhere."""
    return not answer.streaming and b"<html" in answer.content and answer.status_code != 404


def some(doors: list[Door]) -> list[Door]:
    """This function will give the pages to be looked at: a sixth, and all in the soak."""
    return [door for door in doors if SOAK or crc32(door.route.encode()) % 6 == 0]


@contextmanager
def nothing_remains(client: Client) -> Iterator[None]:
    """This function will undo what is done inside: in the database, and to who is logged in."""
    cookies = {name: one.value for name, one in client.cookies.items()}
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.load(cookies)


def opened(world: World, door: Door, method: str) -> tuple[Client, str, Any]:  # noqa: F811
    """This function will open a page in the town, or else in the county; a form is sent with nothing filled in."""
    row = matrix()[door.route]
    for seat in (TOWN, COUNTY):
        client = world.clients[door.role, seat] if door.role else Client()
        path = address(door.route, door.verb, world.name(row.of, seat) if row.of else {})
        with nothing_remains(client):
            answer: Any = getattr(client, method.lower())(path)
        if answer.streaming:
            list(answer.streaming_content)  # which closes the file
        if answer.status_code == 200:
            break
    return client, path, answer


@cache
def static(path: str) -> HttpResponse:
    """This function will give a file that pages load."""
    found = finders.find(unquote(path))
    assert isinstance(found, str), f"{path} is not there"
    return HttpResponse(Path(found).read_bytes(), content_type=guess_type(path)[0])


@dataclass
class Desk:
    """A browser whose every request is answered here."""

    world: World
    page: Page
    client: Client = field(default_factory=Client)
    answer: Any = None
    context: Context = field(default_factory=copy_context)  # in which Django finds the connection that holds the world
    counted: Counter[str] = field(default_factory=Counter)
    elsewhere: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def serve(self, route: Route) -> None:
        """This function will answer a request of the browser; nothing of what it does remains."""
        url = route.request.url
        if not url.startswith(f"{HERE}/"):
            self.elsewhere.append(url)
            route.abort()
            return
        answer = self.answer if route.request.is_navigation_request() else self.context.run(self._asked, url)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=body)

    def _asked(self, url: str) -> Any:
        path = url.removeprefix(HERE)
        if path.startswith(settings.STATIC_URL):
            return static(path.removeprefix(settings.STATIC_URL))
        with nothing_remains(self.client):
            return self.client.get(path)

    def show(self, client: Client, path: str, answer: Any) -> None:
        """This function will show a page on the wide screen."""
        self.client, self.answer = client, answer
        self._size(WIDE)
        self.page.goto(f"{HERE}{path}", wait_until="load")

    def look(self, what: str, *, is_plain: bool = False) -> None:
        """This function will look at the page wide, on a phone with folds and menus open, and at its help; a plain one but once."""
        self.counted["pages"] += 1
        self._check(f"{what}, wide")
        if is_plain:
            return
        self._size(PHONE)
        self._shape(f"{what}, phone")
        self.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        self._check(f"{what}, phone, open")
        if self.page.locator("#help").count():
            self.page.evaluate("location.hash = 'help'")
            self._check(f"{what}, help", "#help")

    def _size(self, size: tuple[int, int]) -> None:
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def _check(self, what: str, part: str = "html") -> None:
        self.counted["states"] += 1
        found = self.page.evaluate("([part, rules]) => axe.run(part, rules)", [part, RULES])["violations"]
        self.wrong += [
            f"{what}: {one['id']}: {node['html'][:200]}: {' '.join(node['failureSummary'].split())}"
            for one in found
            for node in one["nodes"]
        ]
        self._shape(what)

    def _shape(self, what: str) -> None:
        self.wrong += [f"{what}: {one}" for one in self.page.evaluate(STRUCTURE)]


@pytest.fixture
def desk(browser: Browser, world: World, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:  # noqa: F811
    context = browser.new_context(service_workers="block", locale="zh-CN")
    context.set_default_timeout(15_000)
    context.add_init_script(Axe().axe_script)
    made = Desk(world, context.new_page())
    context.route("**/*", made.serve)
    yield made
    context.close()
    with capsys.disabled():
        sys.stdout.write(f"\n{dict(made.counted)}\n")
    assert not made.elsewhere
    assert not made.wrong, f"{len(made.wrong)} faults:\n" + "\n".join(made.wrong)


# --- every page ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("room", doors())
def test_no_page_shuts_anybody_out(desk: Desk, room: str) -> None:
    for door in some(doors()[room]):
        if "GET" not in matrix()[door.route].methods:
            continue
        client, path, answer = opened(desk.world, door, "GET")
        if not is_page(answer):
            desk.counted["left out"] += 1
            continue
        desk.show(client, path, answer)
        desk.look(str(door))
        paper = re.search(rb'href="([^"]*[?&](?:amp;)?print=1)"', answer.content)
        if paper:
            path = paper[1].decode().replace("&amp;", "&")
            with nothing_remains(client):
                answer = client.get(path)
            desk.show(client, path, answer)
            desk.look(f"{door} on paper", is_plain=True)


@pytest.mark.parametrize("room", doors())
def test_a_form_that_was_sent_empty_says_what_is_missing_to_everybody(desk: Desk, room: str) -> None:
    for door in some(doors()[room]):
        row = matrix()[door.route]
        if "POST" in row.methods and not row.sends:
            client, path, answer = opened(desk.world, door, "POST")
            if is_page(answer):
                desk.show(client, path, answer)
                desk.look(f"{door} sent empty", is_plain=True)


def test_pages_have_titles_of_their_own(desk: Desk) -> None:
    titles: dict[str, list[str]] = {}
    for door in chain.from_iterable(doors().values()):
        _, _, answer = opened(desk.world, door, "GET")
        if is_page(answer) and answer.status_code == 200:
            found = re.search(r"<title>(.*?)</title>", answer.content.decode())
            assert found and found[1].split(" - ")[0].strip(), door
            titles.setdefault(found[1], []).append(str(door))
    assert {title: who for title, who in titles.items() if len({one.split()[0] for one in who}) > 1} == {}


# --- what is seen before log-in, and where nothing is ----------------------------------------------------------------


def test_what_stands_before_the_desk(desk: Desk) -> None:
    client = desk.world.clients["campaign_office", TOWN]
    person = Person.objects.get(pk=client.session["_auth_user_id"])
    with nothing_remains(client):
        Person.objects.filter(pk=person.pk).update(must_change_password=True)
        desk.show(client, "/account/password/", client.get("/account/password/"))
        desk.look("a first password")
    with nothing_remains(client):
        Person.objects.filter(pk=person.pk).update(totp_confirmed_at=LATER)
        session = client.session
        session["second_factor"] = False
        session.save()
        for method in ("get", "post"):
            answer = getattr(client, method)("/login/code/")
            assert is_page(answer)
            desk.show(client, "/login/code/", answer)
            desk.look(f"the code {method}")


def test_where_nothing_is(desk: Desk) -> None:
    client = desk.world.clients["campaign_office", TOWN]
    for who, one in (("anybody", Client()), ("somebody", client)):
        desk.show(one, "/nothing/", one.get("/nothing/"))
        desk.look(f"404 for {who}")
    desk.show(client, "/login/", Client(enforce_csrf_checks=True).post("/login/"))
    desk.look("403")
    refused = client.post("/disposal/calendar/2026-11-20/")
    assert refused.status_code == 409
    desk.show(client, "/disposal/", refused)
    desk.look("409")
    desk.show(client, "/home/", headers(errors.failed)(RequestFactory().get("/home/")))
    desk.look("500")


def test_by_keyboard_past_the_menu(desk: Desk) -> None:
    client = desk.world.clients["campaign_office", TOWN]
    desk.show(client, "/home/", client.get("/home/"))
    desk.page.keyboard.press("Tab")
    expect(desk.page.locator("a.skip")).to_be_in_viewport()
    desk.page.keyboard.press("Enter")
    assert desk.page.evaluate("document.activeElement.id") == "main"


# --- the form for the phone ------------------------------------------------------------------------------------------


def test_the_form_for_the_phone(desk: Desk) -> None:
    client = desk.world.clients["task_force", TOWN]
    desk.show(client, "/survey/phone/", client.get("/survey/phone/"))
    task = desk.page.locator(f"[data-task='{desk.world.name('work', TOWN)['pk']}'] .btn-primary")
    expect(task).to_be_visible()
    desk.look("the work")
    task.click()
    expect(desk.page.locator(".question")).to_be_visible()
    desk.look("a question")
