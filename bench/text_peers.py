"""What else reads texts and finds similar ones: scikit-learn as a user would set it up, MinHash, plain regular expressions."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:  # what loads a peer should not load us
    from shouhu.engines.text.corpus import Example

Nearest = Callable[[str], list[int]]
"""The numbers of the ten nearest texts, the nearest first."""
TEN = 10

PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"1[3-9]\d{9}", r"0\d{2,3}-?\d{7,8}", r"400-?\d{3}-?\d{4}", r"\d{16,19}", r"\d{17}[\dXx]",
        r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?", r"微信号?[:：]?\s*([A-Za-z][\w-]{5,19})", r"[Qq]{2}[:：]?\s*(\d{5,11})",
        r"\d+(?:\.\d+)?\s*(?:万元|万|元|块)", r"\d{4}年\d{1,2}月\d{1,2}日", r"[\u4e00-\u9fff]{2,12}(?:公司|养老院|集团|中心|医院)",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Linear:
    """TF-IDF over 1 to 3 characters and a logistic regression for each axis, by scikit-learn."""

    vectors: Any
    heads: tuple[Any, ...]

    @classmethod
    def trained(cls, examples: Sequence[Example]) -> Linear:
        """This function will train on labelled texts: fraud, guise, main scheme, urgency."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, max_features=200_000)
        rows = vectors.fit_transform([example.text for example in examples])
        axes: list[list[str]] = [
            [example.fraud for example in examples],
            [example.guise for example in examples],
            [(*example.schemes, "none")[0] for example in examples],
            [str(example.urgent) for example in examples],
        ]
        return cls(vectors, tuple(LogisticRegression(C=10, max_iter=300).fit(rows, axis) for axis in axes))

    def __call__(self, texts: Sequence[str]) -> list[Any]:
        """This function will give the probabilities on every axis."""
        rows = self.vectors.transform(texts)
        return [head.predict_proba(rows) for head in self.heads]

    def guises(self, texts: Sequence[str]) -> list[str]:
        """This function will give the likeliest guise of each text."""
        return [str(guise) for guise in self.heads[1].predict(self.vectors.transform(texts))]

    def save(self, path: Path) -> None:
        """This function will keep it as a user would."""
        path.write_bytes(pickle.dumps(self))


def f1(told: Sequence[str], right: Sequence[str]) -> float:
    """This function will give the macro-F1 over the types that occur."""
    from sklearn.metrics import f1_score

    return float(f1_score(right, told, labels=sorted(set(right)), average="macro", zero_division=0))


def tfidf(texts: Sequence[str]) -> Nearest:
    """scikit-learn: cosine of TF-IDF over one and two characters, a sparse product over all texts."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True)
    rows = vectors.fit_transform(texts)

    def nearest(text: str) -> list[int]:
        scores = (rows @ vectors.transform([text]).T).toarray().ravel()
        found: list[int] = np.argsort(-scores, kind="stable")[:TEN].tolist()
        return found

    return nearest


def minhash(texts: Sequence[str]) -> Nearest:
    """datasketch: 128 permutations over pairs of characters, candidates from 0.2 on, best estimate first."""
    from datasketch import MinHash, MinHashLSH  # type: ignore[import-not-found, unused-ignore]

    def hashed(text: str) -> Any:
        made = MinHash(num_perm=128)
        made.update_batch([text[at : at + 2].encode() for at in range(max(len(text) - 1, 1))])
        return made

    index, all_hashed = MinHashLSH(threshold=0.2, num_perm=128), [hashed(text) for text in texts]
    for number, each in enumerate(all_hashed):
        index.insert(number, each)

    def nearest(text: str) -> list[int]:
        asked = hashed(text)
        found = [int(number) for number in index.query(asked)]
        return sorted(found, key=lambda number: -asked.jaccard(all_hashed[number]))[:TEN]

    return nearest


def by_patterns(text: str) -> list[str]:
    """This function will find what plain patterns find: no folding, no check digits, no offsets, overlaps as they come."""
    return [found.group() for pattern in PATTERNS for found in pattern.finditer(text)]
