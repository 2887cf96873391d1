"""The questions generated from the declared facts, and the reading of answers to them."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import orjson
import yaml

from shouhu.engines.rules.facts import NUMBERS, PERSONS, Fact, declared
from shouhu.engines.rules.values import UNNAMED, Approximate
from shouhu.ledgers.institutions.values import Facts
from shouhu.ledgers.units.refusals import Refused

NOT_ASKED = ("surveyed_on", "survey_method", "surveyor")
"""What the sheet itself says."""
MOST = 1e12
LONGEST_TEXT = 300
Content = list[dict[str, Any]]


class BadAnswers(Refused):
    """Answers that cannot be taken; ``faults`` says why by fact name."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        told = "；".join(
            f"{declared()[name].title if name in declared() else name}：{why}" for name, why in faults.items()
        )
        super().__init__(f"有答案不能接收，请改正后再提交。{told}")


def generated() -> tuple[Content, str]:
    """This function will give the questionnaire that the declared facts make today, and its SHA-256."""
    content = [
        {"id": row["id"], "title": row["title"], "questions": [_question(declared()[name]) for name in row["facts"]]}
        for row in _topics()
    ]
    return content, hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def questions(content: Content) -> Iterator[dict[str, Any]]:
    """This function will give the questions of a questionnaire in order."""
    for topic in content:
        yield from topic["questions"]


def read(content: Content, answers: Mapping[str, Any]) -> Facts:
    """
    This function will read answers, as a form or a phone sends them in JSON, into facts.

    :returns: fact name to value; None: asked, and could not be found out. What was not answered is absent.
    :raises BadAnswers: a question that was not asked, or a value that does not fit its question.
    """
    asked = {question["name"]: question for question in questions(content)}
    facts: Facts = {}
    faults: dict[str, str] = {}
    for name, value in answers.items():
        if name not in asked:
            faults[name] = "本轮问卷没有这一项"
            continue
        try:
            facts[name] = None if value is None else _read(asked[name], value)
        except ValueError as fault:
            faults[name] = str(fault)
    if "name" in facts and not facts["name"]:
        faults["name"] = "机构或场所名称不能空着"
    if faults:
        raise BadAnswers(faults)
    return facts


def carried(facts: Mapping[str, Any], origins: Mapping[str, Any], on: date, valid_days: int) -> Facts:
    """
    This function will keep the facts that still count on a day.

    A new survey day makes every fact look fresh; what was learnt too long before it must not.
    """
    return {
        name: value
        for name, value in facts.items()
        if not declared()[name].expires
        or name not in origins
        or (on - date.fromisoformat(origins[name][2])).days <= valid_days
    }


def _read(question: Mapping[str, Any], value: Any) -> Any:
    kind = question["type"]
    if kind == "yes_no":
        if not isinstance(value, bool):
            raise ValueError("应答“是”或“否”")
        return value
    if kind in NUMBERS:
        return _read_range(kind, value) if isinstance(value, dict) else _read_number(kind, value)
    if kind in ("persons", "names"):
        return _read_list(kind, value)
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise ValueError(f"应填不超过{LONGEST_TEXT}字的文字")
    value = " ".join(value.split())
    if kind == "choice" and value not in question["choices"]:
        raise ValueError("请从所列各项中选一项")
    return value or None


def _read_number(kind: str, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("应填数字")
    if not 0 <= value <= MOST or (kind == "count" and value != int(value)):
        raise ValueError("应填不小于0的整数" if kind == "count" else "应填不小于0的数")
    return int(value) if value == int(value) else round(float(value), 2)


def _read_range(kind: str, value: Mapping[str, Any]) -> Approximate:
    """A number with its qualifier: 约30, 30余."""
    if set(value) != {"value", "qualifier", "low", "high"} or not isinstance(value["qualifier"], str):
        raise ValueError("应填数字")
    low, high = (_read_number("", value[end]) for end in ("low", "high"))
    exact = None if value["value"] is None else _read_number("", value["value"])
    if low > high or len(value["qualifier"]) > 10:
        raise ValueError("数的范围不对")
    return Approximate(exact, value["qualifier"], low, high)


def _read_list(kind: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(
        isinstance(one, str) and len(one) <= LONGEST_TEXT for one in value
    ):
        raise ValueError("应填名单")
    listed = tuple(dict.fromkeys(text for one in value if (text := " ".join(one.split()))))
    if kind == "persons" and not set(listed) <= {*PERSONS, UNNAMED}:
        raise ValueError("应为投资人、法定代表人、主要负责人、机构或未指明")
    return listed


def _question(fact: Fact) -> dict[str, Any]:
    choices = [*PERSONS, UNNAMED] if fact.type == "persons" else list(fact.choices)
    return {
        "name": fact.name, "title": fact.title, "type": fact.type, "ask": fact.ask, "unit": fact.unit,
        "choices": choices, "personal": fact.personal, "expires": fact.expires,
    }  # fmt: skip


@cache
def _topics() -> list[dict[str, Any]]:
    topics: list[dict[str, Any]] = yaml.safe_load((files(__package__) / "questions.yaml").read_text("utf-8"))
    return topics
