"""
Telling turns of phrase as data: what speaks for fraud or against it, for a guise, a scheme, for haste.

How a pattern in ``rules/*.yaml`` is written: characters stand for themselves; ``(a|b)`` is one of them, ``[ab]`` one
character of them, ``?`` makes the last character or group optional, ``…`` is a gap of up to eight characters, ``#`` a
number in any writing. Patterns are held against the squeezed text: folded, without white space and punctuation, so a
line broken by a scanner or a comma left out changes nothing.

``when`` may be a list: all of them must be found. ``unless`` must not be found. A rule with ``veto`` marks what the
text does with the fraud it tells of (warns, teaches, reports news): beside it the other signs count as quoted.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shouhu.engines.text.taxonomy import codes, read_yaml

FILES = ("telecom", "offline", "guises", "words", "signs", "speech", "honest")
_GAP = ".{0,8}?"
_NUMBER = "[0-9.零一二三四五六七八九十百千万两几半]+"
_LONGEST_WORDING = 30
_PAIR = 2
_PLAIN = re.compile(r"[^()|?…#\[\]]+(?!\?)|\([^()?…#\[\]]+\)")
"""What needs no taking apart: characters that stand for themselves, a choice of nothing but such."""
_NEIGHBOURS = re.compile("[^…]{2}")
_OPEN = 8


class BadRule(Exception):
    """A rule that may not be used; ``str()`` names it and says why, in Chinese."""


@dataclass(frozen=True, eq=False)
class Pattern:
    """One pattern as written; ``anchors`` are such that every match holds at least one of them."""

    written: str
    anchors: frozenset[str]

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The pattern for Python, compiled when first needed: few of them are, for one text."""
        return re.compile("".join(_TRANSLATED.get(c, re.escape(c)) for c in self.written))


_TRANSLATED = {"(": "(?:", ")": ")", "|": "|", "[": "[", "]": "]", "?": "?", "…": _GAP, "#": _NUMBER}


@dataclass(frozen=True, eq=False)
class Rule:
    """A telling turn: ``votes`` are (axis, code); ``clause`` is its source, mark P says that it is ours."""

    id: str
    when: tuple[Pattern, ...]
    unless: Pattern | None
    votes: tuple[tuple[str, str], ...]
    weight: float
    veto: bool
    says: str
    clause: str | None
    mark: str

    def find(self, squeezed: str) -> tuple[int, int] | None:
        """This function will give the place of the first pattern in a squeezed text, None when the rule does not hold."""
        first = self.when[0].regex.search(squeezed)
        if first is None or not all(pattern.regex.search(squeezed) for pattern in self.when[1:]):
            return None
        if self.unless and self.unless.regex.search(squeezed):
            return None
        return first.span()


@dataclass(frozen=True)
class Hit:
    """A rule that holds, by its number in the rule book, and where in the squeezed text; ``quoted`` beside a veto."""

    number: int
    start: int
    end: int
    quoted: bool


