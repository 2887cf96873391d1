"""The administrative tree: shipped names down to the county, imported towns and villages, changes of names and codes."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from django.db import transaction
from django.utils.timezone import localdate

from shouhu.engines.documents.grids.grid import Sheet
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.actions.reach import must_reach, signed
from shouhu.ledgers.units.codes import LENGTH, is_code, level_of, parent_of, span, stem
from shouhu.ledgers.units.models import Division, Grid, Post, Unit
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import Scope
from shouhu.ledgers.units.sheets import DivisionPlan, ImportRefused, read_divisions

_DATA = "shouhu.ledgers.units"


class ChangeRefused(Refused):
    """A division cannot be renamed or moved as asked."""


@cache
def about_shipped() -> dict[str, Any]:
    """This function will say what the shipped divisions are: ``as_of``, ``source``, ``levels``, ``n``."""
    about: dict[str, Any] = yaml.safe_load((files(_DATA) / "data" / "divisions.yaml").read_text("utf-8"))
    return about


@transaction.atomic
def install_divisions(*, by: Post | None, at: datetime) -> int:
    """
    This function will put in the shipped provinces, cities and counties that are not there yet, and give their number.

    From which day each bore its name is not known from the source, so ``from_on`` stays empty.

    :param by: None when the installation itself does it.
    """
    with (files(_DATA) / "data" / "divisions.csv").open(encoding="utf-8") as file:
        shipped = {row["code"].ljust(LENGTH, "0"): row["name"] for row in csv.DictReader(file)}
    there = set(Division.objects.values_list("code", flat=True))
    missing = [Division(code=code, name=name) for code, name in shipped.items() if code not in there]
    if missing:
        Division.objects.bulk_create(missing, batch_size=500)
        journal.record(verb="division.installed", subject=f"divisions/{about_shipped()['as_of']}", by=signed(by), at=at,
                       changes={"n": (None, len(missing))})  # fmt: skip
    return len(missing)


@transaction.atomic
def import_divisions(*, sheets: Sequence[Sheet], on: date, by: Post, at: datetime) -> DivisionPlan:
    """
    This function will put in towns and villages from a table of codes and names, all or nothing.

    A name that differs from the known one is a renaming on the day ``on``.

    :raises ImportRefused: there is a problem in a cell.
    """
    plan = read_divisions(sheets, Scope.of(by))
    if plan.problems:
        raise ImportRefused(plan.problems)
    _check_day(on, at)
    renamed = {code: name for code, (_, name) in plan.renamed.items()}
    old = list(Division.objects.select_for_update().filter(code__in=renamed, to_on=None))
    for row in old:
        _check_order(row, on)
        row.to_on, row.became = on, row.code
    Division.objects.bulk_update(old, ["to_on", "became"], batch_size=500)
    again = [Division(code=row.code, name=renamed[row.code], from_on=on, boundary=row.boundary) for row in old]
    used = set(Division.objects.filter(code__in=plan.new).values_list("code", flat=True))  # by what is closed now
    new = [Division(code=code, name=name, from_on=on if code in used else None) for code, name in plan.new.items()]
    Division.objects.bulk_create(new, batch_size=500)
    Division.objects.bulk_create(again, batch_size=500)
    journal.record(verb="division.imported", subject=f"divisions/{on}", by=by.code, at=at, code=by.unit.code,
                   changes={"n_new": (None, len(plan.new)), "renamed": (None, sorted(renamed))})  # fmt: skip
    return plan


@transaction.atomic
def change_division(*, code: str, new_code: str, name: str, on: date, by: Post, at: datetime) -> dict[str, str]:
    """
    This function will rename a division, move it with everything inside to another code, or merge it into one that is there.

    The old rows are closed, not changed, so that what was counted under them stays there. Offices and grids that hang
    on moved codes move along. Whatever else hangs on a code is moved by the room that owns it, in the same transaction,
    by the mapping given back.

    :param new_code: the same: it is renamed; that of a division which is there: it is merged into that one, once nothing
        is left inside it.
    :param name: the new name; without meaning for a merger.
    :returns: old code → new code, of the division and all inside it; empty where only the name changes.
    :raises ChangeRefused: unknown, not of the same level, taken, without a parent, or dated wrongly.
    """
    must_reach(by, code)
    _check_day(on, at)
    division = Division.objects.select_for_update().filter(code=code, to_on=None).first()
    name = name.strip()
    if division is None:
        raise ChangeRefused("没有这个现行区划，请刷新后重试")
    if not name:
        raise ChangeRefused("请填写区划名称")
    if (code, division.name) == (new_code, name):
        raise ChangeRefused("名称和代码都没有变化")
    _check_order(division, on)
    into = None
    if code == new_code:
        old = [division]
    else:
        low, high = span(code)
        old = list(Division.objects.select_for_update().filter(code__gte=low, code__lt=high, to_on=None))
        into = _target(code, new_code, by, n_inside=len(old) - 1)
    name = into.name if into else name
    mapping = {row.code: new_code[: len(stem(code))] + row.code[len(stem(code)) :] for row in old}
    acts = []
    for row in old:
        _check_order(row, on)
        row.to_on, row.became = on, mapping[row.code]
        fresh = name if row.code == code else row.name
        changes = {"code": (row.code, mapping[row.code]), "name": (row.name, fresh), "on": (None, on)}
        acts.append(journal.Act("division.changed", journal.named(row), row.code, changes))
    Division.objects.bulk_update(old, ["to_on", "became"], batch_size=500)
    Division.objects.bulk_create(
        [
            Division(
                code=mapping[row.code], name=name if row.code == code else row.name, from_on=on, boundary=row.boundary
            )
            for row in old
            if into is None
        ],
        batch_size=500,
    )
    if code == new_code:
        mapping = {}
    _move_offices(mapping)
    journal.record_many(acts=acts, by=by.code, at=at)
    return mapping


def _target(code: str, new_code: str, by: Post, *, n_inside: int) -> Division | None:
    """The division that another is merged into; None where the new code is free for it."""
    if not is_code(new_code) or level_of(new_code) != level_of(code):
        raise ChangeRefused("新代码应为12位数字，且与原区划同级")
    must_reach(by, new_code)
    low, high = span(new_code)
    into = Division.objects.select_for_update().filter(code=new_code, to_on=None).first()
    if into and n_inside:
        raise ChangeRefused(
            f"代码 {new_code} 已被现行区划“{into.name}”使用。要并入它，请先把原区划内的 {n_inside} 个下级区划"
            "逐个改到新的代码下"
        )
    if into is None and Division.objects.filter(code__gte=low, code__lt=high, to_on=None).exists():
        raise ChangeRefused(f"代码 {new_code} 的下级已被现行区划使用，请核对")
    if not Division.objects.filter(code=parent_of(new_code), to_on=None).exists():
        raise ChangeRefused(f"上级区划 {parent_of(new_code)} 不存在，请先导入上级区划")
    return into


def _check_day(on: date, at: datetime) -> None:
    if on > localdate(at):
        raise ChangeRefused("变更日期不能晚于今天；请在变更生效当天或之后办理")


def _check_order(row: Division, on: date) -> None:
    if row.from_on and on <= row.from_on:
        raise ChangeRefused(f"{row.name}自 {row.from_on} 起才是现在的名称和代码，变更日期应晚于这一天")


def _move_offices(mapping: dict[str, str]) -> None:
    units = list(Unit.objects.select_for_update().filter(code__in=mapping))
    there = set(Unit.objects.filter(code__in=mapping.values()).values_list("code", "name"))
    for unit in units:
        unit.code = mapping[unit.code]
        if (unit.code, unit.name) in there:
            raise ChangeRefused(f"两边都有名为“{unit.name}”的单位，请先给其中一个改名，再办理")
    Unit.objects.bulk_update(units, ["code"])
    taken = {
        one
        for code in mapping.values()
        for one in Grid.objects.filter(code__startswith=code).values_list("code", flat=True)
    }
    grids = [grid for code in mapping for grid in Grid.objects.filter(code__startswith=code).order_by("code")]
    for grid in grids:
        village, number = mapping[grid.code[:LENGTH]], grid.code[LENGTH:]
        if village + number in taken:  # a merger: both villages have a grid of this number
            number = next(free for n in range(1, 1000) if village + (free := f"{n:03d}") not in taken)
        grid.code = village + number
        taken.add(grid.code)
    Grid.objects.bulk_update(grids, ["code"])
