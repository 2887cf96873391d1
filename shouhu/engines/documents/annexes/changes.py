"""名单变动表: who is new on the list, up, down, gone or there for other reasons since a previous run (``--previous DIR``)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from shouhu.engines.documents.annexes import wording
from shouhu.engines.documents.annexes.layout import A3_LANDSCAPE, Column, Heading, Table
from shouhu.engines.documents.annexes.rated import ON_THE_LIST, RANKS, Rated, Tick, nothing, ticking
from shouhu.engines.documents.annexes.styles import Tinted
from shouhu.engines.documents.annexes.workbook import workbook
from shouhu.engines.rules.facts import declared

TITLE = "养老服务诈骗风险隐患“红橙黄”风险管控名单变动表"
COLUMNS = (
    Column(("序号",), 6, "count"),
    Column(("变动",), 11, "centre"),
    Column(("名称",), 30),
    Column(("统一社会信用代码",), 21, "centre"),
    Column(("所在镇街",), 14, "centre"),
    Column(("等级", "上期"), 13, "own"),
    Column(("等级", "本期"), 13, "own"),
    Column(("变动依据", "新增情形"), 46, "own"),
    Column(("变动依据", "消除情形"), 46, "own"),
    Column(("比对依据",), 16, "centre"),
    Column(("复核意见",), 20),
)
ORDER = ("新增", "升级", "降级", "退出", "内容变化")
NOTE = (
    "说明：1.降级、退出须经人工复核后方可执行，不得仅凭本表调整。2.比对先按统一社会信用代码，再按名称和地址，再按名称和镇街；"
    "同一依据对应多家的不比对。3.“上期台账无此机构”可能是新设，也可能是名称、代码改动；“本期台账未找到”可能是漏报，须逐一核实。"
)


class UnreadablePrevious(Exception):
    """The folder of the previous run cannot be used; ``str()`` says which file and what to do, in Chinese."""


@dataclass(frozen=True)
class _Entry:
    """One row of the previous run."""

    keys: tuple[str | None, ...]
    name: str | None
    uscc: str | None
    township: str | None
    colour: str
    listed: str
    says: Mapping[str, str]


@dataclass(frozen=True)
class Change:
    """One line of the table; ``row`` None for what the register no longer has, ``before`` None for what it had not."""

    kind: str
    row: int | None
    before: _Entry | None
    match: str


MATCHES = ("信用代码", "名称+地址", "名称+镇街")


class Comparison:
    """A rated register beside the files of a previous run."""

    def __init__(self, rated: Rated, previous: Path) -> None:
        """:raises UnreadablePrevious: a file of the run is missing or not as this software writes it."""
        self.rated = rated
        self.before = _read_rules(previous / "run.json")
        """Id, hash and reading of the rule set then."""
        titles = {fact.title: name for name, fact in declared().items()}
        self.entries = list(_entries(previous, titles))
        self.pairs: dict[int, tuple[int, str]] = {}
        """Row now -> place then, and by what they were matched."""
        self._match()

    @cached_property
    def new(self) -> frozenset[int]:
        """The rows that the previous run did not have."""
        return frozenset(range(len(self.rated))) - self.pairs.keys()

    def changes(self, tick: Tick = nothing) -> list[Change]:
        """This function will give every change of the list, by kind, then from high to low, then by town."""
        found = [change for row in ticking(self.rated.ranked, tick) if (change := self._change(row))]
        gone = set(range(len(self.entries))) - {place for place, _ in self.pairs.values()}
        found += [
            Change("退出", None, self.entries[place], "本期台账未找到")
            for place in sorted(gone)
            if self.entries[place].listed in ON_THE_LIST
        ]
        return sorted(found, key=lambda change: ORDER.index(change.kind))

    def rules(self, change: Change) -> tuple[str, str]:
        """This function will give what fired only now, and what only then."""
        before = change.before.says if change.before else {}
        now = {} if change.row is None else self._says(change.row)
        return _list(now, before), _list(before, now)

    def _says(self, row: int) -> dict[str, str]:
        return {fired.rule: fired.says for fired in self.rated.ratings[row].fired}

    def _change(self, row: int) -> Change | None:
        listed = self.rated.grades[row]
        if row not in self.pairs:
            return Change("新增", row, None, "上期台账无此机构") if listed in ON_THE_LIST else None
        place, match = self.pairs[row]
        before = self.entries[place]
        was_on, is_on = before.listed in ON_THE_LIST, listed in ON_THE_LIST
        if not was_on and not is_on:
            return None
        if not was_on or not is_on:
            return Change("新增" if is_on else "退出", row, before, match)
        if before.listed != listed:
            return Change("升级" if RANKS[listed] < RANKS[before.listed] else "降级", row, before, match)
        changed = before.colour != self.rated.colours[row] or before.says.keys() != self._says(row).keys()
        return Change("内容变化", row, before, match) if changed else None

    def _match(self) -> None:
        """Pair rows by one key after the other; a key that several rows of either side bear pairs none of them."""
        register = self.rated.register
        columns = [register.columns[name] for name in ("uscc", "name", "address", "township")]
        now = [_keys(*values) for values in zip(*columns, strict=True)]
        free = set(range(len(self.entries)))
        for at, match in enumerate(MATCHES):
            then_by_key = _unique((self.entries[place].keys[at], place) for place in sorted(free))
            now_by_key = _unique((now[row][at], row) for row in range(len(now)) if row not in self.pairs)
            for key, row in now_by_key.items():
                if (place := then_by_key.get(key)) is not None:
                    self.pairs[row] = (place, match)
                    free.discard(place)


def write(path: Path, comparison: Comparison, tick: Tick = nothing) -> None:
    """This function will write the changes, the kinds one after the other, with a count in front."""
    rated = comparison.rated
    changes = comparison.changes(tick)
    counts = Counter(change.kind for change in changes)
    n_missing = sum(change.row is None for change in changes)
    counted = "，".join(f"{kind}{counts[kind]}家" for kind in ORDER)
    notes = [
        f"与上期比对：{counted}；其中本期台账未找到的{n_missing}家。",
        *_other_rules(comparison),
        wording.basis(rated.ratings.ruleset, rated.as_of),
    ]
    with workbook(path, as_of=rated.as_of) as book:
        heading = Heading(TITLE, rated.unit, rated.as_of, notes=tuple(notes))
        table = Table(book, "名单变动", heading, COLUMNS, A3_LANDSCAPE, frozen=3, filtered=True)
        for number, change in enumerate(changes, 1):
            before, row = change.before, change.row
            if row is None:
                assert before is not None
                who: tuple[Any, ...] = (before.name, before.uscc, before.township)
            else:
                who = tuple(rated.fact(name, row) for name in ("name", "uscc", "township"))
            then = wording.grade(before.colour, before.listed) if before else _ABSENT
            now = rated.grade(row) if row is not None else _ABSENT
            table.line((number, change.kind, *who, then, now, *comparison.rules(change), change.match, None))
        if not changes:
            table.wide("名单没有变动。")
        table.finish(NOTE)


_ABSENT = Tinted("—", "unknown")


def _other_rules(comparison: Comparison) -> Iterator[str]:
    """A warning where the two runs cannot be compared like with like."""
    ruleset = comparison.rated.ratings.ruleset
    if comparison.before != (ruleset.id, ruleset.sha256, ruleset.complaint):
        was = comparison.before[0]
        yield f"注意：上期所用规则（{was}）或其版本、读法与本期（{ruleset.id}）不同，变动可能出于规则而非事实。"


def _entries(previous: Path, titles: Mapping[str, str]) -> Iterator[_Entry]:
    """The rows of the previous run, read line by line: they may be many."""
    try:
        with (previous / "ratings.jsonl").open("rb") as ratings, (previous / "register.jsonl").open("rb") as facts:
            for rating, fact in zip(ratings, facts, strict=True):
                yield _entry(orjson.loads(rating), orjson.loads(fact), titles)
    except OSError as error:
        raise _unreadable(Path(str(error.filename)), error) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadablePrevious(
            f"{previous}：ratings.jsonl 与 register.jsonl 不成对或内容不全（{error}），请指定一次完整运行的输出文件夹"
        ) from error


def _entry(rating: dict[str, Any], facts: dict[str, Any], titles: Mapping[str, str]) -> _Entry:
    if (rating["sheet"], rating["row"]) != (facts["sheet"], facts["row"]):
        raise ValueError(f"第{rating['row']}行与第{facts['row']}行不是同一行")
    known = {titles[title]: value for title, value in facts.items() if title in titles and isinstance(value, str)}
    colour, at_least = rating["colour"], rating["at_least"]
    if not {colour, at_least or colour} <= RANKS.keys():
        raise ValueError(f"第{rating['row']}行的颜色“{colour}”不明")
    return _Entry(
        keys=_keys(*(known.get(name) for name in ("uscc", "name", "address", "township"))),
        name=known.get("name"), uscc=known.get("uscc"), township=known.get("township"),
        colour=colour, listed=at_least or colour, says={fired["rule"]: fired["says"] for fired in rating["fired"]},
    )  # fmt: skip


def _keys(uscc: str | None, name: str | None, address: str | None, township: str | None) -> tuple[str | None, ...]:
    """The keys of a row, in the order of ``MATCHES``; None where a part is not known."""
    return (
        uscc or None,
        f"{name}\n{address}" if name and address else None,
        f"{name}\n{township}" if name and township else None,
    )


def _unique(pairs: Iterable[tuple[str | None, int]]) -> dict[str, int]:
    found: dict[str, list[int]] = defaultdict(list)
    for key, place in pairs:
        if key is not None:
            found[key].append(place)
    return {key: places[0] for key, places in found.items() if len(places) == 1}


def _list(says: Mapping[str, str], other: Mapping[str, str]) -> str:
    return "；".join(text for rule, text in says.items() if rule not in other)


def _read_rules(path: Path) -> tuple[str, str, str]:
    try:
        about = orjson.loads(path.read_bytes())
        return about["ruleset"]["id"], about["ruleset"]["sha256"], about["reading"]["complaint"]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> UnreadablePrevious:
    return UnreadablePrevious(f"{path}：无法读取上期结果（{error}），请指定上一次运行的输出文件夹")