class RuleBook:
    """All rules, with the index that tells which of them a text is worth trying on."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        by_anchor: dict[int, list[int]] = {}
        for number, rule in enumerate(self.rules):
            # One of several patterns is enough to wake a rule that needs them all: the one least often met.
            for anchor in min((pattern.anchors for pattern in rule.when), key=_commonness):
                by_anchor.setdefault(_code(anchor), []).append(number)
        self._anchors = np.array(sorted(by_anchor), dtype=np.uint64)
        self._wakes = [by_anchor[int(code)] for code in self._anchors]

    def find(self, codes: NDArray[np.uint32], owner: NDArray[np.int32], texts: Sequence[str]) -> list[list[Hit]]:
        """
        This function will find the rules that hold in squeezed texts.

        :param codes: the characters of all texts, one after the other; ``owner`` says which text each belongs to.
        :param texts: the same texts as strings.
        """
        wide = codes.astype(np.uint64)
        pairs = (wide[:-1] << np.uint64(21)) | wide[1:]
        woken: list[set[int]] = [set() for _ in texts]
        same = owner[:-1] == owner[1:]
        for found, whose in ((pairs[same], owner[:-1][same]), (wide, owner)):
            places = np.searchsorted(self._anchors, found)
            places[places == len(self._anchors)] = 0
            known = self._anchors[places] == found
            for text, anchor in zip(whose[known].tolist(), places[known].tolist(), strict=True):
                woken[text].update(self._wakes[anchor])
        return [self._try(sorted(numbers), text) for numbers, text in zip(woken, texts, strict=True)]

    def _try(self, numbers: list[int], text: str) -> list[Hit]:
        found = [(number, span) for number in numbers if (span := self.rules[number].find(text))]
        quoting = any(self.rules[number].veto for number, _ in found)
        return [Hit(number, *span, quoting and not self.rules[number].veto) for number, span in found]


@cache
def book() -> RuleBook:
    """
    This function will read the rules, once.

    :raises BadRule: what is wrong with one of them.
    """
    rules = [rule for name in FILES for group in read_yaml(f"rules/{name}.yaml") for rule in _group(group)]
    ids = [rule.id for rule in rules]
    if repeated := sorted({i for i in ids if ids.count(i) > 1}):
        raise BadRule(f"编号重复：{'、'.join(repeated)}")
    return RuleBook(rules)


@cache
def sha256() -> str:
    """This function will give the hash of the rules as they are written: a model belongs to the rules it learnt with."""
    digest = hashlib.sha256()
    for name in FILES:
        digest.update((files(__package__) / "rules" / f"{name}.yaml").read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _group(group: dict[str, Any]) -> Iterator[Rule]:
    votes = tuple((axis, code) for axis, code in (vote.split() for vote in group["votes"]))
    for axis, code in votes:
        if code not in codes(axis):
            raise BadRule(f"规则组：{axis} 没有 {code} 这一类")
    for row in group["rules"]:
        if len(row["says"]) > _LONGEST_WORDING:
            raise BadRule(f"规则 {row['id']}：表述超过{_LONGEST_WORDING}个字")
        when = row["when"] if isinstance(row["when"], list) else [row["when"]]
        try:
            patterns = tuple(Pattern(written, _anchors(written)) for written in when)
            unless = Pattern(row["unless"], frozenset()) if "unless" in row else None
        except BadRule as error:
            raise BadRule(f"规则 {row['id']}：{error}") from error
        yield Rule(
            row["id"], patterns, unless, votes, row["weight"], group.get("veto", False), row["says"],
            group.get("clause"), group.get("mark", ""),
        )  # fmt: skip


def _code(anchor: str) -> int:
    return ord(anchor) if len(anchor) == 1 else ord(anchor[0]) << 21 | ord(anchor[1])


def _commonness(anchors: frozenset[str]) -> int:
    # A single character is met some twenty times as often as a pair.
    return sum(20 if len(anchor) == 1 else 1 for anchor in anchors)


@cache
def _anchors(written: str) -> frozenset[str]:
    """This function will choose what every match of a pattern must hold one of: the rarest stretch between two gaps."""
    choices = [
        found
        for stretch in _stretches(written)
        if (found := frozenset(_anchor(sample) for sample in _samples(stretch))) and "" not in found
    ]
    if not choices:
        raise BadRule(f"“{written}”没有任何必须出现的字")
    return min(choices, key=_commonness)


def _anchor(sample: str) -> str:
    return sample if len(sample) == _PAIR and "…" not in sample else sample.strip("…")[:1]


def _stretches(written: str) -> list[str]:
    """This function will cut a pattern at its gaps and numbers outside all groups."""
    stretches, depth = [""], 0
    for character in written:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            raise BadRule("多了右括号")
        if character in "…#" and not depth:
            stretches.append("")
        elif character == "|" and not depth:
            return [written]  # a choice between whole patterns has no part that is common to all
        else:
            stretches[-1] += character
    if depth:
        raise BadRule("少了右括号")
    return stretches


def _samples(stretch: str) -> set[str]:
    """This function will spell out what a stretch may read, each way cut down to its first pair where it has one."""
    samples, rest = _choice(stretch, 0)
    if rest != len(stretch):
        raise BadRule(f"“{stretch}”读不懂")
    return samples


def _choice(text: str, at: int) -> tuple[set[str], int]:
    branches, at = _sequence(text, at)
    while at < len(text) and text[at] == "|":
        more, at = _sequence(text, at + 1)
        branches |= more
    return branches, at


def _sequence(text: str, at: int) -> tuple[set[str], int]:
    done: set[str] = set()
    read = {""}
    while at < len(text) and text[at] not in "|)":
        if plain := _PLAIN.match(text, at):
            part, at = {branch[:_PAIR] for branch in plain[0].strip("()").split("|")}, plain.end() - 1
        elif text[at] == "(":
            part, at = _choice(text, at + 1)
        elif text[at] == "[":
            close = text.index("]", at)
            part, at = set(text[at + 1 : close]), close
        else:
            part = {"…" if text[at] == "#" else text[at]}
        at += 1
        if at < len(text) and text[at] == "?":
            part, at = part | {""}, at + 1
        if read:
            joined = {_joined(head, tail) for head in read for tail in part}
            whole = {sample for sample in joined if _whole(sample)}
            done, read = done | whole, joined - whole
    return done | read, at


def _whole(sample: str) -> bool:
    return len(sample) == _PAIR and "…" not in sample


def _joined(head: str, tail: str) -> str:
    """This function will read on: the first pair of neighbours if there is one now, else single characters and gaps."""
    if not head or _whole(tail):
        # What stood before may make an earlier pair, but this one is as good.
        return tail
    both = head + tail
    if _whole(both) or not tail:
        return both
    pair = _NEIGHBOURS.search(both)
    return pair[0] if pair else re.sub("…+", "…", both)[:_OPEN]
