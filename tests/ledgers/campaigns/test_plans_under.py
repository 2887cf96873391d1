"""Plans under a campaign: matched by likeness, confirmed by a person, gaps told; and the templates that plans begin with."""

from __future__ import annotations

from datetime import date

import pytest

from shouhu.engines.plans import likeness
from shouhu.ledgers.campaigns import actions, drafting, queries
from shouhu.ledgers.campaigns.actions import PlanRefused
from shouhu.ledgers.campaigns.drafting import Terms
from shouhu.ledgers.campaigns.models import Campaign, Cover, PlanPaper
from shouhu.ledgers.campaigns.owning import meant, proposed
from shouhu.ledgers.campaigns.templates import templates
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.scope import Scope
from tests import office
from tests.ledgers.campaigns import plan_papers as plans

pytestmark = pytest.mark.django_db
AT = office.AT
FIRST = date(2026, 11, 20)


@pytest.fixture
def posts() -> dict[str, Post]:
    return plans.departments()


@pytest.fixture
def campaign(posts: dict[str, Post]) -> Campaign:
    """A campaign from the district's template."""
    by = posts["office"]
    paper = actions.write_paper(
        template_id="district_colours", place="望澜区", starts_on=FIRST, campaign_id=None, by=by, at=AT
    )
    kept, units = queries.items_of(paper), queries.candidates(office.COUNTY)
    owners = {name: meant(proposed(name, units), units) for name in drafting.printed_owners(kept)}
    terms = Terms(paper.name, "elder_care", "001", 2026, FIRST, date(2027, 5, 19), owners)
    return actions.adopt(paper_id=paper.pk, terms=terms, by=by, at=AT)


def town_paper(campaign: Campaign, by: Post) -> PlanPaper:
    """This function will write a town's plan from its template under a campaign."""
    return actions.write_paper(
        template_id="town_elder", place="清河镇", starts_on=FIRST, campaign_id=campaign.pk, by=by, at=AT
    )


def test_likely_items_are_proposed_for_what_a_town_owes(campaign: Campaign, posts: dict[str, Post]) -> None:
    paper = town_paper(campaign, posts["清河镇"])
    tasks = queries.owed(paper.unit, campaign)
    own = [one for one in queries.items_of(paper) if one.kind == "task"]
    likely = queries.likely_covers(tasks, own)
    named = {one.pk: one.said["heading"] for one in own}
    pairs = {task.title: named[likely[task.pk]] for task in tasks if task.pk in likely}
    assert pairs["进机构宣传"] == "开展进机构宣传"
    assert pairs["签订承诺"] == "签订承诺和告知"
    assert pairs["全面上门排查"] == "上门排查机构和场所"
    assert pairs["清零未登记场所"] == "包干清零"


def test_a_sub_plan_is_confirmed_and_its_gaps_are_told(campaign: Campaign, posts: dict[str, Post]) -> None:
    by = posts["清河镇"]
    paper = town_paper(campaign, by)
    tasks = queries.owed(paper.unit, campaign)
    own = [one for one in queries.items_of(paper) if one.kind == "task"]
    pairs = queries.likely_covers(tasks, own)
    first, *rest = pairs
    actions.cover(paper_id=paper.pk, pairs={task: pairs[task] for task in rest}, by=by, at=AT)
    rows = {one.unit: one for one in queries.coverage(office.scope(), campaign)}
    town = rows[by.unit]
    assert [one.pk for one in town.papers] == [paper.pk] and first in {one.pk for one in town.uncovered}
    assert {one.pk for one in town.owed} - {one.pk for one in town.uncovered} == set(rest)
    assert rows[posts["南渡镇"].unit].papers == () and posts["office"].unit not in rows
    actions.cover(paper_id=paper.pk, pairs=pairs, by=by, at=AT)  # … and matched anew
    assert queries.covers(paper) == pairs
    actions.cover(paper_id=paper.pk, pairs={}, by=by, at=AT)
    assert not Cover.objects.exists()
    assert [one.unit for one in queries.coverage(Scope.of(by), campaign)] == [by.unit]


