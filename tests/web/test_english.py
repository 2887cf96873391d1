"""The desk in English: the catalogue is complete, every page speaks it, and what leaves the office stays Chinese."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import polib
import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook

from shouhu.engines.law import sources
from shouhu.engines.rules.rulesets import SHIPPED, load
from shouhu.jobs import setup
from tests import office
from tests.security.conftest import world  # noqa: F401
from tests.security.doors import Knock, address, knocks, matrix
from tests.security.objects import RELATIONS, World
from tests.web.texts import CATALOGUE, CHINESE, placeholders, texts

pytestmark = pytest.mark.django_db
SILENT = {"style", "script", "svg"}
VOID = {"input", "br", "hr", "meta", "link", "img", "source", "wbr", "col", "base"}
CHROME = {
    "title", "nav", "h1", "h2", "h3", "th", "dt", "label", "legend", "button", "summary", "caption", "option", "a", "small", "p",
}  # fmt: skip
SPOKEN = {"aria-label", "placeholder", "title", "alt", "data-label"}
DATA = re.compile(
    r"《[^》]*》[^ ;,]*|“[^”]*”"  # examples of what to type; clauses
    r"|\d{3}(?:-\d+)? [一二三四五六七八九十()0-9是]+"  # … and in short
    r"|自\d{4}-\d\d-\d\d.*届满。|这处场所现在是.*|与第 \d+ 行是同一家.*|代码与第 \d+ 行相同.*|第 ?\d+ ?行"  # sentences of the ledgers
    r"|线索现在是.*请刷新页面后再看|\S+不能与\S+是同一个人，请由其他人办理"  # … what the tip's state or hands forbid
    r"|\S*(?:哨兵|哨所|办公室)\S*|[^ ,;]*\.(?:csv|pdf|jpg)"  # the world's names and files
    r"|(?:督办|通报|约谈)〔\d{4}〕\d+号"  # numbers of papers
    rf"|{'|'.join(office.NAMES.values())}|专项行动|第一轮|综合岗|凭证|没有这回事|欧\*+|欧阳|中文"
)
PAPERS = ("rating-export", "disposal-export", "clearance-export", "institution-export", "unit-template")


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> Iterator[None]:
    """The catalogue as gettext reads it; that LOCALE_PATHS is set anew makes Django forget what it knew of it."""
    setup.compile_translations()
    with override_settings(LOCALE_PATHS=list(settings.LOCALE_PATHS)):
        yield


class Chrome(HTMLParser):
    """What a page says around its data, in the language of the page: headings, labels, buttons, links, notes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.said: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        foreign = dict(attrs).get("lang") == "zh-Hans" or (bool(self.open) and self.open[-1][1])
        if tag not in VOID:
            self.open.append((tag, foreign))
        if not foreign:
            self.said += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = {tag for tag, _ in self.open}
        if data.strip() and tags & CHROME and not tags & SILENT and not self.open[-1][1]:
            self.said.append(" ".join(data.split()))


def english(client: Client) -> Client:
    """This function will give the browser in which English was chosen."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def pages() -> list[Knock]:
    """This function will give one request for every page, by somebody who may open it."""
    first: dict[tuple[str, str], Knock] = {}
    for one in knocks():
        if one.method == "GET" and "GET" in matrix()[one.route].methods and one.may():
            first.setdefault((one.route, one.verb), one)
    return list(first.values())


def opened(world: World, one: Knock) -> tuple[int, str, bytes]:  # noqa: F811
    """This function will open a page in English, of which nothing remains: status, kind, content."""
    row = matrix()[one.route]
    named = world.name(row.of, RELATIONS[one.seat][one.relation]) if row.of else {}
    client = english(world.clients[one.role, one.seat])
    with transaction.atomic():
        answer: Any = client.get(address(one.route, one.verb, named))
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer.status_code, answer.get("Content-Type", ""), content


def test_every_text_has_its_english() -> None:
    catalogue = {one.msgid: one for one in polib.pofile(str(CATALOGUE))}
    assert set(texts()) == set(catalogue), "make messages"
    assert [one.msgid for one in catalogue.values() if not one.translated()] == []
    assert [one.msgid for one in catalogue.values() if one.fuzzy or one.obsolete] == []


def test_what_a_text_leaves_open_its_english_leaves_open_too() -> None:
    wrong = [
        (one.msgid, said)
        for one in polib.pofile(str(CATALOGUE))
        for said in ([one.msgstr] if not one.msgid_plural else one.msgstr_plural.values())
        if placeholders(one.msgid) != placeholders(said)
    ]
    assert wrong == []


def test_every_page_speaks_english_around_its_data(world: World) -> None:  # noqa: F811
    plans = re.compile(
        "|".join(map(re.escape, [*(one.title for one in sources().values()), *(load(one).title for one in SHIPPED)]))
    )
    wrong = []
    for one in pages():
        status, kind, content = opened(world, one)
        if status >= 500:
            wrong.append(f"{one.route} {one.verb}: {status}")
        if kind.startswith("text/html"):
            said = {DATA.sub("", plans.sub("", text)) for text in Chrome(content.decode()).said}
            wrong += [f"{one.route} {one.verb}: {text}" for text in sorted(said) if CHINESE.search(text)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("route", PAPERS)
def test_papers_of_the_office_are_chinese_in_any_language(world: World, route: str) -> None:  # noqa: F811
    row = matrix()[route]
    client = english(world.clients[row.roles[0], "990102000000"])
    url = address(route, "", {})
    answer: Any = client.post(url, {"receiver": "某单位"}) if "POST" in row.methods else client.get(url)
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content))
    said = [
        str(cell) for sheet in book for line in sheet.iter_rows(values_only=True) for cell in line if cell is not None
    ]
    latin = [
        text for text in said if re.search(r"[A-Za-z]{5,}", text) and not re.search(r"[a-z_]+\.?\d{12}|zhangsan", text)
    ]
    assert said
    assert latin == []


def test_the_switch_keeps_the_page_and_the_browser_remembers(client: Client) -> None:
    office.sit(client, office.post())
    page = reverse("institution-list") + "?q=1"
    assert 'name="language" value="en" lang="en">English<' in client.get(page).content.decode()
    answer = client.post(reverse("set_language"), {"language": "en", "next": page})
    assert answer["Location"] == page
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME]["max-age"] > 300 * 24 * 3600
    shown = client.get(page)
    assert shown["Content-Type"].startswith("text/html")
    assert '<html lang="en">' in shown.content.decode()
    assert 'lang="zh-Hans">中文<' in shown.content.decode()


def test_the_desk_is_chinese_whatever_the_browser_was_sold_with(client: Client) -> None:
    assert '<html lang="zh-hans">' in client.get("/login/", headers={"Accept-Language": "en"}).content.decode()


def test_what_is_written_down_is_chinese_whoever_writes(client: Client) -> None:
    """A refusal read in English is kept nowhere; what the ledgers keep they word themselves."""
    with override("en"):
        made = office.institution()
    assert made.get_source_display() == "日常掌握"
