"""
From a plan's Word file to a running campaign with its first reminders, in a real browser: clicks and typed fields are counted.

By the pages alone, the log-in included. SHOUHU_PICTURES=FOLDER keeps a picture of every station.
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
from django.urls import reverse
from django.utils.timezone import localdate
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from shouhu.ledgers.campaigns.models import Campaign, Duty, PlanPaper
from shouhu.ledgers.units.models import Person, Post, Tenure
from tests import office
from tests.conftest import SOURCES
from tests.ledgers.campaigns import plan_papers as plans
from tests.web.chromium import browser, needs_chromium  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), needs_chromium]
MOST_CLICKS, MOST_TYPED = 25, 10
PASSWORD = "柳湾村口的老槐树又开花了"
PATIENCE = 60_000
SCREENS: dict[str, ViewportSize] = {"desk": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(autouse=True)
def at_once(settings: Any) -> None:
    """Jobs run as soon as they are queued."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def posts() -> dict[str, Post]:
    """The county's offices, with people who are there today and the office's able to log in."""
    found = plans.departments()
    Tenure.objects.update(from_on=localdate() - timedelta(30))
    person = Person.objects.get(tenures__post=found["office"])
    person.username = "office"
    person.set_password(PASSWORD)
    person.save()
    return found


class Hand:
    """A hand that counts what it does: clicks (two for a file: the button and the file), and fields typed into."""

    def __init__(self, page: Page, pictures: Path, name: str) -> None:
        self.page, self.pictures, self.name = page, pictures, name
        self.n_clicks = self.n_typed = self.n_pictures = 0

    def click(self, what: Locator) -> None:
        """This function will click."""
        self.n_clicks += 1
        what.click()

    def button(self, name: str) -> None:
        """This function will press a button or follow a link by its words."""
        named = self.page.get_by_role("button", name=name, exact=True).or_(
            self.page.get_by_role("link", name=name, exact=True)
        )
        self.click(named.first)

    def write(self, label: str, text: str) -> None:
        """This function will type into a field, a click before it included."""
        self.n_clicks += 1
        self.n_typed += 1
        self.page.get_by_label(label, exact=True).fill(text)

    def hand_in(self, label: str, name: str, content: bytes) -> None:
        """This function will choose a file."""
        self.n_clicks += 2
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        self.page.get_by_label(label).set_input_files({"name": name, "mimeType": kind, "buffer": content})

    def picture(self, station: str) -> None:
        """This function will keep what the page shows."""
        self.n_pictures += 1
        self.page.screenshot(
            path=self.pictures / f"plan-{self.name}-{self.n_pictures:02}-{station}.png", full_page=True
        )


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("SHOUHU_PICTURES") or tmp_path / "pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[Any]:  # noqa: F811
    expect.set_options(timeout=PATIENCE)
    faults: list[str] = []

    def opened(screen: str = "desk", at_post: Post | None = None, **more: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url, locale="zh-CN", timezone_id="Asia/Shanghai", viewport=SCREENS[screen], **more
        )
        context.set_default_timeout(PATIENCE)
        if at_post:
            cookie = office.sit(Client(), at_post).cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda said: faults.append(said.text) if said.type == "error" and "status of 4" not in said.text else None,
        )
        return page

    yield opened
    for context in browser.contexts:
        context.close()
    assert faults == []


def led_to_a_campaign(hand: Hand, name: str, content: bytes) -> Campaign:
    """This function will go the whole way by the pages."""
    page = hand.page
    page.goto("/")
    hand.write("登录名", "office")
    hand.write("密码", PASSWORD)
    hand.button("登录")
    hand.button("方案")
    hand.button("上传方案")
    hand.hand_in("方案文件", f"{name}.docx", content)
    hand.picture("upload")
    hand.button("上传并读取")
    expect(page.get_by_role("link", name="下一步：对应年度和单位")).to_be_visible()
    hand.picture("review")
    hand.button("下一步：对应年度和单位")
    hand.write("没写年份的日期按哪一年", str(localdate().year + 1))
    hand.picture("bind")
    hand.button("预览")
    expect(page.get_by_role("heading", name="预览专项行动")).to_be_visible()
    hand.picture("preview")
    hand.button("建立专项行动")
    expect(page.get_by_role("main")).to_contain_text("任务已派到责任单位")
    hand.picture("campaign")
    assert hand.n_clicks <= MOST_CLICKS and hand.n_typed <= MOST_TYPED, (hand.n_clicks, hand.n_typed)
    return Campaign.objects.get()


