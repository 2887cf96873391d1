"""Offices, posts, grids and people from one workbook: one row is a post and who holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from shouhu.engines.documents.grids.grid import Sheet
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.actions.offices import add_grid, add_post, add_unit
from shouhu.ledgers.units.actions.people import USERNAME, add_person, appoint, kept_apart
from shouhu.ledgers.units.codes import LENGTH, within
from shouhu.ledgers.units.models import KINDS, Division, Grid, Person, Post, Tenure, Unit
from shouhu.ledgers.units.queries import on_day
from shouhu.ledgers.units.rights import apart, roles
from shouhu.ledgers.units.scope import Scope, holder_of
from shouhu.ledgers.units.sheets import ImportRefused, Problem, Row, Table, full_code, table

COLUMNS = {
    "code": ("区划代码",), "unit": ("单位名称",), "kind": ("单位类型",), "title": ("岗位名称",), "role": ("角色",),
    "grid": ("网格编码",), "grid_name": ("网格名称",), "liaison": ("联络员",), "person": ("姓名",), "username": ("登录名",),
    "phone": ("手机号",),
}  # fmt: skip
REQUIRED = ("code", "unit", "kind", "title", "role", "person", "username")
ROLES = {role.title: role.code for role in roles().values() if role.code != "institution"}
_KINDS = {title: kind for kind, title in KINDS.items()}
MOST_ACCOUNTS = 1000


@dataclass(frozen=True)
class Seat:
    """One row as it will be taken over; ``post`` and ``holder`` are what is there already."""

    code: str
    unit: str
    kind: str
    title: str
    role: str
    grid: str
    grid_name: str
    is_liaison: bool
    person: str
    username: str
    phone: str
    post: Post | None
    holder: Person | None

    @property
    def changes_hands(self) -> bool:
        """Whether somebody comes to hold the post."""
        return bool(self.username) and (self.holder is None or self.holder.username != self.username)


@dataclass
class StaffPlan:
    """What an import of staff will do, and what is wrong in the file."""

    seats: list[Seat] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unused: tuple[str, ...] = ()
    new_units: dict[tuple[str, str], str] = field(default_factory=dict)
    new_grids: dict[str, str] = field(default_factory=dict)
    new_people: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Log-in name → name and telephone."""

    @property
    def new_posts(self) -> list[Seat]:
        """Posts that are not there yet."""
        return [seat for seat in self.seats if seat.post is None]

    @property
    def appointed(self) -> list[Seat]:
        """Posts that somebody comes to hold."""
        return [seat for seat in self.seats if seat.changes_hands]


def read_staff(sheets: Sequence[Sheet], by: Post, on: date) -> StaffPlan:
    """This function will read a table of offices, posts and people and compare it with what is known; nothing is written."""
    found = table(sheets, COLUMNS, REQUIRED)
    plan = StaffPlan(unused=found.unused, problems=found.problems)
    known = _Known(by, on)
    seen: dict[tuple[str, str, str, str], Row] = {}
    held: dict[str, set[str]] = {}
    for row in found.rows:
        before = len(found.problems)
        code = full_code(row["code"])
        _check_unit(found, row, code, known, plan)
        _check_post(found, row, code, known, plan)
        _check_person(found, row, known, plan, held, on)
        key = (code, row["unit"], row["title"], row["grid"])
        if key in seen:
            found.wrong(row, "title", f"与第 {seen[key].number} 行的岗位重名，请加序号区分")
        seen[key] = row
        if len(found.problems) == before:
            post = known.posts.get(key)
            holder = known.holders.get(post.pk) if post else None
            if post and post.role != ROLES[row["role"]]:
                found.wrong(row, "role", f"该岗位现为“{roles()[post.role].title}”，改角色请撤销原岗位后另设")
            plan.seats.append(
                Seat(
                    code=code,
                    unit=row["unit"],
                    kind=_KINDS[row["kind"]],
                    title=row["title"],
                    role=ROLES[row["role"]],
                    grid=row["grid"],
                    grid_name=row["grid_name"],
                    is_liaison=row["liaison"] == "是",
                    person=row["person"],
                    username=row["username"].lower(),
                    phone=row["phone"],
                    post=post,
                    holder=holder,
                )
            )
    if len(plan.new_people) > MOST_ACCOUNTS:
        plan.problems.append(Problem("文件", "登录名", f"一次新建账号不超过 {MOST_ACCOUNTS} 个，请分成几个文件导入"))
    return plan


@transaction.atomic
def import_staff(*, sheets: Sequence[Sheet], encoded: Mapping[str, str], on: date, by: Post, at: datetime) -> StaffPlan:
    """
    This function will set up the offices, grids, posts and people of a workbook, all or nothing.

    What is there already stays; a post whose holder is another one changes hands on the day ``on``.

    :param encoded: log-in name → hash of the first password, drawn by the face for every account of the preview.
    :raises ImportRefused: there is a problem in a cell, or there are other new accounts than in the preview.
    """
    plan = read_staff(sheets, by, on)
    if plan.problems:
        raise ImportRefused(plan.problems)
    if set(plan.new_people) - set(encoded):
        raise ImportRefused([Problem("文件", "登录名", "预览之后账号有变化，请重新预览再确认")])
    for (code, name), kind in plan.new_units.items():
        add_unit(code=code, name=name, kind=kind, by=by, at=at)
    for code, name in plan.new_grids.items():
        add_grid(code=code, name=name, by=by, at=at)
    for username, (name, phone) in plan.new_people.items():
        add_person(username=username, name=name, phone=phone, encoded=encoded[username], by=by, at=at)
    for seat in plan.seats:
        post = seat.post
        if post is None:
            unit = Unit.objects.get(code=seat.code, name=seat.unit)
            grid_id = Grid.objects.get(code=seat.grid).pk if seat.grid else None
            post = add_post(unit_id=unit.pk, title=seat.title, role=seat.role, grid_id=grid_id,
                            is_liaison=seat.is_liaison, by=by, at=at)  # fmt: skip
        if seat.changes_hands:
            person = Person.objects.get(username=seat.username)
            appoint(post_id=post.pk, person_id=person.pk, on=on, by=by, at=at)
    journal.record(verb="unit.imported", subject=f"staff/{len(plan.seats)}", by=by.code, at=at, code=by.unit.code,
                   changes={"n_posts": (None, len(plan.new_posts)), "n_people": (None, len(plan.new_people))})  # fmt: skip
    return plan


