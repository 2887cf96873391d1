"""Facts as the engines hold them, and as they are stored: JSON, the personal ones apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from shouhu.engines.rules import words
from shouhu.engines.rules.facts import Fact, declared
from shouhu.engines.rules.values import Approximate

Facts = dict[str, Any]


def stored(facts: Mapping[str, Any]) -> tuple[Facts, Facts]:
    """This function will give facts as JSON, plain ones and personal ones apart; unknown facts are left out."""
    parts: tuple[Facts, Facts] = ({}, {})
    for name, value in facts.items():
        if value is not None:
            parts[declared()[name].personal][name] = to_json(value)
    return parts


def held(plain: Mapping[str, Any], personal: Mapping[str, Any]) -> Facts:
    """This function will give stored facts back as the engines take them; facts that are unknown are absent."""
    return {name: from_json(name, value) for name, value in {**plain, **personal}.items()}


def changed(known: Mapping[str, Any], told: Mapping[str, Any]) -> Facts:
    """
    This function will give those of the facts told that say otherwise than what is known.

    They are compared as a reader has them: no related company is an empty list in a survey, and 否 in a form.
    """
    return {
        name: value
        for name, value in told.items()
        if words.value(declared()[name], value) != words.value(declared()[name], known.get(name))
    }


def to_json(value: Any) -> Any:
    """This function will give one value as JSON: dates as ISO text, an approximate number as its four fields."""
    if isinstance(value, Approximate):
        return asdict(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def from_json(name: str, value: Any) -> Any:
    """This function will read one value of a declared fact from JSON."""
    fact = declared()[name]
    if isinstance(value, Mapping):
        return Approximate(**value)
    if fact.type == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value


def masked(fact: Fact, value: Any) -> str:
    """This function will show no more of personal text than tells two apart: 张**, 138********."""
    text = str(value)
    kept = 3 if fact.name == "phone" else 1
    return "、".join(part[:kept] + "*" * max(len(part) - kept, 1) for part in text.split("、"))


def shown(fact: Fact, value: Any) -> str:
    """This function will write a value for a reader, personal ones masked and what is not known as 未知."""
    return masked(fact, value) if fact.personal and value else words.value(fact, value)
