"""What is drawn and who inspects it: what always holds, and that chances are those of the weights."""

from __future__ import annotations

import hashlib
from collections import Counter
from fractions import Fraction
from itertools import combinations, permutations, product
from math import ceil
from random import Random
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhu.engines.draws.assigning import Teams
from shouhu.engines.draws.drawing import Draw, draw
from shouhu.engines.draws.numbers import Numbers
from shouhu.engines.draws.pool import BadDraw, Candidate, Group, Pool
from shouhu.engines.draws.sealing import commit
from tests.engines.draws.pools import SEEDS, UNHURRIED, WORDS, pools

T = TypeVar("T")
N_SEEDS = 4_000
CRITICAL = {2: 13.82, 3: 16.27, 11: 31.26}
"""Chi-square at 0.001 by degrees of freedom."""


def loads(drawn: Draw) -> dict[str, int]:
    found = Counter(who for one in drawn.inspections for who in one.inspectors)
    return {who: found[who] for who in drawn.pool.inspectors}


def seeds(n: int) -> list[bytes]:
    return [hashlib.sha256(str(k).encode()).digest() for k in range(n)]


@UNHURRIED
@given(pools(), SEEDS, WORDS)
def test_each_group_is_drawn_as_often_as_it_says_and_no_object_twice(pool: Pool, seed: bytes, words: list[str]) -> None:
    drawn = [one.object_id for one in draw(pool, seed, words).inspections]
    assert len(set(drawn)) == len(drawn)
    group_of = {one.id: one.group for one in pool.objects}
    sizes, found = Counter(group_of.values()), Counter(group_of[one] for one in drawn)
    for group in pool.groups:
        if group.rate is None:
            assert found[group.name] == group.number
        else:
            assert found[group.name] == ceil(group.rate * sizes[group.name])


@UNHURRIED
@given(pools(), SEEDS)
def test_nobody_inspects_what_they_may_not_and_what_is_missing_is_said(pool: Pool, seed: bytes) -> None:
    for one in draw(pool, seed).inspections:
        may = {who for who in pool.inspectors if (who, one.object_id) not in pool.conflicts}
        assert set(one.inspectors) <= may
        assert len(one.inspectors) == min(pool.team_size, len(may))
        assert one.n_missing == pool.team_size - len(one.inspectors) == pool.short().get(one.object_id, 0)


@UNHURRIED
@given(pools(n_conflicts=0), SEEDS)
def test_without_conflicts_nobody_has_two_objects_more_than_another(pool: Pool, seed: bytes) -> None:
    found = loads(draw(pool, seed)).values()
    assert max(found) - min(found) <= 1


@UNHURRIED
@given(pools(n_groups=1, largest=4), SEEDS)
def test_with_conflicts_no_assignment_is_more_even(pool: Pool, seed: bytes) -> None:
    """Held against every assignment there is."""
    drawn = draw(pool, seed)
    choices = []
    for one in drawn.inspections:
        may = [who for who in pool.inspectors if (who, one.object_id) not in pool.conflicts]
        choices.append(list(combinations(may, len(one.inspectors))))
    best = min(
        sum(n * n for n in Counter(who for team in teams for who in team).values()) for teams in product(*choices)
    )
    assert sum(n * n for n in loads(drawn).values()) == best


def test_evening_out_goes_through_several_hands() -> None:
    """Only B may take over from A, and only C from B; drawn so that A has two and C none, A's goes to B and B's to C."""
    may = {"一": "甲", "二": "甲乙", "三": "乙丙"}
    conflicts = tuple((who, one) for one, those in may.items() for who in "甲乙丙" if who not in those)
    objects = tuple(Candidate(one, one, "机构") for one in may)
    pool = Pool("抽查", (Group("机构", rate=Fraction(1)),), objects, ("甲", "乙", "丙"), 1, conflicts)
    teams = Teams(pool, list(may))
    teams.of, teams.load = {"一": {"甲"}, "二": {"甲"}, "三": {"乙"}}, {"甲": 2, "乙": 1, "丙": 0}
    teams.even_out()
    assert teams.of == {"一": {"甲"}, "二": {"乙"}, "三": {"丙"}}
    assert teams.load == {"甲": 1, "乙": 1, "丙": 1}


