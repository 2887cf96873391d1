"""The text engine: screening, loading, extraction and same-script search beside what a user would take instead."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

import numpy as np

from bench import rewording, text_peers
from bench.measure import Line, at_least, at_most, in_turns
from bench.text_peers import TEN, Linear, Nearest
from shouhu.engines.text import corpus, entities, screening, training
from shouhu.engines.text.corpus import Example
from shouhu.engines.text.features import Reading, grams, squeeze
from shouhu.engines.text.model import Judged, Model, columns, head_slice
from shouhu.engines.text.similar import Index

LONGEST, TIMES, ASKED = 100, 3, 400
"""Characters of the texts that speed is measured on; rounds; texts that are told again and searched."""
KEY = b"a key for the bench, no secret."


def figures(rows: int) -> Iterator[Line]:
    """This function will measure with an index of ``rows`` texts, and give the lines of the table."""
    lack = [name for name in ("sklearn", "datasketch") if importlib.util.find_spec(name) is None]
    yield from (Line(name, "-", "not measured: not installed (requirements-bench.txt)") for name in lack)
    ours = random.Random(0).sample(corpus.ours(), min(rows, len(corpus.ours())))
    peer = None if "sklearn" in lack else Linear.trained(ours)
    yield from _reading(ours, peer, rows // 10)
    if peer:
        yield from _quality(ours)
    yield from _loading(peer)
    yield from _recall([example.text for example in ours], lack)
    yield from _asking([example.text for example in ours], rows, lack)


def _reading(ours: Sequence[Example], peer: Linear | None, n: int) -> Iterator[Line]:
    short = [example for example in ours if len(example.text) <= LONGEST]
    lot = random.Random(1)
    given = lot.sample(short, min(n, len(short)))
    texts, registers = [example.text for example in given], [example.register for example in given]
    model = screening.shipped()
    works: dict[str, Callable[[], object]] = {
        "classifier": lambda: classify(texts, registers, model),
        "screen": lambda: screening.screen_many(texts, registers),
        "entities": lambda: [entities.find(text) for text in texts],
        "patterns": lambda: [text_peers.by_patterns(text) for text in texts],
    }
    if peer:
        works["peer"] = lambda: peer(texts)
    taken = {name: len(texts) / each.cpu for name, each in in_turns(works, TIMES).items()}
    length = sum(map(len, texts)) / len(texts)
    beside = f"; scikit-learn {taken['peer']:,.0f}/s" if peer else ""
    about = f"{len(texts):,} texts of {length:.0f} characters, a core"
    yield at_least("types alone", taken["classifier"], 5000, "/s", about + beside)
    yield at_least("full screen: types, entities, rules, reasons", taken["screen"], 2000, "/s", about + beside)
    yield Line(
        "entities",
        f"{taken['entities']:,.0f}/s",
        f"{about}; {len(text_peers.PATTERNS)} plain patterns {taken['patterns']:,.0f}/s",
    )


def classify(texts: Sequence[str], registers: Sequence[str | None], model: Model) -> Judged:
    """This function will judge texts by their characters alone: no rules, no entities, no reasons."""
    squeezed = squeeze(texts)
    nothing: list[list[int]] = [[] for _ in texts]
    reading = Reading(squeezed, grams(squeezed, model.sounds), [[] for _ in texts], [[] for _ in texts], nothing)
    return model.probabilities(model.scores(reading), registers)


def _quality(ours: Sequence[Example]) -> Iterator[Line]:
    """Both trained on four fifths of our own texts and asked about the rest; near-duplicates never on both sides."""
    fold_of = training.folds(ours)
    inside, outside = ([ours[n] for n in np.flatnonzero(side).tolist()] for side in (fold_of != 0, fold_of == 0))
    texts, right = [example.text for example in outside], [example.guise for example in outside]
    model = training.fit(inside, np.ones(len(inside)))
    part = head_slice("guise")
    codes = [code for _, code in columns()[part]]
    mine = [codes[n] for n in training.scores(model, outside)[:, part].argmax(axis=1)]
    theirs = text_peers.f1(Linear.trained(inside).guises(texts), right)
    detail = f"macro-F1, {len(outside):,} of our own texts held out; scikit-learn {theirs:.3f}"
    yield Line("guise of unseen texts", f"{text_peers.f1(mine, right):.3f}", detail)


def _loading(peer: Linear | None) -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as folder:
        if peer:
            peer.save(Path(folder) / "peer.pickle")
        mine, bare = _loaded(LOAD_OURS, folder), _loaded(LOAD_NUMPY, folder)
        beside = f"; scikit-learn {_loaded(LOAD_PEER, folder):.2f} s" if peer else ""
    yield at_most(
        "from nothing to the first verdict",
        mine,
        0.3,
        " s",
        f"a fresh process, modules compiled before; numpy alone {bare:.2f} s{beside}",
    )


def _loaded(code: str, folder: str) -> float:
    """Seconds inside a fresh process; the first run compiles the modules and does not count."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = f"{folder}/compiled"
    command = [sys.executable, "-c", code, f"{folder}/peer.pickle"]
    runs = [subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True) for _ in range(TIMES + 1)]
    return float(median(json.loads(run.stdout) for run in runs[1:]))


