"""The form for the phone in a real browser: without a network, sent once, conflicts shown, the same colour as the server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, Route, expect

from shouhu.engines.rules.ratings import rate_one
from shouhu.engines.rules.rulesets import load
from shouhu.ledgers.institutions.values import to_json
from shouhu.ledgers.surveys import actions
from shouhu.ledgers.surveys.device import program_of
from shouhu.ledgers.surveys.models import Assignment, Sheet
from shouhu.ledgers.units.models import Post
from tests import office
from tests.engines.rules.generate import many
from tests.ledgers.surveys import field
from tests.web.chromium import browser, needs_chromium  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True),
    needs_chromium,
]


@pytest.fixture
def phone(browser: Browser, live_server: Any) -> Iterator[BrowserContext]:  # noqa: F811
    """A phone whose holder is logged in at the town's post; nothing may go elsewhere than to this machine."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=live_server.url)
    context.set_default_timeout(15_000)
    sit(context, live_server.url, office.post("task_force", office.TOWN))
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    yield context
    context.close()
    assert [address for address in asked if not address.startswith((live_server.url, "blob:"))] == []


def sit(context: BrowserContext, url: str, post: Post) -> None:
    cookie = office.sit(Client(), post).cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])


def work(name: str = "安康养老院") -> Assignment:
    return field.assigned(office.institution(name, filed="未备案", takes_prepayment=None, suspected_crime=None))


def opened(phone: BrowserContext, row: Assignment) -> Page:
    """This function will open the form, wait until everything lies on the device, and go to one institution."""
    page = phone.new_page()
    page.goto("/survey/phone/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.locator(f"[data-task='{row.pk}'] .btn-primary").click()
    expect(page.locator(".forming")).to_be_visible()
    return page


def answer(page: Page, title: str, choice: str) -> None:
    page.locator(".overview details", has_text=title).first.evaluate("one => { one.open = true }")
    page.locator(".overview button", has_text=title).click()
    page.locator(".question .answer", has_text=choice).first.click()
    expect(page.locator(".overview button", has_text=title).locator("b")).to_have_text(choice)


def hand_in(page: Page) -> None:
    page.locator("[name=n_asked]").fill("4")
    page.locator("[name=n_asked]").dispatch_event("change")
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("button", name="更新任务")).to_be_visible()


def test_what_is_filled_in_without_a_network_is_still_there_and_is_sent_once(phone: BrowserContext) -> None:
    row = work()
    page = opened(phone, row)
    first = page.locator(".question").get_attribute("data-name")
    assert first in (page.locator(".forming").get_attribute("data-ask") or "").split()[:1]
    phone.set_offline(True)
    expect(page.locator("[data-lamp]")).to_have_text("离线")
    answer(page, "是否收取预付费", "否")
    answer(page, "涉嫌非法集资或诈骗", "是")
    expect(page.locator(".forming")).to_contain_text("红■")
    photo: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": _picture()}
    page.locator("input[type=file]").set_input_files(photo)
    expect(page.locator(".shots img")).to_have_count(1)
    page.reload()
    expect(page.locator(".forming")).to_contain_text("红■")
    expect(page.locator(".shots img")).to_have_count(1)
    hand_in(page)
    expect(page.locator("[data-state]")).to_have_text("已填好，等待发送")
    assert "涉嫌" not in _everything_kept(page) and "安康养老院" not in _everything_kept(page)
    assert not Sheet.objects.exists()

    lost: list[str] = []
    page.route("**/survey/phone/send/**", lambda route: _lose_the_answer(route, lost))
    with page.expect_event("requestfailed", lambda request: "/survey/phone/send/" in request.url):
        phone.set_offline(False)
    page.get_by_role("button", name="现在发送").click()
    expect(page.locator("[data-notice]")).to_contain_text("已发送 1 份")
    expect(page.locator("[data-state]")).to_have_count(0)
    sheet = Sheet.objects.get()
    assert lost and sheet.answers["suspected_crime"] is True and sheet.answers["takes_prepayment"] is False
    assert (sheet.n_asked, sheet.photos.count(), sheet.submitted_by.role) == (4, 1, "task_force")
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 1
    assert _everything_kept(page).count("queue/") == 0


