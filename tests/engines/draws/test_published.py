"""The published file: an independent verifier agrees, and whatever is changed in it is found and said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhu.engines.draws import published
from shouhu.engines.draws.drawing import draw
from shouhu.engines.draws.pool import BadDraw, Pool, pool_of
from shouhu.engines.draws.sealing import commit
from tests.engines.draws import verifier
from tests.engines.draws.pools import SEEDS, UNHURRIED, WORDS, file_of, pools, some_pool


def faults(raw: bytes, announced: str | None = None) -> list[str]:
    """This function will give what is said about a file, be it refused or not true."""
    try:
        return published.differences(published.read(raw), announced=announced)
    except BadDraw as refusal:
        return [str(refusal)]


def agrees(raw: bytes) -> bool:
    """This function will tell whether the independent verifier agrees; what it stumbles over does not."""
    try:
        return verifier.holds(raw)
    except (ValueError, LookupError, TypeError, ArithmeticError, StopIteration, AttributeError):
        return False


def test_the_independent_verifier_is_short_and_needs_nothing_of_ours() -> None:
    text = Path(verifier.__file__).read_text("utf-8")
    assert len(text.splitlines()) <= 100
    assert "shouhu." not in text


def test_two_hundred_draws_are_reproduced_from_their_files() -> None:
    random = Random(20220601)
    for n in range(200):
        words = ["第一位", "second"][: n % 3]
        drawn = draw(some_pool(random), random.randbytes(32), words)
        raw = file_of(drawn)
        assert verifier.holds(raw, drawn.commitment.number)
        assert not verifier.holds(raw, "0" * 64)
        assert faults(raw, drawn.commitment.number) == []


@UNHURRIED
@given(pools(), SEEDS, WORDS)
def test_every_draw_is_reproduced_from_its_file(pool: Pool, seed: bytes, words: list[str]) -> None:
    raw = file_of(draw(pool, seed, words))
    assert faults(raw) == []
    assert verifier.holds(raw)
    assert published.read(raw).sealed.pool == pool


def test_no_byte_can_be_changed_unnoticed() -> None:
    """Every byte of a file in turn becomes others; what still says the same (white space) is no change."""
    random = Random(43)  # a small pool
    raw = file_of(draw(some_pool(random), random.randbytes(32), ["天地"]))
    same = json.loads(raw)
    n_changed = 0
    for at, byte in enumerate(raw):
        for other in {byte ^ 1, byte ^ 32, ord("0"), ord("9"), ord(" ")} - {byte}:
            changed = raw[:at] + bytes([other]) + raw[at + 1 :]
            try:
                if json.loads(changed) == same:
                    continue
            except ValueError:
                pass
            n_changed += 1
            assert faults(changed), (at, changed[max(at - 20, 0) : at + 20])
    assert n_changed > 3 * len(raw) // 2


@UNHURRIED
@given(pools(n_groups=2, largest=3), SEEDS, WORDS, st.data())
def test_a_changed_value_is_found_by_both_verifiers(
    pool: Pool, seed: bytes, words: list[str], data: st.DataObject
) -> None:
    file = published.as_json(draw(pool, seed, words))
    where, leaf = data.draw(st.sampled_from(_leaves(file)))
    other = leaf + 1 if isinstance(leaf, int) else f"{leaf}零"
    holder = file
    for step in where[:-1]:
        holder = holder[step]
    holder[where[-1]] = other
    raw = json.dumps(file, ensure_ascii=False).encode()
    assert faults(raw)
    assert not agrees(raw)


def _leaves(value: Any, where: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [leaf for key, one in items for leaf in _leaves(one, (*where, key))]
    return [(where, value)]


# --- what is said ----------------------------------------------------------------------------------------------------


@pytest.fixture
def file() -> dict[str, Any]:
    random = Random(11)
    return published.as_json(draw(some_pool(random), random.randbytes(32), ["天地", "玄黄"]))


def change_weight(file: dict[str, Any]) -> None:
    file["pool"]["objects"][0]["weight"] += 1


def change_object(file: dict[str, Any]) -> None:
    file["pool"]["objects"][0]["name"] = "另一家"


def add_object(file: dict[str, Any]) -> None:
    file["pool"]["objects"].append({"id": "999", "name": "新增", "group": "红", "weight": 1})


def change_rate(file: dict[str, Any]) -> None:
    file["pool"]["groups"] = [
        {"name": group["name"], "number": 0} if "number" in group else group for group in file["pool"]["groups"]
    ]


def add_inspector(file: dict[str, Any]) -> None:
    file["pool"]["inspectors"].append("岗9")


def drop_conflict(file: dict[str, Any]) -> None:
    file["pool"]["conflicts"].pop()


def change_seed(file: dict[str, Any]) -> None:
    file["seed"] = "ab" * 32


def change_commitment(file: dict[str, Any]) -> None:
    file["commitment"] = "ab" * 32


def change_words(file: dict[str, Any]) -> None:
    file["words"].reverse()


def swap_inspector(file: dict[str, Any]) -> None:
    file["result"][0]["inspectors"] = ["岗9"]


def drop_result(file: dict[str, Any]) -> None:
    file["result"].pop()


def change_seal(file: dict[str, Any]) -> None:
    file["seal"] = "ab" * 32


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (change_weight, ["权重与封存时的指纹不符，改动过"]),
        (change_object, ["对象与封存时的指纹不符，改动过"]),
        (
            add_object,
            ["对象与封存时的指纹不符，改动过", "权重与封存时的指纹不符，改动过"],
        ),
        (change_rate, ["抽取比例或数量与封存时的指纹不符，改动过"]),
        (add_inspector, ["检查人员与封存时的指纹不符，改动过"]),
        (drop_conflict, ["回避关系与封存时的指纹不符，改动过"]),
        (change_seed, ["种子与封存时的指纹不符，改动过"]),
        (change_commitment, ["封存号与各部分的指纹不符，改动过"]),
        (change_seal, ["结果指纹（seal）与文件内容不符：种子、见证词、结果或指纹本身改动过"]),
    ],
)
def test_what_was_changed_is_named(
    file: dict[str, Any], change: Callable[[dict[str, Any]], None], said: list[str]
) -> None:
    change(file)
    assert faults(json.dumps(file).encode()) == said


@pytest.mark.parametrize("change", [swap_inspector, drop_result, change_words])
def test_a_changed_result_is_told_row_by_row(file: dict[str, Any], change: Callable[[dict[str, Any]], None]) -> None:
    right = published.read(json.dumps(file).encode()).result
    change(file)
    first, *_, last = faults(json.dumps(file).encode())
    assert first.startswith("结果第")
    assert last.startswith("结果指纹")
    if change is swap_inspector:
        team = "、".join(right[0]["inspectors"])
        assert first == f"结果第1项应是“{right[0]['object']}：{team}”，文件里是“{right[0]['object']}：岗9”"
    if change is drop_result:
        assert first.startswith(f"结果第{len(right)}项应是")
        assert first.endswith("文件里是没有这一项")


def test_a_file_forged_as_a_whole_is_found_by_the_number_that_was_announced(file: dict[str, Any]) -> None:
    pool = pool_of(file["pool"])
    forged = file_of(draw(pool, bytes(32), file["words"]))
    assert faults(forged) == []
    assert faults(forged, file["commitment"]) == ["封存号与抽取前公布的不是同一个"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "不是 JSON"),
        (b"[" * 100_000, "不是 JSON"),
        (b"\xff", "不是 JSON"),
        (b"[]", "应有 format"),
        (b'{"format": "shouhu-draw-2"}', "应有 format"),
        (b'{"format": "shouhu-draw-1", "format": "shouhu-draw-1"}', "不是 JSON"),
        (b'{"format": "shouhu-draw-1", "pool": NaN}', "不是 JSON"),
        (b'{"format": "shouhu-draw-1", "pool": "\\ud800"}', "不是 JSON"),
    ],
)
def test_what_is_no_draw_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(published.NotADraw, match=said):
        published.read(raw)


def test_a_draw_with_a_key_too_many_or_too_few_was_changed(file: dict[str, Any]) -> None:
    assert faults(json.dumps({**file, "more": 1}).encode()) == ["多出或缺少more"]
    assert faults(json.dumps({key: file[key] for key in file if key != "words"}).encode()) == ["多出或缺少words"]


def test_a_pool_in_another_order_or_spelling_is_not_that_of_the_file(file: dict[str, Any]) -> None:
    for key, value in (
        ("objects", file["pool"]["objects"][::-1]),
        ("team_size", float(file["pool"]["team_size"])),
    ):
        changed = {**file, "pool": {**file["pool"], key: value}}
        assert faults(json.dumps(changed).encode())
    file["pool"]["groups"] = [
        {**group, "rate": "2/2"} if group.get("rate") == "1/1" else group for group in file["pool"]["groups"]
    ]
    assert faults(json.dumps(file).encode()) == ["对象池没有按规定的次序和写法书写，改动过"]


def test_a_sealed_file_is_not_yet_a_draw_and_tells_what_was_changed() -> None:
    random = Random(3)
    pool, seed = some_pool(random), random.randbytes(32)
    plain = published.sealed_as_json(pool, commit(pool, seed))
    with pytest.raises(published.NotADraw, match="还没有抽取"):
        published.read(json.dumps(plain).encode())
    assert published.sealed_differences(published.read_sealed(json.dumps(plain).encode())) == []
    plain["pool"]["objects"][0]["weight"] += 1
    changed = published.read_sealed(json.dumps(plain).encode())
    assert published.sealed_differences(changed) == ["权重与封存时的指纹不符，改动过"]


@pytest.mark.parametrize(
    ("said", "right"), [("30%", "3/10"), ("3/10", "3/10"), (0.3, "3/10"), ("全部", "1/1"), (1, "1/1"), ("12.5%", "1/8")]
)
def test_rates_may_be_written_in_many_ways(said: object, right: str) -> None:
    data: dict[str, Any] = {
        "title": "抽查", "groups": [{"name": "红", "rate": said}], "objects": [], "inspectors": ["甲"], "team_size": 1,
    }  # fmt: skip
    assert pool_of(data).as_json()["groups"] == [{"name": "红", "rate": right}]


@pytest.mark.parametrize("said", ["三成", "30", "-1%", "1/0", "1e999999999", "0.3.3", True])
def test_rates_that_nobody_can_read_are_refused(said: object) -> None:
    data = {
        "title": "抽查",
        "groups": [{"name": "红", "rate": said}],
        "objects": [],
        "inspectors": ["甲"],
        "team_size": 1,
    }
    with pytest.raises(BadDraw, match="比例"):
        pool_of(data)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("objects", {}, "objects应是一个列表"),
        ("objects", [1], "对象应写成"),
        ("objects", [{"id": 1, "name": "一", "group": "红"}], "要加引号"),
        ("objects", [{"id": "1", "group": "红"}], "对象缺少name"),
        ("groups", [{"name": "红", "rate": 1, "size": 3}], "不认识的项size"),
        ("inspectors", [7], "要加引号"),
        ("conflicts", [{"inspector": 7, "object": "一"}], "要加引号"),
        ("more", 1, "不认识的项more"),
    ],
)
def test_a_pool_written_wrongly_is_refused_in_a_sentence(key: str, value: object, said: str) -> None:
    data = {"title": "抽查", "groups": [{"name": "红", "rate": 1}], "objects": [], "inspectors": ["甲"], "team_size": 1}
    with pytest.raises(BadDraw, match=said):
        pool_of({**data, key: value})
