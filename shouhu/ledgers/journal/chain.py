"""
How entries hang together, and how a chain is checked. Plain Python and nothing of this project, so that an auditor can
read it through and run it on an exported file on another machine.

File: one JSON object a line with the columns of an entry, in order; a last line ``{"head": {"seq": …, "digest": …}}``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
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
    if head is None:
        yield Fault(expected - 1, "没有链尾，无法判断末尾是否被截去")
    elif (head.get("seq"), head.get("digest")) != (expected - 1, previous):
        yield Fault(expected - 1, f"链尾应为第 {head.get('seq')} 条，实际到第 {expected - 1} 条或内容不符")


def faults_of_file(lines: Iterable[str]) -> Iterator[Fault]:
    """This function will check an exported journal line by line."""
    ending: list[Mapping[str, Any]] = []

    def entries() -> Iterator[Mapping[str, Any]]:
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            if not isinstance(row, dict):
                yield {"seq": None, "line": number}
            elif "head" in row and isinstance(row["head"], dict):
                ending.append(row["head"])
            else:
                yield row

    found = entries()
    rows = list(found)
    yield from faults(rows, ending[-1] if ending else None)
