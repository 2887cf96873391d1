"""Screening: a text in, a verdict with its reasons out; where it cannot be told, a person is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from shouhu.engines.text import model as models
from shouhu.engines.text import rules
from shouhu.engines.text.entities import Entity
from shouhu.engines.text.features import Reading, read
from shouhu.engines.text.model import Judged, Model
from shouhu.engines.text.reasons import Reason, reasons
from shouhu.engines.text.taxonomy import NONE, Answer, guises, registers, schemes

AT_ONCE = 256
"""Texts read at one go: enough to make the arrays worth it, few enough to stay in the processor's cache."""
_URGENT = 0.35
_MENTIONED = 0.2
_AS_LISTED = {"org": "orgs", "phone": "phones", "card": "cards", "url": "urls", "amount": "amounts_yuan", "place": "places"}  # fmt: skip


class BadRegister(Exception):
    """A register that does not exist; ``str()`` names it and those that do, in Chinese."""


@dataclass(frozen=True, slots=True)
class Type:
    """A guise or scheme that comes into question, with its probability."""

    axis: str
    code: str
    p: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    What the engine makes of a text.

    ``p_fraud`` is the calibrated probability of fraud; ``is_fraud`` is ``unclear`` (and ``ask_person`` true) where the
    engine may not decide. Guise and scheme are those most likely, ``none`` for an honest text; ``types`` lists all that
    come into question, likeliest first.
    """

    is_fraud: Answer
    p_fraud: float
    ask_person: bool
    guise: str
    scheme: str
    urgent: bool
    types: tuple[Type, ...]
    entities: tuple[Entity, ...]
    reasons: tuple[Reason, ...]

    def as_dict(self) -> dict[str, object]:
        """This function will give the verdict as one line of JSON has it; entities as sorted values without repeats."""
        named: dict[str, set[object]] = {listed: set() for listed in _AS_LISTED.values()}
        for entity in self.entities:
            if entity.kind in _AS_LISTED:
                named[_AS_LISTED[entity.kind]].add(entity.value)
        return {
            "is_fraud": self.is_fraud, "p_fraud": round(self.p_fraud, 4), "ask_person": self.ask_person,
            "guise": self.guise, "scheme": self.scheme, "urgent": self.urgent,
            "types": [{"axis": t.axis, "code": t.code, "p": round(t.p, 4)} for t in self.types],
            "entities": {listed: sorted(values, key=lambda v: (str(type(v)), v)) for listed, values in named.items()},
            "reasons": [
                {"says": r.says, "start": r.start, "end": r.end, "weight": round(r.weight, 3), "rule": r.rule}
                for r in self.reasons
            ],
        }  # fmt: skip


def screen(text: str, register: str | None = None, *, model: Model | None = None) -> Verdict:
    """
    This function will judge one text.

    :param register: ``tip``, ``call_note``, ``grid``, ``message``, ``advert``; None where it is not known.
    :param model: the office's own (``model.load(path)``), the shipped one when None.
    :raises BadRegister: no such register.
    """
    return screen_many([text], [register], model=model)[0]


def screen_many(
    texts: Sequence[str], texts_in: Sequence[str | None] | None = None, *, model: Model | None = None
) -> list[Verdict]:
    """
    This function will judge many texts, in their order; the same verdicts as one by one, sooner.

    :param texts_in: the register of each text; None where none is known.
    :raises BadRegister: no such register.
    """
    known = [None] * len(texts) if texts_in is None else list(texts_in)
    if unknown := sorted({str(register) for register in known if register not in (None, *registers())}):
        raise BadRegister(f"没有“{'、'.join(unknown)}”这种文本来源，可用：{'、'.join(registers())}")
    model = model or shipped()
    verdicts: list[Verdict] = []
    for start in range(0, len(texts), AT_ONCE):
        part = known[start : start + AT_ONCE]
        reading = read(texts[start : start + AT_ONCE], part, model.sounds)
        judged = model.probabilities(model.scores(reading), part)
        verdicts += _verdicts(reading, judged, model)
    return verdicts


@cache
def shipped() -> Model:
    """This function will give the model that comes with the software, read once."""
    return models.load()


def decide(fraud: float, unclear: float, band: Sequence[float]) -> Answer:
    """
    This function will answer from probabilities: yes and no outside the band only, and only if it can be told.

    :param fraud: probability of fraud if it can be told; ``unclear`` that it cannot.
    """
    if fraud <= band[0] and unclear <= _TOO_VAGUE:
        return "no"
    return "yes" if fraud >= band[1] and unclear <= _TOO_VAGUE else "unclear"


_TOO_VAGUE = 0.5


def _verdicts(reading: Reading, judged: Judged, model: Model) -> list[Verdict]:
    band = model.band.tolist()
    why = reasons(reading, model, (judged.fraud >= band[0]).tolist())
    verdicts = []
    for n, (fraud, unclear, urgent) in enumerate(
        zip(judged.fraud.tolist(), judged.unclear.tolist(), judged.urgent.tolist(), strict=True)
    ):
        answer = decide(fraud, unclear, band)
        guise = _types("guise", tuple(guises()), judged.guise[n].tolist())
        scheme = _types("scheme", tuple(schemes()), judged.scheme[n].tolist())
        verdict = Verdict(
            is_fraud=answer, p_fraud=fraud, ask_person=answer == "unclear",
            guise=NONE if answer == "no" else guise[0].code, scheme=NONE if answer == "no" else scheme[0].code,
            urgent=answer != "no" and urgent >= _URGENT,
            types=(*guise, *scheme), entities=tuple(reading.entities[n]),
            reasons=_to_the_point(why[n], (*guise, *scheme)),
        )  # fmt: skip
        verdicts.append(verdict)
    return verdicts


def _to_the_point(why: Sequence[Reason], types: Sequence[Type]) -> tuple[Reason, ...]:
    """Rules for a type that does not come into question are no reasons; those that speak of fraud or urgency as such are."""
    named, votes = {(one.axis, one.code) for one in types}, _votes()
    return tuple(
        reason for reason in why if reason.rule is None or not votes[reason.rule] or votes[reason.rule] & named
    )


@cache
def _votes() -> dict[str, set[tuple[str, str]]]:
    """For which types each rule speaks; none where it speaks of fraud or urgency alone."""
    return {
        rule.id: {(axis, code) for axis, code in rule.votes if axis in ("guise", "scheme")}
        for rule in rules.book().rules
    }


def _types(axis: str, axis_codes: Sequence[str], chances: list[float]) -> list[Type]:
    ranked = sorted(zip(chances, axis_codes, strict=True), key=lambda pair: -pair[0])
    return [Type(axis, code, p) for place, (p, code) in enumerate(ranked) if place == 0 or p >= _MENTIONED]