def test_a_conflict_shows_both_and_the_choice_is_sent(phone: BrowserContext) -> None:
    row = work()
    page = opened(phone, row)
    answer(page, "运营是否平稳", "否")
    answer(page, "虚假或夸大宣传", "是")
    other = field.submit(
        row, {"stable": True, "false_publicity": False}, by=office.post("neighbourhood", office.VILLAGE)
    )
    actions.accept(sheet_id=other.pk, by=office.post(), at=office.AT)
    hand_in(page)
    expect(page.locator("[data-state]")).to_have_text("与别人填的不同，请核对")
    page.get_by_role("button", name="核对").click()
    rows = page.locator(".versus")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="运营是否平稳")).to_contain_text("用已审核的：是")
    rows.filter(has_text="运营是否平稳").get_by_label("用已审核的").check()
    page.get_by_role("button", name="按所选重新提交").click()
    expect(page.locator("[data-notice]")).to_contain_text("已发送 1 份")
    mine = Sheet.objects.get(submitted_by=office.post("task_force", office.TOWN))
    assert mine.base == 2 and mine.answers == {"false_publicity": True}


def test_logging_out_leaves_nothing_and_another_hand_finds_nothing(phone: BrowserContext, live_server: Any) -> None:
    row = work()
    page = opened(phone, row)
    answer(page, "是否收取预付费", "是")
    sit(phone, live_server.url, office.post("neighbourhood", office.VILLAGE))
    page.goto("/survey/phone/")
    expect(page.locator("[data-screen]")).to_contain_text("本机有另一岗位的 1 份草稿")
    sit(phone, live_server.url, office.post("task_force", office.TOWN))
    page.goto("/survey/phone/")
    expect(page.locator("[data-state]")).to_have_text("有草稿")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="退出登录并清除本机内容").click()
    page.wait_for_url("**/login/**")
    page.goto("/login/")
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0


def test_on_plain_http_the_page_says_so_and_offers_the_plain_form(phone: BrowserContext) -> None:
    phone.add_init_script("Object.defineProperty(window, 'isSecureContext', { get: () => false })")
    page = phone.new_page()
    page.goto("/survey/phone/")
    expect(page.locator("[data-plain]")).to_contain_text("现在不能离线填报")
    assert page.locator("[data-plain] a").get_attribute("href") == "/survey/mine/"


@pytest.mark.parametrize("ruleset_id", ["001", "002-10", "000-19", "000-8"])
def test_phone_and_server_agree_on_colour_bounds_and_questions(phone: BrowserContext, ruleset_id: str) -> None:
    ruleset = load(ruleset_id)
    records = [{**facts, "surveyed_on": None} for facts in many(20261122, 500)]
    page = phone.new_page()
    page.goto("/survey/phone/")
    found = page.evaluate(
        """async ([program, records]) => {
            const { rate } = await import("/static/survey/rules.js");
            return records.map((facts) => rate(program, facts));
        }""",
        json.loads(json.dumps([program_of(ruleset), [{n: to_json(v) for n, v in one.items()} for one in records]])),
    )
    rated = [rate_one(facts, ruleset) for facts in records]
    wanted = [{"colour": r.colour, "atLeast": r.at_least, "atMost": r.at_most, "ask": list(r.ask)} for r in rated]
    assert sum(one != other for one, other in zip(found, wanted, strict=True)) == 0
    assert len({one["colour"] for one in wanted}) == 6


def _picture() -> bytes:
    file = BytesIO()
    Image.linear_gradient("L").resize((2000, 1000)).save(file, "PNG")
    return file.getvalue()


def _lose_the_answer(route: Route, lost: list[str]) -> None:
    """The first sheet arrives, but its answer does not: what then comes twice is one sheet."""
    if lost:
        route.continue_()
    else:
        route.fetch()
        lost.append(route.request.url)
        route.abort()


def _everything_kept(page: Page) -> str:
    """What somebody reads who copies the device's storage."""
    kept: str = page.evaluate(
        """async () => {
            const open = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
            const database = await open(indexedDB.open("shouhu-survey"));
            const table = database.transaction("sealed").objectStore("sealed");
            const [names, rows] = [await open(table.getAllKeys()), await open(table.getAll())];
            database.close();
            return names.join() + rows.map((row) => new TextDecoder().decode(row.data)).join()
                + JSON.stringify(localStorage) + document.cookie;
        }"""
    )
    return kept
