"""The desk's survey pages: every page opens for who may, work is filled in, reviewed and given out."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.timezone import now
from PIL import Image

from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.surveys import actions
from shouhu.ledgers.surveys.models import Assignment, Photo, Round, Sheet
from tests import office
from tests.ledgers.surveys import field

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(client: Client) -> Client:
    return office.sit(client, office.post("task_force", office.TOWN))


@pytest.fixture
def county() -> Client:
    return office.sit(Client(), office.post())


def work(**facts: Any) -> Assignment:
    return field.assigned(office.institution(filed="未备案", phone="13900001111", principal="张某某", **facts))


def sheet(row: Assignment, **answers: Any) -> dict[str, Any]:
    """This function will give a form as a browser posts it."""
    row.institution.refresh_from_db()
    given = {f"a_{name}": value for name, value in answers.items()}
    return {
        "key": str(uuid4()), "base": row.institution.n, "method": "visit", "n_asked": "2",
        "visited_at": (now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"), **given,
    }  # fmt: skip


def picture() -> BytesIO:
    file = BytesIO()
    Image.linear_gradient("L").convert("RGB").save(file, "JPEG")
    file.seek(0)
    file.name = "a.jpg"
    return file


def test_a_sheet_goes_from_the_form_through_review_to_the_record(town: Client, county: Client) -> None:
    row = work()
    form = town.get(f"/survey/fill/{row.pk}/").content.decode()
    assert "登记：80张（新发现" in form and "登记：张**" in form
    assert "张某某" not in form and "13900001111" not in form
    sent = sheet(
        row, n_beds="约30", stable="no", complained=["机构"], assets="1.5万", principal="李某某", funds_use="不清楚"
    )
    answer = town.post(f"/survey/fill/{row.pk}/", {**sent, "photo_front": picture()})
    assert answer.status_code == 302 and answer["Location"] == "/survey/mine/"
    made = Sheet.objects.get()
    assert made.answers["n_beds"] == {"value": 30, "qualifier": "约", "low": 27, "high": 33}
    assert (made.answers["assets"], made.answers["funds_use"], made.personal) == (15000, None, {"principal": "李某某"})
    assert town.post(f"/survey/fill/{row.pk}/", sent).status_code == 302
    assert Sheet.objects.count() == 1
    queue = county.get("/survey/review/").content.decode()
    assert "安康养老院" in queue
    shown = county.get(f"/survey/sheets/{made.pk}/").content.decode()
    assert "约30张" in shown and "李**" in shown and "李某某" not in shown
    assert "李某某" in county.post(f"/survey/sheets/{made.pk}/unmask/").content.decode()
    assert Entry.objects.filter(verb="sheet.unmasked", outcome="read").count() == 1
    kept = county.get(f"/survey/photos/{Photo.objects.get().file.token}/")
    assert kept["Content-Type"] == "image/jpeg" and kept.content[:2] == b"\xff\xd8"
    assert county.post(f"/survey/sheets/{made.pk}/accept/", {"seen": 1}).status_code == 302
    row.institution.refresh_from_db()
    facts = institutions.facts_of(institutions.version(row.institution, row.institution.n))
    assert (facts["stable"], facts["principal"]) == (False, "李某某")
    assert county.post(f"/survey/sheets/{made.pk}/accept/", {"seen": 1}).status_code == 409


def test_faults_stand_beside_their_fields_and_nothing_typed_is_lost(town: Client) -> None:
    row = work()
    answer = town.post(f"/survey/fill/{row.pk}/", sheet(row, n_beds="许多", marketing="讲座"))
    page = answer.content.decode()
    assert answer.status_code == 200 and "看不出是多少张" in page and "讲座" in page
    assert not Sheet.objects.exists()


def test_a_conflict_shows_both_and_can_be_handed_in_again(town: Client, county: Client) -> None:
    row = work()
    village = office.post("neighbourhood", office.VILLAGE)
    first = field.submit(row, {"n_beds": 90}, by=village)
    actions.accept(sheet_id=first.pk, by=office.post(), at=office.AT)
    late = {**sheet(row, n_beds="60"), "base": 1}
    answer = town.post(f"/survey/fill/{row.pk}/", late)
    page = answer.content.decode()
    assert answer.status_code == 409 and "90张" in page and "60张" in page
    assert 'name="base" value="2"' in page
    assert town.post(f"/survey/fill/{row.pk}/", {**late, "base": 2}).status_code == 302


def test_a_returned_sheet_comes_back_with_its_answers_and_the_reason(town: Client, county: Client) -> None:
    row = work()
    town.post(f"/survey/fill/{row.pk}/", sheet(row, marketing="讲座送鸡蛋"))
    made = Sheet.objects.get()
    assert county.post(f"/survey/sheets/{made.pk}/return/", {"reason": ""}).status_code == 409
    assert county.post(f"/survey/sheets/{made.pk}/return/", {"reason": "请补照片"}).status_code == 302
    assert "已退回" in town.get("/survey/mine/").content.decode()
    page = town.get(f"/survey/fill/{row.pk}/").content.decode()
    assert "请补照片" in page and "讲座送鸡蛋" in page


def test_not_yours_is_not_there(town: Client) -> None:
    far = field.assigned(office.institution("远", office.FAR_VILLAGE, filed="未备案"))
    made = field.submit(far, {}, by=office.post("task_force", office.OTHER_TOWN))
    for address in (
        f"/survey/fill/{far.pk}/",
        f"/survey/sheets/{made.pk}/",
        "/survey/rounds/new/",
        "/survey/?within=990102002000",
    ):
        assert town.get(address).status_code == 404, address
    assert town.post(f"/survey/sheets/{made.pk}/accept/", {"seen": 1}).status_code == 404


def test_a_round_is_opened_watched_moved_and_closed(county: Client) -> None:
    field.campaign()
    office.post("task_force", office.TOWN)
    office.institution(filed="未备案", code=office.VILLAGE)
    answer = county.post("/survey/rounds/new/", {"title": "第一轮", "opens_on": "2026-11-16", "due_on": "2026-11-27"})
    round_ = Round.objects.get()
    assert answer["Location"] == f"/survey/?round={round_.pk}"
    home = county.get("/survey/").content.decode()
    assert "清河镇" in home and "第一轮" in home
    assert "柳湾村" in county.get(f"/survey/?within={office.TOWN}").content.decode()
    listed = county.get(f"/survey/assignments/?round={round_.pk}&state=late&code={office.TOWN}")
    assert listed.status_code == 200
    row = Assignment.objects.get()
    moved = county.post("/survey/assignments/move/", {
        "pick": [row.pk], "target": f"unit:{office.post().unit.pk}", "due_on": "2026-12-01", "round": round_.pk})  # fmt: skip
    assert moved.status_code == 302
    row.refresh_from_db()
    assert (row.why, row.unit, row.due_on.isoformat()) == ("manual", office.post().unit, "2026-12-01")
    assert county.post(f"/survey/rounds/{round_.pk}/assign/").status_code == 302
    assert "四看复查" in county.get(f"/survey/rounds/{round_.pk}/looks/").content.decode()
    export = county.get(f"/survey/rounds/{round_.pk}/looks.xlsx")
    assert export.content[:2] == b"PK"
    assert county.get(f"/survey/rounds/{round_.pk}/close/").status_code == 200
    assert county.post(f"/survey/rounds/{round_.pk}/close/").status_code == 302
    assert "已结束" in county.get("/survey/").content.decode()


def test_a_place_found_on_the_way_is_filled_in_at_once(client: Client) -> None:
    field.opened()
    grid = office.sit(client, office.post("neighbourhood", office.VILLAGE))
    answer = grid.post("/survey/found/", {"name": "河东路老年公寓", "code": office.VILLAGE, "address": "河东路12号"})
    made = Assignment.objects.get(institution=Institution.objects.get())
    assert answer["Location"] == f"/survey/fill/{made.pk}/"
    assert grid.get(answer["Location"]).status_code == 200


def test_a_visit_is_planned_and_not_for_others(town: Client) -> None:
    row = work()
    day = now().date() + timedelta(days=3)
    assert town.post(f"/survey/mine/{row.pk}/plan/", {"on": day.isoformat()}).status_code == 302
    row.refresh_from_db()
    assert row.planned_on == day
    assert town.post(f"/survey/mine/{row.pk}/plan/", {"on": "2026-01-01"}).status_code == 409
    far = field.assigned(office.institution("远", office.FAR_VILLAGE, filed="未备案"))
    assert town.post(f"/survey/mine/{far.pk}/plan/", {"on": day.isoformat()}).status_code == 404


def test_the_reviewer_sees_the_colour_that_comes_of_it(county: Client) -> None:
    made = field.submit(work(), {"suspected_crime": True})
    page = county.get(f"/survey/sheets/{made.pk}/").content.decode()
    assert "通过后：" in page and "colour-red" in page


def test_a_phone_takes_along_its_own_work_without_personal_data(town: Client) -> None:
    row = work()
    field.assigned(office.institution("远", office.FAR_VILLAGE, filed="未备案"), row.round)
    answer = town.get("/survey/phone/work.json")
    assert [task["id"] for task in answer.json()["tasks"]] == [row.pk]
    assert "张某某" not in answer.content.decode() and "13900001111" not in answer.content.decode()
    worker = town.get("/survey/phone/sw.js")
    assert worker["Content-Type"] == "text/javascript" and "/survey/phone/" in worker.content.decode()
    assert town.get("/survey/phone/app.webmanifest").json()["scope"] == "/survey/phone/"


def test_a_phone_is_answered_in_json_whatever_it_sends(town: Client) -> None:
    row = work()
    address = f"/survey/phone/send/{row.pk}/"
    sent = {"key": str(uuid4()), "base": 1, "answers": {"n_beds": 90}, "method": "visit", "n_asked": "2", "note": "",
            "visited_at": (now() - timedelta(hours=1)).isoformat(), "point": [30.1, 120.2]}  # fmt: skip

    def post(body: Any) -> Any:
        return town.post(address, body, content_type="application/json")

    assert post(sent).json() == post(sent).json() == {"sheet": Sheet.objects.get().pk}
    wrongs: tuple[Any, ...] = (
        {},
        [],
        "x",
        {**sent, "point": [1]},
        {**sent, "key": "1"},
        {**sent, "visited_at": "2026-11-18T10:00"},
    )
    for wrong in wrongs:
        assert post(wrong).status_code == 422
    bad = post({**sent, "key": str(uuid4()), "answers": {"n_beds": "许多"}})
    assert bad.status_code == 422 and bad.json()["faults"] == {"n_beds": "应填数字"}
    far = field.assigned(office.institution("远", office.FAR_VILLAGE, filed="未备案"), row.round)
    for not_theirs in (far.pk, 0):
        assert town.post(f"/survey/phone/send/{not_theirs}/", sent, content_type="application/json").status_code == 404


def test_empty_pages_say_what_belongs_there(town: Client, county: Client) -> None:
    assert "还没有排查轮次" in town.get("/survey/").content.decode()
    assert "现在没有要排查的" in town.get("/survey/mine/").content.decode()
    assert "没有待审的排查表" in county.get("/survey/review/").content.decode()
