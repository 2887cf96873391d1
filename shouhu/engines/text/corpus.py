"""Labelled texts: ours, written for training, and the closed tips of an office, a line of JSON each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shouhu.engines.text.features import squeeze
from shouhu.engines.text.taxonomy import ANSWERS, NONE, Answer, guises, registers, schemes

_ALIKE = 0.5
"""Share of common runs of three characters from which two texts are near-duplicates."""


class BadCorpus(Exception):
    """Labelled texts that may not be used; ``str()`` lists what to mend, in Chinese, a line each."""


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled text; ``schemes`` has the main one first, ``by`` tells the writer (empty for an office's tips)."""

    text: str
    register: str | None
    fraud: Answer
    guise: str
    schemes: tuple[str, ...]
    urgent: bool
    by: str = ""


@cache
def ours() -> tuple[Example, ...]:
    """This function will give the texts written for this software, by register and in the order of the files."""
    folder = files(__package__) / "corpus"
    return tuple(
        example
        for register in registers()
        for example in parse((folder / f"{register}.jsonl").read_text("utf-8"), f"{register}.jsonl")
    )


def read(path: Path) -> list[Example]:
    """
    This function will read labelled texts from a file of JSON lines.

    :raises BadCorpus: every line that is wrong, with its number.
    """
    try:
        return parse(path.read_text("utf-8-sig"), path.name)
    except OSError as error:
        raise BadCorpus(f"读不到文件：{path}") from error
    except UnicodeDecodeError as error:
        raise BadCorpus(f"{path.name}：应为 UTF-8 编码") from error


def parse(content: str, name: str) -> list[Example]:
    """
    This function will read labelled texts from JSON lines.

    :param name: what to call the file in complaints.
    :raises BadCorpus: every line that is wrong, with its number.
    """
    examples, faults = [], []
    for number, line in enumerate(content.split("\n"), 1):
        if not line.strip():
            continue
        try:
            examples.append(_example(json.loads(line)))
        except BadCorpus as error:
            faults.append(f"{name} 第{number}行：{error}")
        except ValueError:
            faults.append(f"{name} 第{number}行：不是有效的 JSON")
    if faults:
        raise BadCorpus("\n".join(faults[:50]))
    return examples


def groups(texts: Iterable[str]) -> NDArray[np.int64]:
    """This function will number texts such that near-duplicates, directly or by way of others, have the same number."""
    shingles = [{text[n : n + 3] for n in range(max(1, len(text) - 2))} for text in squeeze(list(texts)).texts]
    group = list(range(len(shingles)))
    holders: dict[str, list[int]] = {}
    for number, mine in enumerate(shingles):
        shared: dict[int, int] = {}
        for shingle in mine:
            for other in holders.setdefault(shingle, []):
                shared[other] = shared.get(other, 0) + 1
            holders[shingle].append(number)
        for other, common in shared.items():
            if common >= _ALIKE * (len(mine) + len(shingles[other]) - common):
                group[_root(group, number)] = _root(group, other)
    return np.array([_root(group, number) for number in range(len(group))], dtype=np.int64)


def _root(group: list[int], member: int) -> int:
    while group[member] != member:
        member = group[member]
    return member


def _example(row: Any) -> Example:
    if not isinstance(row, Mapping):
        raise BadCorpus("应是一个 JSON 对象")
    text, fraud = row.get("text"), row.get("fraud")
    guise, found = row.get("guise", NONE), row.get("schemes") or []
    if not isinstance(text, str) or not text.strip():
        raise BadCorpus("缺少 text")
    if fraud not in ANSWERS:
        raise BadCorpus(f"fraud 应为 {'、'.join(ANSWERS)} 之一")
    if row.get("register") not in (None, *registers()):
        raise BadCorpus(f"register 应为 {'、'.join(registers())} 之一，或不写")
    if guise not in guises():
        raise BadCorpus(f"没有“{guise}”这一名目")
    if not isinstance(found, list):
        raise BadCorpus("schemes 应是手法代码的列表")
    if unknown := [str(scheme) for scheme in found if scheme not in schemes()]:
        raise BadCorpus(f"没有“{'、'.join(unknown)}”这一手法")
    told = tuple(scheme for scheme in found if scheme != NONE)
    return Example(text, row.get("register"), fraud, guise, told, bool(row.get("urgent")), str(row.get("by", "")))
