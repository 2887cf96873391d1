"""Same-script search: as near as plain cosine says, right after changes, strong on good grounds only, without any text."""

from __future__ import annotations

import gc
import math
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import rewording
from shouhu.engines.text.entities import Entity
from shouhu.engines.text.entities.entity import Kind
from shouhu.engines.text.similar import RARE, Index
from tests.engines.text.scripts import TEXTS

KEY = b"a key for tests!"


def index(texts: list[str]) -> Index[int]:
    made: Index[int] = Index(KEY)
    for number, text in enumerate(texts):
        made.add(number, text, [])
    return made


def naming(text: str, **values: str) -> tuple[str, list[Entity]]:
    """A text that goes on with some things named, and those."""
    entities = []
    kinds: dict[str, Kind] = {"phone": "phone", "url": "url", "org": "org", "card": "card"}
    for name, value in values.items():
        entities.append(Entity(kinds[name], value, len(text), len(text) + len(value)))
        text += value
    return text, entities


@pytest.mark.parametrize("change", rewording.CHANGES)
def test_a_script_told_again_is_found(change: str) -> None:
    assert len(TEXTS) == len(set(TEXTS)) == 60
    texts, lot = index(TEXTS), random.Random(1)
    told = [rewording.CHANGES[change](text, lot) for text in TEXTS for _ in range(3)]
    found = [number // 3 in [m.id for m in texts.nearest(text, [])] for number, text in enumerate(told)]
    assert sum(found) >= 0.95 * len(found)


def test_texts_of_other_scripts_are_never_strong() -> None:
    texts = index(TEXTS)
    assert [m for number, text in enumerate(TEXTS) for m in texts.nearest(text, [], but=number) if m.strong] == []


def grams(text: str) -> Counter[str]:
    return Counter([*text, *(text[at : at + 2] for at in range(len(text) - 1))])


def plain_cosines(texts: dict[int, str], asked: str) -> dict[int, float]:
    """The same cosine, worked out with dictionaries over plain characters and pairs."""
    having = Counter(gram for text in texts.values() for gram in grams(text))
    having = Counter({gram: sum(gram in grams(text) for text in texts.values()) for gram in having})

    def vector(text: str) -> dict[str, float]:
        weights = {
            g: (1 + math.log(n)) * math.log1p((len(texts) + 1) / (having[g] + 1)) for g, n in grams(text).items()
        }
        length = math.sqrt(sum(weight**2 for weight in weights.values())) or 1
        return {gram: weight / length for gram, weight in weights.items()}

    mine = vector(asked)
    return {id: sum(w * vector(text).get(g, 0) for g, w in mine.items()) for id, text in texts.items()}


wording = st.text("老人养院钱交卡存", max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.none() | wording), max_size=30), wording)
def test_it_agrees_with_plain_cosine_after_any_changes(changes: list[tuple[int, str | None]], asked: str) -> None:
    texts: dict[int, str] = {}
    under_test: Index[int] = Index(KEY)
    for id, text in changes:
        if text is None:
            texts.pop(id, None)
            under_test.remove(id)
        else:
            texts[id] = text
            under_test.add(id, text, [])
    assert len(under_test) == len(texts)
    assert all(id in under_test for id in texts)
    got = {match.id: match.cosine for match in under_test.nearest(asked, [], 20)}
    expected = {id: cosine for id, cosine in plain_cosines(texts, asked).items() if cosine}
    assert got == pytest.approx(expected)


def test_nearest_first_and_no_more_than_asked_for() -> None:
    texts = index(TEXTS * 3)
    matches = texts.nearest(TEXTS[0], [], 7)
    assert [m.score for m in matches] == sorted((m.score for m in matches), reverse=True)
    assert [m.id for m in matches[:3]] == [0, 60, 120], "equal ones in the order in which they came"
    assert len(matches) == 7
    assert [m.id for m in texts.nearest(TEXTS[0], [], 2, but=60)] == [0, 120]
    assert texts.nearest("", []) == index([]).nearest(TEXTS[0], []) == []


def test_many_texts_one_by_one_give_what_all_at_once_give() -> None:
    texts = [f"{a[:20]}，{b[-20:]}" for a in TEXTS for b in TEXTS[:6]]
    at_once, one_by_one = index(texts), index([])
    for number, text in enumerate(texts):
        one_by_one.add(number, text, [])
        assert one_by_one.nearest(text, [], 1)[0].id == number
    for number in range(0, len(texts), 2):
        at_once.remove(number)
        one_by_one.remove(number)
    assert len(at_once) == len(one_by_one) == len(texts) / 2
    for asked in TEXTS:
        first, second = (each.nearest(asked, [], 3) for each in (at_once, one_by_one))
        assert all(m.id % 2 for m in first + second)
        assert [m.cosine for m in first] == pytest.approx([m.cosine for m in second], abs=0.15), "weights lag a little"


