"""A verifier of published draws, written from docs/files.md alone; standard library only: ``python verifier.py FILE [COMMITMENT]``."""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
from collections.abc import Iterator
from fractions import Fraction
from itertools import accumulate, count
from pathlib import Path
from typing import Any


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha(value: Any) -> str:
    return hashlib.sha256(value if isinstance(value, bytes) else canonical(value)).hexdigest()


def blocks(key: bytes) -> Iterator[int]:
    for counter in count():
        yield int.from_bytes(hmac.new(key, counter.to_bytes(8, "big"), "sha256").digest(), "big")


def below(stream: Iterator[int], n: int) -> int:
    return next(x for x in stream if x < 2**256 - 2**256 % n) % n


def objects_drawn(pool: Any, stream: Iterator[int]) -> list[str]:
    drawn = []
    for group in pool["groups"]:
        left = [one for one in pool["objects"] if one["group"] == group["name"]]
        share = Fraction(group["rate"]) * len(left) if "rate" in group else Fraction(group["number"])
        for _ in range(-(-share.numerator // share.denominator)):
            x = below(stream, sum(one["weight"] for one in left))
            sums = accumulate(one["weight"] for one in left)
            drawn.append(left.pop(next(at for at, so_far in enumerate(sums) if so_far > x))["id"])
    return drawn


def teams_for(pool: Any, drawn: list[str], stream: Iterator[int]) -> dict[str, list[str]]:
    barred = {(pair["inspector"], pair["object"]) for pair in pool["conflicts"]}
    may = {one: [who for who in pool["inspectors"] if (who, one) not in barred] for one in drawn}
    teams: dict[str, list[str]] = {one: [] for one in drawn}

    def n_of(who: str) -> int:
        return sum(who in team for team in teams.values())

    def even_out() -> bool:
        for giver in sorted(pool["inspectors"], key=lambda who: (-n_of(who), who)):
            way: dict[str, list[tuple[str, str, str]]] = {giver: []}
            for reached in (queue := [giver]):
                for one in [one for one in drawn if reached in teams[one]]:
                    for who in may[one]:
                        if who not in way and who not in teams[one]:
                            way[who] = [*way[reached], (one, reached, who)]
                            queue.append(who)
                            if n_of(who) + 2 <= n_of(giver):
                                for handed, out, into in way[who]:
                                    teams[handed].remove(out)
                                    teams[handed].append(into)
                                return True
        return False

    for one in drawn:
        for _ in range(min(pool["team_size"], len(may[one]))):
            free = [who for who in may[one] if who not in teams[one]]
            idle = [who for who in free if n_of(who) == min(map(n_of, free))]
            teams[one].append(idle[below(stream, len(idle))])
    while even_out():
        pass
    return teams


def holds(raw: bytes, announced: str | None = None) -> bool:
    file = json.loads(raw)
    pool, seed = file["pool"], bytes.fromhex(file["seed"])
    parts = {key: sha(pool[key]) for key in ("title", "groups", "inspectors", "team_size", "conflicts")} | {
        "objects": sha([[one["id"], one["name"], one["group"]] for one in pool["objects"]]),
        "weights": sha([[one["id"], one["weight"]] for one in pool["objects"]]),
        "seed": sha(seed),
    }
    number = sha({"format": "shouhu-draw-1", "sealed": parts})
    stream = blocks(hmac.new(seed, canonical({"commitment": number, "words": file["words"]}), "sha256").digest())
    teams = teams_for(pool, objects_drawn(pool, stream), stream)
    rows = [(one, sorted(team), pool["team_size"] - len(team)) for one, team in teams.items()]
    result = [{"object": one, "inspectors": team, "missing": missing} for one, team, missing in rows]
    after = {"seed": seed.hex(), "words": file["words"], "result": result}
    right = {"format": "shouhu-draw-1", "pool": pool, "sealed": parts, "commitment": number, **after}
    right["seal"] = sha({"commitment": number, **after})
    return canonical(right) == canonical(file) and announced in (None, number)


if __name__ == "__main__":
    sys.exit(not holds(Path(sys.argv[1]).read_bytes(), *sys.argv[2:3]))
