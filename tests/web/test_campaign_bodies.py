"""Bodies on the desk: the tree and its gaps, people who change in one step, telephones masked, the list as Word and as a workbook."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from shouhu.ledgers.campaigns import actions
from shouhu.ledgers.campaigns.models import Body, Seat
from shouhu.ledgers.journal.models import Entry
from tests import office
from tests.ledgers.campaigns.board import AT, DAY, OPENS, body, bureau, campaign, chief, town
from tests.web.test_campaign import sits, text, words

pytestmark = pytest.mark.django_db
PHONE = "13900001111"


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shouhu.web.access.now", lambda: AT)


@pytest.fixture
def desk() -> Client:
    campaign()
    return sits(chief())


def filled() -> Body:
    group = body("专项行动工作组")
    for role, name in (("head", "陈组长"), ("member", "林成员")):
        actions.seat(body_id=group.pk, role=role, name=name, employer="民政局", position="科长", phone=PHONE, from_on=OPENS,
                     by=chief(), at=AT)  # fmt: skip
    return group


def test_the_tree_names_what_is_missing(desk: Client) -> None:
    filled()
    body("清河镇工作专班", "task_force", by=town(), parent_id=Body.objects.get().pk)
    said = words(text(desk, "campaign-bodies", campaign().pk))
    assert "缺3个职务" in said and "还没有建立工作专班的镇街南渡镇" in said
    assert "专项行动工作组工作组望澜区campaign_office陈组长空缺2" in said
    assert "南渡镇" not in words(text(sits(town()), "campaign-bodies", campaign().pk))


def test_people_come_change_and_go_by_the_forms(desk: Client) -> None:
    made = {"name": "工作专班", "kind": "working_group", "unit_id": chief().unit_id, "from_on": str(OPENS)}
    assert desk.post(reverse("campaign-body-new", args=[campaign().pk]), made).status_code == 302
    group = Body.objects.get()
    seat = {"role": "head", "name": "陈组长", "phone": PHONE, "on": str(OPENS)}
    assert desk.post(reverse("campaign-seat-new", args=[group.pk]), seat).status_code == 302
    again = desk.post(reverse("campaign-seat-new", args=[group.pk]), {**seat, "name": "第二人"})
    assert again.status_code == 409 and "第二人" in again.content.decode()
    first = Seat.objects.get()
    assert (
        desk.post(reverse("campaign-seat", args=[first.pk, "replace"]), {"name": "林组长", "on": str(DAY)}).status_code
        == 302
    )
    page = words(text(desk, "campaign-body", group.pk))
    assert "林组长组长" in page and "以前的" in page and "陈组长组长" in page
    second = Seat.objects.get(to_on=None)
    assert desk.post(reverse("campaign-seat", args=[second.pk, "vacate"]), {"on": str(DAY)}).status_code == 302
    assert "空缺组长、联络员" in words(text(desk, "campaign-body", group.pk))
    assert desk.post(reverse("campaign-body-dissolve", args=[group.pk]), {"on": str(DAY)}).status_code == 302
    assert "加入成员" not in text(desk, "campaign-body", group.pk)


def test_telephones_are_masked_until_somebody_asks_who_keeps_the_list(desk: Client) -> None:
    group = filled()
    url = reverse("campaign-body-unmask", args=[group.pk])
    assert PHONE not in text(desk, "campaign-body", group.pk) and "139********" in text(desk, "campaign-body", group.pk)
    assert PHONE in desk.post(url).content.decode()
    assert Entry.objects.latest("seq").verb == "body.unmasked"
    assert desk.get(url).status_code == 405
    for stranger in (bureau(), town()):
        refused = sits(stranger).post(url)
        assert refused.status_code == 409 and PHONE not in refused.content.decode()


def test_the_list_as_word_is_the_annex_with_telephones(desk: Client) -> None:
    group = filled()
    document = Document(io.BytesIO(desk.post(reverse("campaign-body-export", args=[group.pk])).content))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows == [
        ["序号", "姓名", "单位", "职务", "组内职务", "联系电话"], ["1", "陈组长", "民政局", "科长", "组长", PHONE],
        ["2", "林成员", "民政局", "科长", "成员", PHONE],
    ]  # fmt: skip
    said = "".join(one.text for one in document.paragraphs)
    assert "附件1" in said and "专项行动工作组名单" in said.replace("\n", "") and "尚缺：联络员" in said
    assert Entry.objects.latest("seq").verb == "body.exported"
    assert sits(town()).post(reverse("campaign-body-export", args=[group.pk])).status_code == 409


def test_the_list_as_a_workbook_is_masked(desk: Client) -> None:
    filled()
    content = desk.get(reverse("campaign-bodies-export", args=[campaign().pk])).content
    cells = [str(cell) for row in load_workbook(io.BytesIO(content)).active.values for cell in row]
    assert "陈组长" in cells and "139********" in cells and PHONE not in cells
    assert office.post("leader", office.COUNTY)