LOAD_OURS = """
import time; start = time.perf_counter()
from shouhu.engines.text.screening import screen
screen("免费领鸡蛋，讲座后交八千元")
print(time.perf_counter() - start)
"""
LOAD_NUMPY = """
import time; start = time.perf_counter()
import numpy
print(time.perf_counter() - start)
"""
LOAD_PEER = """
import sys, time; start = time.perf_counter()
import pickle
pickle.loads(open(sys.argv[1], "rb").read())(["免费领鸡蛋，讲座后交八千元"])
print(time.perf_counter() - start)
"""


def own_index(texts: Sequence[str]) -> Index[int]:
    """This function will index texts by their numbers."""
    index: Index[int] = Index(KEY)
    for number, text in enumerate(texts):
        index.add(number, text, entities.find(text))
    return index


def _searchers(texts: Sequence[str], lack: Sequence[str]) -> dict[str, Callable[[], Nearest]]:
    def ours() -> Nearest:
        index = own_index(texts)
        return lambda text: [match.id for match in index.nearest(text, entities.find(text), TEN)]

    made: dict[str, Callable[[], Nearest]] = {"ours": ours}
    if "sklearn" not in lack:
        made["scikit-learn TF-IDF"] = lambda: text_peers.tfidf(texts)
    if "datasketch" not in lack:
        made["datasketch MinHash"] = lambda: text_peers.minhash(texts)
    return made


def _recall(texts: Sequence[str], lack: Sequence[str]) -> Iterator[Line]:
    asked = random.Random(2).sample(range(len(texts)), min(ASKED, len(texts)))
    searchers = {name: make() for name, make in _searchers(texts, lack).items()}
    for change, told_again in rewording.CHANGES.items():
        lot = random.Random(3)
        queries = [(number, told_again(texts[number], lot)) for number in asked]
        first, ten = {}, {}
        for name, nearest in searchers.items():
            found = [(number, nearest(text)) for number, text in queries]
            first[name] = sum(ids[:1] == [number] for number, ids in found) / len(found)
            ten[name] = sum(number in ids for number, ids in found) / len(found)
        detail = f"first {first.pop('ours'):.3f}, of {len(texts):,}"
        mine = ten.pop("ours")
        detail += "".join(f"; {name} {first[name]:.3f} / {ten[name]:.3f}" for name in ten)
        yield Line(f"found among ten: {change}", f"{mine:.3f}", detail, ">= 0.95", mine >= 0.95)


def _asking(texts: Sequence[str], rows: int, lack: Sequence[str]) -> Iterator[Line]:
    many = spliced(texts, rows)
    queries = random.Random(4).sample(many, min(ASKED // 2, rows))
    timed: dict[str, tuple[float, float]] = {}
    for name, make in _searchers(many, lack).items():
        start = time.perf_counter()
        nearest = make()
        nearest(queries[0])
        built = time.perf_counter() - start
        timed[name] = median(_seconds(nearest, asked) for asked in queries) * 1e3, built
    mine, built = timed.pop("ours")
    detail = f"{rows:,} texts, entities of the question included; " + "".join(
        f"; {name} {ms:.1f} ms, built in {seconds:.0f} s" for name, (ms, seconds) in timed.items()
    ).lstrip("; ")
    yield at_most("ten nearest of many", mine, 5, " ms", detail)
    index = own_index(many)
    size = index.nbytes / rows
    yield Line(
        "building the index",
        f"{built:.1f} s",
        f"{rows:,} texts with their entities; {size:,.0f} bytes a text in memory",
    )


def spliced(texts: Sequence[str], n: int) -> list[str]:
    """This function will make ``n`` different texts from clauses of two others each, where there are not enough."""
    lot, made = random.Random(5), dict.fromkeys(texts)
    clauses = [re.split(r"(?<=[，。！？；,!?\n])", text) for text in texts]
    while len(made) < n:
        one, other = lot.choice(clauses), lot.choice(clauses)
        made["".join(one[: len(one) // 2 + 1] + other[len(other) // 2 :])] = None
    return list(made)[:n]


def _seconds(nearest: Nearest, asked: str) -> float:
    start = time.perf_counter()
    nearest(asked)
    return time.perf_counter() - start
