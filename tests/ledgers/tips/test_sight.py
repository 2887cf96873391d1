"""Who sees what: nothing before it was read, nothing of whom it names, the copy only for those who do not sort."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from shouhu.engines.text import screening
from shouhu.figures.news import news
from shouhu.ledgers.tips import actions, alike, queries
from shouhu.ledgers.tips.actions import Incomplete, NotThere, NotYours
from shouhu.ledgers.tips.models import Bar, Tip
from shouhu.ledgers.units.models import Post, Tenure, Unit
from shouhu.ledgers.units.rights import roles
from shouhu.ledgers.units.scope import Scope
from tests import office
from tests.ledgers.tips import way
from tests.ledgers.tips.way import COPY, DAY, TEXT, chief, fresh, second, step, told, until, worker

pytestmark = pytest.mark.django_db
CITY = "990100000000"
FAR = "990103000000"


def sees(post: Post, tip: Tip) -> bool:
    """This function will tell whether a post finds a tip anywhere, and see that every way in agrees."""
    scope = Scope.of(post)
    found = queries.one(scope, tip.pk) is not None
    everything = queries.Filters(DAY, post, show="all", text=tip.number)
    assert queries.narrowed(queries.seen(scope), everything).filter(pk=tip.pk).exists() is found
    assert queries.transfers(scope).filter(tip=tip).exists() is (found and tip.transfers.exists())
    assert (queries.counts(scope, DAY)["all"] > 0) is found  # there is one tip only
    assert found or not [
        one for one in news(scope, office.AT - timedelta(1), office.AT + timedelta(1)) if "tip" in one.kind
    ]
    return found


def test_nobody_sees_a_tip_before_it_was_read() -> None:
    tip = told().tip
    everybody = [office.post(role) for role in roles() if role != "institution"]
    assert not any(sees(post, tip) for post in everybody)
    assert actions.read_new(at=office.AT) == 1
    assert actions.read_new(at=office.AT) == 0
    assert {post.role for post in everybody if sees(post, tip)} == {"campaign_office", "analyst", "leader"}


def test_range_for_the_office_and_own_tips_for_units() -> None:
    tip = until("verifying", fresh(code=office.VILLAGE))
    assert sees(office.post("campaign_office", CITY), tip)
    assert sees(office.post("campaign_office", office.TOWN), tip)
    assert not sees(office.post("campaign_office", office.OTHER_TOWN), tip)
    assert not sees(office.post("campaign_office", FAR), tip)
    assert sees(worker(), tip)
    for role in (
        "task_force",
        "member_unit",
        "neighbourhood",
        "grid_worker",
        "confidential",
        "administrator",
        "auditor",
    ):
        assert not sees(office.post(role, office.TOWN), tip)
    until("archived", tip)
    tip.refresh_from_db()
    assert sees(worker(), tip)  # it was the last to have it


def test_units_read_the_copy_and_those_who_sort_the_words() -> None:
    tip = until("verifying", fresh(told={"named": "安康养老院", "teller": "女儿"}))
    assert queries.words(Scope.of(chief()), tip).text == TEXT
    assert queries.words(Scope.of(chief()), tip).told["teller"] == "女儿"
    for post in (worker(), office.post("leader")):
        shown = queries.words(Scope.of(post), tip)
        assert (shown.text, shown.is_original, shown.told) == (COPY, False, {})
        assert queries.similar_to(Scope.of(post), tip) == []
        assert queries.linkable(Scope.of(post), tip) == []
    step(tip, "recopy", copy="更新后的文本")
    tip.refresh_from_db()
    assert queries.words(Scope.of(worker()), tip).text == "更新后的文本"


def test_the_machine_suggests_and_masks() -> None:
    tip = fresh(is_urgent=False)
    assert tip.reading and {"reasons", "types", "found"} <= set(tip.reading)
    assert all(TEXT[one["start"] : one["end"]] for one in tip.reading["found"])
    assert "13800138000" not in tip.copy
    assert (tip.guise, tip.scheme) != ("", "")


def test_a_text_that_the_engine_cannot_read_comes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = screening.screen_many

    def broken(texts: Any, registers: Any) -> Any:
        if "坏" in "".join(texts):
            raise ValueError("cannot")
        return whole(texts, registers)

    bad, good = told("坏的文字").tip, told().tip
    monkeypatch.setattr(screening, "screen_many", broken)
    assert actions.read_new(at=office.AT) == 2
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.reading, bad.read_at, good.reading is None) == (None, office.AT, False)
    assert any("没能读取" in one for one in queries.warnings(Scope.of(chief()), bad))


# --- whom it names


def unit(name: str, role: str = "member_unit", code: str = office.COUNTY, holder: str = "") -> Post:
    """This function will give a post at a unit of this name."""
    office.divisions()
    made = Unit.objects.create(code=code, name=name, kind="other")
    post = Post.objects.create(code=f"U-{made.pk}", title="经办", role=role, unit=made)
    held = office.post("neighbourhood", holder=holder or f"在{name}的人")  # any post: for the person
    Tenure.objects.create(post=post, person=held.tenures.get(to_on=None).person, from_on=date(2026, 1, 1))
    return post


def test_units_and_people_that_it_names_never_see_it() -> None:
    civil, police = unit("望澜区民政局"), unit("清河镇派出所", code=office.TOWN, holder="孙小伟")
    tip = fresh("望澜区民政局收了好处，派出所的 孙小伟 也不管，我向派出所报过案")
    assert {(one.unit, one.post) for one in queries.bars(tip)} >= {(civil.unit, None), (None, police)}
    for post in (civil, police):
        assert not sees(post, tip)
    step(tip, "triage")
    for post in (civil, police):
        with pytest.raises(Incomplete, match="回避"), transaction.atomic():
            step(tip, "assign", unit_id=post.unit_id)
        with pytest.raises(Incomplete, match="回避"), transaction.atomic():
            step(tip, "assign", unit_id=post.unit_id, handler_id=post.pk)


def test_what_is_only_mentioned_is_not_barred() -> None:
    police = [
        unit(f"{place}派出所", code=code) for place, code in (("清河镇", office.TOWN), ("南渡镇", office.OTHER_TOWN))
    ]
    civil = unit("望澜区民政局")
    assert not queries.bars(fresh("我向派出所和民政局都反映过，没人管")).exists()
    accused = fresh("不方便说", told={"named": "民政局的人，还有派出所"})
    assert [one.unit for one in queries.bars(accused)] == [civil.unit]  # one 民政局, but several 派出所
    assert all(not sees_any(post) for post in police)


def sees_any(post: Post) -> bool:
    """This function will tell whether a post sees any tip at all."""
    return queries.seen(Scope.of(post)).exists()


def test_the_words_may_be_spread_or_in_what_is_told_besides() -> None:
    civil = unit("望澜区民政局")
    assert [one.unit for one in queries.bars(fresh("望澜区 民 政 局 收钱"))] == [civil.unit]
    assert [one.unit for one in queries.bars(fresh("收钱的事", told={"place": "望澜区民政局楼下"}))] == [civil.unit]


def test_a_bar_is_lifted_with_a_reason_and_reading_does_not_set_it_again() -> None:
    civil = unit("望澜区民政局")
    taken = told("望澜区民政局早就提醒过大家")
    actions.read_new(at=office.AT)
    held = Bar.objects.get(tip=taken.tip)
    with pytest.raises(Incomplete):
        actions.unbar(bar_id=held.pk, why=" ", by=chief(), at=office.AT)
    with pytest.raises(NotThere):
        actions.unbar(bar_id=held.pk, why="我们没问题", by=civil, at=office.AT)
    actions.unbar(bar_id=held.pk, why="只是提到", by=chief(), at=office.AT)
    actions.add(receipt=taken.receipt, key=way.key(), text="望澜区民政局提醒过我们", at=office.AT)
    assert not queries.bars(taken.tip).exists()
    actions.bar(tip_id=taken.tip.pk, unit_id=civil.unit_id, post_id=None, by=chief(), at=office.AT)
    assert queries.bars(taken.tip).get().set_by == chief()


def test_barred_while_it_has_the_tip_it_loses_it() -> None:
    tip = until("verifying")
    step(tip, "bar")
    tip.refresh_from_db()
    assert (tip.state, tip.unit, tip.handler) == ("triaged", chief().unit, None)
    assert not sees(worker(), tip)
    other = fresh("另一条")
    Tip.objects.exclude(pk=tip.pk).get(pk=other.pk)
    tip2 = until("assigned", other)
    step(tip2, "bar", unit_id=None, post_id=worker().pk)  # the only one there
    tip2.refresh_from_db()
    assert (tip2.state, tip2.unit) == ("triaged", chief().unit)


def test_what_the_informant_adds_bars_at_once() -> None:
    taken = told()
    actions.read_new(at=office.AT)
    tip = until("verifying", Tip.objects.get(pk=taken.tip.pk))
    actions.add(
        receipt=taken.receipt, key=way.key(), text=f"忘了说，{worker().unit.name}的钱承办收了他们的钱", at=office.AT
    )
    tip.refresh_from_db()
    assert (tip.state, tip.unit) == ("triaged", chief().unit)
    assert not sees(worker(), tip)


def test_a_tip_that_names_the_office_goes_to_the_one_above() -> None:
    city = office.post("campaign_office", CITY)
    tip = fresh(f"{chief().unit.name}不作为")
    assert (tip.unit, tip.state) == (city.unit, "received")
    assert not sees(chief(), tip)
    assert not sees(second(), tip)
    assert sees(city, tip)
    assert any("上级专项办办理" in one for one in queries.warnings(Scope.of(city), tip))
    actions.unbar(bar_id=queries.bars(tip)[0].pk, why="只是提到", by=city, at=office.AT)
    tip.refresh_from_db()
    assert tip.unit == chief().unit


def test_where_there_is_none_above_only_the_leader_sees_it() -> None:
    leader = office.post("leader")
    analyst = office.post("analyst")
    Post.objects.filter(pk=analyst.pk).update(unit=chief().unit)
    tip = fresh(f"{chief().unit.name}不作为")
    assert tip.unit == leader.unit
    assert sees(leader, tip)
    assert not any(sees(post, tip) for post in (chief(), second(), Post.objects.get(pk=analyst.pk), worker()))
    assert any("书面" in one for one in queries.warnings(Scope.of(leader), tip))
    assert queries.unowned() == []
    other = fresh()
    actions.bar(tip_id=other.pk, unit_id=worker().unit_id, post_id=None, by=chief(), at=office.AT)
    with pytest.raises(NotYours):
        actions.unbar(bar_id=queries.bars(other)[0].pk, why="只是提到", by=leader, at=office.AT)
    actions.unbar(bar_id=queries.bars(tip)[0].pk, why="只是提到", by=leader, at=office.AT)
    tip.refresh_from_db()
    assert tip.unit == chief().unit


def test_where_nobody_is_left_the_clock_says_so() -> None:
    tip = fresh(f"{chief().unit.name}不作为")
    assert queries.unowned() == [tip]
    assert not sees(chief(), tip)


def test_an_office_whose_people_are_all_named_does_not_have_it() -> None:
    city = office.post("campaign_office", CITY)
    tip = fresh("王主任和赵副主任都收了钱")
    assert tip.unit == city.unit


# --- advice


def test_similar_tips_are_those_one_may_see() -> None:
    alike.forget()
    one = fresh(TEXT)
    two = fresh(TEXT.replace("五万", "八万").replace("我妈", "我爸"))
    hidden = fresh(TEXT + chief().unit.name)
    fresh("楼上邻居夜里装修太吵，请来管一管")
    found = [tip for tip, _, _ in queries.similar_to(Scope.of(chief()), one)]
    assert found[:1] == [two]
    assert hidden not in found
    later = fresh(TEXT.replace("返利", "分红"))
    assert later in [tip for tip, _, _ in queries.similar_to(Scope.of(chief()), one)]


def test_the_institution_is_suggested_by_name_phone_address_and_people() -> None:
    by_name = office.institution("望澜区安康养老院有限公司")
    by_phone = office.institution("福寿家园", phone="13800138000")
    by_address = office.institution("东方之家", address="清河镇河东路12号")
    by_hand = office.institution("晚晴苑", principal="李大明")
    office.institution("安宁护理院", code=office.FAR_VILLAGE)
    tip = fresh(TEXT + "地址在河东路12号。")
    found = {one.institution: one.why for one in queries.linkable(Scope.of(chief()), tip)}
    assert {by_name, by_phone, by_address} <= set(found)
    assert set(found) <= {by_name, by_phone, by_address, by_hand}
    assert "电话" in found[by_phone]


def test_warnings_before_it_goes_on() -> None:
    tip = fresh(code=office.VILLAGE)
    said = "".join(queries.warnings(Scope.of(chief()), tip))
    assert "村居" in said
    step(tip, "triage", copy="李女士13900139000反映")
    tip.refresh_from_db()
    assert "手机号1处" in "".join(queries.warnings(Scope.of(chief()), tip))


def test_the_list_is_as_quick_for_many_as_for_few(django_assert_num_queries: Any) -> None:
    tips = [fresh() for _ in range(4)]
    scope = Scope.of(chief())
    with django_assert_num_queries(1):
        assert len([(one.unit.name, one.institution, one.handler) for one in queries.seen(scope)]) == len(tips)
    with django_assert_num_queries(4):
        queries.counts(scope, DAY)
