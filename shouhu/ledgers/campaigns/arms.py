"""Which of the three arms (宣传, 打击, 整治) a task belongs to, proposed from its words by ``arms.yaml``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from shouhu.ledgers.campaigns.models import ARMS


def proposed(title: str, text: str = "") -> str:
    """This function will propose an arm: that of which the title, else the text, holds most words; empty where it holds none."""
    for said in (title, text):
        found = {arm: sum(said.count(word) for word in _words()[arm]) for arm in _words()}
        arm = max(found, key=lambda one: found[one])
        if found[arm]:
            return arm
    return ""


@cache
def _words() -> dict[str, list[str]]:
    declared: dict[str, Any] = yaml.safe_load((files(__package__) / "arms.yaml").read_text("utf-8"))
    return {arm: words for arm, words in declared.items() if arm in ARMS}
