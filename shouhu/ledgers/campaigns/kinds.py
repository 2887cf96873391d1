"""Kinds of bodies: which seats they must have filled, and what a body is by its name (``bodies.yaml``)."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def _declared() -> dict[str, Any]:
    declared: dict[str, Any] = yaml.safe_load((files(__package__) / "bodies.yaml").read_text("utf-8"))
    return declared


def needs(kind: str) -> list[str]:
    """This function will give the seats that a body of a kind must have filled."""
    seats: list[str] = _declared()["needs"][kind]
    return seats


def kind_of(name: str) -> str:
    """This function will tell what a body is by its name."""
    named: dict[str, str] = _declared()["named"]
    return next((kind for kind, pattern in named.items() if re.search(pattern, name)), "other")
