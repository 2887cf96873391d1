"""What the text engine tells apart: registers, the guises (名目) and the schemes (手法) of fraud on older people, as data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

Answer = Literal["yes", "no", "unclear"]
ANSWERS: tuple[Answer, ...] = ("yes", "no", "unclear")
NONE = "none"
"""The code of a text under no guise, or of no scheme."""


@dataclass(frozen=True)
class Label:
    """One answer of an axis; ``clause`` and ``mark`` as everywhere in our data, empty for registers."""

    code: str
    says: str
    about: str
    clause: str | None = None
    mark: str = ""


@cache
def registers() -> dict[str, Label]:
    """This function will give the registers (语域) of texts by code, in the order of the data."""
    return _labels("registers")


@cache
def guises() -> dict[str, Label]:
    """This function will give the guises (名目) by code, ``none`` last."""
    return _labels("guise")


@cache
def schemes() -> dict[str, Label]:
    """This function will give the schemes (手法) by code, ``none`` last."""
    return _labels("scheme")


def codes(axis: str) -> tuple[str, ...]:
    """This function will give the codes of an axis: ``fraud``, ``guise``, ``scheme`` or ``urgent``."""
    return {"fraud": ANSWERS, "guise": tuple(guises()), "scheme": tuple(schemes()), "urgent": ("yes",)}[axis]


def read_yaml(name: str) -> Any:
    """
    This function will read a YAML file of this room.

    :param name: path inside the room. The C reader is ten times as fast, which decides how soon the engine answers.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((files(__package__) / name).read_text("utf-8"), Loader=loader)


def _labels(key: str) -> dict[str, Label]:
    return {row["code"]: Label(**row) for row in _taxonomy()[key]}


@cache
def _taxonomy() -> dict[str, list[dict[str, Any]]]:
    data: dict[str, list[dict[str, Any]]] = read_yaml("taxonomy.yaml")
    return data
