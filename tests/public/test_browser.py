"""
The public site in a real browser, JavaScript off: from the first page to the receipt and back, on a narrow screen too.

What it loads is counted: the whole report costs no more than 120 KB, and nothing comes from elsewhere. axe finds nothing, in any
way to look; whatever is pressed is large enough for a finger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from shouhu.ledgers.tips.models import Tip
from tests import office
from tests.public.test_telling import PHOTO
from tests.web.chromium import browser, needs_chromium  # noqa: F401
from tests.web.test_access import RULES

pytestmark = [pytest.mark.django_db(transaction=True), needs_chromium, pytest.mark.usefixtures("own_thread")]
SHAPE = """() => {
    const root = document.documentElement, wrong = [];
    const seen = (one) => one.offsetParent && !one.closest(".unseen, .skip, [hidden]");
    if (document.querySelectorAll("h1").length !== 1) wrong.push("not one h1");
    if (root.scrollWidth > root.clientWidth) wrong.push(`${root.scrollWidth - root.clientWidth} px too wide`);
    for (const one of document.querySelectorAll("a, button, select, textarea, input[type=text], input[type=tel], .choice")) {
        const box = one.getBoundingClientRect();
        if (seen(one) && Math.min(box.width, box.height) < 43.9) wrong.push(`small: ${one.outerHTML.slice(0, 80)} ${box.width}x${box.height}`);
    }
    if (root.classList.contains("large")) {
        for (const one of document.querySelectorAll("body *")) {
            const size = parseFloat(getComputedStyle(one).fontSize);
            if (seen(one) && one.textContent.trim() && size < 24) wrong.push(`small type: ${one.outerHTML.slice(0, 80)}`);
        }
    }
    return wrong;
}"""


@dataclass
class Visitor:
    """A browser's window, what it loaded, and what is wrong with what it showed."""

    page: Page
    url: str
    n_bytes: int = 0
    elsewhere: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def note(self, response: Response) -> None:
        """This function will count what came over the wire: headers, body, and what the form sent."""
        if response.url.startswith("data:"):
            return
        if not response.url.startswith(self.url):
            self.elsewhere.append(response.url)
        self.addresses.append(response.url)
        sizes = response.request.sizes()
        self.n_bytes += sum(int(str(one)) for one in sizes.values())

    def press(self, text: str) -> None:
        """This function will press a button of the page, or follow a link, by its words, and wait for what comes."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_text(text, exact=True).click()

    def look(self, what: str) -> None:
        """This function will look for what shuts people out."""
        self.wrong += [f"{what}: {one}" for one in self.page.evaluate(SHAPE)]
        self.page.evaluate(Axe().axe_script)
        found = self.page.evaluate("([rules]) => axe.run('html', rules)", [RULES])["violations"]
        self.wrong += [f"{what}: {one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, live_server: Any) -> Iterator[Visit]:  # noqa: F811
    office.post("campaign_office")
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def come(width: int, look: str = "", **more: Any) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 844}, base_url=live_server.url, locale="zh-CN",
            **{"java_script_enabled": False, **more},
        )  # fmt: skip
        context.set_default_timeout(20_000)
        if look:
            context.add_cookies([{"name": "look", "value": look, "url": live_server.url}])
        visitor = Visitor(context.new_page(), live_server.url)
        visitor.page.on("response", visitor.note)
        contexts.append(context)
        visitors.append(visitor)
        return visitor

    yield come
    for context in contexts:
        context.close()
    for visitor in visitors:
        assert visitor.elsewhere == []
        assert visitor.wrong == []


def through(visitor: Visitor, look: Callable[[str], None] = lambda _: None) -> str:
    """This function will go from the first page to the receipt."""
    page = visitor.page
    page.goto("/public/")
    look("home")
    visitor.press("我要反映情况")
    look("screen 1")
    visitor.press("下一步")
    expect(page.locator("#wrong")).to_be_visible()
    look("screen 1, empty")
    page.fill("#text", "我妈在长寿堂交了三万五办卡，现在关门了，人找不到。" * 4)
    page.check("[name=moving][value=yes]")
    visitor.press("下一步")
    look("call")
    visitor.press("电话打过了，接着填")
    look("screen 2")
    page.fill("#named", "长寿堂")
    page.select_option("#code", office.TOWN)
    page.fill("#sum", "三万五")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("最后一步，交上去")
    look("screen 3")
    visitor.press("交上去")
    expect(page.locator("h1")).to_have_text("收到了。请记下回执")
    look("receipt")
    return page.locator(".receipt").inner_text()


@pytest.mark.parametrize("width", [390, 320])
def test_from_the_first_page_to_the_progress_without_javascript(visit: Visit, width: int) -> None:
    visitor = visit(width)
    page, receipt = visitor.page, through(visitor)
    tip = Tip.objects.get()
    assert (tip.is_urgent, tip.sum_fen, tip.code) == (True, 3_500_000, office.TOWN)
    page.goto("/public/")
    visitor.press("我有回执，查进度")
    page.fill("#receipt", receipt.lower())
    page.keyboard.press("Enter")
    expect(page.locator(".state")).to_have_text("已经收到，正在看")
    page.fill("#text", "老板姓王")
    page.set_input_files("#papers", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": PHOTO.getvalue()})
    visitor.press("交补充")
    expect(page.locator(".messages")).to_contain_text("老板姓王")
    assert tip.attachments.count() == 1
    page.locator(".switches").get_by_text("大字").click()
    assert page.locator("html").get_attribute("class") == "large"
    expect(page.locator(".state")).to_be_visible()
    assert {one["name"]: one["value"] for one in page.context.cookies()} == {"look": "large"}
    plain = "".join(receipt.split())
    assert not [one for one in visitor.addresses if plain in one or "?" in one]


def test_a_whole_report_costs_little(visit: Visit) -> None:
    visitor = visit(390)
    through(visitor)
    assert 20_000 < visitor.n_bytes <= 120_000


@pytest.mark.parametrize(
    ("width", "look"), [(390, ""), (320, "large"), (390, "contrast"), (320, "large-contrast"), (1366, "large")]
)
def test_no_page_shuts_anybody_out(visit: Visit, width: int, look: str) -> None:
    visitor = visit(width, look, java_script_enabled=True, bypass_csp=True)
    page = visitor.page
    through(visitor, visitor.look)
    visitor.press("记好了，看进度")
    visitor.look("progress")
    visitor.press("交补充")
    visitor.look("nothing added")
    for path in ("mine/", "privacy/", "nothing/"):
        page.goto(f"/public/{path}")
        if path != "nothing/":  # which the desk answers, under this name
            visitor.look(path)
    page.goto("/public/mine/")
    visitor.press("查进度")
    visitor.look("no such receipt")


def test_javascript_switches_the_look_at_once_and_keeps_the_files(visit: Visit) -> None:
    visitor = visit(390, java_script_enabled=True)
    page = visitor.page
    page.goto("/public/form/")
    page.fill("#text", "骗")
    visitor.press("下一步")
    visitor.press("下一步")
    page.set_input_files("#papers", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": PHOTO.getvalue()})
    page.locator(".switches").get_by_text("大字").click()
    assert page.locator("html").get_attribute("class") == "large"
    assert page.evaluate("document.querySelector('#papers').files.length") == 1
    visitor.press("交上去")
    expect(page.locator("html")).to_have_class("large")
    assert Tip.objects.get().attachments.count() == 1
    expect(page.locator("#print")).to_be_visible()
