"""Folding loses nothing that is seen and always leads back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhu.engines.text.normal import fold

TEXTS = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("１２３ＡＢ⑩❶①㈱½…——〇零➕\u200b\ufe0f\u20e3薇。．")),
    max_size=60,
)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("１３８－ＡＢｃ", "138-abc"),
        ("1️⃣3️⃣8", "138"),
        ("➕Ｖ：x", "+v:x"),
        ("二〇二六", "二零二六"),
        ("a\u200bb\ufeffc", "abc"),
        ("……", "……"),
        ("①②❸", "123"),
        ("甲\u3000乙\t丙\n丁", "甲 乙 丙\n丁"),
    ],
)
def test_one_writing_for_many(written: str, folded: str) -> None:
    assert fold(written).text == folded


@given(TEXTS)
def test_every_sign_leads_back_to_what_it_was_folded_from(text: str) -> None:
    folded = fold(text)
    assert len(folded.at) == len(folded.text) + 1
    for place, sign in enumerate(folded.text):
        start, end = folded.span(place, place + 1)
        assert sign in fold(text[start:end]).text


@given(TEXTS)
def test_folding_joins_what_is_folded_apart(text: str) -> None:
    assert fold(text).text == "".join(fold(sign).text for sign in text)


def test_a_span_has_no_hidden_edges() -> None:
    folded = fold("\u200b138\u200b0\u200b")
    assert folded.text == "1380"
    assert folded.span(0, 4) == (1, 6)
    assert folded.span(2, 2) == (3, 3)