@pytest.mark.parametrize("share", [0.05, 0.19, 0.3, 0.9])
def test_a_wave_of_one_script_stays_together(share: float) -> None:
    """However many tell it: what is common then is the script itself."""
    lot, n = random.Random(1), 400
    script = "".join(TEXTS[:3])
    wave = [rewording.all_three(script, lot) for _ in range(int(n * share))]
    others = [f"{a}，{b}" for a in TEXTS[3:] for b in TEXTS[3:]][: n - len(wave)]
    texts = index([*wave, *others])
    for _ in range(5):
        matches = texts.nearest(rewording.all_three(script, lot), [])
        assert len(matches) == 10
        assert all(match.id < len(wave) for match in matches)


def test_a_shared_rare_trace_is_strong_whatever_the_wording() -> None:
    texts = index(TEXTS)
    texts.add(100, *naming(TEXTS[0], phone="13900001234", org="金秋堂"))
    texts.add(101, *naming(TEXTS[2], org="金秋堂"))
    asked, entities = naming("有人上门收旧家电", phone="13900001234", org="金秋堂")
    first, second = texts.nearest(asked, entities, 2)
    assert (first.id, first.strong, [e.value for e in first.shared]) == (100, True, ["13900001234", "金秋堂"])
    assert (second.id, second.strong, [e.value for e in second.shared]) == (101, False, ["金秋堂"])
    assert first.cosine < 0.3 < 0.6 < first.score
    texts.remove(100)
    assert [m.id for m in texts.nearest(asked, entities, 1)] == [101]


def test_what_many_name_is_no_trace() -> None:
    texts = index([])
    for number in range(RARE + 1):
        texts.add(number, *naming(TEXTS[number], phone="4000001111", url="a.example"))
    texts.remove(0)
    texts.add(50, *naming(TEXTS[50], phone="96110"))
    texts.add(51, *naming(TEXTS[51], phone="4000001111"))
    for asked in (naming("问一件事", phone="4000001111"), naming("问一件事", phone="96110")):
        assert texts.nearest(*asked)[0].shared
        assert not any(m.strong for m in texts.nearest(*asked))
    assert texts.nearest(*naming("问一件事", url="a.example"))[0].strong, "ten texts are not many"


def test_a_short_text_is_not_linked_by_its_wording() -> None:
    texts = index([*TEXTS, "电话打不通了"])
    best = texts.nearest("电话打不通了", [])[0]
    assert best.cosine == pytest.approx(1)
    assert not best.strong


def test_no_text_and_no_name_stays_in_memory() -> None:
    texts: Index[int] = Index(KEY)
    texts.add(1, *naming(TEXTS[0], phone="13900001234", org="金秋堂"))
    texts.nearest(*naming(TEXTS[1], card="6222020200112230"))
    texts.add(2, *naming(TEXTS[2], url="xx.example"))
    assert [piece for piece in held(texts) if len(piece) > 1] == []
    other: Index[int] = Index(KEY[::-1])
    other.add(1, TEXTS[0], [])
    other.nearest("", [])
    texts.nearest("", [])
    assert not set(texts._shelf.settled.keys.tolist()) & set(other._shelf.settled.keys.tolist())
    with pytest.raises(ValueError, match="16"):
        Index(b"short")


def held(thing: Any) -> set[str | bytes]:
    """Every string that a thing leads to, but for the names of its own attributes and its key."""
    seen: set[int] = set()
    found: set[str | bytes] = set()
    todo = [value for value in vars(thing).values() if value is not KEY]
    while todo:
        each = todo.pop()
        if id(each) in seen or isinstance(each, type) or each is KEY:
            continue
        seen.add(id(each))
        if isinstance(each, (str, bytes)):
            found.add(each)
        elif isinstance(each, dict):
            todo += [*each.keys(), *each.values()]
        elif hasattr(each, "__slots__") and not isinstance(each, (list, tuple)):
            todo += [getattr(each, name) for name in each.__slots__ if hasattr(each, name)]
        else:
            todo += gc.get_referents(each)
    return {each for each in found if each not in {"_key"}}


def test_readers_ask_while_others_add_and_remove() -> None:
    texts = index(TEXTS)

    def ask(number: int) -> bool:
        matches = texts.nearest(TEXTS[number % 60], [])
        return matches[0].id == number % 60

    def change(number: int) -> bool:
        texts.add(1000 + number, TEXTS[number % 60][::-1], [])
        if number % 3:
            texts.remove(1000 + number)
        return True

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda n: change(n) if n % 2 else ask(n), range(600)))
    assert all(done)
    assert len(texts) == 60 + sum(1 for n in range(1, 600, 2) if n % 3 == 0)
