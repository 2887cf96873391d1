"""
What a machine makes of a tip before anybody sees it: types with reasons, a masked copy, and the units and people it names.

Nothing is written here. Who is named is looked for by their own names, so that no guess decides who may see a tip.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from shouhu.engines.text import entities, masking, screening
from shouhu.engines.text.entities import Entity
from shouhu.engines.text.normal import fold
from shouhu.ledgers.tips.channels import channels
from shouhu.ledgers.tips.models import Tip
from shouhu.ledgers.units.codes import LENGTH, LEVELS, chain
from shouhu.ledgers.units.models import Division, Tenure, Unit
from shouhu.ledgers.units.queries import on_day, open_on

SHORTEST_NAME = 2
"""Names of one character stand in every text."""
_GAPS = re.compile(r"[\s·,，.。、;；:：\"“”'‘’()（）\[\]【】《》<>/\\\-—_~!！?？]+")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Read:
    """What was read out of a tip. ``reading`` is None where the engine could not read it."""

    reading: dict[str, Any] | None
    copy: str
    guise: str
    scheme: str
    is_urgent: bool


def read(tips: Sequence[Tip]) -> list[Read]:
    """This function will read tips, in their order; one that the engine cannot read does not keep the others back."""
    texts, registers = [tip.text for tip in tips], [channels()[tip.channel].register for tip in tips]
    try:
        return list(map(_read, texts, screening.screen_many(texts, registers)))
    except Exception:  # what people write may hold anything; the tip must come through all the same
        if len(tips) > 1:
            return [one for tip in tips for one in read([tip])]
        _log.error("the text of tip/%s could not be read", tips[0].pk)  # no traceback: it might quote the text
        return [Read(None, "", "", "", False)]


def _read(text: str, verdict: screening.Verdict) -> Read:
    found = [{"kind": one.kind, "value": one.value, "start": one.start, "end": one.end} for one in verdict.entities]
    reading = {**verdict.as_dict(), "found": found}
    return Read(reading, masking.mask(text), verdict.guise, verdict.scheme, verdict.urgent)


def found(tip: Tip) -> list[Entity]:
    """This function will give what the text of a tip names, as it was read, or read now."""
    if tip.reading:
        return [Entity(**one) for one in tip.reading["found"]]
    return entities.find(tip.text)


# --- whom it names


@dataclass(frozen=True)
class Named:
    """Ids of the units, and of the posts that named people hold."""

    units: frozenset[int]
    posts: frozenset[int]


class Roster:
    """The units and people whom tips could name, read once for many tips."""

    def __init__(self, on: date) -> None:
        """This function will open a roster as of a day; each county is read when it is first asked for."""
        self._on = on
        self._counties: dict[str, tuple[list[tuple[int, str, str]], list[tuple[str, list[int]]]]] = {}

    def named(self, tip: Tip, *more: str) -> Named:
        """
        This function will find whom a tip names: units and people of its county and of the offices above.

        By their whole names wherever they stand; in the answer to who is concerned also units without the name of their
        place, where only one is called so.

        :param more: further words: messages, what a picture says.
        """
        units, people = self._of(tip.code[: LEVELS["county"]].ljust(LENGTH, "0"))
        accused = bare((tip.told or {}).get("named", ""))
        words = bare(" ".join((tip.text, *(tip.told or {}).values(), *more)))
        hit = {pk for pk, whole, short in units if whole in words or (short and short in accused)}
        posts = {pk for name, held in people if name in words for pk in held}
        return Named(frozenset(hit), frozenset(posts))

    def _of(self, county: str) -> tuple[list[tuple[int, str, str]], list[tuple[str, list[int]]]]:
        if county not in self._counties:
            self._counties[county] = _units(county, self._on), _people(county, self._on)
        return self._counties[county]


def bare(text: str) -> str:
    """This function will give a text as names are looked for in it: folded, without gaps and punctuation."""
    return _GAPS.sub("", fold(text).text)


def _near(county: str, path: str) -> Q:
    """Inside a county, or at the division of one above it."""
    stem = county[: LEVELS["county"]]
    return Q(**{f"{path}startswith": stem}) | Q(**{f"{path}in": chain(county)})


def _units(county: str, on: date) -> list[tuple[int, str, str]]:
    """Id, whole name and name without the place; the latter empty where several are called so."""
    rows = list(Unit.objects.filter(_near(county, "code__"), open_on(on)).values_list("pk", "name"))
    places = frozenset(Division.objects.filter(_near(county, "code__")).values_list("name", flat=True))
    told = [(pk, bare(name), bare(_without(name, places))) for pk, name in rows]
    shorts = [short for _, _, short in told]
    return [
        (pk, whole, short if len(short) > SHORTEST_NAME and shorts.count(short) == 1 else "")
        for pk, whole, short in told
        if len(whole) >= SHORTEST_NAME
    ]


def places_of(code: str) -> Iterable[str]:
    """This function will give the names that a division and those above it bear or bore."""
    return Division.objects.filter(code__in=chain(code)).values_list("name", flat=True)


def _without(name: str, places: Collection[str]) -> str:
    longest = next((end for end in range(len(name), 0, -1) if name[:end] in places), 0)
    return name[longest:]


def _people(county: str, on: date) -> list[tuple[str, list[int]]]:
    """Names of those who hold posts, with the posts of all who bear the name."""
    held = Tenure.objects.filter(on_day(on), _near(county, "post__unit__code__"), post__closed_on=None)
    by_name: dict[str, list[int]] = {}
    for name, post in held.values_list("person__name", "post"):
        by_name.setdefault(bare(name), []).append(post)
    return [(name, posts) for name, posts in by_name.items() if len(name) >= SHORTEST_NAME]
