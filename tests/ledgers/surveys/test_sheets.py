"""Answer sheets: taken in once, compared, returned or accepted, and then frozen."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shouhu.engines.rules.facts import declared
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.actions import Conflict, revise
from shouhu.ledgers.institutions.models import Institution, Version
from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.surveys import actions, queries
from shouhu.ledgers.surveys.actions.rounds import RoundRefused
from shouhu.ledgers.surveys.actions.sheets import ReviewRefused, SheetRefused
from shouhu.ledgers.surveys.models import Sheet
from shouhu.ledgers.surveys.questionnaires import NOT_ASKED, BadAnswers, generated, questions
from shouhu.ledgers.units.models import Post, Tenure
from tests import office
from tests.ledgers.surveys import field

pytestmark = pytest.mark.django_db


def facts(institution: Institution) -> dict[str, Any]:
    institution.refresh_from_db()
    return institutions.facts_of(institutions.version(institution, institution.n))


def test_every_declared_fact_is_asked_once_or_said_by_the_sheet() -> None:
    content, digest = generated()
    asked = [question["name"] for question in questions(content)]
    assert sorted([*asked, *NOT_ASKED]) == sorted(declared())
    assert len(digest) == 64


def test_the_same_questions_are_one_questionnaire() -> None:
    assert field.opened().questionnaire == field.opened().questionnaire


def test_a_sheet_sent_twice_is_one_sheet() -> None:
    row = field.assigned(office.institution(filed="未备案"))
    one = field.submit(row, {"n_beds": 90})
    assert field.submit(row, {"n_beds": 90}) == one
    assert Sheet.objects.count() == Entry.objects.filter(verb="sheet.submitted").count() == 1
    with pytest.raises(SheetRefused, match="编号已被使用"):
        field.submit(row, {"n_beds": 90}, by=office.post("neighbourhood", office.VILLAGE))


@pytest.mark.parametrize(("answers", "why"), [
    ({"n_beds": -1}, "床位数：应填不小于0的整数"),
    ({"n_beds": 2.5}, "整数"),
    ({"n_beds": True}, "应填数字"),
    ({"monthly_fee": float("inf")}, "应填数字"),
    ({"stable": "是"}, "是”或“否"),
    ({"kind": "宾馆"}, "从所列各项中选"),
    ({"prosecuted": ["院长"]}, "应为投资人"),
    ({"related_companies": "有"}, "应填名单"),
    ({"surveyor": "某人"}, "没有这一项"),
    ({"name": " "}, "不能空着"),
])  # fmt: skip
def test_answers_that_do_not_fit_are_refused(answers: dict[str, Any], why: str) -> None:
    row = field.assigned(office.institution(filed="未备案"))
    with pytest.raises(BadAnswers, match=why):
        field.submit(row, answers)
    assert not Sheet.objects.exists()


def test_only_who_it_was_given_to_may_hand_in_and_only_while_open() -> None:
    row = field.assigned(office.institution(filed="未备案"))
    with pytest.raises(SheetRefused, match="不在您的排查任务里"):
        field.submit(row, {}, by=office.post("task_force", office.OTHER_TOWN))
    with pytest.raises(SheetRefused, match="不能晚于现在"):
        field.submit(row, {}, visited_at=office.AT + timedelta(minutes=1))
    sheet = field.submit(row, {"n_beds": 1})
    with pytest.raises(RoundRefused, match="1 份排查表待审"):
        actions.close_round(round_id=row.round_id, by=office.post(), at=office.AT)
    actions.return_sheet(sheet_id=sheet.pk, reason="床位数不对", by=office.post(), at=office.AT)
    actions.close_round(round_id=row.round_id, by=office.post(), at=office.AT)
    with pytest.raises(SheetRefused, match="已结束"):
        field.submit(row, {"n_beds": 2}, key=2)


def test_acceptance_makes_a_version_and_freezes_the_sheet() -> None:
    one = office.institution(filed="未备案", principal="张某某")
    sheet = field.submit(
        field.assigned(one), {"n_beds": 90, "stable": None, "principal": "李某某", "complained": ["机构"]}
    )
    assert "李某某" not in str(sheet.answers)
    version = actions.accept(sheet_id=sheet.pk, by=office.post(), at=office.AT)
    now = facts(one)
    assert (now["n_beds"], now.get("stable"), now["principal"], now["complained"]) == (90, None, "李某某", ("机构",))
    assert (now["surveyed_on"], now["survey_method"]) == (field.TODAY, "上门")
    assert (version.cause, version.reference) == ("survey", f"sheet/{sheet.pk}")
    assert version.origins["n_beds"] == ["survey", f"sheet/{sheet.pk}", field.TODAY.isoformat()]
    assert now["monthly_fee"] == 3000
    for act in (
        lambda: actions.accept(sheet_id=sheet.pk, by=office.post(), at=office.AT),
        lambda: actions.return_sheet(sheet_id=sheet.pk, reason="再看", by=office.post(), at=office.AT),
    ):
        with pytest.raises(ReviewRefused, match="已审核通过，不能再改"):
            act()


def test_a_later_edit_is_another_sheet() -> None:
    one = office.institution(filed="未备案")
    row = field.assigned(one)
    actions.accept(sheet_id=field.submit(row, {"n_beds": 90}).pk, by=office.post(), at=office.AT)
    second = field.submit(row, {"n_beds": 95}, key=2)
    assert (second.n, second.base) == (2, 2)
    actions.accept(sheet_id=second.pk, by=office.post(), at=office.AT)
    assert facts(one)["n_beds"] == 95
    assert Version.objects.filter(institution=one).count() == 3


def test_nobody_accepts_what_they_filled_in() -> None:
    row = field.assigned(office.institution(filed="未备案"))
    own = office.post("task_force", office.TOWN)
    second_post = Post.objects.create(code="second", title="兼任", role="campaign_office", unit=office.post().unit)
    Tenure.objects.create(post=second_post, person=own.tenures.get().person, from_on=date(2026, 1, 1))
    sheet = field.submit(row, {"n_beds": 90}, by=own)
    for by in (own, second_post):
        with pytest.raises(ReviewRefused, match="不能审核自己填报"):
            actions.accept(sheet_id=sheet.pk, by=by, at=office.AT)
    with pytest.raises(ReviewRefused, match="本辖区"):
        actions.accept(sheet_id=sheet.pk, by=office.post("task_force", office.OTHER_TOWN), at=office.AT)


def test_a_returned_sheet_needs_a_reason_and_can_be_handed_in_anew() -> None:
    row = field.assigned(office.institution(filed="未备案"))
    sheet = field.submit(row, {"n_beds": 9})
    with pytest.raises(ReviewRefused, match="原因"):
        actions.return_sheet(sheet_id=sheet.pk, reason=" ", by=office.post(), at=office.AT)
    with pytest.raises(IntegrityError, match="sheet_returned_with_reason"), transaction.atomic():
        Sheet.objects.filter(pk=sheet.pk).update(returned_at=office.AT, returned_by=office.post())
    actions.return_sheet(sheet_id=sheet.pk, reason="床位数少写一位", by=office.post(), at=office.AT)
    assert queries.mine(office.scope("task_force", office.TOWN)).get().state == "returned"
    field.submit(row, {"n_beds": 90}, key=2)
    assert queries.mine(office.scope("task_force", office.TOWN)).get().state == "waiting"


def test_handing_in_again_replaces_what_waits() -> None:
    row = field.assigned(office.institution(filed="未备案"))
    first = field.submit(row, {"n_beds": 80})
    second = field.submit(row, {"n_beds": 81}, key=2)
    assert list(queries.to_review(office.scope())) == [second]
    with pytest.raises(ReviewRefused, match="更新的一份"):
        actions.accept(sheet_id=first.pk, by=office.post(), at=office.AT)


def test_two_hands_on_one_institution_are_told_and_the_later_conflicts() -> None:
    one = office.institution(filed="未备案")
    row = field.assigned(one)
    village = office.post("neighbourhood", office.VILLAGE)
    first = field.submit(row, {"n_beds": 90, "stable": True})
    second = field.submit(row, {"n_beds": 70, "stable": True}, by=village, key=2)
    assert [told.sheet for told in queries.warnings(office.scope(), second)] == [first]
    actions.accept(sheet_id=first.pk, by=office.post(), at=office.AT)
    with pytest.raises(Conflict) as conflict:
        field.submit(row, {"n_beds": 60, "stable": True}, by=village, key=3, base=1)
    assert (conflict.value.theirs, conflict.value.mine) == ({"n_beds": 90}, {"n_beds": 60})
    assert Sheet.objects.count() == 2
    with pytest.raises(Conflict, match="床位数"):
        actions.accept(sheet_id=second.pk, by=office.post(), at=office.AT)
    changed = {change.name: change for change in queries.diff(queries.sheets(office.scope()).get(pk=second.pk))}
    assert changed["n_beds"].is_crossed and changed["n_beds"].old == 90 and changed["n_beds"].seen == 80
    actions.accept(sheet_id=second.pk, by=office.post(), at=office.AT, seen=2)
    assert facts(one)["n_beds"] == 70


def test_what_was_learnt_long_ago_and_not_asked_does_not_look_fresh() -> None:
    one = office.institution(filed="未备案", surveyed_on=date(2026, 3, 1), at=office.AT - timedelta(days=260))
    later = facts(one)
    revise(institution_id=one.pk, base=1, changes={"stable": False}, cause="edit", by=office.post(), at=office.AT)
    assert later["n_beds"] == 80
    sheet = field.submit(field.assigned(one), {"monthly_fee": 3100})
    actions.accept(sheet_id=sheet.pk, by=office.post(), at=office.AT)
    now = facts(one)
    assert (now["monthly_fee"], now["stable"], now["kind"]) == (3100, False, "养老机构")
    assert "n_beds" not in now and "suspected_crime" not in now


def test_far_from_the_place_is_told() -> None:
    one = office.institution(filed="未备案")
    Institution.objects.filter(pk=one.pk).update(latitude=30.0, longitude=120.0)
    row = field.assigned(one)
    sheet = field.submit(row, {}, point=(30.1, 120.0), n_asked=0)
    assert [told.says for told in queries.warnings(office.scope(), sheet)] == [
        "没有询问老人或其代理人",
        "填报位置离登记的地点约 11.1 公里",
    ]
