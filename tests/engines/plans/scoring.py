"""
How well plans are read: micro-F1 over all documents, per kind of thing, against answers written beforehand.

Two things are the same when everything that a campaign is built from agrees: a phase by name, days, duration and parent;
a task by path, owners and deadline; a threshold by operator, value, unit, path and (loosely worded) quantity.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

KINDS = ("phases", "annexes", "recurring_reports", "thresholds", "tasks", "headings", "colour_rules", "measures", "channels", "bodies")  # fmt: skip
SIMILAR = 0.5
"""Quantities and names of bodies are ours to word; so much of their characters must agree."""

Thing = Mapping[str, Any]


@dataclass
class Score:
    """Counts over documents; ``missed`` and ``wrong`` say which."""

    right: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        """Micro-F1; 1 where there was nothing to find and nothing was found."""
        n = 2 * self.right + len(self.missed) + len(self.wrong)
        return 2 * self.right / n if n else 1.0

    def add(self, name: str, expected: Iterable[Thing], found: Iterable[Thing], kind: str) -> None:
        """This function will compare the things of one document; each can be matched once."""
        left = list(found)
        for thing in expected:
            match = next((other for other in left if same(kind, thing, other)), None)
            if match is None:
                self.missed.append(f"{name}: {_short(thing)}")
            else:
                left.remove(match)
                self.right += 1
        self.wrong += [f"{name}: {_short(other)}" for other in left]


def score(documents: Iterable[tuple[str, Thing, Thing]]) -> dict[str, Score]:
    """This function will score (name, expected, found) of many documents."""
    scores = {kind: Score() for kind in KINDS}
    for name, expected, found in documents:
        for kind, total in scores.items():
            key = "tasks" if kind == "headings" else kind
            total.add(name, expected.get(key, ()), map(_plain, found.get(key, ())), kind)
    return scores


def same(kind: str, one: Any, other: Any) -> bool:
    """This function will tell whether an expected and a found thing are one."""
    if kind == "channels":
        return _norm(one) == _norm(other)
    return all(_KEYS[kind][key](one.get(key), other.get(key)) for key in _KEYS[kind])


def _plain(thing: Any) -> Any:
    return thing["name"] if isinstance(thing, Mapping) and "says" in thing else thing


def _norm(text: Any) -> str:
    return re.sub(r"[\s“”\"《》（）(),，。、；;：:]", "", str(text or ""))


def _equal(one: Any, other: Any) -> bool:
    return _norm(one) == _norm(other)


def _name(one: Any, other: Any) -> bool:
    return re.sub(r"(?:阶段|环节|期)$", "", _norm(one)) == re.sub(r"(?:阶段|环节|期)$", "", _norm(other))


def _unit(one: Any, other: Any) -> bool:
    plain = [_norm(unit).removeprefix("个") for unit in (one, other)]
    return plain[0] == plain[1]


def _number(one: Any, other: Any) -> bool:
    return bool(one == other)


def _all(one: Any, other: Any) -> bool:
    return Counter(map(_norm, one or ())) == Counter(map(_norm, other or ()))


def _block(one: Any, other: Any) -> bool:
    return (one or 0) == (other or 0)


def _ends(one: Any, other: Any) -> bool:
    """A person may be named with the post or without it: 镇长郝延年, 郝延年."""
    a, b = sorted((_norm(one), _norm(other)), key=len)
    return a == b or bool(len(a) > 1 and b.endswith(a))


def _like(one: Any, other: Any) -> bool:
    a, b = _norm(one), _norm(other)
    return a == b or bool(a and b and (a in b or b in a)) or SequenceMatcher(None, a, b).ratio() >= SIMILAR


_KEYS: dict[str, dict[str, Any]] = {
    "phases": {"name": _name, "start": _equal, "end": _equal, "duration": _equal, "part_of": _name},
    "annexes": {"no": _equal, "title": _equal},
    "recurring_reports": {"what": _equal, "rule": _equal, "limit": _equal},
    "thresholds": {"quantity": _like, "operator": _number, "value": _number, "unit": _unit, "where": _equal},
    "tasks": {"no": _equal, "block": _block, "owners": _all, "deadline": _equal},
    "headings": {"no": _equal, "block": _block, "heading": _equal},
    "colour_rules": {"colour": _equal, "condition": _like},
    "measures": {"colour": _equal, "measure": _like},
    "bodies": {"name": _like, "host": _equal, "head": _ends},
}


def _short(thing: Any) -> str:
    if not isinstance(thing, Mapping):
        return str(thing)
    kept = {
        k: v for k, v in thing.items() if k not in ("text", "place", "confidence", "owners_above", "deadlines", "says")
    }
    return "; ".join(f"{key}={value}" for key, value in kept.items() if value not in (None, "", (), []))
