"""The same register under two rule sets: who moves, from where to where, by which rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from shouhu.engines.rules import words
from shouhu.engines.rules.ratings import SEVERITY, Rating


@dataclass(frozen=True)
class Move:
    """One row that the second rule set lists otherwise than the first."""

    row: int
    before: Rating
    after: Rating

    @property
    def by(self) -> tuple[str, ...]:
        """The rules and findings that carry the later place: what holds only under the second set, else what no longer holds."""
        then, now = _grounds(self.before), _grounds(self.after)
        return tuple(g for g in now if g not in then) or tuple(f"不再适用 {g}" for g in then if g not in now)


def _grounds(rating: Rating) -> tuple[str, ...]:
    if "own_track" in rating.flags:
        return (words.FLAG["own_track"],)
    proven = [f"{f.rule} {f.says}" for f in rating.fired] + [f"{f.finding} {f.says}" for f in rating.findings]
    return tuple(proven) or tuple(f"待定 {o.rule}" for o in rating.open)


@dataclass(frozen=True)
class Comparison:
    """All moves, and how many rows went from each place to each other."""

    moves: tuple[Move, ...]
    table: Counter[tuple[str, str]]


def compare(before: Sequence[Rating], after: Sequence[Rating]) -> Comparison:
    """This function will compare two ratings of the same rows, gravest later place first."""
    moves = []
    table: Counter[tuple[str, str]] = Counter()
    for row, (then, now) in enumerate(zip(before, after, strict=True)):
        table[then.listed, now.listed] += 1
        if then.listed != now.listed:
            moves.append(Move(row, then, now))
    moves.sort(key=lambda move: (SEVERITY.index(move.after.listed), SEVERITY.index(move.before.listed), move.row))
    return Comparison(tuple(moves), table)