class _Known:
    """What stands in the scope before the import, in a few queries."""

    def __init__(self, by: Post, on: date) -> None:
        self.scope = Scope.of(by)
        self.divisions = set(self.scope.limit(Division.objects.filter(to_on=None)).values_list("code", flat=True))
        self.units = {(unit.code, unit.name): unit for unit in self.scope.limit(Unit.objects.all())}
        self.grids = set(self.scope.limit(Grid.objects.all()).values_list("code", flat=True))
        here = self.scope.limit(Post.objects.filter(closed_on=None).select_related("unit", "grid"), "unit__code")
        self.posts = {
            (post.unit.code, post.unit.name, post.title, post.grid.code if post.grid else ""): post for post in here
        }
        self.people = {person.username: person for person in Person.objects.all()}
        self.holders = {
            one.post_id: one.person for one in Tenure.objects.filter(on_day(on), post__in=here).select_related("person")
        }
        self.myself = holder_of(by, on)


def _check_unit(found: Table, row: Row, code: str, known: _Known, plan: StaffPlan) -> None:
    key = (code, row["unit"])
    if not known.scope.covers(code) or code not in known.divisions:
        found.wrong(row, "code", f"“{row['code']}”不是您辖区内的现行区划代码（6、9或12位）")
    elif not 0 < len(row["unit"]) <= 80:
        found.wrong(row, "unit", "单位名称不能空着，也不能超过80个字")
    elif row["kind"] not in _KINDS:
        found.wrong(row, "kind", f"“{row['kind']}”不是单位类型，应为：{'、'.join(_KINDS)}")
    elif key in known.units:
        unit = known.units[key]
        if unit.kind != _KINDS[row["kind"]]:
            found.wrong(row, "kind", f"该单位已建，类型是“{KINDS[unit.kind]}”，请核对")
        if unit.closed_on:
            found.wrong(row, "unit", "该单位已撤销")
    elif plan.new_units.setdefault(key, _KINDS[row["kind"]]) != _KINDS[row["kind"]]:
        found.wrong(row, "kind", "同一单位在文件中有两种类型")


def _check_post(found: Table, row: Row, code: str, known: _Known, plan: StaffPlan) -> None:
    if not 0 < len(row["title"]) <= 60:
        found.wrong(row, "title", "岗位名称不能空着，也不能超过60个字")
    if row["role"] not in ROLES:
        found.wrong(row, "role", f"“{row['role']}”不是角色，应为：{'、'.join(ROLES)}")
    if row["liaison"] not in ("", "是", "否"):
        found.wrong(row, "liaison", "请填“是”或“否”，或空着")
    grid = row["grid"]
    if (ROLES.get(row["role"]) == "grid_worker") != bool(grid):
        found.wrong(row, "grid", "网格员须填网格编码，其他岗位不填")
    elif grid and grid not in known.grids:
        village = grid[:LENGTH]
        if len(grid) != LENGTH + 3 or not grid.isascii() or not grid.isdigit() or village not in known.divisions:
            found.wrong(row, "grid", "网格编码应为辖区内村居12位代码加3位数字")
        elif not 0 < len(row["grid_name"]) <= 60:
            found.wrong(row, "grid_name", "新网格须填名称，不超过60个字")
        elif plan.new_grids.setdefault(grid, row["grid_name"]) != row["grid_name"]:
            found.wrong(row, "grid_name", "同一网格在文件中有两个名称")
    if grid and code and not within(grid[:LENGTH], code):
        found.wrong(row, "grid", "网格不在该单位的区划内")


def _check_person(found: Table, row: Row, known: _Known, plan: StaffPlan, held: dict[str, set[str]], on: date) -> None:
    name, username = row["person"], row["username"].lower()
    if not name and not username:
        return
    if not 0 < len(name) <= 40 or not USERNAME.fullmatch(username):
        found.wrong(
            row,
            "username" if name else "person",
            "姓名和登录名要同时填写；登录名为3至40位小写字母、数字、点、横线或下划线，以字母开头",
        )
        return
    person = known.people.get(username)
    role = ROLES.get(row["role"], "")
    if person and person.name != name:
        found.wrong(row, "username", "该登录名已属于另一个姓名，请换一个登录名或更正姓名")
    elif person and person.suspended_at:
        found.wrong(row, "username", "该账号已停用，请先由安全管理员启用")
    elif person and person == known.myself:
        found.wrong(row, "username", "不能给自己任职，请由另一位系统管理员办理")
    elif not person and plan.new_people.setdefault(username, (name, row["phone"]))[0] != name:
        found.wrong(row, "person", "同一登录名在文件中有两个姓名")
    mine = held.setdefault(username, set())
    other = next(iter(mine - {role}), None) or (kept_apart(role, person, on) if person else None)
    if role in apart() and other:
        found.wrong(row, "role", f"此人已任{roles()[other].title}：系统管理、审计、安全三种岗位不得由同一人担任")
    mine |= {role} & apart()
