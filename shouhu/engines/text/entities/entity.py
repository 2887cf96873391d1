"""What a finder finds, and the kinds there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["org", "phone", "card", "id", "uscc", "url", "wechat", "qq", "amount", "date", "place", "person"]


@dataclass(frozen=True, slots=True)
class Entity:
    """
    Something named in a text; ``text[start:end]`` of the original is how it is written there.

    ``value`` is one writing for all: digits (phone, card), digits with X (id), capitals (uscc), yuan as a number
    (amount: whole where it is whole), a link in lower case without scheme (url); as written otherwise.
    """

    kind: Kind
    value: str | float
    start: int
    end: int


class Found(NamedTuple):
    """The same within the folded text, as finders give it."""

    kind: Kind
    value: str | float
    start: int
    end: int
