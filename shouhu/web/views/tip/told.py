"""How tips are told on pages and papers: their place, kind and marks, and a text with the reasons of the machine marked in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext

from shouhu.engines.text.taxonomy import guises, schemes
from shouhu.ledgers.tips.models import TOLD, Tip
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.models import Post
from shouhu.web import words
from shouhu.web.words import said

TOWN = 9
"""Digits of a code that tell the town."""
CODES = 12
SLIGHT = 0.05
"""A reason that weighs less tells nothing either way."""


def town(code: str) -> str:
    """This function will give the code of the town of a place; that of the county where no town was told."""
    return code[:TOWN].ljust(CODES, "0")


def places(codes: Iterable[str]) -> dict[str, str]:
    """This function will give the names of places by code, with the town before the village."""
    codes = list(codes)
    names = units.names([*codes, *map(town, codes)])
    return {code: " ".join(dict.fromkeys(names.get(one, one) for one in (town(code), code))) for code in codes}


def guise(code: str) -> str:
    """This function will give the word of a guise (名目); empty where none is known."""
    return str(said(guises()[code].says)) if code in guises() else ""


def scheme(code: str) -> str:
    """This function will give the word of a scheme (手法); empty where none is known."""
    return str(said(schemes()[code].says)) if code in schemes() else ""


def post(one: Post | None) -> str:
    """This function will name a post with its unit; nobody as nothing."""
    return f"{one.unit.name} {said(one.title)}" if one else ""


# --- what was told, and what the machine makes of it


def besides(tip: Tip, answers: dict[str, str]) -> list[dict[str, Any]]:
    """This function will give what was told besides the text, as facts."""
    facts = [{"label": label, "value": answers[name]} for name, label in TOLD.items() if answers.get(name)]
    if tip.sum_fen is not None:
        facts.append({"label": gettext("涉及金额"), "value": words.yuan(tip.sum_fen)})
    if tip.n_victims is not None:
        facts.append({"label": gettext("涉及老人"), "value": gettext("%d 人") % tip.n_victims})
    if tip.is_ongoing is not None:
        facts.append({"label": gettext("是否还在进行"), "value": gettext("是") if tip.is_ongoing else gettext("否")})
    if tip.age_band:
        facts.append({"label": gettext("老人年龄"), "value": tip.get_age_band_display()})
    return facts


def reading_of(tip: Tip) -> dict[str, Any] | None:
    """This function will give what the machine makes of the text, as a suggestion; None where it could not read it."""
    if not tip.reading:
        return None
    answers = {"yes": gettext("像诈骗"), "no": gettext("不像诈骗"), "unclear": gettext("看不准，请人工判断")}
    axes = {"guise": (gettext("名目"), guises()), "scheme": (gettext("手法"), schemes())}
    types = [(*axes[one["axis"]], one["code"], one["p"]) for one in tip.reading["types"]]
    return {
        "answer": answers[tip.reading["is_fraud"]], "p": round(tip.reading["p_fraud"] * 100), "is_urgent": tip.reading["urgent"],
        "types": [{"axis": axis, "says": labels[code].says, "p": round(p * 100)} for axis, labels, code, p in types],
        "reasons": reasons(tip.reading),
    }  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """A reason of the machine, numbered as it is marked in the text."""

    n: int
    says: str
    speaks: str
    """``for`` fraud, ``against`` it, or ``neither``."""

    @property
    def word(self) -> str:
        """What it speaks for, as a word."""
        return {"for": gettext("像诈骗"), "against": gettext("不像诈骗"), "neither": gettext("参考")}[self.speaks]


@dataclass(frozen=True)
class Piece:
    """A part of a text, the reasons that it bears out, and the numbers of those that end here."""

    text: str
    speaks: str
    ends: tuple[int, ...]


def reasons(reading: dict[str, Any] | None) -> list[Reason]:
    """This function will number the reasons of a reading in the order of the text."""
    rows = sorted((reading or {}).get("reasons", ()), key=lambda row: (row["start"], row["end"]))
    return [Reason(n, row["says"], _speaks(row["weight"])) for n, row in enumerate(rows, 1)]


def pieces(text: str, reading: dict[str, Any] | None) -> list[Piece]:
    """This function will part a text where reasons begin and end; where several overlap, what speaks for fraud is shown."""
    rows = sorted((reading or {}).get("reasons", ()), key=lambda row: (row["start"], row["end"]))
    spans = [(row["start"], row["end"], _speaks(row["weight"]), n) for n, row in enumerate(rows, 1)]
    edges = sorted(
        {0, len(text), *(edge for start, end, *_ in spans for edge in (start, end) if 0 <= edge <= len(text))}
    )
    return [_piece(text, start, end, spans) for start, end in pairwise(edges)]


def _piece(text: str, start: int, end: int, spans: Sequence[tuple[int, int, str, int]]) -> Piece:
    over = {speaks for first, last, speaks, _ in spans if first <= start and end <= last}
    speaks = next((one for one in ("for", "against", "neither") if one in over), "")
    return Piece(text[start:end], speaks, tuple(n for _, last, _, n in spans if last == end))


def _speaks(weight: float) -> str:
    return "for" if weight > SLIGHT else "against" if weight < -SLIGHT else "neither"
