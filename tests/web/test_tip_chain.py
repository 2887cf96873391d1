"""
The whole way of a tip in a real browser: an old person's phone without JavaScript, the desk, and back to the phone with the receipt.

By the pages alone. SHOUHU_PICTURES=FOLDER keeps a picture of every station.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.timezone import localdate, now
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response, expect

from shouhu.jobs.chores import CHORES
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.informants import actions as informants
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.tips.models import Tip
from shouhu.ledgers.units.models import Post, Tenure
from tests import office
from tests.ledgers.disposals.work import FUNDS
from tests.web.chromium import browser, needs_chromium  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), needs_chromium]
NAME = "柳湾康养公寓"
TOLD = "我老伴七十八岁，柳湾康养公寓叫她交了五万元会员费，说每年返利百分之十二，现在不退。我电话13812345678。"
ANSWER = "您反映的情况属实。已责令柳湾康养公寓停止返利，退还会员费。"
PHONE = {"width": 390, "height": 844}
LEAST = 44
"""Pixels of what is to be touched, at least."""
MOST_BYTES = 120 * 1024
"""Of the whole report, the photo not counted."""
PATIENCE = 30_000


class Screens:
    """Everybody's screens, on one machine that asks for nothing elsewhere."""

    def __init__(self, browser: Browser, url: str, pictures: Path) -> None:  # noqa: F811
        self.browser, self.url, self.pictures = browser, url, pictures
        self.asked: list[str] = []
        self.received: list[int] = []
        self.n_pictures = 0

    def _context(self, **more: Any) -> BrowserContext:
        context = self.browser.new_context(base_url=self.url, locale="zh-CN", timezone_id="Asia/Shanghai", **more)
        context.set_default_timeout(PATIENCE)
        context.on("request", lambda request: self.asked.append(request.url))
        return context

    def phone(self) -> Page:
        """This function will give an old person's phone, on which no script runs."""
        context = self._context(viewport=PHONE, java_script_enabled=False, has_touch=True)
        context.on("response", self._weigh)
        return context.new_page()

    def _weigh(self, response: Response) -> None:
        heads = sum(len(name) + len(value) + 4 for name, value in response.headers.items())
        self.received.append(int(response.headers.get("content-length", "0")) + heads)

    def desk(self, post: Post) -> Page:
        """This function will give the screen of somebody who sits at a post."""
        context = self._context(viewport={"width": 1366, "height": 768})
        cookie = office.sit(Client(), post).cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.url}])
        return context.new_page()

    def picture(self, page: Page, name: str) -> None:
        """This function will keep what a page shows."""
        self.n_pictures += 1
        page.screenshot(path=self.pictures / f"tip-{self.n_pictures:02}-{name}.png", full_page=True)


@pytest.fixture
def screens(browser: Browser, live_server: Any, tmp_path: Path) -> Iterator[Screens]:  # noqa: F811
    expect.set_options(timeout=PATIENCE)
    pictures = Path(os.environ.get("SHOUHU_PICTURES") or tmp_path / "pictures")
    pictures.mkdir(parents=True, exist_ok=True)
    made = Screens(browser, live_server.url, pictures)
    yield made
    for context in browser.contexts:
        context.close()
    assert [url for url in made.asked if not url.startswith((live_server.url, "data:"))] == []


@pytest.fixture
def people() -> dict[str, Post]:
    """The office, its deputy, the unit that verifies; the 保密员 has made the key, and an institution is green."""
    found = {
        "office": office.post(holder="罗敏"), "deputy": office.post(holder="冯远"), "unit": office.post("member_unit", holder="宋佳"),
        "keeper": office.post("confidential"),
    }  # fmt: skip
    Tenure.objects.update(from_on=localdate() - timedelta(30))
    informants.make_key(passphrase="柳湾村口那棵老樟树一九八三年栽", by=found["keeper"], at=now())
    place = office.institution(NAME, at=now(), surveyed_on=localdate(), **FUNDS)
    disposals.settle(institution_ids=[place.pk], by=found["office"], at=now())
    assert place.standing.colour == "green"
    return found


def test_from_the_public_page_to_the_answer_read_with_the_receipt(
    screens: Screens, people: dict[str, Post], tmp_path: Path
) -> None:
    phone = screens.phone()
    receipt = tell(screens, phone, photo(tmp_path / "收据.jpg"))
    for chore in ("tips.read", *(name for name in CHORES if "cop" in name)):
        CHORES[chore](now())
    number = Tip.objects.get().number
    chief, unit = screens.desk(people["office"]), screens.desk(people["unit"])
    sort(screens, chief, number)
    verify(screens, unit, number)
    answer(screens, chief)
    approve(screens, screens.desk(people["deputy"]), number)
    come_back(screens, phone, receipt)
    chief.reload()
    expect(chief.locator("#messages")).to_contain_text("收据原件还在我这里")
    expect(chief.get_by_role("main")).to_contain_text("举报人已看到")
    screens.picture(chief, "desk-message")
    tip = Tip.objects.get()
    assert (tip.state, tip.rating, tip.identity is not None) == ("resolved", "satisfied", True)


