"""What the floors below say, in the reader's language: they write Chinese only, and a page translates it where it shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext

from shouhu.engines.rules import words
from shouhu.engines.rules.facts import Fact, declared


def said(text: Any) -> Any:
    """This function will give a label, a refusal or an answer in the reader's language; anything that is no known text as it is."""
    if not text or not isinstance(text, str | Promise | Exception):
        return text
    known = gettext(str(text))
    head, _, tail = str(text).partition("：")
    if known == text and tail and gettext(head) != head:  # what was done, and to what
        return f"{gettext(head)}{gettext('：')}{said(tail)}"
    return known


def word(name: str) -> str:
    """This function will give the word of a colour: 红."""
    return gettext(words.COLOUR[name])


def colour(name: str) -> str:
    """This function will give a colour as word and shape, such as 红■."""
    return word(name) + words.SHAPE[name]


def value(fact: Fact, held: Any) -> str:
    """This function will write a value of a fact for a reader: 是, 18,000元, 投资人、机构, 未知; in English Yes, 18,000 yuan."""
    told = words.value(fact, held)
    if fact.unit and told != fact.unit and told.endswith(fact.unit):
        return gettext("%(number)s%(unit)s") % {"number": told.removesuffix(fact.unit), "unit": gettext(fact.unit)}
    return listed(told.split("、")) if fact.type in ("persons", "names") else said(told)


def yuan(fen: int) -> str:
    """This function will write fen as an amount: 12,345.00 元."""
    return gettext("%(sum)s 元") % {"sum": f"{fen // 100:,}.{fen % 100:02d}"}


def titles(names: Iterable[str]) -> str:
    """This function will give the titles of facts."""
    return listed(declared()[name].title for name in names)


def listed(parts: Iterable[str]) -> str:
    """This function will string words together."""
    return gettext("、").join(said(part) for part in parts)
