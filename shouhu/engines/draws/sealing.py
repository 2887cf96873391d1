"""Sealing: canonical bytes, their SHA-256, and the commitment to a pool and a seed that nobody knows yet."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from shouhu.engines.draws.pool import BadDraw, Pool

FORMAT = "shouhu-draw-1"
SEED_BYTES = 32


@dataclass(frozen=True)
class Commitment:
    """
    What is published before the draw: a fingerprint of each part, and ``number`` (封存号), that of all of them.

    The parts are apart so that whoever verifies can say which of them was changed.
    """

    parts: dict[str, str]
    number: str


def canonical(value: Any) -> bytes:
    """This function will write a value as the one JSON it has: keys sorted, no blanks, UTF-8, nothing escaped without need."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: Any) -> str:
    """This function will give the SHA-256 of a value's canonical JSON, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def commit(pool: Pool, seed: bytes) -> Commitment:
    """
    This function will seal a pool and a secret seed.

    :param seed: 32 bytes that nobody could guess; whoever calls draws them from the operating system.
    :raises BadDraw: a seed of another length.
    """
    if len(seed) != SEED_BYTES:
        raise BadDraw(f"种子应是{SEED_BYTES}个字节（{SEED_BYTES * 2}位十六进制数）")
    plain = pool.as_json()
    parts = {
        "title": digest(plain["title"]),
        "groups": digest(plain["groups"]),
        "objects": digest([[one.id, one.name, one.group] for one in pool.objects]),
        "weights": digest([[one.id, one.weight] for one in pool.objects]),
        "inspectors": digest(plain["inspectors"]),
        "team_size": digest(plain["team_size"]),
        "conflicts": digest(plain["conflicts"]),
        "seed": hashlib.sha256(seed).hexdigest(),
    }
    return Commitment(parts, number_of(parts))


def number_of(parts: dict[str, str]) -> str:
    """This function will give the commitment's number from the fingerprints of its parts."""
    return digest({"format": FORMAT, "sealed": parts})
