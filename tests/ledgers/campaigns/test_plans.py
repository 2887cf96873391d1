"""From a plan's file to a campaign: read, looked through, bound, adopted; each refused where it may not be."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from shouhu.engines.plans import reader
from shouhu.ledgers.campaigns import actions, drafting, queries
from shouhu.ledgers.campaigns.actions import CampaignRefused, PlanRefused
from shouhu.ledgers.campaigns.drafting import Terms
from shouhu.ledgers.campaigns.models import ITEM_KINDS, Campaign, Duty, PlanPaper, Task
from shouhu.ledgers.campaigns.owning import UNNAMED, meant, proposed
from shouhu.ledgers.journal.models import Entry
from tests import office
from tests.ledgers.campaigns import plan_papers as plans
from tests.ledgers.campaigns.plan_papers import COLOURS, DISTRICT, GOLD, TELECOM, handed_in, said

pytestmark = pytest.mark.django_db
AT = office.AT


def terms(paper: PlanPaper, **more: Any) -> Terms:
    """This function will give what the desk would fill in for a plan of next year."""
    kept = queries.items_of(paper)
    units = queries.candidates(office.COUNTY)
    assert paper.proposal
    given: dict[str, Any] = {
        "title": paper.name[:80], "domain": "elder_care", "ruleset_id": "001", "year": 2027, "starts_on": date(2027, 3, 28),
        "ends_on": date(2027, 12, 31), "owners": {name: meant(proposed(name, units), units) for name in drafting.printed_owners(kept)},
    }  # fmt: skip
    return Terms(**{**given, **more})


def adopted(name: str = COLOURS, **more: Any) -> Campaign:
    """This function will make a campaign of a plan."""
    paper = handed_in(name, office.post())
    return actions.adopt(paper_id=paper.pk, terms=terms(paper, **more), by=office.post(), at=AT)


# --- reading ---------------------------------------------------------------------------------------------------------


def test_a_word_file_is_read_into_the_items_that_the_reader_finds() -> None:
    paper = handed_in(COLOURS, office.post())
    right = json.loads((GOLD / f"{COLOURS}.json").read_text("utf-8"))
    assert paper.state == "review" and paper.name == right["title"]
    assert [one["name"] for one in said(paper, "phase")] == [one["name"] for one in right["phases"]]
    assert [one["heading"] for one in said(paper, "task")] == [one["heading"] for one in right["tasks"]]
    assert {one.kind for one in paper.items.all()} == set(ITEM_KINDS)
    for one in paper.items.exclude(start=None):
        assert 0 <= one.start < one.stop <= len(paper.text)  # type: ignore[operator]
    task = paper.items.get(kind="task", said__heading="镇街普查")
    assert "镇街普查" in paper.text[task.start : task.stop]


def test_of_several_plans_one_is_chosen() -> None:
    paper = handed_in("collection_three", office.post())
    titles = json.loads((GOLD / "collection_three.json").read_text("utf-8"))["plans"]
    parts = paper.parts or []
    assert paper.state == "choosing" and [one["title"] for one in parts] == titles and not paper.items.exists()
    with pytest.raises(PlanRefused):
        actions.choose_part(paper_id=paper.pk, part=3, by=office.post(), at=AT)
    actions.choose_part(paper_id=paper.pk, part=1, by=office.post(), at=AT)
    paper = actions.read_paper(paper_id=paper.pk, at=AT)
    assert paper.name == parts[1]["title"]
    assert paper.items.filter(kind="task").count() == parts[1]["n_tasks"]


@pytest.mark.parametrize("name", ["drill_notice", "class_meeting", "summary", "news", "lecture", "contract_template"])
def test_a_distractor_is_no_plan_and_makes_nothing(name: str) -> None:
    paper = handed_in(name, office.post())
    assert paper.state == "other" and not paper.items.exists()
    with pytest.raises(PlanRefused):
        actions.adopt(paper_id=paper.pk, terms=terms(paper), by=office.post(), at=AT)


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        (".doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99)), (".wps", b"x"), (".docx", b"PK\x03\x04damaged"),
        (".pdf", b"%PDF-1.7 damaged"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_what_to_do(ending: str, content: bytes) -> None:
    paper = actions.hand_in(
        content=content, name=f"方案{ending}", token=f"{len(content):032x}", campaign_id=None, by=office.post(), at=AT
    )
    with pytest.raises(PlanRefused, match=r"重试|另存"):
        actions.read_paper(paper_id=paper.pk, at=AT)
    actions.fail_reading(paper_id=paper.pk, why="读不了")
    paper.refresh_from_db()
    assert paper.state == "failed"


def test_it_is_read_once() -> None:
    paper = handed_in(COLOURS, office.post())
    with pytest.raises(PlanRefused, match="已经读过"):
        actions.read_paper(paper_id=paper.pk, at=AT)


# --- items -----------------------------------------------------------------------------------------------------------


def test_items_are_revised_restored_added_and_left_out_until_the_plan_is_adopted() -> None:
    by = office.post()
    paper = handed_in(COLOURS, by)
    task = paper.items.filter(kind="task").order_by("position")[1]
    actions.revise_item(item_id=task.pk, says={"deadline": "XXXX-06-20", "owners": ["区民政局"]}, by=by, at=AT)
    task.refresh_from_db()
    assert task.said["deadline"] == "XXXX-06-20" and task.said != task.read and task.decided_by == by
    actions.restore_item(item_id=task.pk, by=by, at=AT)
    task.refresh_from_db()
    assert task.said == task.read and task.decided_at is None
    with pytest.raises(PlanRefused, match="名称"):
        actions.revise_item(item_id=task.pk, says={"heading": " "}, by=by, at=AT)
    added = actions.add_item(paper_id=paper.pk, kind="task", says={"heading": "补一项"}, by=by, at=AT)
    with pytest.raises(PlanRefused, match="补充的"):
        actions.restore_item(item_id=added.pk, by=by, at=AT)
    every = [one.pk for one in paper.items.filter(kind="measure")]
    former = actions.keep_items(paper_id=paper.pk, item_ids=every, is_kept=False, by=by, at=AT)
    assert set(former) == set(every) and not paper.items.filter(kind="measure", is_kept=True).exists()
    assert actions.put_back_items(former=former, by=by, at=AT) == len(every)
    assert not paper.items.filter(kind="measure", is_kept=False).exists()
    actions.adopt(paper_id=paper.pk, terms=terms(paper), by=by, at=AT)
    with pytest.raises(PlanRefused, match="不能再修改"):
        actions.revise_item(item_id=task.pk, says={"heading": "改"}, by=by, at=AT)


def test_another_units_plan_is_only_looked_at() -> None:
    paper = handed_in(COLOURS, office.post())
    other = office.post("task_force", office.TOWN)
    item = paper.items.all()[0]
    acts: list[Callable[[], Any]] = [
        lambda: actions.revise_item(item_id=item.pk, says={}, by=other, at=AT),
        lambda: actions.keep_items(paper_id=paper.pk, item_ids=[item.pk], is_kept=False, by=other, at=AT),
        lambda: actions.add_item(paper_id=paper.pk, kind="task", says={"heading": "x"}, by=other, at=AT),
        lambda: actions.drop_paper(paper_id=paper.pk, by=other, at=AT),
        lambda: actions.adopt(paper_id=paper.pk, terms=terms(paper), by=other, at=AT),
        lambda: actions.hand_in(content=b"x", name="a.txt", token="0" * 32, campaign_id=None, by=other, at=AT),
    ]
    for act in acts:
        with pytest.raises(PlanRefused):
            act()
    with pytest.raises(PlanRefused, match="承办岗"):
        actions.drop_paper(paper_id=paper.pk, by=office.post("leader"), at=AT)


def test_a_plan_given_up_can_be_taken_up_again() -> None:
    by = office.post()
    paper = handed_in(COLOURS, by)
    assert actions.drop_paper(paper_id=paper.pk, by=by, at=AT).state == "dropped"
    assert actions.take_back_drop(paper_id=paper.pk, by=by, at=AT).state == "review"


# --- adopting --------------------------------------------------------------------------------------------------------


def test_the_campaign_has_what_the_plan_says() -> None:
    posts = plans.departments()
    campaign = adopted()
    right = json.loads((GOLD / f"{COLOURS}.json").read_text("utf-8"))
    phases = {one.name: (one.starts_on, one.ends_on) for one in campaign.phases.all()}
    assert phases == {
        "部署阶段": (date(2027, 3, 28), date(2027, 4, 5)), "排查阶段": (date(2027, 4, 6), date(2027, 6, 10)),
        "整治阶段": (date(2027, 5, 11), date(2027, 9, 30)), "验收阶段": (date(2027, 10, 1), date(2027, 10, 10)),
    }  # fmt: skip
    assert campaign.tasks.count() == len(right["tasks"])
    due = {one.title: one.due_on for one in campaign.tasks.exclude(due_on=None)}
    assert due == {
        "机构自查": date(2027, 4, 12),
        "镇街普查": date(2027, 5, 20),
        "部门抽查": date(2027, 6, 10),
        "无证清零": date(2027, 8, 31),
    }
    towns = {posts["清河镇"].unit_id, posts["南渡镇"].unit_id}
    survey = campaign.tasks.get(title="镇街普查")
    assert set(survey.duties.values_list("unit", flat=True)) == towns and "5月中旬的最后一天" in survey.due_how
    joint = campaign.tasks.get(title="部门抽查").duties.all()
    assert {one.unit_id for one in joint} == {posts["civil_affairs"].unit_id, posts["market_regulation"].unit_id, None}
    assert [one.printed for one in joint if one.unit_id is None] == ["区消防救援大队"]
    assert [one.unit_id for one in joint if one.is_lead] == [posts["civil_affairs"].unit_id]
    assert set(campaign.report_rules.values_list("what", "rule")) == {
        (one["what"], one["rule"]) for one in right["recurring_reports"]
    }
    assert [one.name for one in campaign.bodies.all()] == [one["name"] for one in right["bodies"]]
    paper = campaign.papers.get()
    assert paper.state == "adopted" and paper.is_leading
    assert list(Entry.objects.order_by("seq").values_list("verb", flat=True))[-2:] == [
        "campaign.opened",
        "plan.adopted",
    ]


def test_what_is_left_out_is_not_made_and_what_was_added_is() -> None:
    by = office.post()
    paper = handed_in(DISTRICT, by)
    phases = [one.pk for one in paper.items.filter(kind="phase")]
    actions.keep_items(paper_id=paper.pk, item_ids=phases, is_kept=False, by=by, at=AT)
    actions.add_item(
        paper_id=paper.pk, kind="phase", says={"name": "全程", "start": "即日", "duration": "半年"}, by=by, at=AT
    )
    campaign = actions.adopt(paper_id=paper.pk, terms=terms(paper), by=by, at=AT)
    assert [(one.name, one.starts_on, one.ends_on) for one in campaign.phases.all()] == [
        ("全程", date(2027, 3, 28), date(2027, 9, 27))
    ]


def test_nothing_is_half_made() -> None:
    by = office.post()
    paper = handed_in(COLOURS, by)
    task = paper.items.filter(kind="task")[0]
    actions.revise_item(item_id=task.pk, says={"deadline": "XXXX-02-29"}, by=by, at=AT)
    with pytest.raises(PlanRefused, match="没有29日"):
        actions.adopt(paper_id=paper.pk, terms=terms(paper), by=by, at=AT)
    actions.restore_item(item_id=task.pk, by=by, at=AT)
    with pytest.raises(CampaignRefused):
        actions.adopt(paper_id=paper.pk, terms=terms(paper, ruleset_id="003"), by=by, at=AT)
    assert not Campaign.objects.exists() and not Task.objects.exists() and not Duty.objects.exists()


def test_two_campaigns_run_beside_each_other_and_the_second_of_a_kind_is_refused() -> None:
    plans.departments()
    elder = adopted()
    telecom = adopted(TELECOM, domain="telecom_fraud", ruleset_id="")
    assert {elder.domain, telecom.domain} == {"elder_care", "telecom_fraud"} and telecom.ruleset_id == ""
    assert queries.current(office.scope()) == elder
    with pytest.raises(CampaignRefused, match="时间重叠"):
        adopted(DISTRICT)


def test_days_without_a_year_go_on_over_the_new_year() -> None:
    text = (
        "望澜区防范养老诈骗专项行动工作方案\n一、工作任务\n（一）开展宣传。各镇街走访老年人，2月底前完成。\n"
        "二、实施步骤\n（一）动员阶段（11月1日至12月20日）。部署任务。\n（二）整治阶段（12月21日至2月10日）。开展检查。\n"
        "（三）总结阶段（2月11日至3月31日）。总结经验。\n"
    )
    paper = handed_in("cross", office.post(), content=plans.written(text))
    kept = queries.items_of(paper)
    assert paper.proposal
    term = drafting.usual_term(kept, paper.proposal["period"], 2026, AT.date(), queries.calendar())
    assert term == (date(2026, 11, 1), date(2027, 3, 31))
    draft = drafting.drafted(kept, terms(paper, year=2026, starts_on=term[0], ends_on=term[1]), queries.calendar())
    assert [(one.starts_on, one.ends_on) for one in draft.phases] == [
        (date(2026, 11, 1), date(2026, 12, 20)), (date(2026, 12, 21), date(2027, 2, 10)), (date(2027, 2, 11), date(2027, 3, 31)),
    ]  # fmt: skip
    assert next(one.due_on for one in draft.tasks if one.title == "开展宣传") == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [
        ("区民政局", "望澜区民政局"), ("民政部门", "望澜区民政局"), ("区市场监管局", "望澜区市场监督管理局"), ("公安机关", "望澜区公安分局"),
        ("派出所", "望澜区公安分局"), ("区委政法委", "望澜区政法委"), ("清河镇", ""), ("区气象局", ""), ("各镇（街道）", "task_force"),
        ("各乡镇人民政府", "task_force"), ("属地镇街", "task_force"), ("各区镇、街道民政部门", "task_force"),
        ("各成员单位", "member_unit"), ("各有关部门", "member_unit"),
        (UNNAMED, ""),
    ],
)  # fmt: skip
def test_owners_are_found_by_name_and_by_what_they_do(printed: str, wanted: str) -> None:
    plans.departments()
    units = queries.candidates(office.COUNTY)
    key = proposed(printed, units)
    assert next((one.name for one in units if one.key == key), key) == wanted


@pytest.mark.sources
@pytest.mark.parametrize("name", ["001", "003"])
def test_the_two_given_plans_become_campaigns(name: str) -> None:
    from tests.conftest import SOURCES

    text = (SOURCES / f"{name}.txt").read_text("utf-8")
    right = reader.read_text(text)
    plans.departments()
    paper = handed_in(name, office.post(), content=plans.written(text))
    campaign = actions.adopt(paper_id=paper.pk, terms=terms(paper), by=office.post(), at=AT)
    assert campaign.tasks.count() == len(right.tasks) and campaign.phases.count() == len(right.phases)
    assert campaign.report_rules.count() == len(right.recurring_reports)
    assert Duty.objects.filter(task__campaign=campaign).exclude(unit=None).exists()
