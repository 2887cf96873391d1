"""Pools for the tests: small ones that hypothesis makes up, and any number of larger ones from a seed."""

from __future__ import annotations

import json
from fractions import Fraction
from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from shouhu.engines.draws import published
from shouhu.engines.draws.drawing import Draw
from shouhu.engines.draws.pool import Candidate, Group, Pool

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""However busy the machine is."""
NAMES = ("红", "橙", "黄", "绿", "未定")
SEEDS = st.binary(min_size=32, max_size=32)
WORDS = st.lists(st.text('天地玄黄宇宙洪荒"\\é😀 09az', min_size=1, max_size=8).filter(str.strip), max_size=3)


@st.composite
def pools(draw: st.DrawFn, *, n_groups: int = 4, largest: int = 6, n_conflicts: int = 12) -> Pool:
    """This strategy will make up a pool of a few groups, objects and inspectors."""
    sizes = draw(st.lists(st.integers(0, largest), min_size=1, max_size=n_groups))
    groups, objects = [], []
    for name, size in zip(NAMES, sizes, strict=False):
        if draw(st.booleans()):
            groups.append(Group(name, number=draw(st.integers(0, size))))
        else:
            groups.append(Group(name, rate=draw(st.fractions(0, 1, max_denominator=10))))
        objects += [Candidate(f"{name}{n}", f"机构{n}", name, draw(st.integers(1, 9))) for n in range(size)]
    inspectors = [f"岗{n}" for n in range(draw(st.integers(1, 5)))]
    pairs = [(who, one.id) for who in inspectors for one in objects]
    conflicts = draw(st.lists(st.sampled_from(pairs), max_size=n_conflicts)) if pairs else []
    team_size = draw(st.integers(1, len(inspectors)))
    return Pool("抽查", tuple(groups), tuple(objects), tuple(inspectors), team_size, tuple(conflicts))


def some_pool(random: Random) -> Pool:
    """This function will give a pool of 3 to 60 objects in three groups, with up to half of all pairs in conflict."""
    n, m = random.randint(3, 60), random.randint(1, 9)
    groups = (
        Group("红", rate=Fraction(1)),
        Group("黄", rate=Fraction(random.randint(0, 10), 10)),
        Group("绿", number=random.randint(0, n // 3)),
    )
    objects = [Candidate(f"{k:03}", f"机构“{k}”", groups[k % 3].name, random.randint(1, 20)) for k in range(n)]
    inspectors = [f"岗{k}" for k in range(m)]
    conflicts = [(random.choice(inspectors), random.choice(objects).id) for _ in range(random.randint(0, n * m // 2))]
    return Pool(
        "六月“双随机”", groups, tuple(objects), tuple(inspectors), random.randint(1, min(m, 3)), tuple(conflicts)
    )


def file_of(drawn: Draw) -> bytes:
    """This function will give a draw as it is published."""
    return json.dumps(published.as_json(drawn), ensure_ascii=False, indent=1).encode()
