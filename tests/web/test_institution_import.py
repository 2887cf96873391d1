"""The import wizard, from the upload to the undoing."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shouhu.jobs import imports
from shouhu.ledgers.institutions import actions, queries
from shouhu.ledgers.institutions.models import Batch
from tests import office
from tests.ledgers.institutions.sheet import HEAD, register, row, uscc

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs run as soon as they are queued."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}  # type: ignore[attr-defined]
    monkeypatch.setattr(imports, "rest", lambda: None)


@pytest.fixture
def desk(client: Client) -> Client:
    return office.sit(client, office.post())


def upload(desk: Client, rows: list[list[str]], head: tuple[str, ...] = HEAD) -> str:
    """Upload a register, and give the address of its page."""
    file = SimpleUploadedFile("清河镇台账.csv", register(rows, head))
    answer = desk.post(reverse("institution-import"), {"file": file, "source": "registry", "code": office.COUNTY})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_from_the_upload_to_the_undoing(desk: Client) -> None:
    known = office.institution("第1养老院", uscc=uscc(1), n_beds=80)
    page = upload(desk, [row(1), row(2), row(2), row(3, beds="若干"), row(4, town="无此镇")])
    columns = desk.get(page).content.decode()
    assert "统一社会信用代码" in columns and 'value="n_beds" selected' in columns
    assert desk.post(f"{page}columns/", {"c-0-J": ""}).status_code == 302
    preview = desk.get(page)
    shown = preview.content.decode()
    assert preview.context["counts"] == {"new": 2, "update": 1, "skip": 1, "ask": 1, "problems": 4}
    assert "与第 3 行是同一家" in shown and "disabled" in shown
    assert "80张" in desk.get(f"{page}?kind=update").content.decode()
    assert "H5" in desk.get(f"{page}?kind=problems").content.decode()
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"{page}problems.xlsx").content))
    assert ("第 5 行", "H5", "床位数") in [line[:3] for line in book.active.iter_rows(values_only=True)]
    assert queries.seen(office.scope()).count() == 1
    assert desk.post(f"{page}confirm/").status_code == 409
    doubtful = [one.pk for one in preview.context["page"].object_list]
    assert desk.post(f"{page}decide/", {"pick": doubtful, "decision": "skip"}).status_code == 302
    assert desk.post(f"{page}confirm/").status_code == 302
    done = desk.get(page).content.decode()
    assert "新增 2 家，更新 1 家" in done
    known.refresh_from_db()
    facts = queries.facts_of(queries.version(known, known.n))
    assert facts["n_beds"] == 30 and facts["monthly_fee"] == 3000  # the fee's column was set aside
    assert desk.post(f"{page}drop/").status_code == 302
    assert "名单恢复到导入之前" in desk.get(page).content.decode()
    assert [one.pk for one in queries.seen(office.scope())] == [known.pk]
    assert "已撤销" in desk.get(reverse("institution-import")).content.decode()


def test_a_file_of_another_kind_is_refused_beside_the_field(desk: Client) -> None:
    file = SimpleUploadedFile("a.xlsx", b"%PDF-1.7")
    answer = desk.post(reverse("institution-import"), {"file": file, "source": "import", "code": office.COUNTY})
    assert answer.status_code == 422 and "PDF" in answer.content.decode()
    assert Batch.objects.count() == 0


def test_progress_refreshes_itself_and_a_stop_is_told(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = upload(desk, [row(1)])
    with monkeypatch.context() as patch:
        patch.setattr(actions, "stage_batch", lambda **_: None)
        desk.post(f"{page}columns/")
    waiting = desk.get(page).content.decode()
    assert "hx-get" in waiting and '<noscript><meta http-equiv="refresh"' in waiting
    part = desk.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "正在打开文件" in part and "<html" not in part
    Batch.objects.update(failure="停电了")
    stopped = desk.get(page).content.decode()
    assert "停电了" in stopped and "hx-get" not in stopped
    assert desk.get(page, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert desk.post(f"{page}resume/").status_code == 302
    assert Batch.objects.get().state == "preview"


def test_an_import_of_others_is_not_there(desk: Client, client: Client) -> None:
    page = upload(desk, [row(1)])
    other = Client()
    office.sit(other, office.post("task_force", office.TOWN))
    assert other.get(page).status_code == 404
    for step in ("columns/", "decide/", "confirm/", "drop/", "resume/"):
        assert other.post(f"{page}{step}").status_code == 404
    assert other.get(f"{page}problems.xlsx").status_code == 404
    assert "清河镇台账" not in other.get(reverse("institution-import")).content.decode()
    surveyor = Client()
    office.sit(surveyor, office.post("grid_worker", office.VILLAGE))
    assert surveyor.get(reverse("institution-import")).status_code == 404
