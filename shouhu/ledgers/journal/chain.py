"""
How entries hang together, and how a chain is checked. Plain Python and nothing of this project, so that an auditor can
read it through and run it on an exported file on another machine.

File: one JSON object a line with the columns of an entry, in order; a last line ``{"head": {"seq": …, "digest": …}}``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ZERO = "0" * 64
COVERED = ("seq", "at", "by", "verb", "subject", "code", "fields", "outcome", "previous")


def digest(entry: Mapping[str, Any]) -> str:
    """This function will give the SHA-256 over an entry's columns, ``previous`` among them."""
    body = json.dumps([entry[name] for name in COVERED], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


@dataclass(frozen=True)
class Fault:
    """Where a chain is broken: the number of the entry (as stored, or as expected where it is missing), and how."""

    seq: int
    what: str


def faults(entries: Iterable[Mapping[str, Any]], head: Mapping[str, Any] | None) -> Iterator[Fault]:
    """
    This function will find every break of a chain, given in order; ``head`` is what was noted elsewhere as its end.

    Reported are: an entry that was changed, one that is missing, one that was put in, a chain cut short.
    """
    last, ending = yield from _walked(entries)
    yield from _ended(last, ending, head)


def _walked(entries: Iterable[Mapping[str, Any]]) -> Generator[Fault, None, tuple[int, str]]:
    """Every break between entries; returns number and digest of the last one."""
    expected, previous = 1, ZERO
    for entry in entries:
        seq = entry.get("seq")
        if not isinstance(seq, int) or any(name not in entry for name in (*COVERED, "digest")):
            yield Fault(expected, "记录不完整")
            continue
        if seq > expected:
            yield Fault(expected, f"缺少第 {expected} 至第 {seq - 1} 条记录")
        elif seq < expected:
            yield Fault(seq, "记录重复或次序不对")
        if entry["digest"] != digest(entry):
            yield Fault(seq, "记录内容被改动")
        elif seq == expected and entry["previous"] != previous:
            yield Fault(seq, "与上一条记录接不上")
        expected, previous = max(seq + 1, expected), entry["digest"]
    return expected - 1, previous


def _ended(last: int, ending: str, head: Mapping[str, Any] | None) -> Iterator[Fault]:
    if head is None:
        yield Fault(last, "没有链尾，无法判断末尾是否被截去")
    elif (head.get("seq"), head.get("digest")) != (last, ending):
        yield Fault(last, f"链尾应为第 {head.get('seq')} 条，实际到第 {last} 条或内容不符")


def faults_of_file(lines: Iterable[str], noted: Mapping[str, Any] | None = None) -> Iterator[Fault]:
    """
    This function will check an exported journal line by line, of any length, without keeping it in memory.

    :param noted: a head that was noted elsewhere earlier; the entry of that number must be in the file, with that digest.
    """
    head: Mapping[str, Any] | None = None
    met = noted is None or noted.get("seq") == 0

    def entries() -> Iterator[Mapping[str, Any]]:
        nonlocal head, met
        for line in lines:
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                row = None
            if not isinstance(row, dict):
                yield {}
            elif isinstance(row.get("head"), dict):
                head = row["head"]
            else:
                met = met or (
                    noted is not None and (row.get("seq"), row.get("digest")) == (noted["seq"], noted["digest"])
                )
                yield row

    last, ending = yield from _walked(entries())
    yield from _ended(last, ending, head)
    if noted is not None and not met:
        yield Fault(int(noted["seq"]), "与另处记下的链尾不符：这一条缺失，或其内容及以前的记录被改写")


def noted_head(text: str) -> Mapping[str, Any]:
    """
    This function will read a head as it was noted: ``{"seq": …, "digest": …}``, ``{"head": {…}}``, or number and digest.

    :raises ValueError: it is none of these.
    """
    try:
        row = json.loads(text)
    except ValueError:
        row = None
    if isinstance(row, dict):
        row = row.get("head", row)
        number, ending = row.get("seq"), row.get("digest")
    else:
        number, _, ending = text.replace(":", " ").strip().partition(" ")
    ending = str(ending).strip().lower()
    if not str(number).isdigit() or len(ending) != len(ZERO) or set(ending) - set("0123456789abcdef"):
        raise ValueError(text)
    return {"seq": int(str(number)), "digest": ending}
