"""清零行动 on the desk: the board, a site, its forms, its papers, the table for the office."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.units.models import Division
from tests import office
from tests.ledgers.clearances.walk import DAY, chief, found, site, step, town, until

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    return office.sit(client, chief())


def text(client: Client, route: str, *args: Any, status: int = 200, **query: str) -> str:
    """This function will open a page and give what it says."""
    response = client.get(reverse(route, args=args), query)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def photo(content: bytes = b"\xff\xd8\xff picture") -> SimpleUploadedFile:
    return SimpleUploadedFile("现场.jpg", content, "image/jpeg")


def test_the_board_says_how_many_are_left_and_what_is_wrong(desk: Client) -> None:
    Division.objects.filter(code=office.TOWN).update(
        boundary={"type": "Polygon", "coordinates": [[[106, 29], [107, 29], [107, 30], [106, 29]]]}
    )
    one, other = found("甲托老点"), until("closed", found("乙托老点"))
    institutions.set_point(institution_id=one.institution_id, latitude=29.1, longitude=106.2, by=town(), at=office.AT)
    said = text(desk, "clearance-list")
    assert "还剩 1 处" in said and "清零曲线" in said and "没有包干人" in said
    assert reverse("clearance-page", args=[one.pk]) in said
    assert "乙托老点" not in said and "乙托老点" in text(desk, "clearance-list", show="closed")
    features = desk.get(reverse("clearance-map")).json()["features"]
    assert [shape["properties"]["label"] for shape in features] == ["清河镇", "甲托老点"]
    assert features[0]["properties"]["step"] == 5
    until("closed", one)
    assert "已清零" in text(desk, "clearance-list")
    assert [shape["properties"]["label"] for shape in desk.get(reverse("clearance-map")).json()["features"]] == [
        "清河镇"
    ]
    assert other.closed_at


def test_filters_and_what_cannot_be_understood(desk: Client) -> None:
    found("甲托老点"), found("乙托老点", office.FAR_VILLAGE)
    assert "乙托老点" not in text(desk, "clearance-list", town=office.TOWN)
    assert "甲托老点" in text(desk, "clearance-list", text="jtld")
    assert "甲托老点" not in text(desk, "clearance-list", state="acting")
    assert "甲托老点" in text(desk, "clearance-list", state="no-such-state", page="99999999999999999999")


def test_what_was_never_listed_is_listed_by_one_button(desk: Client) -> None:
    site("甲托老点")
    assert "另有 1 处" in text(desk, "clearance-list")
    assert desk.post(reverse("clearance-enlist")).status_code == 302
    assert Clearance.objects.get().institution.name == "甲托老点"
    assert reverse("clearance-enlist") not in text(desk, "clearance-list")


def test_the_whole_way_by_the_forms(client: Client) -> None:
    clearance = found()
    handler, reviewer = office.sit(Client(), town()), office.sit(client, chief())
    forms: list[tuple[str, dict[str, Any]]] = [
        ("appoint", {"owner_id": town().pk}),
        ("verify", {"done_on": DAY, "opened_when": "2021年3月", "says": "收住12位老人", "paper": photo()}),
        ("classify", {"nature": "enterprise", "is_stable": "no", "is_large": "yes", "tracks": ["joint", "transfer"]}),
        ("act", {"track": "joint", "done_on": DAY, "body": "区市场监管局", "document_number": "望市监〔2026〕8号"}),
        ("transfer", {"receiver": "区市场监管局", "document_number": "清移1号", "done_on": DAY}),
        ("receive", {"done_on": DAY, "document_number": "回执1号"}),
        ("propose", {"outcome": "shut", "document_number": "望市监9号", "done_on": DAY, "n_residents": 12, "n_placed": 12,
                     "paper": photo()}),
    ]  # fmt: skip
    for verb, data in forms:
        page = text(handler, "clearance-page", clearance.pk)
        url = reverse("clearance-handle", args=[clearance.pk, verb])
        assert f'btn-primary" href="{url}"' in page, verb
        assert handler.get(url).status_code == 200
        if verb == "receive":
            data["transfer_id"] = clearance.steps.get(verb="transfer").pk
        response = handler.post(url, data)
        assert response.status_code == 302, response.content.decode()
    assert "须由另一人" not in text(reviewer, "clearance-page", clearance.pk)
    for verb in ("review", "close"):
        page = text(reviewer, "clearance-check", clearance.pk, verb)
        assert "望市监9号" in page and "原住 12 位，已安置 12 位" in page
        assert reviewer.post(reverse("clearance-check", args=[clearance.pk, verb])).status_code == 302
    clearance.refresh_from_db()
    assert clearance.state == "closed"
    assert "已销号" in text(reviewer, "clearance-page", clearance.pk)


def test_a_refused_step_says_why_beforehand_and_keeps_what_was_typed(client: Client) -> None:
    clearance = found()
    desk = office.sit(client, town())
    assert "请先指定一名包干人" in text(desk, "clearance-handle", clearance.pk, "verify")
    clearance = until("classified", clearance)
    url = reverse("clearance-handle", args=[clearance.pk, "act"])
    response = desk.post(url, {"track": "joint", "done_on": DAY, "says": "看过现场了"})
    assert response.status_code == 409
    assert "依法实施的单位" in response.content.decode() and "看过现场了" in response.content.decode()
    assert Entry.objects.filter(outcome="refused", subject=f"clearance/{clearance.pk}").count() == 1


def test_the_proposer_reads_that_somebody_else_has_to_review(desk: Client) -> None:
    clearance = step(until("acting"), "propose", by=chief())
    assert "须由另一人办理" in text(desk, "clearance-page", clearance.pk)
    assert "须由另一人办理" in text(desk, "clearance-check", clearance.pk, "review")


@pytest.mark.parametrize("content", [b"MZ program", b"<svg/>", b""])
def test_only_pictures_and_scans_are_taken(client: Client, content: bytes) -> None:
    clearance = step(found(), "appoint")
    url = reverse("clearance-handle", args=[clearance.pk, "verify"])
    assert office.sit(client, town()).post(url, {"done_on": DAY, "paper": photo(content)}).status_code == 422


def test_papers_are_handed_out_to_the_place_and_the_reading_is_journalled(desk: Client) -> None:
    clearance = until("proposed")
    token = clearance.proposal and clearance.proposal.file.token
    url = reverse("clearance-file", args=[clearance.pk, token])
    response = desk.get(url)
    assert response.content.startswith(b"\xff\xd8\xff") and response["Content-Disposition"].startswith("attachment")
    assert Entry.objects.filter(verb="clearance.paper_read", outcome="read").count() == 1
    other = found("乙托老点")
    assert desk.get(reverse("clearance-file", args=[other.pk, token])).status_code == 404


def test_names_of_people_are_masked_on_the_page(desk: Client) -> None:
    said = text(desk, "clearance-page", found().pk)
    assert "张三丰" not in said and "张**" in said


def test_not_yours_is_not_there(client: Client) -> None:
    clearance = until("proposed", found())
    assert clearance.proposal
    stranger = office.sit(client, office.post("task_force", office.OTHER_TOWN))
    token = clearance.proposal.file.token
    for route, *more in (("clearance-page",), ("clearance-handle", "act"), ("clearance-file", token)):
        for pk in (clearance.pk, clearance.pk + 1000):
            assert text(stranger, route, pk, *more, status=404)
    own = office.sit(Client(), town())
    assert text(own, "clearance-check", clearance.pk, "close", status=404)
    assert text(own, "clearance-handle", clearance.pk, "close", status=404)
    assert text(own, "clearance-handle", clearance.pk, "explode", status=404)
    assert "河东路" not in text(stranger, "clearance-list")


def test_the_export_is_the_official_table(desk: Client) -> None:
    until("closed", found("甲托老点")), found("乙托老点")
    book = load_workbook(io.BytesIO(desk.get(reverse("clearance-export"), {"show": "all"}).content))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    head = next(row for row in rows if row[0] == "序号")
    assert head[1:3] == ["场所名称", "地址"] and head[-3:] == ["包干人", "进展", "销号日期"]
    closed = next(row for row in rows if row[1] == "甲托老点")
    assert closed[3:8] == ["清河镇", "张三丰", "企业名义", "2021年3月", 12]
    assert closed[12:15] == ["移交、联合执法", "李包干", "关停取缔（望市监〔2026〕9号）"]
    assert Entry.objects.get(verb="clearance.exported").outcome == "read"
    leader = office.sit(Client(), office.post("leader", office.COUNTY))
    assert "张三丰" not in str(
        list(load_workbook(io.BytesIO(leader.get(reverse("clearance-export")).content)).active.values)
    )


def test_pages_take_as_many_queries_for_many_rows_as_for_few(desk: Client) -> None:
    clearance = until("proposed", found("甲托老点"))

    def spent(url: str) -> int:
        desk.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(url).status_code == 200
        return len(captured)

    urls = [
        reverse("clearance-list"),
        reverse("clearance-list") + "?show=all",
        reverse("clearance-export"),
        reverse("clearance-map"),
    ]
    few = [spent(url) for url in urls]
    for n in range(2):
        until("acting", found(f"托老点{n}"))
    assert [spent(url) for url in urls] == few
    page = spent(reverse("clearance-page", args=[clearance.pk]))
    step(clearance, "send_back")
    until("proposed", clearance := Clearance.objects.get(pk=clearance.pk))
    assert spent(reverse("clearance-page", args=[clearance.pk])) == page
