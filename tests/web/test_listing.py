"""Lists taken out: the rows of the page in its order, the filter in words, who and when; text stays text."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from shouhu.ledgers.campaigns.models import Campaign
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.ratings import actions as ratings
from shouhu.ledgers.surveys import actions as surveys
from tests import office
from tests.ledgers.disposals.work import AT, chief, opened, town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shouhu.web.access.now", lambda: AT)


def lines(client: Client, route: str, sheet: int = 0, **query: Any) -> list[list[Any]]:
    """This function will take a list out and give the cells of a sheet, a line each."""
    answer: Any = client.get(reverse(route), query)
    assert answer.status_code == 200, answer.content.decode()[:500]
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    book = load_workbook(io.BytesIO(content))
    assert all(cell.data_type != "f" for one in book for row in one.iter_rows() for cell in row)
    return [[cell.value for cell in row] for row in book.worksheets[sheet].iter_rows()]


def text(rows: list[list[Any]]) -> str:
    return "\n".join(str(cell) for row in rows for cell in row if cell is not None)


def test_the_work_list_as_narrowed() -> None:
    for name in ("=1+1院", "康乐院"):
        disposals.take(disposal_ids=[opened("red", name=name).pk], post=town(), by=chief(), at=AT)
    client = office.sit(Client(), town())
    page = client.get(reverse("home-work"), {"room": "disposal"}).content.decode()
    rows = lines(client, "home-work-export", room="disposal")
    names = [row[1] for row in rows if isinstance(row[0], int)]
    assert set(names) == {"=1+1院", "康乐院"}
    assert len(names) == page.count('<th scope="row"')
    assert "筛选：处置" in text(rows) and "2026-11-18 10:30" in text(rows) and town().unit.name in text(rows)
    assert text(lines(client, "home-work-export", when="returned")).count("没有符合条件的记录") == 1
    assert Entry.objects.filter(verb="list.exported", subject="route/home-work-export", outcome="read").count() == 2


def test_who_surveys_what() -> None:
    for n in range(3):
        office.institution(f"康乐{n}院", (office.VILLAGE, office.FAR_VILLAGE)[n % 2])
    office.post("task_force", office.TOWN), office.post("task_force", office.OTHER_TOWN), office.post("member_unit")
    campaign = Campaign.objects.create(
        title="行动", code=office.COUNTY, ruleset_id="001", starts_on="2026-10-01", ends_on="2026-12-31"
    )
    day = AT.date()
    made = surveys.open_round(title="第一轮", campaign_id=campaign.pk, code=office.COUNTY, opens_on=day, due_on=day + timedelta(9),
                              by=chief(), at=AT)  # fmt: skip
    surveys.assign(round_id=made.pk, by=chief(), at=AT)
    client = office.sit(Client(), chief())
    rows = lines(client, "survey-assignments-export", round=made.pk, q="康乐1")
    assert [row[2] for row in rows if isinstance(row[0], int)] == ["康乐1院"]
    assert "筛选：第一轮；名称：康乐1" in text(rows)
    below = office.sit(Client(), town())
    assert {row[3] for row in lines(below, "survey-assignments-export") if isinstance(row[0], int)} == {"清河镇"}


def test_objections_without_what_was_said() -> None:
    disposal = opened("red")
    ratings.file_objection(institution_id=disposal.institution_id, fact="", says="张三说不对", by=chief(), at=AT)
    client = office.sit(Client(), chief())
    found = text(lines(client, "objection-export"))
    assert "安康养老院" in found and "办理中" in found and "张三" not in found
    narrowed = text(lines(client, "objection-export", state="upheld"))
    assert "安康养老院" not in narrowed and "筛选：结论：成立，已更正" in narrowed
    assert "安康养老院" in client.get(reverse("objection-list"), {"q": "ak"}).content.decode()


def test_the_journal_as_narrowed() -> None:
    opened("red")
    rows = lines(office.sit(Client(), office.post("auditor")), "journal-list-export", verb="disposal.open_for")
    assert "筛选：办理：处置：立项" in text(rows)
    assert {row[3] for row in rows if isinstance(row[0], int)} <= {"处置：立项"}


def test_offices_posts_and_people() -> None:
    town()
    client = office.sit(Client(), office.post("administrator"))
    rows = lines(client, "unit-posts-export", code=office.TOWN)
    assert [row[3] for row in rows if isinstance(row[0], int)] == [town().unit.name]
    assert client.get(reverse("unit-posts-export"), {"code": "880000000000"}).status_code == 404
    rows = lines(client, "unit-people-export", q="task_force")
    assert [row[3] for row in rows if isinstance(row[0], int)] == [f"task_force{office.TOWN}"]
    seen = lines(office.sit(Client(), chief()), "unit-people-export", q="task_force")
    assert "账号名" not in text(seen)  # the state of accounts is for those who manage them


@pytest.mark.parametrize(
    ("route", "query", "sheet", "words"),
    [
        ("institution-export", {"kind": "养老机构", "ceased": "1"}, 1, "筛选：机构类型：养老机构；已停办"),
        ("disposal-export", {"colour": "red", "text": "安"}, 0, "筛选：名称、编号、拼音首字母：安；等级：红■"),
        ("clearance-export", {"show": "all"}, 0, "筛选：范围：全部"),
    ],
)
def test_official_tables_say_what_they_were_narrowed_to(
    route: str, query: dict[str, str], sheet: int, words: str
) -> None:
    opened("red")
    found = text(lines(office.sit(Client(), chief()), route, sheet, **query))
    assert words in found
    assert "导出：" in found and "2026-11-18 10:30" in found


def test_too_long_a_list_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shouhu.web.listing.MOST_ROWS", 0)
    opened("red")
    answer = office.sit(Client(), office.post("auditor")).get(reverse("journal-list-export"))
    assert answer.status_code == 409 and "请缩小筛选范围" in answer.content.decode()
