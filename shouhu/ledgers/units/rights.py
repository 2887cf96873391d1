"""Roles and rights, read from ``rights.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True)
class Role:
    """A role: its code, its name on screens, and what it is for."""

    code: str
    title: str
    says: str


@cache
def _declared() -> dict[str, Any]:
    declared: dict[str, Any] = yaml.safe_load((files(__package__) / "rights.yaml").read_text("utf-8"))
    return declared


@cache
def roles() -> dict[str, Role]:
    """This function will give every role by its code."""
    return {code: Role(code, **row) for code, row in _declared()["roles"].items()}


@cache
def holders(right: str) -> frozenset[str]:
    """
    This function will give the roles that hold a right.

    :raises KeyError: no such right is declared.
    """
    return frozenset(_declared()["rights"][right])


@cache
def rights() -> tuple[str, ...]:
    """This function will give the names of all rights."""
    return tuple(_declared()["rights"])


@cache
def apart() -> frozenset[str]:
    """This function will give the roles of which nobody may hold two."""
    return frozenset(_declared()["apart"])
