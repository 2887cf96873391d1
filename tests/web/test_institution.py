"""Pages of institutions, as a person with a browser meets them."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouhu.ledgers.institutions import actions, queries
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.ratings import actions as ratings
from tests import office

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    return office.sit(client, office.post())


def facts(institution: Institution) -> dict[str, object]:
    institution.refresh_from_db()
    return queries.facts_of(queries.version(institution, institution.n))


def filled(client: Client, pk: int) -> dict[str, object]:
    """What a browser would send back of an unchanged form."""
    form = client.get(reverse("institution-edit", args=[pk])).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in sent.items()}


def test_the_list_shows_filters_and_sorts(desk: Client) -> None:
    red = office.institution("安康养老院", collapsed=True)
    office.institution("松鹤公寓", office.FAR_VILLAGE, registered="未登记", filed=None)
    ratings.rate(institution_ids=[red.pk], ruleset_id="001", by=office.post(), at=office.AT)
    url = reverse("institution-list")
    page = desk.get(url).content.decode()
    assert "安康养老院" in page and "松鹤公寓" in page and "colour-red" in page and "未评" in page and "柳湾村" in page

    def names(query: str) -> list[str]:
        return [row.name for row in desk.get(f"{url}?{query}").context["page"].object_list]

    assert names("q=akyly") == names("q=安康") == names("colour=red") == ["安康养老院"]
    assert names("registered=no") == names("colour=none") == names(f"township={office.OTHER_TOWN}") == ["松鹤公寓"]
    assert names("filed=unknown") == ["松鹤公寓"]
    assert names("sort=-name") == ["松鹤公寓", "安康养老院"]
    assert names("sort=colour")[0] == "安康养老院"
    assert names("township=1&kind=x&sort=junk&page=999") == ["安康养老院", "松鹤公寓"]


def test_a_longer_list_takes_no_more_queries(desk: Client) -> None:
    def n_queries(total: int) -> int:
        for number in range(Institution.objects.count(), total):
            office.institution(f"第{number}养老院")
        with CaptureQueriesContext(connection) as found:
            assert desk.get(reverse("institution-list")).status_code == 200
        return len(found)

    assert n_queries(5) == n_queries(60)


def test_others_do_not_see_it(client: Client) -> None:
    office.sit(client, office.post("task_force", office.OTHER_TOWN))
    one = office.institution()
    assert "安康养老院" not in client.get(reverse("institution-list")).content.decode()
    for route in ("page", "edit", "move", "hand", "outlet", "point", "cease"):
        assert client.get(reverse(f"institution-{route}", args=[one.pk])).status_code == 404
    assert client.post(reverse("institution-unmask", args=[one.pk])).status_code == 404
    assert client.get(reverse("institution-points")).json()["features"] == []


def test_the_page_says_what_is_known_since_when_and_what_is_not(desk: Client) -> None:
    one = office.institution(legal_representative="张三丰", phone="13812345678", n_residents=None)
    page = desk.get(reverse("institution-page", args=[one.pk])).content.decode()
    assert "张**" in page and "张三丰" not in page and "138********" in page
    assert "未知" in page and "新发现" in page and "登记入库" in page and "未评" in page and one.number in page
    assert "补齐" in page


def test_personal_data_is_shown_once_and_journalled(desk: Client) -> None:
    one = office.institution(legal_representative="张三丰")
    page = desk.post(reverse("institution-unmask", args=[one.pk])).content.decode()
    assert "张三丰" in page
    entry = Entry.objects.get(verb="institution.unmasked")
    assert (entry.outcome, entry.subject, list(entry.fields)) == (
        "read",
        f"institution/{one.pk}",
        ["legal_representative"],
    )


def test_a_colour_is_in_head_and_timeline(desk: Client) -> None:
    one = office.institution(collapsed=True)
    ratings.rate(institution_ids=[one.pk], ruleset_id="001", by=office.post(), at=office.AT)
    page = desk.get(reverse("institution-page", args=[one.pk])).content.decode()
    assert "colour-red" in page and "等级定为 红■" in page


def test_registering(desk: Client) -> None:
    url = reverse("institution-new")
    assert desk.get(url).status_code == 200
    refused = desk.post(url, {"code": office.VILLAGE, "source": "grid", "n_beds": "许多"})
    assert refused.status_code == 422 and "n_beds" in refused.context["form"].errors
    assert "name" in refused.context["form"].errors and "许多" in refused.content.decode()
    sent = {"code": office.VILLAGE, "source": "grid", "name": "夕阳红之家", "n_beds": "约三十", "prosecuted": ["none"],
            "takes_prepayment": "yes", "latitude": "30.1", "longitude": "120.2"}  # fmt: skip
    assert desk.post(url, sent).status_code == 302
    one = Institution.objects.get()
    known = facts(one)
    assert (known["prosecuted"], known["takes_prepayment"], known["township"], known["neighbourhood"]) == (
        (), True, "清河镇", "柳湾村",
    )  # fmt: skip
    assert (known["n_beds"].qualifier, one.source, one.latitude, one.code) == ("约", "grid", 30.1, office.VILLAGE)  # type: ignore[attr-defined]


def test_a_form_sent_back_unchanged_changes_nothing(desk: Client) -> None:
    one = office.institution(legal_representative="张三丰", blacklisted=("投资人",), related_companies=("甲公司",))
    before = facts(one)
    assert desk.post(reverse("institution-edit", args=[one.pk]), filled(desk, one.pk)).status_code == 302
    assert facts(one) == before and one.n == 1


def test_editing_records_what_was_changed(desk: Client) -> None:
    one = office.institution(legal_representative="张三丰")
    sent = {**filled(desk, one.pk), "n_beds": "90", "stable": "", "legal_representative": "李四", "reason": "电话核实"}
    assert desk.post(reverse("institution-edit", args=[one.pk]), sent).status_code == 302
    known = facts(one)
    assert (known["n_beds"], known.get("stable"), known["legal_representative"]) == (90, None, "李四")
    version = queries.version(one, 2)
    assert version.origins["n_beds"][0] == "edit" and version.reason == "电话核实"
    assert [hand.name for hand in queries.hands(one)] == ["李四"]


def test_both_texts_of_a_conflict_are_shown_and_one_is_chosen(desk: Client) -> None:
    one = office.institution()
    mine = {**filled(desk, one.pk), "n_beds": "90", "n_residents": "70", "name": "安康颐养院"}
    actions.revise(institution_id=one.pk, base=1, changes={"n_beds": 85, "n_residents": 66, "monthly_fee": 3500},
                   cause="edit", by=office.post("task_force", office.TOWN), at=office.AT)  # fmt: skip
    url = reverse("institution-edit", args=[one.pk])
    conflict = desk.post(url, mine)
    page = conflict.content.decode()
    assert conflict.status_code == 409 and "85张" in page and "90张" in page and "66人" in page and "70人" in page
    assert Entry.objects.filter(verb="refused.institution-edit").exists()
    hidden = dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', page))
    hidden.pop("csrfmiddlewaretoken", None)
    assert desk.post(url, {**hidden, "keep-n_beds": "mine", "keep-n_residents": "theirs"}).status_code == 302
    known = facts(one)
    assert (known["n_beds"], known["n_residents"], known["monthly_fee"], known["name"]) == (90, 66, 3500, "安康颐养院")


def test_the_export_is_the_list_with_masked_people_and_no_formulas(desk: Client) -> None:
    office.institution("=1+1养老院", legal_representative="张三丰", phone="13812345678")
    other = office.institution("松鹤公寓", office.FAR_VILLAGE)
    answer = desk.get(f"{reverse('institution-export')}?township={office.TOWN}")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))["机构台账"]  # type: ignore[attr-defined]
    head, *rows = sheet.iter_rows(values_only=True)
    assert len(rows) == 1
    row = dict(zip(head, rows[0], strict=True))
    assert (row["机构名称"], row["法定代表人"], row["联系电话"]) == ("=1+1养老院", "张**", "138********")
    assert sheet.cell(2, 5).data_type == "s"
    assert Entry.objects.filter(verb="institution.exported", outcome="read").exists()
    picked = desk.post(reverse("institution-export"), {"pick": [other.pk, "x"]})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(picked.streaming_content))).active  # type: ignore[attr-defined]
    assert [sheet.cell(row, 5).value for row in range(2, sheet.max_row + 1)] == ["松鹤公寓"]


def test_events_by_their_forms(desk: Client) -> None:
    one = office.institution(
        n_rep_changes_3y=0, n_address_changes_3y=0, legal_representative="张三丰", address="河东路1号"
    )

    def send(route: str, **sent: object) -> int:
        return desk.post(reverse(f"institution-{route}", args=[one.pk]), sent).status_code

    assert send("move", code=office.OTHER_VILLAGE, address="石桥路2号", on="2026-05-01") == 302
    assert send("hand", role="legal_representative", name="李四", on="2026-06-01", reference="变更通知书") == 302
    assert send("outlet", name="城南点", address="", on="2026-07-01") == 302
    assert send("outlet", name="城南点", address="", on="2026-07-01") == 409
    assert send("hand", role="legal_representative", name="王五", on="2099-01-01") == 409
    assert send("point", latitude="30", longitude="120") == 302
    assert (
        desk.post(reverse("institution-outlet-close", args=[one.outlets.get().pk]), {"on": "2026-08-01"}).status_code
        == 302
    )
    known = facts(one)
    assert (known["n_rep_changes_3y"], known["n_address_changes_3y"], known["n_new_outlets_3y"]) == (1, 1, 1)
    assert (known["neighbourhood"], one.code, one.address) == ("石桥村", office.OTHER_VILLAGE, "石桥路2号")
    assert queries.version(one, one.n).origins["n_rep_changes_3y"][0] == "events"
    page = desk.get(reverse("institution-page", args=[one.pk])).content.decode()
    assert "迁至 石桥路2号" in page and "法定代表人变更为 李*" in page and "城南点" in page and "变更记录" in page
    assert send("cease", on="2026-09-01") == 302 and send("cease", on="2026-09-02") == 409
    assert "停办" in desk.get(reverse("institution-page", args=[one.pk])).content.decode()
    assert send("reopen") == 302
    assert len(desk.get(reverse("institution-points")).json()["features"]) == 1
    assert desk.get(reverse("institution-map")).status_code == 200


def test_a_merged_entry_leads_to_the_one_that_was_kept(desk: Client) -> None:
    kept = office.institution(uscc=None, phone=None)
    gone = office.institution("安康养老院", phone="13800000000", n_beds=10)
    page = desk.get(reverse("institution-page", args=[kept.pk])).content.decode()
    assert "疑似重复" in page and gone.number in page
    url = reverse("institution-merge", args=[kept.pk])
    assert desk.post(url, {"number": "990102-999999", "reason": "同一地址"}).status_code == 409
    assert desk.post(url, {"number": gone.number, "reason": "同一地址"}).status_code == 302
    assert facts(kept)["phone"] == "13800000000" and facts(kept)["n_beds"] == 80
    away = desk.get(reverse("institution-page", args=[gone.pk]))
    assert away.status_code == 302 and away["Location"] == reverse("institution-page", args=[kept.pk])
    found = desk.get(f"{reverse('institution-list')}?q={gone.number}").context["page"].object_list
    assert [one.pk for one in found] == [kept.pk]


def test_other_rooms_show_what_they_know_to_whoever_may_see_them(desk: Client) -> None:
    one = office.institution(collapsed=True)
    ratings.rate(institution_ids=[one.pk], ruleset_id="001", by=office.post(), at=office.AT)
    page = reverse("institution-page", args=[one.pk])
    titles = [part["title"] for part in desk.get(page).context["sections"]]
    assert titles == ["摸排", "等级", "处置", "清零行动", "异议"]
    assert reverse("rating-page", args=[one.pk]) in desk.get(page).content.decode()
    office.sit(desk, office.post("grid_worker", office.VILLAGE))
    assert [part["title"] for part in desk.get(page).context["sections"]] == ["摸排", "清零行动"]
