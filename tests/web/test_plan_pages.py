"""The pages of plans: uploaded, told of, looked through, bound, matched, listed, taken out as Word and as workbook."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document

from shouhu.ledgers.campaigns import actions, queries
from shouhu.ledgers.campaigns.models import Campaign, PlanItem, PlanPaper
from shouhu.ledgers.units.models import Post
from shouhu.web.views.plan import words
from shouhu.web.views.plan.review import pieces
from tests import office
from tests.ledgers.campaigns import plan_papers as plans
from tests.ledgers.campaigns.plan_papers import COLOURS, handed_in

pytestmark = pytest.mark.django_db
AT = office.AT


@pytest.fixture(autouse=True)
def at_once(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs run as soon as they are queued; it is AT."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    monkeypatch.setattr("shouhu.web.access.now", lambda: AT)


@pytest.fixture
def posts() -> dict[str, Post]:
    return plans.departments()


@pytest.fixture
def desk(client: Client, posts: dict[str, Post]) -> Client:
    return office.sit(client, posts["office"])


def uploaded(desk: Client, name: str, content: bytes, **more: Any) -> str:
    """This function will upload a plan, and give its page."""
    answer = desk.post(reverse("plan-upload"), {"file": SimpleUploadedFile(name, content), "campaign": "0", **more})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return desk.get(answer["Location"]).content.decode()


def campaign(posts: dict[str, Post]) -> Campaign:
    """This function will make a campaign from the district's template by the pages."""
    desk = office.sit(Client(), posts["office"])
    answer = desk.post(
        reverse("plan-template"),
        {"template": "district_colours", "place": "望澜区", "starts_on": "2026-11-20", "campaign": "0"},
    )
    paper = PlanPaper.objects.get()
    assert answer["Location"] == reverse("plan-page", args=[paper.pk])
    url = reverse("plan-bind", args=[paper.pk])
    form = {one.html_name: one.value() or "" for one in desk.get(url).context["form"]}
    form |= {"starts_on": "2026-11-20", "ends_on": "2027-05-19"}
    assert desk.post(url, {**form, "adopt": "1"}).status_code == 302
    return Campaign.objects.get()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("旧版.doc", "另存为"), ("文字.wps", "另存为"), ("坏了.docx", "重试"), ("图.png", "文字识别"), ("表.xlsx", "工作簿，不是方案"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why_and_what_to_do(desk: Client, name: str, wanted: str) -> None:
    page = uploaded(desk, name, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" if name.endswith(".doc") else b"x")
    assert "读不了" in page and wanted in page and "重新上传" in page


def test_a_distractor_is_told_to_be_no_plan(desk: Client) -> None:
    page = uploaded(desk, "演练.docx", plans.docx("drill_notice"))
    assert "这不是行动方案" in page and "演练方案" in page and "下一步" not in page


def test_of_a_collection_one_plan_is_chosen(desk: Client) -> None:
    page = uploaded(desk, "精选.docx", plans.docx("collection_three"))
    assert "请选定一份" in page and page.count("读这一份") == 3
    paper = PlanPaper.objects.get()
    answer = desk.post(reverse("plan-part", args=[paper.pk]), {"part": "2"}, follow=True)
    assert (paper.parts or [])[2][
        "title"
    ] in answer.content.decode() and "下一步：对应年度和单位" in answer.content.decode()


def test_a_file_that_is_empty_or_too_large_is_refused_beside_its_field(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shouhu.ledgers.campaigns.actions.reading.LARGEST", 10)
    answer = desk.post(reverse("plan-upload"), {"file": SimpleUploadedFile("大.docx", b"x" * 11), "campaign": "0"})
    assert (
        answer.status_code == 422 and "请只保留方案正文" in answer.content.decode() and not PlanPaper.objects.exists()
    )


def test_the_text_is_cut_where_items_begin_and_end(posts: dict[str, Post]) -> None:
    paper = handed_in(COLOURS, posts["office"])
    found = queries.items_of(paper)
    cut = list(pieces(paper.text, found))
    assert "".join(one.text for one in cut) == paper.text
    for item in found:
        said = "".join(one.text for one in cut if str(item.pk) in one.items.split())
        assert said == paper.text[item.start : item.stop]
    assert sorted(pk for one in cut for pk in one.begins) == sorted(one.pk for one in found)


def test_a_person_goes_through_the_items(desk: Client, posts: dict[str, Post]) -> None:
    paper = handed_in(COLOURS, posts["office"])
    page = reverse("plan-page", args=[paper.pk])
    report = paper.items.filter(kind="report").order_by("position")[0]
    url = reverse("plan-item", args=[paper.pk, report.pk])
    form = {
        one.html_name: one.value() or ""
        for one in desk.get(page, {"edit": report.pk}).context["kinds"][2]["rows"][0].form
    }
    assert form[f"i{report.pk}-every"] == "weekly" and form[f"i{report.pk}-on"] == "Wednesday"
    wrong = desk.post(url, {**form, f"i{report.pk}-on": "5th"})
    assert wrong.status_code == 422 and "每周的请选周几" in wrong.content.decode()
    assert desk.post(url, {**form, f"i{report.pk}-on": "Friday", f"i{report.pk}-at": "17:30"}).status_code == 302
    report.refresh_from_db()
    assert report.said["rule"] == "weekly Friday 17:30"
    assert desk.post(url, {"restore": "1"}).status_code == 302
    report.refresh_from_db()
    assert report.said == report.read
    desk.post(reverse("plan-keep", args=[paper.pk]), {"kind": "colour_rule", "keep": "0"})
    assert not paper.items.filter(kind="colour_rule", is_kept=True).exists()
    assert "已不采用全部评级条件" in desk.get(page).content.decode()
    desk.post(reverse("plan-undo", args=[paper.pk]))
    assert not paper.items.filter(is_kept=False).exists()
    empty = desk.post(reverse("plan-add", args=[paper.pk]), {"kind": "task"})
    assert empty.status_code == 422 and "这个字段是必填项" in empty.content.decode()
    added = {
        "kind": "task",
        "n-task-heading": "补充的任务",
        "n-task-owners": "区民政局，各镇街",
        "n-task-deadline": "6月底",
    }
    assert desk.post(reverse("plan-add", args=[paper.pk]), added).status_code == 302
    task = PlanItem.objects.get(paper=paper, read__isnull=True)
    assert (task.said["owners"], task.said["deadline"], task.start) == (["区民政局", "各镇街"], "XXXX-06-end", None)


def test_another_units_plan_shows_no_button(posts: dict[str, Post]) -> None:
    paper = handed_in(COLOURS, posts["office"])
    Campaign.objects.create(
        title="行动", code=office.COUNTY, ruleset_id="001", starts_on=AT.date(), ends_on=date(2027, 1, 1)
    )
    other = office.sit(Client(), posts["civil_affairs"])
    page = other.get(reverse("plan-page", args=[paper.pk])).content.decode()
    assert "镇街普查" in page and 'name="keep"' not in page and reverse("plan-bind", args=[paper.pk]) not in page
    refused = other.post(reverse("plan-keep", args=[paper.pk]), {"kind": "task", "keep": "0"})
    assert refused.status_code == 409 and "只能查看" in refused.content.decode()
    assert office.sit(Client(), posts["清河镇"]).get(reverse("plan-page", args=[paper.pk])).status_code == 404


def test_binding_is_prefilled_previewed_and_taken_back_without_loss(desk: Client, posts: dict[str, Post]) -> None:
    paper = handed_in(COLOURS, posts["office"])
    url = reverse("plan-bind", args=[paper.pk])
    first = desk.get(url)
    form = {one.html_name: one.value() or "" for one in first.context["form"]}
    assert (
        form["title"] == "石岚区养老服务机构诈骗风险排查整治" and form["year"] == 2026 and form["ruleset_id"] == "001"
    )
    preview = desk.post(url, {**form, "year": 2027, "starts_on": "2027-03-28", "ends_on": "2027-12-31"})
    shown = preview.content.decode()
    assert "清河镇工作专班、南渡镇工作专班" in shown and "2027-05-20" in shown and "区消防救援大队" in shown
    assert "预收费总额超过净资产" in shown and "一次性交费达月收费标准6倍以上" in shown
    assert not Campaign.objects.exists()
    kept = dict(preview.context["kept"])
    back = desk.post(url, {**kept, "back": "1"})
    assert back.status_code == 200 and 'value="2027"' in back.content.decode()
    wrong = desk.post(url, {**kept, "domain": "telecom_fraud"})
    assert wrong.status_code == 422 and "请选“不评级”" in wrong.content.decode() and not Campaign.objects.exists()
    done = desk.post(url, {**kept, "adopt": "1"})
    assert done["Location"] == reverse("campaign-page", args=[Campaign.objects.get().pk])
    assert desk.get(url)["Location"] == reverse("plan-page", args=[paper.pk])


def test_a_day_that_cannot_be_computed_stops_the_preview_with_a_link(desk: Client, posts: dict[str, Post]) -> None:
    paper = handed_in(COLOURS, posts["office"])
    task = paper.items.filter(kind="task")[0]
    actions.revise_item(item_id=task.pk, says={"deadline": "XXXX-02-29"}, by=posts["office"], at=AT)
    url = reverse("plan-bind", args=[paper.pk])
    form = {one.html_name: one.value() or "" for one in desk.get(url).context["form"]} | {"year": 2027}
    shown = desk.post(url, form).content.decode()
    assert "2027年2月没有29日" in shown and f"?edit={task.pk}#i-{task.pk}" in shown and 'name="adopt"' not in shown
    assert desk.post(url, {**form, "adopt": "1"}).status_code == 422 and not Campaign.objects.exists()


def test_a_towns_plan_is_matched_and_the_office_sees_the_gaps(posts: dict[str, Post]) -> None:
    led = campaign(posts)
    town = office.sit(Client(), posts["清河镇"])
    answer = town.post(
        reverse("plan-template"),
        {"template": "town_elder", "place": "清河镇", "starts_on": "2026-11-20", "campaign": led.pk},
    )
    page = town.get(answer["Location"]).content.decode()
    assert "下一步：对照任务" in page and "对应年度" not in page
    paper = PlanPaper.objects.get(campaign=led, is_leading=False)
    url = reverse("plan-match", args=[paper.pk])
    form = {one.html_name: one.value() or "" for one in town.get(url).context["form"]}
    left_out = next(name for name, value in form.items() if value)
    assert town.post(url, {**form, left_out: ""}).status_code == 302
    desk = office.sit(Client(), posts["office"])
    gaps = desk.get(reverse("plan-coverage", args=[led.pk]))
    rows = {one.unit.name: one for one in gaps.context["rows"]}
    assert rows["南渡镇工作专班"].papers == () and "还没有方案" in gaps.content.decode()
    assert left_out.removeprefix("t") in {str(one.pk) for one in rows["清河镇工作专班"].uncovered}
    own = office.sit(Client(), posts["南渡镇"]).get(reverse("plan-coverage", args=[led.pk])).content.decode()
    assert "上传子方案" in own and "清河镇工作专班" not in own


def test_a_town_without_a_campaign_is_told_what_comes_first(posts: dict[str, Post]) -> None:
    town = office.sit(Client(), posts["清河镇"])
    for route in ("plan-upload", "plan-template"):
        assert "还没有可以落实的专项行动" in town.get(reverse(route)).content.decode()


def test_the_list_narrows_sorts_and_is_taken_out_as_shown(desk: Client, posts: dict[str, Post]) -> None:
    empty = desk.get(reverse("plan-list")).content.decode()
    assert "还没有方案" in empty and reverse("plan-upload") in empty
    led = campaign(posts)
    for name in (COLOURS, "drill_notice"):
        handed_in(name, posts["office"])
    page = desk.get(reverse("plan-list"), {"state": "review"})
    assert [one.name for one in page.context["page"].object_list] == ["石岚区养老服务机构诈骗风险排查整治实施方案"]
    assert {chip["label"]: chip["count"] for chip in page.context["chips"]} == {
        "待核对": 1, "读取中、待选": 0, "已采用": 1, "不是方案或读不了": 1, "已放弃": 0,
    }  # fmt: skip
    assert led.title in desk.get(reverse("plan-list")).content.decode()
    book = openpyxl.load_workbook(
        io.BytesIO(desk.get(reverse("plan-export"), {"text": "石岚", "sort": "name"}).content)
    )
    lines = [line for line in book.active.iter_rows(values_only=True) if line[0]]
    assert any("石岚区养老服务机构" in str(line[0]) for line in lines) and any(
        "石岚" in str(line[0]) and "筛选" in str(line[0]) for line in lines
    )
    assert not any("望澜区打击" in str(line[0]) for line in lines)


def test_a_written_plan_is_taken_as_word_and_reads_alike_when_it_comes_back(
    desk: Client, posts: dict[str, Post]
) -> None:
    campaign(posts)
    paper = PlanPaper.objects.get()
    content = desk.get(reverse("plan-word-file", args=[paper.pk])).content
    written = "".join(one.text for one in Document(io.BytesIO(content)).paragraphs)
    assert "".join(written.split()) == "".join(paper.text.split())
    again = handed_in("again", posts["office"], content=content)
    for kind in ("phase", "task", "report", "annex", "colour_rule"):
        place = "no" if kind in ("task", "annex") else "where"
        assert [one[place] for one in plans.said(again, kind)] == [one[place] for one in plans.said(paper, kind)]
    given = desk.get(reverse("plan-file", args=[again.pk]))
    assert given.content == content and desk.get(reverse("plan-file", args=[paper.pk])).status_code == 404


def test_what_waits_is_in_the_work_list_of_the_unit_alone(posts: dict[str, Post]) -> None:
    handed_in(COLOURS, posts["office"])
    for name, n in (("office", 1), ("civil_affairs", 0)):
        page = office.sit(Client(), posts[name]).get(reverse("home-work"), {"room": "plan"}).content.decode()
        assert page.count("核对方案") == n


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("2026-05-26", "2026年5月26日"), ("XXXX-05-15", "5月15日"), ("XXXX-05", "5月"), ("XXXX-05-early", "5月上旬"), ("XXXX-05-mid", "5月中旬"),
        ("XXXX-06-end", "6月底"), ("即日", "即日"), ("2026-10", "2026年10月"),
    ],
)  # fmt: skip
def test_days_are_written_as_plans_do_and_read_back(said: str, printed: str) -> None:
    assert words.day(said) == printed and words.read_day(printed) == said


@pytest.mark.parametrize("wrong", ["哪天都行", "5月1日至6月1日", "13月", "2月30日", "5月中旬前"])
def test_what_is_no_day_is_not_guessed(wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        words.read_day(wrong)


@pytest.mark.parametrize(
    ("rule", "printed"),
    [
        ("weekly Tuesday 17:00", "每周 周二 17:00"), ("monthly 5th", "每月 5日"), ("monthly end", "每月 月底"),
        ("weekly", "每周"), ("regularly", "定期"),
        ("daily 16:00", "每日 16:00"), ("every ten days", "每旬"),
    ],
)  # fmt: skip
def test_reporting_rules_are_written_as_clerks_do(rule: str, printed: str) -> None:
    assert words.rule(rule) == printed
