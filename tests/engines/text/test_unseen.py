"""
How much is found in sentences that were written before anybody saw what is found in them: sums without a unit, names of
shops that no word for a kind ends, numbers read out. Most rules could be bent to fit one sentence; all of them together
say what a new text may expect.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from shouhu.engines.text.entities import find
from tests.engines.text.test_entities import read


@pytest.mark.parametrize(
    ("kind", "file", "precision", "recall"),
    [
        ("amount", "unseen_sums.txt", 0.98, 0.94),
        ("org", "unseen_names.txt", 0.95, 0.68),
        ("phone", "unseen_phones.txt", 0.98, 0.95),
    ],
)
def test_no_less_is_found_than_when_the_sentences_were_new(
    kind: str, file: str, precision: float, recall: float
) -> None:
    right = found = meant = 0
    for line in (Path(__file__).parent / file).read_text("utf-8").splitlines():
        text, marked = read(line)
        named = {(start, end) for marked_kind, _, start, end in marked if marked_kind == kind}
        ours = {(one.start, one.end) for one in find(text) if one.kind == kind}
        right, found, meant = right + len(named & ours), found + len(ours), meant + len(named)
    assert right >= precision * found
    assert right >= recall * meant
