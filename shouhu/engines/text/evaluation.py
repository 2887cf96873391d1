"""How good the engine is on labelled texts: macro-F1, false alarms, fraud lost, calibration, each with its interval."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from shouhu.engines.text.corpus import Example
from shouhu.engines.text.screening import Verdict
from shouhu.engines.text.taxonomy import ANSWERS, NONE, guises, registers, schemes

_NORMAL = 1.959964
_DRAWS = 200
_SEED = 1
_BINS = 10


@dataclass(frozen=True, slots=True)
class Share:
    """A share of ``of`` texts with its 95 % interval after Wilson; ``of`` 0 means that there were none."""

    count: int
    of: int

    @property
    def value(self) -> float:
        """The share itself, 0 where there was nothing to count."""
        return self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end."""
        if not self.of:
            return 0.0, 1.0
        squared = _NORMAL**2
        middle = (self.value + squared / (2 * self.of)) / (1 + squared / self.of)
        spread = self.value * (1 - self.value) / self.of + squared / (4 * self.of**2)
        half = _NORMAL / (1 + squared / self.of) * spread**0.5
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class ClassScore:
    """How well one class of an axis is found; ``texts`` are those that belong to it."""

    code: str
    precision: float
    recall: float
    f1: float
    texts: int


@dataclass(frozen=True, slots=True)
class AxisScore:
    """How well an axis is answered: macro-F1 over the classes that occur, with a 95 % bootstrap interval."""

    axis: str
    macro_f1: float
    interval: tuple[float, float]
    classes: tuple[ClassScore, ...]


@dataclass(frozen=True, slots=True)
class RegisterScore:
    """One register: expected calibration error of the probability of fraud, false alarms, fraud kept."""

    register: str
    texts: int
    ece: float
    false_alarms: Share
    kept: Share


@dataclass(frozen=True, slots=True)
class Report:
    """
    The whole evaluation.

    ``false_alarms``: honest texts answered yes. ``kept``: texts on fraud answered yes or put before a person.
    ``asked``: honest texts put before a person. ``urgent``: urgent texts on fraud that are marked so.
    """

    texts: int
    axes: tuple[AxisScore, ...]
    registers: tuple[RegisterScore, ...]
    false_alarms: Share
    kept: Share
    asked: Share
    urgent: Share


def evaluate(examples: Sequence[Example], verdicts: Sequence[Verdict]) -> Report:
    """
    This function will hold verdicts against the labels.

    :param verdicts: one an example, in the same order, by a model that has not learnt from them.
    """
    pairs = list(zip(examples, verdicts, strict=True))
    by_register = [(name, [pair for pair in pairs if pair[0].register == name]) for name in (*registers(), None)]
    return Report(
        texts=len(pairs),
        axes=(
            _axis("fraud", ANSWERS, pairs, lambda e: (e.fraud,), lambda v: v.is_fraud),
            _axis("guise", guises(), pairs, lambda e: (e.guise,), lambda v: v.guise),
            _axis("scheme", schemes(), pairs, lambda e: e.schemes or (NONE,), lambda v: v.scheme),
        ),
        registers=tuple(
            RegisterScore(name or "-", len(mine), ece(mine), *_alarms(mine)) for name, mine in by_register if mine
        ),
        false_alarms=_alarms(pairs)[0],
        kept=_alarms(pairs)[1],
        asked=_share((v.ask_person for e, v in pairs if e.fraud == "no")),
        urgent=_share((v.urgent for e, v in pairs if e.fraud == "yes" and e.urgent)),
    )  # fmt: skip


def ece(pairs: Iterable[tuple[Example, Verdict]]) -> float:
    """This function will give the expected calibration error of the probability of fraud, over ten equal bins."""
    told = [(v.p_fraud, e.fraud == "yes") for e, v in pairs if e.fraud != "unclear"]
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for chance, fraud in told:
        bins[min(int(chance * _BINS), _BINS - 1)].append((chance, fraud))
    off = sum(abs(sum(chance for chance, _ in inside) - sum(fraud for _, fraud in inside)) for inside in bins)
    return off / len(told) if told else 0.0