@UNHURRIED
@given(pools(), SEEDS, st.randoms(use_true_random=False))
def test_the_order_in_which_things_are_written_does_not_matter(pool: Pool, seed: bytes, random: Random) -> None:
    def shuffled(things: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(random.sample(things, len(things)))

    other = Pool(
        pool.title, shuffled(pool.groups), shuffled(pool.objects), shuffled(pool.inspectors), pool.team_size,
        shuffled(pool.conflicts + pool.conflicts),
    )  # fmt: skip
    assert commit(other, seed) == commit(pool, seed)
    assert draw(other, seed).inspections == draw(pool, seed).inspections


# --- chances ---------------------------------------------------------------------------------------------------------


def chi_square(found: Counter[str], chances: dict[str, Fraction]) -> float:
    n = found.total()
    return sum(float((found[key] - n * chance) ** 2 / (n * chance)) for key, chance in chances.items())


def test_chances_are_in_proportion_to_the_weights() -> None:
    """Two out of four, in order: twelve outcomes, each with the chance that drawing one after the other gives it."""
    weights = {"甲": 1, "乙": 2, "丙": 3, "丁": 6}
    objects = tuple(Candidate(name, name, "机构", weight) for name, weight in weights.items())
    pool = Pool("抽查", (Group("机构", number=2),), objects, ("岗一",), 1)
    found = Counter("".join(one.object_id for one in draw(pool, seed).inspections) for seed in seeds(N_SEEDS))
    total = sum(weights.values())
    chances = {
        a + b: Fraction(weights[a], total) * Fraction(weights[b], total - weights[a])
        for a, b in permutations(weights, 2)
    }
    assert chi_square(found, chances) < CRITICAL[11]
    alike = dict.fromkeys(chances, Fraction(1, 12))
    assert chi_square(found, alike) > CRITICAL[11]  # the test would notice chances that are not those


def test_inspectors_are_drawn_alike() -> None:
    pool = Pool("抽查", (Group("机构", number=1),), (Candidate("一", "一", "机构"),), ("甲", "乙", "丙", "丁"), 1)
    found = Counter(draw(pool, seed).inspections[0].inspectors[0] for seed in seeds(N_SEEDS))
    assert chi_square(found, dict.fromkeys("甲乙丙丁", Fraction(1, 4))) < CRITICAL[3]


def test_words_change_the_draw_and_cannot_be_foreseen() -> None:
    """Whatever the words are, each outcome is as likely as its weight: nobody gains by choosing them."""
    weights = {"甲": 1, "乙": 2, "丙": 3}
    objects = tuple(Candidate(name, name, "机构", weight) for name, weight in weights.items())
    pool = Pool("抽查", (Group("机构", number=1),), objects, ("岗一",), 1)
    found = Counter(draw(pool, bytes(32), [str(n)]).inspections[0].object_id for n in range(N_SEEDS))
    assert chi_square(found, {name: Fraction(weight, 6) for name, weight in weights.items()}) < CRITICAL[2]


@UNHURRIED
@given(SEEDS, st.integers(1, 1 << 80))
def test_numbers_are_below_and_the_same_again(key: bytes, n: int) -> None:
    first, second = Numbers(key), Numbers(key)
    told = [first.below(n) for _ in range(5)]
    assert all(0 <= number < n for number in told)
    assert told == [second.below(n) for _ in range(5)]


def test_blocks_past_a_multiple_are_skipped() -> None:
    """Two thirds of 2^256 leave a third that would favour small numbers: about every third block is passed over."""
    n = (1 << 257) // 3
    numbers = Numbers(bytes(32))
    told = [numbers.below(n) for _ in range(300)]
    plain = Numbers(bytes(32))
    blocks = [plain.below(1 << 256) for _ in range(1_000)]
    kept = [block for block in blocks if block < n]
    assert told == kept[:300]
    assert len(kept) < 750


# --- refusals --------------------------------------------------------------------------------------------------------


def pool_with(**changes: object) -> Pool:
    parts: dict[str, object] = {
        "title": "抽查", "groups": (Group("红", rate=Fraction(1)),), "objects": (Candidate("一", "机构一", "红"),),
        "inspectors": ("甲", "乙"), "team_size": 2, "conflicts": (),
    }  # fmt: skip
    return Pool(**(parts | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "抽查名称应是"),
        ({"title": "换\n行"}, "控制字符"),
        ({"title": "长" * 201}, "1到200个字"),
        ({"inspectors": ("甲", "甲")}, "检查人员“甲”重复"),
        ({"inspectors": ("甲",)}, "不够一组2人"),
        ({"team_size": 0}, "不小于1"),
        ({"team_size": True}, "应是整数"),
        ({"objects": (Candidate("一", "一", "红"), Candidate("一", "二", "红"))}, "对象编号“一”重复"),
        ({"objects": (Candidate("一", "一", "蓝"),)}, "类别“蓝”没有写比例或数量"),
        ({"groups": (Group("红", number=2),)}, "只有1个对象，不能抽2个"),
        ({"groups": (Group("红", number=1), Group("红", number=1))}, "类别“红”重复"),
        ({"conflicts": (("丙", "一"),)}, "“丙”不在检查人员名单里"),
        ({"conflicts": (("甲", "二"),)}, "“二”不在对象名单里"),
    ],
)
def test_a_pool_that_cannot_be_drawn_from_is_refused(changes: dict[str, object], said: str) -> None:
    assert draw(pool_with(), bytes(32)).inspections[0].inspectors == ("乙", "甲")
    with pytest.raises(BadDraw, match=said):
        pool_with(**changes)


def test_groups_weights_and_seeds_out_of_bounds_are_refused() -> None:
    for rate, number in ((None, None), (Fraction(1), 1), (Fraction(11, 10), None), (Fraction(-1), None), (None, -1)):
        with pytest.raises(BadDraw, match="红"):
            Group("红", rate, number)
    for weight in (0, -1, 1_000_001, 1.0, True):
        with pytest.raises(BadDraw, match="权重应是"):
            Candidate("一", "一", "红", weight)  # type: ignore[arg-type]
    with pytest.raises(BadDraw, match="种子应是32个字节"):
        draw(pool_with(), bytes(31))
    with pytest.raises(BadDraw, match="见证词应是"):
        draw(pool_with(), bytes(32), [" "])
