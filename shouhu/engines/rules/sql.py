"""
A rating as one SELECT statement: the third target of the one program, for data that lies in PostgreSQL or in Spark.

The statement is built in layers: the facts, settled; the program's inputs; conditions; steps that many bits share; the
masks. From the inputs on, a layer is nothing but bits in words, and a step of the program is a test of bits of the
layers before: a conjunction of any number of them is one ``word & bits = bits``. So the text stays small, no value is
NULL, and a database has little to compile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from shouhu.engines.rules.expressions import And, Comparison, Flag, Node, Not, Or
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.frame import WORD, needed
from shouhu.engines.rules.program import Program, Step, read
from shouhu.engines.rules.ratings import Plan
from shouhu.engines.rules.rulesets import COLOURS
from shouhu.engines.rules.values import UNNAMED

GROUPS = ("state", "fired", "open", "missing_in", "findings", "derived", "asks", "missing")
"""The groups of ``Plan.groups`` by name, then ``Plan.missing``."""
_HIGH = "__high"
T = TypeVar("T")


@dataclass(frozen=True)
class Dialect:
    """What differs between the databases; all else is written so that both read it the same way."""

    quote: str
    double: str
    text: str
    fence: str
    """Ends a subquery that the planner would else dissolve, writing every shared expression out again and again."""

    def name(self, name: str) -> str:
        """This function will quote a name."""
        return f"{self.quote}{name.replace(self.quote, 2 * self.quote)}{self.quote}"

    def number(self, value: float | str) -> str:
        """This function will write a double."""
        return f"CAST('{value}' AS {self.double})"


POSTGRESQL = Dialect('"', "DOUBLE PRECISION", "TEXT", " OFFSET 0")
"""Set ``jit = off`` for the session: compiling the statement takes longer than running it over a million rows."""
SPARK = Dialect("`", "DOUBLE", "STRING", "")


def layout(program: Program, dialect: Dialect) -> dict[str, str]:
    """
    This function will name the columns that a table of facts needs, with their types; NULL is not known.

    It is the layout of ``frame.table``: yes/no and names are booleans, a choice its canonical word, persons words with
    commas between (empty for nobody), a number its closed bounds ``f`` and ``f__high`` (the same where it is exact),
    money in fen.
    """
    types: dict[str, str] = {}
    for name in needed(program):
        fact = declared()[name]
        if fact.is_number:
            types[name] = types[name + _HIGH] = dialect.double
        else:
            types[name] = {"yes_no": "BOOLEAN", "names": "BOOLEAN", "date": "DATE"}.get(fact.type, dialect.text)
    return types


def masks(plan: Plan) -> list[list[str]]:
    """This function will name the columns of every group of ``GROUPS``, the word with the lowest bits first."""
    return [[column for column, _ in _words(group, getattr(plan, group))] for group in GROUPS]


def select(plan: Plan, dialect: Dialect, table: str, *, as_of: date | None, keep: Iterable[str] = ()) -> str:
    """
    This function will write the statement that rates every row of a table of facts.

    :param table: the name of a table with the columns of ``layout``, qualified by dots or not.
    :param as_of: answers older than the set's validity on this day count as unknown; None: all are valid.
    :param keep: further columns of the table to carry along, such as its key.
    :returns: a statement with the columns ``keep`` and those of ``masks`` (64-bit), the bits as in ``Plan.groups``.
    """
    return _Statement(plan, dialect).text(table, as_of, tuple(keep))


class _Statement:
    """Writes one statement; ``places`` holds the column and the bit of every step that a layer has worked out."""

    def __init__(self, plan: Plan, dialect: Dialect) -> None:
        self.plan, self.program, self.dialect = plan, plan.program, dialect
        self.places: dict[Step, tuple[str, int]] = {}

    def text(self, table: str, as_of: date | None, keep: Sequence[str]) -> str:
        name = self.dialect.name
        kept = {column: name(column) for column in keep}
        source = ".".join(name(part) for part in table.split("."))
        layers = []
        for title, star, columns in (
            ("facts", "", kept | self.settled(as_of)),
            ("inputs", "", kept | self.inputs()),
            ("conditions", "*, ", self.layer("conditions", self.conditions())),
            ("steps", "*, ", self.layer("steps", [self.program.unknown, self.program.settled, *self.plan.missing_in])),
        ):
            layers.append(f"{title} AS (\nSELECT {star}{self.listed(columns)}\nFROM {source}{self.dialect.fence})")
            source = title
        return f"WITH {', '.join(layers)}\nSELECT {self.listed(kept | self.masks())}\nFROM {source}"

    def listed(self, columns: Mapping[str, str]) -> str:
        return ",\n".join(f"{text} AS {self.dialect.name(column)}" for column, text in columns.items())

    # -- facts, as frame.settle does it -------------------------------------------------------------------------------

    def settled(self, as_of: date | None) -> dict[str, str]:
        """The facts without expired answers, and with what given answers imply about blank ones."""
        facts = {column: self.dialect.name(column) for column in layout(self.program, self.dialect)}
        if as_of is not None:
            oldest = as_of - timedelta(days=self.program.ruleset.answer_valid_days)
            fresh = f"({facts['surveyed_on']} < DATE '{oldest}') IS NOT TRUE"
            for column, text in facts.items():
                if declared()[column.removesuffix(_HIGH)].expires:
                    facts[column] = f"CASE WHEN {fresh} THEN {text} END"
        for fact in (f for f in declared().values() if f.name in facts):
            for answer, implied in fact.implies.items():
                yes = facts[fact.name] if fact.type in ("yes_no", "names") else f"{facts[fact.name]} <> ''"
                given = f"({yes}) IS {str(answer).upper()}"
                for column in (c for name in implied for c in (name, name + _HIGH) if c in facts):
                    value = implied[column.removesuffix(_HIGH)]
                    value = str(value).upper() if isinstance(value, bool) else self.dialect.number(value)
                    facts[column] = f"COALESCE({facts[column]}, CASE WHEN {given} THEN {value} END)"
        return facts

    # -- inputs, as frame.inputs does them ----------------------------------------------------------------------------

    def inputs(self) -> dict[str, str]:
        """The two rails of every atom, and of every fact whether it is answered and whether not exactly known."""
        rails, known = [], []
        for place, atom in enumerate(self.program.atoms):
            true, false = self.aspect(atom) if isinstance(atom, Flag) else self.comparison(atom)
            rails += [(read(f"t{place}"), true), (read(f"f{place}"), false)]
        for fact in self.program.facts:
            column = self.dialect.name(fact)
            known.append((read(f"k_{fact}"), f"{column} IS NOT NULL"))
            if declared()[fact].is_number:
                known.append((read(f"x_{fact}"), f"({column} = {self.dialect.name(fact + _HIGH)}) IS NOT TRUE"))
        return self.packed("rails", rails) | self.packed("known", known)

    def aspect(self, flag: Flag) -> tuple[str, str]:
        fact, column = declared()[flag.fact], self.dialect.name(flag.fact)
        meant = fact.aspects.get(flag.name)
        if meant is None:
            return column, f"NOT {column}"
        if fact.type == "choice":
            others = [word for word in fact.choices if word not in meant]
            return f"{column} IN ({_texts(meant)})", f"{column} IN ({_texts(others)})"
        # None of the words for persons holds another, so it is enough to look for them.
        certain = (*meant, UNNAMED) if len(meant) >= 3 else meant
        somebody = " OR ".join(f"{column} LIKE '%{word}%'" for word in certain)
        return somebody, " AND ".join(f"{column} NOT LIKE '%{word}%'" for word in (*meant, UNNAMED))

    def comparison(self, atom: Comparison) -> tuple[str, str]:
        """The sum of the positive terms against that of the negative ones, at both ends of their bounds."""
        number, name = self.dialect.number, self.dialect.name

        def total(high: bool, sign: int) -> str:
            terms = [number(float(atom.constant * sign))] if atom.constant * sign > 0 else []
            for fact, factor in atom.terms:
                if factor * sign > 0:
                    column, unknown = (name(fact + _HIGH), "Infinity") if high else (name(fact), "0")
                    times = "" if factor * sign == 1 else f" * {number(float(factor * sign))}"
                    terms.append(f"COALESCE({column}, {number(unknown)}){times}")
            return " + ".join(terms) or number("0")

        above, below = (">", "<=") if atom.strict else (">=", "<")
        return f"{total(False, 1)} {above} {total(True, -1)}", f"{total(True, 1)} {below} {total(False, -1)}"

    # -- conditions and steps -----------------------------------------------------------------------------------------

    def conditions(self) -> list[Step]:
        """Of every condition inside the rules, findings and derived conditions the rails; fired colours and bounds."""
        ruleset, program = self.program.ruleset, self.program
        nodes = [rule.condition for rule in ruleset.rules] + [finding.condition for finding in ruleset.findings]
        nodes += [derived.condition for derived in ruleset.derived]
        nodes += [c.condition for c in (ruleset.own_track, ruleset.green) if c and c.condition]
        parts = list(dict.fromkeys(part for node in nodes for part in _parts(node)))
        steps = [kind(part) for kind in (program.true, program.false, program.open) for part in parts]
        return [*steps, *program.fired.values(), *map(program.at_least, COLOURS), *map(program.at_most, COLOURS)]

    def layer(self, title: str, steps: Iterable[Step]) -> dict[str, str]:
        """The words of steps, without those that are there already or not wanted."""
        plain = dict.fromkeys(step.operands[0] if step.kind == "not" else step for step in steps)
        new = [step for step in plain if step.operands and step not in self.places]
        return self.packed(title, [(step, self.test(step)) for step in new])

    def packed(self, title: str, bits: Sequence[tuple[Step, str]]) -> dict[str, str]:
        """The words of bits with their texts, and from now on their places."""
        made = {}
        for column, word in _words(title, bits):
            made[column] = _packed(text for _, text in word)
            self.places |= {step: (column, 1 << k) for k, (step, _) in enumerate(word)}
        return made

    def test(self, step: Step, wanted: bool = True) -> str:
        """The text of whether a step holds (if not ``wanted``, does not), which is never NULL."""
        while step.kind == "not":
            step, wanted = step.operands[0], not wanted
        every = step in self.places or (step.kind == "and") is wanted
        together: dict[tuple[str, bool], int] = {}
        apart = []
        for leaf, holds in self.leaves(step, wanted is every):
            if leaf in self.places:
                column, bit = self.places[leaf]
                together[column, holds] = together.get((column, holds), 0) | bit
            else:
                apart.append(self.test(leaf, holds is every))
        is_ = "=" if every else "<>"
        tests = [f"({column} & {bits}) {is_} {bits if holds else 0}" for (column, holds), bits in together.items()]
        joined = (" AND " if every else " OR ").join(tests + apart) or str(every).upper()
        return f"({joined})" if len(tests + apart) > 1 else joined

    def leaves(self, step: Step, holds: bool) -> Iterator[tuple[Step, bool]]:
        """What must hold (True) or not hold (False) all at once for ``step`` to hold (or not), down to bits and to ORs."""
        if step.kind == "not":
            yield from self.leaves(step.operands[0], not holds)
        elif step in self.places or (step.kind == "or") is holds:
            yield step, holds
        else:
            for operand in step.operands:
                yield from self.leaves(operand, holds)

    def masks(self) -> dict[str, str]:
        """The words of every mask."""
        return {c: _packed(map(self.test, word)) for g in GROUPS for c, word in _words(g, getattr(self.plan, g))}


def _words(title: str, bits: Sequence[T]) -> Iterator[tuple[str, Sequence[T]]]:
    """Bits cut into those of each word of a mask, with the name of its column; there is at least one word."""
    return ((f"{title}_{first // WORD}", bits[first : first + WORD]) for first in range(0, max(len(bits), 1), WORD))


def _packed(tests: Iterable[str]) -> str:
    cases = (f"CASE WHEN {test} THEN {_long(1 << k)} ELSE {_long(0)} END" for k, test in enumerate(tests))
    return " | ".join(cases) or _long(0)


def _parts(node: Node) -> Iterator[Node]:
    """A condition and those inside it, without the atoms."""
    match node:
        case Not(item):
            yield from (node, *_parts(item))
        case And(items) | Or(items):
            yield from (node, *(part for item in items for part in _parts(item)))


def _texts(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _long(value: int) -> str:
    return f"CAST({value} AS BIGINT)"


def _word(bits: Mapping[int, str], otherwise: str) -> str:
    """A CASE over the bits of ``Plan.state``."""
    cases = " ".join(f"WHEN state_0 & {1 << bit} <> 0 THEN '{word}'" for bit, word in bits.items())
    return f"CASE {cases} {otherwise}END"


WORDS = {
    "colour": _word({3: "decide", **dict(enumerate(COLOURS)), 4: "unknown", 5: "decide"}, "ELSE 'green' "),
    "at_least": _word(dict(enumerate(COLOURS, 6)), ""),
    "at_most": _word(dict(enumerate(COLOURS, 9)), ""),
}
"""What ``ratings.state`` reads from the masks of a row, as expressions over their columns."""