def table(report: Report) -> str:
    """This function will write a report as plain text."""
    lines = [f"共 {report.texts} 条"]
    for name, share in (
        ("误报（正常判为诈骗）", report.false_alarms),
        ("不漏（诈骗判为诈骗或转人工）", report.kept),
        ("正常转人工", report.asked),
        ("紧急标出", report.urgent),
    ):
        low, high = share.interval
        lines.append(f"{name}：{share.value:.1%}（{share.count}/{share.of}，95%区间 {low:.1%}—{high:.1%}）")
    for register in report.registers:
        says = registers()[register.register].says if register.register in registers() else "来源不明"
        lines.append(
            f"{says}：{register.texts} 条，校准误差 {register.ece:.3f}，误报 {register.false_alarms.value:.1%}，"
            f"不漏 {register.kept.value:.1%}"
        )
    for axis in report.axes:
        low, high = axis.interval
        lines.append(f"{_AXES[axis.axis]}：宏平均F1 {axis.macro_f1:.3f}（95%区间 {low:.3f}—{high:.3f}）")
        lines += [
            f"  {_says(axis.axis, c.code)}：准确率 {c.precision:.2f} 召回率 {c.recall:.2f} F1 {c.f1:.2f}（{c.texts} 条）"
            for c in axis.classes
        ]
    return "\n".join(lines)


_AXES = {"fraud": "是否诈骗", "guise": "名目", "scheme": "手法"}
_ANSWERS = {"yes": "是", "no": "否", "unclear": "不能判定"}


def _says(axis: str, code: str) -> str:
    return _ANSWERS[code] if axis == "fraud" else {"guise": guises, "scheme": schemes}[axis]()[code].says


def _share(found: Iterable[bool]) -> Share:
    told = list(found)
    return Share(sum(told), len(told))


def _alarms(pairs: Sequence[tuple[Example, Verdict]]) -> tuple[Share, Share]:
    return (
        _share(v.is_fraud == "yes" for e, v in pairs if e.fraud == "no"),
        _share(v.is_fraud == "yes" or v.ask_person for e, v in pairs if e.fraud == "yes"),
    )


def _axis(
    axis: str,
    codes: Iterable[str],
    pairs: Sequence[tuple[Example, Verdict]],
    right: Callable[[Example], tuple[str, ...]],
    given: Callable[[Verdict], str],
) -> AxisScore:
    # A text of two schemes is answered rightly by either of them.
    answers = [
        (found if (found := given(verdict)) in right(example) else right(example)[0], found)
        for example, verdict in pairs
    ]
    occurring = [code for code in codes if any(code in pair for pair in answers)]
    draw = Random(_SEED)
    drawn = sorted(_macro(draw.choices(answers, k=len(answers)), occurring) for _ in range(_DRAWS)) if answers else []
    ends = (drawn[int(_DRAWS * 0.025)], drawn[int(_DRAWS * 0.975) - 1]) if drawn else (0.0, 1.0)
    return AxisScore(axis, _macro(answers, occurring), ends, _classes(answers, occurring))


def _macro(answers: Sequence[tuple[str, str]], codes: Sequence[str]) -> float:
    scored = [score.f1 for score in _classes(answers, codes) if score.texts]
    return sum(scored) / len(scored) if scored else 0.0


def _classes(answers: Sequence[tuple[str, str]], codes: Sequence[str]) -> tuple[ClassScore, ...]:
    wanted = dict.fromkeys(codes, 0)
    found, both = wanted.copy(), wanted.copy()
    for right, given in answers:
        wanted[right] += 1
        found[given] += 1
        both[right] += right == given
    return tuple(
        ClassScore(
            code,
            both[code] / found[code] if found[code] else 0.0,
            both[code] / wanted[code] if wanted[code] else 0.0,
            2 * both[code] / (wanted[code] + found[code]) if wanted[code] + found[code] else 0.0,
            wanted[code],
        )
        for code in codes
    )
