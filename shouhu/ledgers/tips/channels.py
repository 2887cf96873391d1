"""By what way tips come, and how the ways fold to the five sources of 004-24; read from ``channels.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True)
class Channel:
    """
    A way by which tips come, the source that it counts to, and ``P`` where that is our proposal.

    ``register`` is how such texts are written, as the text engine tells them apart.
    """

    code: str
    title: str
    source: str
    mark: str = ""
    register: str = "tip"


@cache
def _declared() -> dict[str, Any]:
    declared: dict[str, Any] = yaml.safe_load((files(__package__) / "channels.yaml").read_text("utf-8"))
    return declared


@cache
def channels() -> dict[str, Channel]:
    """This function will give every way by its code."""
    return {code: Channel(code, **row) for code, row in _declared()["channels"].items()}


@cache
def sources() -> dict[str, str]:
    """This function will give the five sources: code and name, in the order of 004-24."""
    return dict(_declared()["sources"])