def is_reminded(page: Page, campaign: Campaign, unit: Post) -> None:
    """This function will look whether a unit's own pages tell of what it owes."""
    title = Duty.objects.filter(task__campaign=campaign, unit=unit.unit_id).order_by("task__position")[0].task.title
    page.goto(reverse("home-work"))
    expect(page.get_by_role("main")).to_contain_text(title)
    page.goto(reverse("home-notices"))
    expect(page.get_by_role("main")).to_contain_text("单位")
    expect(page.get_by_role("main")).to_contain_text("任务")


@pytest.mark.parametrize("name", [plans.COLOURS, plans.DISTRICT])
def test_from_the_word_file_to_the_first_reminders(
    open_page: Any, posts: dict[str, Post], pictures: Path, name: str
) -> None:
    hand = Hand(open_page(), pictures, name)
    campaign = led_to_a_campaign(hand, name, plans.docx(name))
    assert campaign.tasks.count() and campaign.phases.count() and campaign.report_rules.count()
    is_reminded(open_page(at_post=posts["清河镇"]), campaign, posts["清河镇"])


@pytest.mark.sources
@pytest.mark.parametrize("name", ["001", "003"])
def test_with_the_two_given_plans(open_page: Any, posts: dict[str, Post], pictures: Path, name: str) -> None:
    hand = Hand(open_page(), pictures, name)
    content = plans.written((SOURCES / f"{name}.txt").read_text("utf-8"))
    campaign = led_to_a_campaign(hand, name, content)
    owner = next(
        one for one in posts.values() if Duty.objects.filter(task__campaign=campaign, unit=one.unit_id).exists()
    )
    is_reminded(open_page(at_post=owner), campaign, owner)


@pytest.mark.parametrize("screen", SCREENS)
def test_an_item_marks_its_sentence_and_is_changed_in_place(
    open_page: Any, posts: dict[str, Post], pictures: Path, screen: str
) -> None:
    paper = plans.handed_in(plans.COLOURS, posts["office"])
    page = open_page(screen, posts["office"])
    hand = Hand(page, pictures, f"item-{screen}")
    page.goto(reverse("plan-page", args=[paper.pk]))
    item = page.locator("[data-item]").filter(has_text="镇街普查")
    item.get_by_role("link", name="镇街普查").first.focus()
    marked = page.locator("[data-plan-text] .marked")
    expect(marked.first).to_contain_text("镇街普查")
    hand.picture("marked")
    hand.click(item.get_by_role("link", name="修改"))
    item.get_by_label("完成时限").fill("哪天都行")
    hand.click(item.get_by_role("button", name="保存"))
    expect(item).to_contain_text("看不懂这个日期")
    assert item.get_by_label("完成时限").input_value() == "哪天都行"
    item.get_by_label("完成时限").fill("6月20日")
    hand.click(item.get_by_role("button", name="保存"))
    expect(item).to_contain_text("6月20日前")
    expect(item).to_contain_text("已修改")
    hand.click(item.get_by_role("button", name="不采用"))
    expect(item.get_by_role("button", name="采用", exact=False)).to_be_visible()
    hand.picture("changed")
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREENS[screen]["width"]
    one = paper.items.get(kind="task", said__heading="镇街普查")
    assert one.said["deadline"] == "XXXX-06-20" and not one.is_kept


def test_without_javascript_all_of_it_works(open_page: Any, posts: dict[str, Post], pictures: Path) -> None:
    paper = plans.handed_in(plans.COLOURS, posts["office"])
    page = open_page(at_post=posts["office"], java_script_enabled=False)
    hand = Hand(page, pictures, "plain")
    page.goto(reverse("plan-page", args=[paper.pk]))
    task = paper.items.get(kind="task", said__heading="镇街普查")
    item = page.locator(f"#i-{task.pk}")
    assert item.get_by_role("link", name="镇街普查").first.get_attribute("href") == f"#w-{task.pk}"
    hand.click(item.get_by_role("link", name="修改"))
    item.get_by_label("完成时限").fill("6月20日")
    hand.click(item.get_by_role("button", name="保存"))
    expect(item).to_contain_text("6月20日前")
    measures = page.locator("#k-measure")
    hand.click(measures.get_by_role("button", name="全部不采用"))
    expect(page.get_by_role("main")).to_contain_text("已不采用全部处置措施")
    hand.button("撤销")
    expect(page.get_by_role("main")).to_contain_text("恢复原样")
    assert not PlanPaper.objects.get().items.filter(is_kept=False).exists()