def test_only_what_the_unit_owes_and_its_plan_says_can_be_matched(campaign: Campaign, posts: dict[str, Post]) -> None:
    by = posts["清河镇"]
    paper = town_paper(campaign, by)
    tasks = {one.pk for one in queries.owed(paper.unit, campaign)}
    item = next(one for one in queries.items_of(paper) if one.kind == "task")
    foreign = campaign.tasks.exclude(pk__in=tasks)[0]
    with pytest.raises(PlanRefused, match="重新对照"):
        actions.cover(paper_id=paper.pk, pairs={foreign.pk: item.pk}, by=by, at=AT)
    actions.keep_items(paper_id=paper.pk, item_ids=[item.pk], is_kept=False, by=by, at=AT)
    with pytest.raises(PlanRefused, match="重新对照"):
        actions.cover(paper_id=paper.pk, pairs={min(tasks): item.pk}, by=by, at=AT)
    with pytest.raises(PlanRefused, match="只能查看"):
        actions.cover(paper_id=paper.pk, pairs={}, by=posts["南渡镇"], at=AT)
    terms = Terms("子方案", "elder_care", "001", 2026, FIRST, FIRST, {})
    with pytest.raises(PlanRefused, match="不能用来建立"):
        actions.adopt(paper_id=paper.pk, terms=terms, by=by, at=AT)


def test_a_plan_hangs_only_under_a_campaign_of_its_own_division_or_one_above(
    campaign: Campaign, posts: dict[str, Post]
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(code="990103000000")
    with pytest.raises(PlanRefused, match="本级或上级"):
        town_paper(campaign, posts["清河镇"])


def test_who_sees_which_plans(campaign: Campaign, posts: dict[str, Post]) -> None:
    paper = town_paper(campaign, posts["清河镇"])
    leading = campaign.papers.get(is_leading=True)

    def seen(name: str) -> set[int]:
        return set(queries.papers(Scope.of(posts[name])).values_list("pk", flat=True))

    assert seen("office") == {paper.pk, leading.pk}
    assert seen("清河镇") == {paper.pk, leading.pk}
    assert seen("南渡镇") == {leading.pk}
    assert set(queries.waiting_papers(Scope.of(posts["清河镇"]))) == {paper}


def test_likeness_is_of_words_and_not_of_length() -> None:
    tasks = ["对养老机构上门排查，核对收费方式", "在公告栏张贴举报方式"]
    scores = likeness.scores(tasks, ["在村口公告栏张贴举报电话", "上门排查养老机构的收费方式", ""])
    assert max(range(3), key=lambda at: scores[0][at]) == 1 and max(range(3), key=lambda at: scores[1][at]) == 0
    assert scores[0][2] == scores[1][2] == 0
    assert likeness.scores(["完全一样的话"], ["完全一样的话", "毫不相干"]) == [[pytest.approx(1.0), 0.0]]
    assert likeness.scores(tasks, []) == [[], []]


@pytest.mark.parametrize("name", list(templates()))
def test_every_template_reads_as_a_plan_with_days_owners_and_reports(name: str) -> None:
    template = templates()[name]
    by = office.post()
    paper = actions.write_paper(template_id=name, place="望澜区", starts_on=FIRST, campaign_id=None, by=by, at=AT)
    assert paper.state == "review" and paper.proposal and paper.proposal["domain"] == template.domain
    assert "{" not in paper.text and by.unit.name in paper.text
    items = queries.items_of(paper)
    phases = [one.said for one in items if one.kind == "phase"]
    assert len(phases) == 3 and all(one["start"] and one["end"] for one in phases)
    tasks = [one.said for one in items if one.kind == "task"]
    assert len(tasks) >= 9 and sum(bool(one["deadline"]) for one in tasks) >= 3
    assert [one for one in items if one.kind == "report"] and [one for one in items if one.kind == "annex"]
    assert paper.proposal["phases"][-1]["end"] == f"{date.fromordinal(FIRST.toordinal() + template.n_days)}"
    assert {one.said["colour"] for one in items if one.kind == "colour_rule"} in (
        {"red", "orange", "yellow", "green"},
        set(),
    )


def test_a_template_needs_a_place() -> None:
    with pytest.raises(PlanRefused, match="地区名称"):
        actions.write_paper(
            template_id="publicity_month", place=" ", starts_on=FIRST, campaign_id=None, by=office.post(), at=AT
        )
    with pytest.raises(PlanRefused, match="样本"):
        actions.write_paper(
            template_id="other", place="望澜区", starts_on=FIRST, campaign_id=None, by=office.post(), at=AT
        )
