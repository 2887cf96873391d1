"""The unit pages: the tree with its gaps, posts and people, imports in two steps, and who may see and do what."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shouhu.ledgers.campaigns.models import Campaign
from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.units import actions
from shouhu.ledgers.units.actions.staffing import COLUMNS
from shouhu.ledgers.units.models import Division, Person, Post, Tenure, Unit
from shouhu.web.views.errors import failed
from tests import office

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    return office.sit(Client(), office.post("administrator"))


def test_the_tree_shows_counts_and_gaps_level_by_level(admin: Client) -> None:
    office.post("task_force", office.TOWN)
    page = admin.get("/unit/").content.decode()
    assert "望澜区" in page and "清河镇" in page and "缺联络员的镇街 <b>2</b>" in page and "缺 1 名联络员" in page
    assert "柳湾村" in admin.get(f"/unit/?code={office.TOWN}").content.decode()
    assert "单位已建，没有确定联络员岗位" in admin.get(reverse("unit-gaps")).content.decode()
    assert admin.get(f"/unit/?code={office.VILLAGE}").status_code == 200
    for code in ("990103000000", "110000000000", "x", "99010200000０"):
        assert admin.get("/unit/", {"code": code}).status_code == 404


def test_an_office_a_post_and_a_holder_are_set_up_on_the_pages(admin: Client) -> None:
    made = admin.post(
        f"{reverse('unit-add')}?code={office.TOWN}", {"name": "清河镇工作专班", "kind": "task_force", "phone": "010"}
    )
    unit = Unit.objects.get(name="清河镇工作专班")
    assert made["Location"] == reverse("unit-page", args=[unit.pk])
    admin.post(reverse("unit-post-add", args=[unit.pk]), {"title": "综合岗", "role": "task_force", "is_liaison": "on"})
    post = Post.objects.get(title="综合岗")
    slip = admin.post(reverse("unit-person-add"), {"name": "张三", "username": "zhangsan"}).content.decode()
    drawn = re.search(r"<samp>(\w{4}(?:-\w{4}){3})</samp>", slip)
    person = Person.objects.get(username="zhangsan")
    assert drawn and person.check_password(drawn[1]) and person.must_change_password
    admin.post(reverse("unit-appoint", args=[post.pk]), {"username": "zhangsan", "on": "2026-11-01"})
    assert Tenure.objects.get(post=post).person == person and post.is_liaison
    shown = admin.get(reverse("unit-page", args=[unit.pk])).content.decode()
    assert "张三" in shown and "缺联络员" not in shown
    for name, key in (
        ("unit-post", post.pk),
        ("unit-person", person.pk),
        ("unit-edit", unit.pk),
        ("unit-close", unit.pk),
    ):
        assert admin.get(reverse(name, args=[key])).status_code == 200
    refused = admin.post(reverse("unit-close", args=[unit.pk]), {"on": "2026-11-18"})
    assert refused.status_code == 409 and "还有 1 个岗位没有撤销" in refused.content.decode()
    assert Entry.objects.filter(verb="refused.unit-close", outcome="refused").count() == 1


def test_what_was_typed_is_kept_when_it_is_refused(admin: Client) -> None:
    office.post("task_force", office.TOWN)
    name = Unit.objects.get(code=office.TOWN).name
    refused = admin.post(f"{reverse('unit-add')}?code={office.TOWN}", {"name": name, "kind": "task_force"})
    assert (
        refused.status_code == 409
        and "不必重复建立" in refused.content.decode()
        and f'value="{name}"' in refused.content.decode()
    )


def test_fields_that_a_form_does_not_have_are_not_taken(admin: Client) -> None:
    admin.post(reverse("unit-person-add"), {"name": "张三", "username": "zhangsan", "is_demo": "on", "password": "x",
                                            "must_change_password": "", "session_salt": "x", "pk": "1"})  # fmt: skip
    person = Person.objects.get(username="zhangsan")
    assert not person.is_demo and person.must_change_password and person.session_salt == ""


def test_another_towns_office_is_as_if_it_were_not_there() -> None:
    far = office.post("task_force", office.OTHER_TOWN)
    near = office.sit(Client(), office.post("administrator", office.TOWN))
    person = far.tenures.get().person.pk
    for name, key in (("unit-page", far.unit_id), ("unit-edit", far.unit_id), ("unit-post", far.pk), ("unit-appoint", far.pk),
                      ("unit-person", person), ("unit-division-change", office.OTHER_TOWN)):  # fmt: skip
        here, nowhere = near.get(reverse(name, args=[key])), near.get(reverse(name, args=[999999]))
        assert (here.status_code, nowhere.status_code) == (404, 404)
        assert near.post(reverse(name, args=[key]), {"on": "2026-11-18", "name": "x"}).status_code in (404, 405)


def test_log_in_names_are_for_those_who_manage_accounts() -> None:
    office.post("leader", holder="王五账号")
    clerk = office.sit(Client(), office.post("task_force"))
    shown = clerk.get(reverse("unit-people")).content.decode()
    assert "最近登录" not in shown and clerk.get(reverse("unit-person-add")).status_code == 404
    security = office.sit(Client(), office.post("security"))
    assert "最近登录" in security.get(reverse("unit-people"), {"q": "王五", "state": "one_step"}).content.decode()
    for state in ("new", "suspended", "unseated"):
        assert security.get(reverse("unit-people"), {"state": state}).status_code == 200


def test_security_suspends_and_resets_behind_a_question() -> None:
    clerk = office.post("task_force").tenures.get().person
    security = office.sit(Client(), office.post("security"))
    for verb in ("suspend", "resume", "unlock", "password", "second-factor"):
        assert security.get(reverse("account-secure", args=[clerk.pk, verb])).status_code == 200
    assert security.get(reverse("account-secure", args=[clerk.pk, "delete"])).status_code == 404
    security.post(reverse("account-secure", args=[clerk.pk, "suspend"]))
    clerk.refresh_from_db()
    assert clerk.suspended_at
    twice = security.post(reverse("account-secure", args=[clerk.pk, "suspend"]))
    assert twice.status_code == 409 and "该账号已停用" in twice.content.decode()
    security.post(reverse("account-secure", args=[clerk.pk, "resume"]))
    slip = security.post(reverse("account-secure", args=[clerk.pk, "password"])).content.decode()
    drawn = re.search(r"<samp>(\w{4}(?:-\w{4}){3})</samp>", slip)
    clerk.refresh_from_db()
    assert drawn and clerk.check_password(drawn[1]) and clerk.must_change_password


def upload(client: Client, name: str, content: bytes, **stated: str) -> str:
    sent = client.post(reverse("unit-import"), {"file": SimpleUploadedFile(name, content), **stated})
    assert sent.status_code == 302, sent.content.decode()
    return str(sent["Location"])


def test_staff_come_by_the_template_in_two_steps(admin: Client) -> None:
    template = admin.get(reverse("unit-template", args=["staff"]))
    assert template.content[:2] == b"PK" and admin.get(reverse("unit-template", args=["nothing"])).status_code == 404
    import openpyxl

    book = openpyxl.load_workbook(BytesIO(template.content))
    assert [cell.value for cell in book["填写"][1]] == [titles[0] for titles in COLUMNS.values()]
    for row in book["示例"].iter_rows(min_row=2, values_only=True):
        book["填写"].append(row)
    filled = BytesIO()
    book.save(filled)
    preview = upload(admin, "人员.xlsx", filled.getvalue(), kind="staff")
    assert "将要写入 2" in admin.get(preview).content.decode() and not Unit.objects.filter(code=office.TOWN).exists()
    first = office.post("administrator")
    beside = actions.add_post(unit_id=first.unit_id, title="二", role="administrator", by=None, at=office.AT)
    Tenure.objects.create(post=beside, person=Person.objects.create(username="other", must_change_password=False),
                          from_on=date(2026, 1, 1))  # fmt: skip
    other = office.sit(Client(), beside)
    assert other.get(preview).status_code == 404
    slips = admin.post(preview, {"on": "2026-11-18"}).content.decode()
    drawn = re.search(r"<samp>zhangsan</samp></td><td><samp>([\w-]{19})</samp>", slips)
    assert drawn and Person.objects.get(username="zhangsan").check_password(drawn[1])
    assert Post.objects.filter(unit__code__startswith="990102001", closed_on=None).count() == 2


def test_errors_are_shown_by_cell_and_nothing_is_taken(admin: Client) -> None:
    preview = upload(admin, "区划.csv", "代码,名称\n990102003,新街道\n99010,坏\n".encode(), kind="divisions")
    page = admin.get(preview).content.decode()
    assert "A3" in page and "有 1 处问题" in page and "确认导入" not in page
    refused = admin.post(preview, {"on": "2026-11-18"})
    assert refused.status_code == 409 and not Division.objects.filter(code="990102003000").exists()
    preview = upload(admin, "区划.csv", "代码,名称\n990102003,新街道\n".encode(), kind="divisions")
    admin.post(preview, {"on": "2026-11-18"})
    assert Division.objects.get(code="990102003000").name == "新街道"
    for name, content in (("a.xlsx", b"no"), ("a.docx", b"PK\x03\x04"), ("a.csv", b"\xff\xfe\x00")):
        assert admin.get(upload(admin, name, content, kind="staff")).status_code == 409


def test_boundaries_need_their_system_said(admin: Client) -> None:
    office.divisions()
    ring = "[[116.4,39.9],[116.5,39.9],[116.5,40.0],[116.4,39.9]]"
    content = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"990102001"},'
        f'"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}]}}'
    ).encode()
    silent = admin.post(
        reverse("unit-import"),
        {"file": SimpleUploadedFile("b.geojson", content), "kind": "boundaries", "field": "code"},
    )
    assert silent.status_code == 400 and "请选择边界的坐标系" in silent.content.decode()
    preview = upload(admin, "b.geojson", content, kind="boundaries", field="code", system="GCJ-02")
    assert "GCJ-02" in admin.get(preview).content.decode()
    admin.post(preview, {"on": "2026-11-18"})
    stored = Division.objects.get(code=office.TOWN).boundary
    assert stored and stored["coordinates"][0][0] != [116.4, 39.9]


def test_a_campaign_is_opened_by_the_office_once_a_term() -> None:
    clerk = office.sit(Client(), office.post("campaign_office"))
    typed = {"title": "2026年专项行动", "ruleset_id": "001", "starts_on": "2026-04-01", "ends_on": "2026-10-31"}
    page = reverse("unit-campaign")
    assert "003" not in re.findall(r'<option value="(\w+)"', clerk.get(page).content.decode())
    assert clerk.post(page, typed).status_code == 302
    assert Campaign.objects.get().starts_on == date(2026, 4, 1)
    assert "时间重叠" in clerk.post(page, typed).content.decode()
    assert "不能早于" in clerk.post(page, {**typed, "ends_on": "2026-03-01"}).content.decode()
    assert office.sit(Client(), office.post("task_force")).get(page).status_code == 404


def test_a_division_is_renamed_on_its_page(admin: Client) -> None:
    page = reverse("unit-division-change", args=[office.TOWN])
    assert admin.get(page).status_code == 200
    admin.post(page, {"name": "清江镇", "on": "2026-11-18"})
    assert Division.objects.get(code=office.TOWN, to_on=None).name == "清江镇"


def test_a_division_that_moves_says_before_what_goes_along(admin: Client) -> None:
    institution = office.institution()
    page = reverse("unit-division-change", args=[office.TOWN])
    assert admin.get(page).context["follows"].n_institutions == 1
    taken = admin.post(page, {"name": "x", "new_code": office.OTHER_TOWN, "on": "2026-11-18"})
    assert taken.status_code == 409 and "2 个下级区划" in taken.content.decode()
    moved = admin.post(page, {"name": "清江街道", "new_code": "990102009000", "on": "2026-11-18"}, follow=True)
    assert "1 家机构随之变更" in moved.content.decode() and "清江街道" in moved.content.decode()
    institution.refresh_from_db()
    assert institution.code == "990102009001"


def test_a_grid_is_set_up_on_its_page(admin: Client) -> None:
    admin.post(reverse("unit-grid-add"), {"code": office.VILLAGE + "001", "name": "一网格"})
    assert "一网格" in admin.get("/unit/", {"code": office.VILLAGE}).content.decode()
    post = actions.add_post(unit_id=office.post("neighbourhood", office.VILLAGE).unit_id, title="甲", role="neighbourhood",
                            by=None, at=office.AT)  # fmt: skip
    for wanted in ("1", "0"):
        admin.post(reverse("unit-liaison", args=[post.pk]), {"is_liaison": wanted})
        post.refresh_from_db()
        assert post.is_liaison is (wanted == "1")
    admin.post(reverse("unit-post-close", args=[post.pk]), {"on": "2026-11-18"})
    post.refresh_from_db()
    assert post.closed_on == date(2026, 11, 18)


def test_an_institutions_account_is_a_post_of_that_institution(admin: Client) -> None:
    institution = office.institution()
    unit = actions.add_unit(code=office.VILLAGE, name="安康养老院", kind="institution", by=None, at=office.AT)
    page, typed = reverse("unit-post-add", args=[unit.pk]), {"title": "机构联系人", "role": "institution"}
    assert "须对应一家机构" in admin.post(page, typed).content.decode()
    assert "没有这个编号" in admin.post(page, {**typed, "institution": "990102-999999"}).content.decode()
    admin.post(page, {**typed, "institution": institution.number})
    assert Post.objects.get(title="机构联系人").subject == institution.pk


def test_faults_and_strange_addresses_are_told_plainly(client: Client) -> None:
    missing = client.get("/nowhere/")
    assert missing.status_code == 404 and "没有找到这个页面" in missing.content.decode()
    fault = failed(missing.wsgi_request).content.decode()
    assert "系统出错" in fault and "<h1>系统出错" in fault
    strict = Client(enforce_csrf_checks=True)
    refused = strict.post(reverse("account-login"), {"username": "x", "password": "y"})
    assert refused.status_code == 403 and "页面已过期" in refused.content.decode()
