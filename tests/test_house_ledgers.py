"""The ledgers stay alike: one place that writes, arguments by name, nothing left to migrate."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from tests.test_house import ROOMS, at, files, tree

LEDGERS = sorted(ROOMS["shouhu/ledgers"])
WRITES = {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "update", "delete"}
MAY_WRITE = {
    "shouhu/jobs/demo/offices.py",  # the county of the demo, in an empty database
    "shouhu/jobs/schedule.py",  # its own record of what ran when
    "shouhu/jobs/chores.py",  # forgets what ran out: log-ins, attempts, results of background work
}


def is_action(path: Path) -> bool:
    """This function will tell whether a file belongs to the actions of a ledger."""
    return path.name == "actions.py" or path.parent.name == "actions"


def writes(path: Path) -> Iterator[int]:
    """This function will give the lines where a file writes through a model's manager."""
    for node in ast.walk(tree(path)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in WRITES
            and any(isinstance(part, ast.Attribute) and part.attr == "objects" for part in ast.walk(node.func))
        ):
            yield node.lineno


def test_only_actions_write() -> None:
    others = [p for p in files(".py", under="shouhu") if not is_action(p) and at(p) not in MAY_WRITE]
    assert [at(path, line) for path in others for line in writes(path) if "migrations" not in path.parts] == []


@pytest.mark.parametrize("room", LEDGERS)
def test_actions_take_their_arguments_by_name_and_say_whose_hand_it_was(room: str) -> None:
    faults = []
    for path in files(".py", under=f"shouhu/ledgers/{room}"):
        for node in tree(path).body if is_action(path) else ():
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                atomic = any("atomic" in ast.dump(one) for one in node.decorator_list)
                named = {one.arg for one in node.args.kwonlyargs}
                if atomic and (node.args.args or ("by" in named) > ("at" in named)):
                    faults.append(at(path, node.lineno))
    assert faults == []


@pytest.mark.parametrize("room", LEDGERS)
def test_nothing_is_deleted_along_with_something_else(room: str) -> None:
    keys = [
        f
        for m in apps.get_app_config(room).get_models()
        for f in m._meta.get_fields()
        if isinstance(f, models.ForeignKey)
    ]
    assert [str(key) for key in keys if key.remote_field.on_delete is not models.PROTECT] == []


@pytest.mark.django_db
def test_every_change_of_a_table_has_its_migration() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
