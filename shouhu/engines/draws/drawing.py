"""The draw: objects by weight without replacement, then a team for each; a pure function of what was sealed and the words."""

from __future__ import annotations

import hmac
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from shouhu.engines.draws.assigning import Teams
from shouhu.engines.draws.numbers import Numbers
from shouhu.engines.draws.pool import Group, Pool, word
from shouhu.engines.draws.sealing import Commitment, canonical, commit


@dataclass(frozen=True)
class Inspection:
    """An object that was drawn, and its team; ``n_missing`` inspectors could not be found because of conflicts."""

    object_id: str
    inspectors: tuple[str, ...]
    n_missing: int


@dataclass(frozen=True)
class Draw:
    """A draw with all that it came from; ``inspections`` are in the order in which the objects were drawn."""

    pool: Pool
    seed: bytes
    words: tuple[str, ...]
    commitment: Commitment
    inspections: tuple[Inspection, ...]


def draw(pool: Pool, seed: bytes, words: Sequence[str] = ()) -> Draw:
    """
    This function will draw.

    :param seed: that of the commitment.
    :param words: what witnesses said after the commitment was published, in their order; without any the office could have
        tried seeds until it liked the outcome.
    :raises BadDraw: a seed of another length, words that are empty or too long.
    """
    said = tuple(word(one, "见证词") for one in words)
    commitment = commit(pool, seed)
    numbers = Numbers(hmac.digest(seed, canonical({"commitment": commitment.number, "words": said}), "sha256"))
    drawn = [one for group in pool.groups for one in _of_group(pool, group, numbers)]
    teams = Teams(pool, drawn)
    teams.fill(numbers)
    teams.even_out()
    inspections = tuple(
        Inspection(one, tuple(sorted(team)), pool.team_size - len(team)) for one, team in teams.of.items()
    )
    return Draw(pool, seed, said, commitment, inspections)


def _of_group(pool: Pool, group: Group, numbers: Numbers) -> list[str]:
    """The ids drawn from one group: each time the object into whose share of the summed weights the number falls."""
    left = [one for one in pool.objects if one.group == group.name]
    drawn = []
    for _ in range(group.n_drawn(len(left))):
        ends = list(accumulate(one.weight for one in left))
        drawn.append(left.pop(bisect_right(ends, numbers.below(ends[-1]))).id)
    return drawn
