"""Rule sets: the published colour rules as data, each with its clause; read, checked, never edited in place."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import yaml

from shouhu.engines import law
from shouhu.engines.rules.bounds import TooManyTerms, prime_implicants
from shouhu.engines.rules.expressions import BadExpression, Flag, Names, Node, Number, fold, parse
from shouhu.engines.rules.facts import declared

Colour = Literal["red", "orange", "yellow"]
COLOURS: tuple[Colour, ...] = ("red", "orange", "yellow")
Complaint = Literal["wide", "persons", "crime", "verified"]
READINGS: dict[Complaint, str] = {
    "wide": "对机构或投资人、法定代表人、主要负责人的投诉举报均算，未核实的注明",
    "persons": "只算对方案所列人员的投诉举报",
    "crime": "只算对方案所列人员涉经济犯罪的投诉举报",
    "verified": "只算已核实属实的投诉举报",
}
SHIPPED = ("001", "002-10", "000-19", "000-8", "003")
DEFAULT = "001"
_OPERATORS = {">=": "以上", ">": "超过", "<=": "以下", "<": "不满"}
"""民法典1259: 以上、以下 include the number itself, 超过、不满 do not."""


class BadRuleSet(Exception):
    """A rule set that may not be used; ``str()`` lists what to mend, in Chinese, a line each."""


class NotRateable(Exception):
    """No rating can be given: the rule set names no colours (COL-1), or what it should run on is not there."""


@dataclass(frozen=True)
class Threshold:
    """A figure of the plan: ``fact operator value [x times]``, with whether the number itself is included."""

    name: str
    fact: str
    operator: str
    value: Fraction
    says: str
    clause: str
    times: str | None
    mark: str

    @property
    def expression(self) -> str:
        """The comparison as a condition."""
        number = f"{float(self.value):g}"
        return f"{self.fact} {self.operator} {number}" + (f" * {self.times}" if self.times else "")


@dataclass(frozen=True)
class Derived:
    """A named condition over the facts."""

    name: str
    when: str
    says: str
    condition: Node


@dataclass(frozen=True)
class Rule:
    """One rule: when it holds, the colour is at least ``colour``."""

    id: str
    colour: Colour
    when: str
    says: str
    clause: str
    mark: str
    condition: Node


@dataclass(frozen=True)
class FindingRule:
    """Something found that no rule of the set speaks of (COL-3): a person decides."""

    id: str
    when: str
    says: str
    condition: Node


@dataclass(frozen=True)
class Clause:
    """What a set says of green, or of sites that it leaves to another track; ``condition`` None holds always."""

    says: str
    clause: str
    condition: Node | None


@dataclass(frozen=True)
class Step:
    """One step of a plan that knows no colours."""

    name: str
    says: str
    clause: str


@dataclass(frozen=True, eq=False)
class RuleSet:
    """A published set of colour rules, under one reading of 被投诉举报 (COL-6)."""

    id: str
    title: str
    scale: str
    in_force: date | None
    note: str
    complaint: Complaint
    answer_valid_days: int
    thresholds: tuple[Threshold, ...]
    derived: tuple[Derived, ...]
    rules: tuple[Rule, ...]
    findings: tuple[FindingRule, ...]
    own_track: Clause | None
    green: Clause | None
    steps: tuple[Step, ...]
    sha256: str

    def require_colours(self) -> None:
        """
        This function will refuse a set without colours.

        :raises NotRateable: with a sentence for the clerk.
        """
        if self.scale != "colours":
            raise NotRateable(f"《{self.title}》：{self.note}。可用的四色规则：{'、'.join(SHIPPED[:-1])}")

    def rule(self, rule_id: str) -> Rule:
        """This function will give one rule by id."""
        return next(rule for rule in self.rules if rule.id == rule_id)

    @property
    def assumptions(self) -> tuple[Threshold, ...]:
        """The thresholds that the plan itself does not contain: borrowed, or our proposal."""
        return tuple(t for t in self.thresholds if t.mark)


def load(id_or_path: str = DEFAULT, *, complaint: Complaint | None = None) -> RuleSet:
    """
    This function will read and check a rule set.

    :param id_or_path: a shipped id such as ``"001"``, or the path of a YAML file of one's own.
    :param complaint: the reading of 被投诉举报; the set's own when None.
    :raises BadRuleSet: what is wrong with it.
    """
    if id_or_path in SHIPPED:
        return _shipped(id_or_path, complaint)
    try:
        content = Path(id_or_path).read_bytes()
    except OSError as error:
        known = "、".join(SHIPPED)
        raise BadRuleSet(f"没有规则“{id_or_path}”。可用编号：{known}，或给出规则文件的路径") from error
    return _Reader(content, complaint).ruleset()


@cache
def _shipped(ruleset_id: str, complaint: Complaint | None) -> RuleSet:
    content = (files(__package__) / "colours" / f"{ruleset_id}.yaml").read_bytes()
    return _Reader(content, complaint).ruleset()


class _Reader:
    """Reads one file and gathers every fault before it refuses."""

    def __init__(self, content: bytes, complaint: Complaint | None) -> None:
        self.faults: list[str] = []
        self.sha256 = hashlib.sha256(content).hexdigest()
        try:
            raw = yaml.safe_load(content.decode("utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
            raise BadRuleSet(f"不是有效的 YAML 文件：{str(error)[:200]}") from error
        if not isinstance(raw, dict):
            raise BadRuleSet("规则文件应是“键: 值”的 YAML")
        self.raw: dict[str, Any] = raw
        reading = raw.get("reading") or {}
        self.complaint: Complaint = complaint or (
            reading.get("complaint", "wide") if isinstance(reading, dict) else "wide"
        )
        if self.complaint not in READINGS:
            self.faults.append(f"reading：投诉举报的读法应为 {'、'.join(READINGS)} 之一")
        self.names: dict[str, Node | Number] = dict(base_names())

    def ruleset(self) -> RuleSet:
        steps = tuple(Step(**row) for row in self.rows("steps", {"name", "says", "clause"}))
        thresholds = tuple(
            t for row in self.rows("thresholds", _THRESHOLD, {"times", "mark"}) if (t := self.threshold(row))
        )
        derived = tuple(d for row in self.rows("derived", {"name", "when", "says"}) if (d := self.named(row)))
        rules = tuple(r for row in self.rows("rules", _RULE, {"mark"}) if (r := self.rule(row)))
        findings = tuple(f for row in self.rows("findings", {"id", "when", "says"}) if (f := self.finding(row)))
        ids = [rule.id for rule in rules] + [finding.id for finding in findings]
        self.faults += [f"编号重复：{i}" for i in sorted({i for i in ids if ids.count(i) > 1})]
        if self.raw.get("scale") == "colours" and not rules:
            self.faults.append("rules：至少要有一条规则")
        own_track, green = self.clause("own_track"), self.clause("green")
        days = (
            self.raw.get("answer_valid_days", {}).get("value", 180)
            if isinstance(self.raw.get("answer_valid_days", {}), dict)
            else None
        )
        if not isinstance(days, int) or days < 1:
            self.faults.append("answer_valid_days：应写成 {value: 天数}")
        for key in ("id", "title", "scale"):
            if not isinstance(self.raw.get(key), str):
                self.faults.append(f"{key}：缺少，或不是文字")
        try:
            prime_implicants(rule.condition for rule in rules)
        except TooManyTerms as error:
            self.faults.append(f"rules：{error}")
        if self.faults:
            raise BadRuleSet("\n".join(self.faults))
        return RuleSet(
            id=self.raw["id"], title=self.raw["title"], scale=self.raw["scale"], in_force=self.raw.get("in_force"),
            note=str(self.raw.get("note", "")), complaint=self.complaint, answer_valid_days=days or 180,
            thresholds=thresholds, derived=derived, rules=rules, findings=findings,
            own_track=own_track, green=green, steps=steps, sha256=self.sha256,
        )  # fmt: skip

    def rows(self, key: str, needed: set[str], optional: set[str] = frozenset()) -> list[dict[str, Any]]:  # type: ignore[assignment]
        rows = self.raw.get(key) or []
        good = []
        for number, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
            if not isinstance(row, dict) or not needed <= set(row) <= needed | optional:
                self.faults.append(f"{key} 第{number}条：应含 {'、'.join(sorted(needed))}")
                continue
            self.check_words(row, f"{key} {row.get('id') or row.get('name')}")
            good.append(row)
        return good

    def check_words(self, row: Mapping[str, Any], where: str) -> None:
        if len(str(row.get("says", ""))) > 30:
            self.faults.append(f"{where}：表述超过30个字")
        if "clause" in row:
            try:
                law.cite(str(row["clause"]))
            except law.UnknownClause as error:
                self.faults.append(f"{where}：{error}")

    def condition(self, text: Any, where: str) -> Node | None:
        if isinstance(text, dict):
            if set(text) != set(READINGS):
                self.faults.append(f"{where}：when 按读法分列时应写全 {'、'.join(READINGS)}")
                return None
            text = text.get(self.complaint)
            if text is None:
                return None
        try:
            return parse(str(text), self.names)
        except BadExpression as error:
            self.faults.append(f"{where}：{error}")
            return None

    def declare(self, name: str, condition: Node, where: str) -> None:
        if fold(name) in self.names:
            self.faults.append(f"{where}：名称“{name}”已被使用")
        self.names[fold(name)] = condition

    def threshold(self, row: dict[str, Any]) -> Threshold | None:
        where = f"thresholds {row['name']}"
        operator, value = row["operator"], row["value"]
        if not isinstance(value, int | float) or isinstance(value, bool) or _OPERATORS.get(operator) != row["wording"]:
            self.faults.append(f"{where}：operator 与 wording 不符(以上>=、超过>、以下<=、不满<)，或 value 不是数")
            return None
        made = Threshold(
            row["name"],
            row["fact"],
            operator,
            Fraction(str(value)),
            row["says"],
            row["clause"],
            row.get("times"),
            row.get("mark", ""),
        )
        condition = self.condition(made.expression, where)
        if condition is None:
            return None
        self.declare(made.name, condition, where)
        return made

    def named(self, row: dict[str, Any]) -> Derived | None:
        condition = self.condition(row["when"], f"derived {row['name']}")
        if condition is None:
            return None
        self.declare(row["name"], condition, f"derived {row['name']}")
        return Derived(row["name"], row["when"], row["says"], condition)

    def when(self, row: dict[str, Any]) -> str:
        return str(row["when"][self.complaint] if isinstance(row["when"], dict) else row["when"])

    def rule(self, row: dict[str, Any]) -> Rule | None:
        where = f"rules {row['id']}"
        if row["colour"] not in COLOURS:
            self.faults.append(f"{where}：colour 应为 {'、'.join(COLOURS)} 之一")
            return None
        condition = self.condition(row["when"], where)
        if condition is None:
            return None
        return Rule(
            row["id"], row["colour"], self.when(row), row["says"], row["clause"], row.get("mark", ""), condition
        )

    def finding(self, row: dict[str, Any]) -> FindingRule | None:
        condition = self.condition(row["when"], f"findings {row['id']}")
        return None if condition is None else FindingRule(row["id"], self.when(row), row["says"], condition)

    def clause(self, key: str) -> Clause | None:
        row = self.raw.get(key)
        if not row:
            return None
        if not isinstance(row, dict) or not {"says", "clause"} <= set(row) <= {"when", "says", "clause"}:
            self.faults.append(f"{key}：应写成 {{when: 条件, says: 表述, clause: 条款}}")
            return None
        self.check_words(row, key)
        return Clause(row["says"], row["clause"], self.condition(row["when"], key) if "when" in row else None)


_THRESHOLD = {"name", "fact", "operator", "value", "wording", "says", "clause"}
_RULE = {"id", "colour", "when", "says", "clause"}


@cache
def base_names() -> Names:
    """This function will give every name that a condition may use before derived ones: facts, their titles, aspects."""
    names: dict[str, Node | Number] = {}
    for fact in declared().values():
        for aspect in fact.aspects:
            names[fold(aspect)] = Flag(aspect, fact.name)
        if fact.is_number:
            names[fold(fact.name)] = names[fold(fact.title)] = Number(fact.name, fact.type)
        elif fact.type in ("yes_no", "names"):
            names[fold(fact.name)] = names[fold(fact.title)] = Flag(fact.name, fact.name)
    return names
