"""Teams of inspectors: at random among those with the least to do, then evened out as far as the conflicts allow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from shouhu.engines.draws.numbers import Numbers
from shouhu.engines.draws.pool import Pool


class Step(NamedTuple):
    """One inspector hands an object over to another."""

    giver: str
    taker: str
    object_id: str


class Teams:
    """Who inspects what; ``load`` counts the objects of each inspector."""

    def __init__(self, pool: Pool, drawn: Sequence[str]) -> None:
        barred = pool.barred()
        self.size = pool.team_size
        self.may = {one: [who for who in pool.inspectors if who not in barred.get(one, ())] for one in drawn}
        self.of: dict[str, set[str]] = {one: set() for one in drawn}
        self.load = dict.fromkeys(pool.inspectors, 0)

    def fill(self, numbers: Numbers) -> None:
        """This function will give each object its team, one inspector after the other, or as many as may inspect it."""
        for one, may in self.may.items():
            for _ in range(min(self.size, len(may))):
                free = [who for who in may if who not in self.of[one]]
                least = min(self.load[who] for who in free)
                idle = [who for who in free if self.load[who] == least]
                who = idle[numbers.below(len(idle))]
                self.of[one].add(who)
                self.load[who] += 1

    def even_out(self) -> None:
        """
        This function will hand objects over while that makes loads more even, through as many hands as it takes.

        Afterwards no assignment that keeps to the conflicts has a smaller sum of squared loads.
        """
        while chain := self._chain():
            for step in chain:
                self.of[step.object_id].remove(step.giver)
                self.of[step.object_id].add(step.taker)
            self.load[chain[0].giver] -= 1
            self.load[chain[-1].taker] += 1

    def _chain(self) -> list[Step]:
        """
        The shortest chain to somebody with at least two objects less, from the busiest inspector that has one; else none.

        Whoever was reached in vain from a busier inspector leads nowhere from an idler one either.
        """
        least = min(self.load.values())
        reached: dict[str, Step | None] = {}
        for first in sorted(self.load, key=lambda who: (-self.load[who], who)):
            if self.load[first] < least + 2:
                break
            if first in reached:
                continue
            reached[first] = None
            queue = [first]
            for giver in queue:
                for one in (one for one, team in self.of.items() if giver in team):
                    for taker in self.may[one]:
                        if taker in reached or taker in self.of[one]:
                            continue
                        reached[taker] = Step(giver, taker, one)
                        queue.append(taker)
                        if self.load[taker] <= self.load[first] - 2:
                            return _back(reached, taker)
        return []


def _back(reached: dict[str, Step | None], taker: str) -> list[Step]:
    """The chain that reached somebody, from its first giver on."""
    chain: list[Step] = []
    while step := reached[taker]:
        chain.append(step)
        taker = step.giver
    return chain[::-1]