def photo(path: Path) -> Path:
    """This function will make a photo as a phone does."""
    picture = Image.linear_gradient("L").resize((1200, 900)).convert("RGB")
    known = picture.getexif()
    known[315] = "张大爷的手机"
    picture.save(path, "JPEG", exif=known, quality=85)
    return path


def tell(screens: Screens, page: Page, shot: Path) -> str:
    """This function will tell what happened on the three screens, in large type, and give the receipt."""
    page.goto("/public/")
    screens.picture(page, "public-home")
    follow(page.get_by_role("button", name="大字"))
    expect(page.locator("html.large")).to_be_visible()
    fits(page)
    screens.picture(page, "public-home-large")
    follow(page.get_by_role("button", name="大字"))
    screens.received.clear()
    follow(page.get_by_role("link", name="我要反映情况"))
    page.get_by_role("textbox").fill(TOLD)
    page.get_by_role("radio", name="不是", exact=True).check()
    fits(page)
    screens.picture(page, "public-what")
    follow(page.get_by_role("button", name="下一步"))
    page.get_by_label("哪家机构").fill(NAME)
    page.get_by_label("在哪个镇街").select_option(label="清河镇")
    page.get_by_label("大概多少钱").fill("五万")
    page.get_by_role("radio", name="还在发生").check()
    fits(page)
    screens.picture(page, "public-more")
    follow(page.get_by_role("button", name="下一步"))
    page.locator("input[type=file][name=shots]").set_input_files(shot)
    page.get_by_role("radio", name="留姓名、电话").check()
    page.get_by_label("姓名", exact=True).fill("张德福")
    page.get_by_label("电话", exact=True).fill("13812345678")
    expect(page.get_by_role("main")).to_contain_text("谁会看到")
    fits(page)
    screens.picture(page, "public-last")
    follow(page.get_by_role("button", name="交上去"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("请记下回执")
    fits(page)
    screens.picture(page, "public-receipt")
    assert 0 < sum(screens.received) <= MOST_BYTES, sum(screens.received)
    groups = page.locator("#receipt span").all_inner_texts()
    assert [len(one) for one in groups] == [4] * 4
    assert not any(group in page.url or group in page.title() for group in groups)
    return " ".join(groups)


def fits(page: Page) -> None:
    """This function will make sure that nothing sticks out sideways and that what is to be touched is large enough."""
    width = page.evaluate("() => document.documentElement.scrollWidth")
    assert width <= PHONE["width"], f"{page.url}: {width} px wide"
    small = page.evaluate(
        """(least) => [...document.querySelectorAll("main a.button, main button, main input:not([type=hidden]):not([type=radio]), main select,"
        + " main label.choice, header a, header button")].filter((one) => one.checkVisibility())
        .filter((one) => one.getBoundingClientRect().height < least).map((one) => one.outerHTML.slice(0, 80))""",
        LEAST,
    )
    assert small == [], f"{page.url}: {small}"


def sort(screens: Screens, page: Page, number: str) -> None:
    """This function will sort the tip, link the institution and hand the tip to the unit."""
    page.goto("/home/")
    page.get_by_role("navigation", name="工作台").get_by_role("link", name="线索").click()
    screens.picture(page, "desk-list")
    page.get_by_role("main").get_by_role("link", name=number).first.click()
    expect(page.get_by_role("main")).to_contain_text("13812345678")  # the words as told
    assert "张德福" not in page.content()
    screens.picture(page, "desk-tip")
    step(page, "甄别")
    page.get_by_label("是否属于本专项").get_by_label("是", exact=True).or_(
        page.get_by_role("radio", name="是", exact=True)
    ).first.check()
    page.get_by_label("理由").fill("以养老服务为名收取预付款")
    choose(page, "名目")
    choose(page, "手法")
    copy = page.locator("textarea[name=copy]").input_value()
    assert "13812345678" not in copy and "五万元" in copy
    page.get_by_label("给承办单位看").check()
    screens.picture(page, "desk-sort")
    send(page)
    if page.get_by_role("heading", name="甄别").count() and page.locator("[name=is_sure]").count():
        page.locator("[name=is_sure]").check()  # the machine's copy still holds something that a person has to look at
        send(page)
    number_of = Institution.objects.get().number
    page.get_by_role("main").get_by_role("link", name="关联机构").first.click()
    page.locator("[name=number]").fill(number_of)
    send(page)
    expect(page.get_by_role("main")).to_contain_text(NAME)
    step(page, "分办")
    page.get_by_label("交给", exact=True).select_option(label="望澜区member_unit（由单位定人）")
    page.get_by_label("办理要求").fill("请核实收费和退费")
    screens.picture(page, "desk-assign")
    send(page)


def verify(screens: Screens, page: Page, number: str) -> None:
    """This function will accept the tip at the unit and conclude with facts that change the institution's colour."""
    page.goto("/tip/")
    page.get_by_role("main").get_by_role("link", name=number).first.click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("脱敏文本")
    expect(main.get_by_role("link", name="去除隐含信息的副本")).to_be_visible()
    expect(main.get_by_role("link", name="原件")).to_have_count(0)
    assert "13812345678" not in page.content()
    screens.picture(page, "unit-tip")
    step(page, "接收")
    send(page)
    step(page, "核查结论")
    page.get_by_role("radio", name="属实", exact=True).check()
    page.get_by_label("查明的事实").fill("查实收取会员费五万元，承诺年返利百分之十二。")
    page.get_by_label("证据", exact=True).fill("会员合同、收款记录")
    page.get_by_label("其他依据").fill("防范和处置非法集资条例第二条")
    for fold in page.locator("details.topic").all():
        fold.evaluate("one => { one.open = true }")
    for fact in ("promises_return", "takes_prepayment", "suspected_crime"):
        page.locator(f"[name=now-{fact}]").select_option("yes")
    page.get_by_role("button", name="试算等级").click()
    expect(page.locator("#tried")).to_contain_text(NAME)
    screens.picture(page, "unit-tried")
    send(page)
    screens.picture(page, "unit-concluded")
    place = Institution.objects.get()
    assert place.standing.colour == "red"


def answer(screens: Screens, page: Page) -> None:
    """This function will answer the informant and hand the report in."""
    page.reload()
    step(page, "反馈举报人")
    page.get_by_label("答复").fill(ANSWER)
    send(page)
    step(page, "提交办结报告")
    screens.picture(page, "desk-report")
    send(page)


def approve(screens: Screens, page: Page, number: str) -> None:
    """This function will have somebody else approve."""
    page.goto("/tip/?show=all")
    page.get_by_role("main").get_by_role("link", name=number).first.click()
    step(page, "审批办结")
    screens.picture(page, "deputy-approve")
    send(page)
    expect(page.get_by_role("main")).to_contain_text("已办结")
    screens.picture(page, "deputy-resolved")


def come_back(screens: Screens, page: Page, receipt: str) -> None:
    """This function will read the answer with the receipt, write back and say whether it is satisfactory."""
    page.goto("/public/")
    follow(page.get_by_role("link", name="我有回执"))
    fits(page)
    page.get_by_role("textbox").fill(receipt.lower())
    follow(page.get_by_role("button", name="查进度"))
    main = page.get_by_role("main")
    expect(main).to_contain_text(ANSWER)
    expect(main).to_contain_text("核查结论：属实")
    assert not any(name in page.content() for name in ("罗敏", "冯远", "宋佳", "member_unit"))
    fits(page)
    screens.picture(page, "public-answer")
    page.get_by_label("要补充的话").fill("收据原件还在我这里，需要的话可以送来。")
    follow(page.get_by_role("button", name="交补充"))
    expect(main).to_contain_text("您的补充已经收到")
    page.get_by_role("radio", name="满意", exact=True).check()
    follow(page.get_by_role("button", name="交评价"))
    expect(main).to_contain_text("您的评价：满意")
    fits(page)
    screens.picture(page, "public-rated")


def step(page: Page, name: str) -> None:
    """This function will open the next step of a tip."""
    page.locator("a.btn-primary", has_text=name).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def send(page: Page) -> None:
    """This function will send the form of a page, by the button that the page itself proposes."""
    follow(page.get_by_role("main").locator("form button.btn-primary").first)


def follow(what: Locator) -> None:
    """This function will click on what leads to another page and wait for that page."""
    with what.page.expect_navigation():
        what.click()


def choose(page: Page, label: str, at: int = 1) -> None:
    """This function will choose from a list, if nothing that fits was chosen already."""
    found = page.get_by_label(label, exact=True)
    if not found.input_value():
        found.select_option(index=at)
