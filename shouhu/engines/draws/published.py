"""The published file: everything that the draw came from and what came out, so that anyone can draw again and compare."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shouhu.engines.draws.drawing import Draw, draw
from shouhu.engines.draws.pool import BadDraw, Pool, pool_of
from shouhu.engines.draws.sealing import FORMAT, SEED_BYTES, Commitment, canonical, commit, digest, number_of

PARTS = {
    "title": "抽查名称", "groups": "抽取比例或数量", "objects": "对象", "weights": "权重", "inspectors": "检查人员",
    "team_size": "每组人数", "conflicts": "回避关系", "seed": "种子",
}  # fmt: skip
SHOWN = 5
"""Rows of the result that differ and are told one by one."""
_SEALED = ("format", "pool", "sealed", "commitment")
_DRAWN = (*_SEALED, "seed", "words", "result", "seal")
_HEX = re.compile(r"[0-9a-f]{64}")


class NotADraw(BadDraw):
    """A file of another kind, or one that was sealed and not yet drawn from; ``str()`` says so, in Chinese."""


@dataclass(frozen=True)
class Sealed:
    """A sealed pool as a file has it; whether it all agrees is not yet known."""

    pool: Pool
    commitment: Commitment


@dataclass(frozen=True)
class Published:
    """A draw as a file has it; whether it is true is not yet known."""

    sealed: Sealed
    seed: bytes
    words: tuple[str, ...]
    result: list[Any]
    seal: str


def sealed_as_json(pool: Pool, commitment: Commitment) -> dict[str, Any]:
    """This function will give what may be published before the draw."""
    return {"format": FORMAT, "pool": pool.as_json(), "sealed": commitment.parts, "commitment": commitment.number}


def as_json(drawn: Draw) -> dict[str, Any]:
    """This function will give what is published after the draw; ``seal`` is the fingerprint of what came after the sealing."""
    after = {"seed": drawn.seed.hex(), "words": list(drawn.words), "result": _result(drawn)}
    return {**sealed_as_json(drawn.pool, drawn.commitment), **after, "seal": _seal(drawn.commitment.number, after)}


def read_sealed(raw: bytes) -> Sealed:
    """
    This function will read the file of a sealed pool.

    :raises BadDraw: no such file.
    """
    data = _object(raw, _SEALED)
    return _sealed(data)


def read(raw: bytes) -> Published:
    """
    This function will read the file of a draw.

    :raises NotADraw: another kind of file.
    :raises BadDraw: one that no draw could have written: somebody changed it.
    """
    data = _object(raw, _DRAWN)
    sealed = _sealed(data)
    if not (isinstance(data["words"], list) and all(isinstance(one, str) for one in data["words"])):
        raise BadDraw("见证词（words）应是一列文字")
    if not isinstance(data["result"], list):
        raise BadDraw("抽取结果（result）应是一个列表")
    seed = bytes.fromhex(_hex(data["seed"], "种子"))
    return Published(sealed, seed, tuple(data["words"]), data["result"], _hex(data["seal"], "结果指纹"))


def differences(published: Published, *, announced: str | None = None) -> list[str]:
    """
    This function will draw again and say what does not agree; nothing where all does.

    :param announced: the number that was published before the draw. Without it a file that was forged as a whole agrees.
    """
    sealed = published.sealed
    found = list(_unlike_sealed(sealed, commit(sealed.pool, published.seed).parts))
    if announced is not None and announced != sealed.commitment.number:
        found.append("封存号与抽取前公布的不是同一个")
    if found:  # whatever was drawn from a changed pool or seed says nothing more
        return found
    drawn = draw(sealed.pool, published.seed, published.words)
    found += _unlike_result(_result(drawn), published.result)
    after = {"seed": published.seed.hex(), "words": list(published.words), "result": published.result}
    if published.seal != _seal(sealed.commitment.number, after):
        found.append("结果指纹（seal）与文件内容不符：种子、见证词、结果或指纹本身改动过")
    return found


def sealed_differences(sealed: Sealed) -> list[str]:
    """This function will say what of a sealed pool was changed; whether the seed is the right one the draw will tell."""
    parts = commit(sealed.pool, bytes(SEED_BYTES)).parts
    return list(_unlike_sealed(sealed, {**parts, "seed": sealed.commitment.parts["seed"]}))


# --- comparing -------------------------------------------------------------------------------------------------------


def _unlike_sealed(sealed: Sealed, parts: dict[str, str]) -> Iterator[str]:
    for key, name in PARTS.items():
        if parts[key] != sealed.commitment.parts[key]:
            yield f"{name}与封存时的指纹不符，改动过"
    if sealed.commitment.number != number_of(sealed.commitment.parts):
        yield "封存号与各部分的指纹不符，改动过"


def _unlike_result(right: list[Any], told: list[Any]) -> Iterator[str]:
    wrong = [n for n in range(max(len(right), len(told))) if canonical(right[n : n + 1]) != canonical(told[n : n + 1])]
    for n in wrong[:SHOWN]:
        yield f"结果第{n + 1}项应是{_shown(right[n : n + 1])}，文件里是{_shown(told[n : n + 1])}"
    if len(wrong) > SHOWN:
        yield f"结果还有{len(wrong) - SHOWN}项不符"


def _shown(row: list[Any]) -> str:
    match row:
        case [{"object": str(name), "inspectors": [*team]}]:
            return f"“{name}：{'、'.join(map(str, team)) or '无人可派'}”"
        case []:
            return "没有这一项"
    return "读不懂的内容"


def _result(drawn: Draw) -> list[dict[str, Any]]:
    return [
        {"object": one.object_id, "inspectors": list(one.inspectors), "missing": one.n_missing}
        for one in drawn.inspections
    ]


def _seal(number: str, after: dict[str, Any]) -> str:
    return digest({"commitment": number, **after})


# --- reading ---------------------------------------------------------------------------------------------------------


def _object(raw: bytes, keys: tuple[str, ...]) -> dict[str, Any]:
    """The file's one object, with exactly these keys; anything that two readers could read differently is refused."""
    try:
        data = json.loads(raw.decode(), object_pairs_hook=_without_doubles, parse_constant=_no_constant)
        canonical(data)  # half a character (a lone surrogate) cannot be written
    except (ValueError, RecursionError):
        raise NotADraw("不是抽取文件：不是 JSON，或已经损坏") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise NotADraw(f"不是抽取文件：应有 format，写着 {FORMAT}")
    if set(data) == set(_SEALED) and keys == _DRAWN:
        raise NotADraw("这是封存文件，还没有抽取；抽取以后再核验")
    if set(data) != set(keys):
        odd = sorted(set(data) ^ set(keys))
        raise BadDraw(f"多出或缺少{'、'.join(odd)}")
    return data


def _sealed(data: dict[str, Any]) -> Sealed:
    pool = pool_of(data["pool"])
    if canonical(pool.as_json()) != canonical(data["pool"]):
        raise BadDraw("对象池没有按规定的次序和写法书写，改动过")
    parts = data["sealed"]
    if not isinstance(parts, dict) or set(parts) != set(PARTS):
        raise BadDraw(f"封存的指纹（sealed）应是这几项：{'、'.join(PARTS)}")
    checked = {key: _hex(parts[key], f"{name}的指纹") for key, name in PARTS.items()}
    return Sealed(pool, Commitment(checked, _hex(data["commitment"], "封存号")))


def _hex(value: Any, what: str) -> str:
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise BadDraw(f"{what}应是64位十六进制数（小写）")
    return value


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)
