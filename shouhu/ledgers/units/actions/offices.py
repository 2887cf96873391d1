"""Offices, grids and posts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.actions.reach import must_reach, signed
from shouhu.ledgers.units.codes import LENGTH, is_code, level_of, stem, within
from shouhu.ledgers.units.models import KINDS, Division, Grid, Post, Tenure, Unit
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.rights import roles


class UnitRefused(Refused):
    """An office cannot be set up, changed or closed as asked."""


class PostRefused(Refused):
    """A post cannot be set up, changed or closed as asked."""


@transaction.atomic
def add_unit(*, code: str, name: str, kind: str, by: Post | None, at: datetime, phone: str = "") -> Unit:
    """
    This function will set up an office or department on the code of a division.

    :raises UnitRefused: the division is not known, or bears an office of this name already.
    """
    name = _checked(code, name, kind)
    must_reach(by, code)
    if Unit.objects.filter(code=code, name=name).exists():
        raise UnitRefused(f"该区划下已有“{name}”，不必重复建立")
    unit = Unit.objects.create(code=code, name=name, kind=kind, phone=phone.strip())
    journal.record(verb="unit.added", subject=unit, by=signed(by), at=at, code=code,
                   changes={"name": (None, name), "kind": (None, kind), "phone": (None, phone)})  # fmt: skip
    return unit


@transaction.atomic
def edit_unit(*, unit_id: int, name: str, kind: str, phone: str, by: Post, at: datetime) -> Unit:
    """
    This function will change name, kind and telephone of an office.

    :raises UnitRefused: another office of the division bears the name.
    """
    unit = _unit(unit_id, by)
    name = _checked(unit.code, name, kind)
    if Unit.objects.filter(code=unit.code, name=name).exclude(pk=unit.pk).exists():
        raise UnitRefused(f"该区划下已有“{name}”，请换一个名称")
    new = {"name": name, "kind": kind, "phone": phone.strip()}
    changes = {key: (getattr(unit, key), value) for key, value in new.items() if getattr(unit, key) != value}
    for key, value in new.items():
        setattr(unit, key, value)
    unit.save(update_fields=list(new))
    if changes:
        journal.record(verb="unit.edited", subject=unit, by=by.code, at=at, code=unit.code, changes=changes)
    return unit


@transaction.atomic
def close_unit(*, unit_id: int, on: date, by: Post, at: datetime) -> Unit:
    """
    This function will close an office from a day on.

    :raises UnitRefused: closed already, or posts of it are open.
    """
    unit = _unit(unit_id, by)
    if unit.closed_on:
        raise UnitRefused("该单位已撤销")
    if n := Post.objects.filter(unit=unit, closed_on=None).count():
        raise UnitRefused(f"该单位还有 {n} 个岗位没有撤销，请先撤销岗位")
    unit.closed_on = on
    unit.save(update_fields=["closed_on"])
    journal.record(
        verb="unit.closed", subject=unit, by=by.code, at=at, code=unit.code, changes={"closed_on": (None, on)}
    )
    return unit


@transaction.atomic
def add_grid(*, code: str, name: str, by: Post | None, at: datetime) -> Grid:
    """
    This function will set up a grid: twelve digits of a village or neighbourhood and three of its own.

    :raises UnitRefused: not such a code, no such village, or the code is taken.
    """
    village, name = code[:LENGTH], name.strip()
    if len(code) != LENGTH + 3 or not code.isascii() or not code.isdigit() or level_of(village) != "neighbourhood":
        raise UnitRefused("网格编码应为所在村居12位代码加3位数字")
    must_reach(by, village)
    if not Division.objects.filter(code=village, to_on=None).exists():
        raise UnitRefused(f"没有代码为 {village} 的村居，请先导入区划")
    if not 0 < len(name) <= 60:
        raise UnitRefused("请填写网格名称，不超过60个字")
    if Grid.objects.filter(code=code).exists():
        raise UnitRefused(f"网格编码 {code} 已被使用")
    grid = Grid.objects.create(code=code, name=name)
    journal.record(verb="grid.added", subject=grid, by=signed(by), at=at, code=code, changes={"name": (None, name)})
    return grid


@transaction.atomic
def add_post(
    *,
    unit_id: int,
    title: str,
    role: str,
    by: Post | None,
    at: datetime,
    grid_id: int | None = None,
    subject: int | None = None,
    is_liaison: bool = False,
) -> Post:
    """
    This function will set up a post at an office; its code is the office's digits and a running number.

    :param grid_id: for 网格员, and for nobody else.
    :param subject: id of the institution, for 机构账号 and for nobody else.
    :raises PostRefused: unknown role, no title, office closed, grid or institution missing or out of place.
    """
    unit = _unit(unit_id, by)
    list(Unit.objects.select_for_update().filter(code=unit.code))  # numbers run by division: one writer at a time
    grid = Grid.objects.filter(pk=grid_id).first() if grid_id else None
    title = title.strip()
    if unit.closed_on:
        raise PostRefused("单位已撤销，不能设岗")
    if role not in roles() or not 0 < len(title) <= 60:
        raise PostRefused("请填写岗位名称（不超过60个字）并选择角色")
    if (role == "grid_worker") != (grid is not None) or (grid and not within(grid.code[:LENGTH], unit.code)):
        raise PostRefused("网格员岗位须选择本单位辖区内的网格，其他岗位不选网格")
    if (role == "institution") != (subject is not None):
        raise PostRefused("机构账号须对应一家机构，其他岗位不对应机构")
    post = Post.objects.create(
        code=_next_code(unit.code), title=title, role=role, unit=unit, grid=grid, subject=subject
    )
    changes: dict[str, tuple[Any, Any]] = {"title": (None, title), "role": (None, role)}
    changes |= {"grid": (None, grid.code)} if grid else {}
    journal.record(verb="post.added", subject=post, by=signed(by), at=at, code=unit.code, changes=changes)
    return _make_liaison(post, by, at) if is_liaison else post


@transaction.atomic
def set_liaison(*, post_id: int, is_liaison: bool, by: Post, at: datetime) -> Post:
    """
    This function will make a post the 联络员 of its office, in place of any other, or no longer so.

    :raises PostRefused: the post is closed.
    """
    post = open_post(post_id, by)
    if is_liaison:
        return _make_liaison(post, by, at)
    if post.is_liaison:
        post.is_liaison = False
        post.save(update_fields=["is_liaison"])
        journal.record(verb="post.liaison", subject=post, by=by.code, at=at, code=post.unit.code,
                       changes={"is_liaison": (True, False)})  # fmt: skip
    return post


@transaction.atomic
def close_post(*, post_id: int, on: date, by: Post, at: datetime) -> Post:
    """
    This function will close a post from a day on and end the tenure of whoever holds it.

    :raises PostRefused: closed already, one's own post, or the holder began later than that day.
    """
    post = open_post(post_id, by)
    if post.pk == by.pk:
        raise PostRefused("不能撤销自己正在使用的岗位，请由另一位系统管理员办理")
    end_present(post, on)
    post.closed_on, post.is_liaison = on, False
    post.save(update_fields=["closed_on", "is_liaison"])
    journal.record(
        verb="post.closed", subject=post, by=by.code, at=at, code=post.unit.code, changes={"closed_on": (None, on)}
    )
    return post


@transaction.atomic
def follow_subject(*, subject: int, new_subject: int, by: Post, at: datetime) -> None:
    """This function will let the accounts of an institution that was merged into another belong to that one."""
    for post in (
        Post.objects.select_for_update(of=("self",)).select_related("unit").filter(subject=subject).order_by("pk")
    ):
        post.subject = new_subject
        post.save(update_fields=["subject"])
        journal.record(verb="post.subject_followed", subject=post, by=by.code, at=at, code=post.unit.code,
                       changes={"subject": (subject, new_subject)})  # fmt: skip


def open_post(post_id: int, by: Post | None) -> Post:
    """
    This function will lock an open post in reach.

    :raises PostRefused: it is closed.
    """
    post = Post.objects.select_for_update(of=("self",)).select_related("unit", "grid").get(pk=post_id)
    must_reach(by, post.unit.code)
    if post.closed_on:
        raise PostRefused("该岗位已撤销，请刷新后重试")
    return post


def end_present(post: Post, on: date) -> Tenure | None:
    """
    This function will end the tenure of a post's present holder, and give it; None where the post is vacant.

    :raises PostRefused: the tenure began later than that day.
    """
    present = Tenure.objects.select_for_update().filter(post=post, to_on=None).first()
    if present:
        if on < present.from_on:
            raise PostRefused(f"现任自 {present.from_on} 起任职，日期不能早于这一天")
        present.to_on = on
        present.save(update_fields=["to_on"])
    return present


def _make_liaison(post: Post, by: Post | None, at: datetime) -> Post:
    Post.objects.filter(unit=post.unit, is_liaison=True).exclude(pk=post.pk).update(is_liaison=False)
    post.is_liaison = True
    post.save(update_fields=["is_liaison"])
    journal.record(verb="post.liaison", subject=post, by=signed(by), at=at, code=post.unit.code,
                   changes={"is_liaison": (False, True), "on": (None, localdate(at))})  # fmt: skip
    return post


def _unit(unit_id: int, by: Post | None) -> Unit:
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    must_reach(by, unit.code)
    return unit


def _checked(code: str, name: str, kind: str) -> str:
    name = name.strip()
    if not is_code(code) or not Division.objects.filter(code=code, to_on=None).exists():
        raise UnitRefused(f"没有代码为“{code}”的现行区划，请先导入区划")
    if not 0 < len(name) <= 80 or kind not in KINDS:
        raise UnitRefused("请填写单位名称（不超过80个字）并选择类型")
    return name


def _next_code(code: str) -> str:
    prefix = f"{stem(code) or '0'}-"
    used = Post.objects.filter(code__startswith=prefix).values_list("code", flat=True)
    numbers = [int(one.removeprefix(prefix)) for one in used if one.removeprefix(prefix).isdigit()]
    return f"{prefix}{max(numbers, default=0) + 1:03d}"
