"""单位、岗位、人员: who holds what, what nobody may hold together, what is missing, and the workbook that brings all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shouhu.ledgers.units import actions, queries
from shouhu.ledgers.units.actions.offices import PostRefused, UnitRefused
from shouhu.ledgers.units.actions.opening import Opener, OpeningRefused
from shouhu.ledgers.units.actions.people import ApartRoles, AppointmentRefused, PersonRefused
from shouhu.ledgers.units.actions.securing import SecuringRefused
from shouhu.ledgers.units.actions.staffing import read_staff
from shouhu.ledgers.units.models import Person, Post, Tenure, Unit
from shouhu.ledgers.units.rights import apart
from shouhu.ledgers.units.scope import Scope, holder_of, posts_of
from shouhu.ledgers.units.sheets import ImportRefused
from tests import office
from tests.ledgers.units.test_divisions import sheet

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)
HEAD = (
    "区划代码",
    "单位名称",
    "单位类型",
    "岗位名称",
    "角色",
    "网格编码",
    "网格名称",
    "联络员",
    "姓名",
    "登录名",
    "手机号",
)


def person(username: str) -> Person:
    return actions.add_person(username=username, name=username.upper(), encoded="!", by=None, at=office.AT)


def post(role: str, by: Post, code: str = office.COUNTY) -> Post:
    name = f"{role}之家"
    unit = Unit.objects.filter(code=code, name=name).first() or actions.add_unit(
        code=code, name=name, kind="other", by=by, at=office.AT
    )
    return actions.add_post(unit_id=unit.pk, title=role, role=role, by=by, at=office.AT)


@pytest.mark.parametrize("first", sorted(apart()))
@pytest.mark.parametrize("second", sorted(apart()))
def test_nobody_holds_two_of_the_roles_that_are_kept_apart(first: str, second: str) -> None:
    by, one = office.post("administrator"), person("zhao")
    posts = [post(first, by), post(second, by)]
    actions.appoint(post_id=posts[0].pk, person_id=one.pk, on=TODAY, by=by, at=office.AT)
    if first == second:
        actions.appoint(post_id=posts[1].pk, person_id=one.pk, on=TODAY, by=by, at=office.AT)
        return
    for on in (TODAY - timedelta(9), TODAY, TODAY + timedelta(9)):
        with pytest.raises(ApartRoles):
            actions.appoint(post_id=posts[1].pk, person_id=one.pk, on=on, by=by, at=office.AT)
    actions.end_tenure(post_id=posts[0].pk, on=TODAY, by=by, at=office.AT)
    actions.appoint(post_id=posts[1].pk, person_id=one.pk, on=TODAY, by=by, at=office.AT)


def test_a_new_holder_ends_the_tenure_of_the_old_one() -> None:
    by, old, new = office.post("administrator"), person("qian"), person("sun")
    made = post("task_force", by, office.TOWN)
    actions.appoint(post_id=made.pk, person_id=old.pk, on=TODAY - timedelta(30), by=by, at=office.AT)
    actions.appoint(post_id=made.pk, person_id=new.pk, on=TODAY, by=by, at=office.AT)
    assert holder_of(made, TODAY - timedelta(1)) == old and holder_of(made, TODAY) == new
    assert list(posts_of(old, TODAY)) == []
    with pytest.raises(AppointmentRefused, match="已在任"):
        actions.appoint(post_id=made.pk, person_id=new.pk, on=TODAY, by=by, at=office.AT)
    with pytest.raises(PostRefused, match="不能早于"):
        actions.end_tenure(post_id=made.pk, on=TODAY - timedelta(1), by=by, at=office.AT)
    myself = holder_of(by, TODAY)
    assert myself
    with pytest.raises(AppointmentRefused, match="不能给自己任职"):
        actions.appoint(post_id=made.pk, person_id=myself.pk, on=TODAY, by=by, at=office.AT)
    actions.close_post(post_id=made.pk, on=TODAY, by=by, at=office.AT)
    assert Tenure.objects.filter(post=made, to_on=None).count() == 0
    with pytest.raises(PostRefused, match="已撤销"):
        actions.appoint(post_id=made.pk, person_id=old.pk, on=TODAY, by=by, at=office.AT)


def test_posts_are_numbered_by_division_and_checked() -> None:
    by = office.post("administrator")
    unit = actions.add_unit(code=office.VILLAGE, name="柳湾村委会", kind="neighbourhood", by=by, at=office.AT)
    grid = actions.add_grid(code=office.VILLAGE + "001", name="一网格", by=by, at=office.AT)
    far = actions.add_grid(code=office.FAR_VILLAGE + "001", name="远网格", by=by, at=office.AT)
    made = [
        actions.add_post(unit_id=unit.pk, title="村居负责人", role="neighbourhood", by=by, at=office.AT),
        actions.add_post(unit_id=unit.pk, title="网格员", role="grid_worker", grid_id=grid.pk, by=by, at=office.AT),
    ]
    assert [one.code for one in made] == ["990102001001-001", "990102001001-002"]
    assert Scope.of(made[1]).low == office.VILLAGE
    for wrong in ({"role": "grid_worker"}, {"role": "neighbourhood", "grid_id": grid.pk}, {"role": "institution"},
                  {"role": "grid_worker", "grid_id": far.pk}, {"role": "nobody"}):  # fmt: skip
        with pytest.raises(PostRefused):
            actions.add_post(unit_id=unit.pk, title="x", by=by, at=office.AT, **wrong)
    with pytest.raises(UnitRefused, match="还有 2 个岗位"):
        actions.close_unit(unit_id=unit.pk, on=TODAY, by=by, at=office.AT)


def test_a_missing_liaison_is_seen_until_somebody_is_in_place() -> None:
    by = office.post("administrator")
    scope = Scope.of(by)

    def why() -> dict[str, str]:
        return {gap.code: gap.why for gap in queries.missing_liaisons(scope, TODAY)}

    assert why() == {office.TOWN: "no_unit", office.OTHER_TOWN: "no_unit"}
    made = post("task_force", by, office.TOWN)
    assert why()[office.TOWN] == "no_post"
    actions.set_liaison(post_id=made.pk, is_liaison=True, by=by, at=office.AT)
    assert why()[office.TOWN] == "vacant"
    actions.appoint(post_id=made.pk, person_id=person("lisi").pk, on=TODAY, by=by, at=office.AT)
    assert why() == {office.OTHER_TOWN: "no_unit"}
    counted = {one.division.code: (one.n_units, one.n_posts, one.n_held, one.n_gaps, one.n_inside)
               for one in queries.staffing(scope, office.COUNTY, TODAY)}  # fmt: skip
    assert counted == {office.TOWN: (1, 1, 1, 0, 2), office.OTHER_TOWN: (0, 0, 0, 1, 1)}


def test_the_office_that_answers_for_a_code_is_the_nearest_above() -> None:
    town, county = office.post("task_force", office.TOWN), office.post("campaign_office")
    assert queries.unit_for(office.VILLAGE, "task_force", TODAY) == town.unit
    assert queries.unit_for(office.VILLAGE + "001", "campaign_office", TODAY) == county.unit
    assert queries.unit_for(office.FAR_VILLAGE, "task_force", TODAY) is None


def test_the_security_manager_stops_at_the_edge_of_the_range_and_at_oneself() -> None:
    security = office.post("security", office.TOWN)
    county = office.post("campaign_office").tenures.get().person
    with pytest.raises(SecuringRefused, match="上级安全管理员"):
        actions.suspend(person_id=county.pk, salt="1", by=security, at=office.AT)
    with pytest.raises(SecuringRefused, match="自己"):
        actions.reset_second_factor(person_id=security.tenures.get().person.pk, salt="1", by=security, at=office.AT)


def test_an_installation_is_opened_once_by_three_people() -> None:
    openers = {role: Opener(role, role, "!") for role in apart()}
    with pytest.raises(OpeningRefused):
        actions.open_office(
            code="110101000000", name="专项办", openers={**openers, "leader": Opener("x", "x", "!")}, at=office.AT
        )
    unit = actions.open_office(code="110101000000", name="东城区专项办", openers=openers, at=office.AT)
    assert {one.role for one in unit.posts.all()} == apart() and Person.objects.filter(
        must_change_password=True
    ).count() == 3
    with pytest.raises(OpeningRefused):
        actions.open_office(code="110101000000", name="又一个", openers=openers, at=office.AT)


# --- the workbook ----------------------------------------------------------------------------------------------------

STAFF = (
    HEAD,
    (office.TOWN, "清河镇工作专班", "专班", "专班综合岗", "镇街专班", "", "", "是", "周一", "zhouyi", "13900000000"),
    (office.TOWN, "清河镇工作专班", "专班", "专班审核岗", "镇街专班", "", "", "", "", "", ""),
    (
        "990102001001",
        "柳湾村委会",
        "村居",
        "网格员",
        "网格员",
        office.VILLAGE + "001",
        "一网格",
        "",
        "吴二",
        "WuEr",
        "",
    ),
)


def test_a_workbook_brings_offices_posts_and_people() -> None:
    by = office.post("administrator")
    plan = read_staff(sheet(*STAFF), by, TODAY)
    assert not plan.problems and not Unit.objects.filter(code=office.TOWN).exists()
    assert (len(plan.new_units), len(plan.new_posts), sorted(plan.new_people), len(plan.appointed)) == (
        2,
        3,
        ["wuer", "zhouyi"],
        2,
    )
    encoded = dict.fromkeys(plan.new_people, "!")
    actions.import_staff(sheets=sheet(*STAFF), encoded=encoded, on=TODAY, by=by, at=office.AT)
    assert [gap.code for gap in queries.missing_liaisons(Scope.of(by), TODAY)] == [office.OTHER_TOWN]
    again = read_staff(sheet(*STAFF), by, TODAY)
    assert (again.problems, again.new_posts, again.new_people, again.appointed) == ([], [], {}, [])

    changed = (HEAD, (*STAFF[1][:8], "郑三", "zhengsan", ""))
    actions.import_staff(sheets=sheet(*changed), encoded={"zhengsan": "!"}, on=TODAY, by=by, at=office.AT)
    assert Post.objects.get(title="专班综合岗").tenures.get(to_on=None).person.name == "郑三"


def test_what_is_wrong_in_a_workbook_is_told_by_cell_and_nothing_is_written() -> None:
    by = office.post("administrator")
    myself = by.tenures.get().person.username
    rows = (
        ("990103001", "别处", "专班", "岗", "镇街专班", "", "", "", "", "", ""),
        (office.TOWN, "专班", "专办", "岗", "镇街", "", "", "也许", "", "", ""),
        (office.TOWN, "专班", "专班", "网", "网格员", "12", "", "", "冯四", "feng4", ""),
        (office.TOWN, "专班", "专班", "管", "系统管理员", "", "", "", "冯四", "feng4", ""),
        (office.TOWN, "专班", "专班", "审", "审计员", "", "", "", "冯四", "feng4", ""),
        (office.TOWN, "专班", "专班", "审", "审计员", "", "", "", "陈五", "", ""),
        (office.TOWN, "专班", "村居", "自", "镇街专班", "", "", "", myself, myself, ""),
    )
    before = (Unit.objects.count(), Person.objects.count())
    with pytest.raises(ImportRefused) as refused:
        actions.import_staff(sheets=sheet(HEAD, *rows), encoded={}, on=TODAY, by=by, at=office.AT)
    cells = {problem.cell.removeprefix("填写!") for problem in refused.value.problems}
    assert {"A2", "C3", "E3", "H3", "F4", "E6", "J7", "D7", "C8", "J8"} <= cells
    assert (Unit.objects.count(), Person.objects.count()) == before
    with pytest.raises(ImportRefused, match="没有找到"):
        actions.import_staff(sheets=sheet(("甲", "乙")), encoded={}, on=TODAY, by=by, at=office.AT)


@pytest.mark.parametrize("username", ["ab", "1abc", "Abc d", "张三", "a" * 41, "a/code"])
def test_log_in_names_are_plain(username: str) -> None:
    with pytest.raises(PersonRefused):
        person(username)
