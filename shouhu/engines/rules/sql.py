"""
A rating as one SELECT statement: the third target of the one program, for data that lies in PostgreSQL or in Spark.

The statement is built in layers, each a subquery of the next: facts (settled), atoms (TRUE, FALSE, or NULL for
unknown), conditions (SQL's own three-valued AND, OR and NOT), shared steps, masks. Every bit of a mask is a step of the
program; where a step asks whether a condition is true, false or open, it reads the column of that condition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shouhu.engines.rules.expressions import And, Atom, Comparison, Flag, Node, Not, Or
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.frame import needed
from shouhu.engines.rules.plan import Plan
from shouhu.engines.rules.program import ALWAYS, NEVER, Program, Step
from shouhu.engines.rules.rulesets import COLOURS
from shouhu.engines.rules.values import UNNAMED

GROUPS = ("state", "fired", "open", "missing_in", "findings", "derived", "asks", "missing")
"""The groups of ``Plan.groups`` by name, then ``Plan.missing``."""
WORD = 62
"""Bits in one word of a mask, so that a word stays a positive 64-bit number everywhere."""
_HIGH = "__high"


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


# Written OFFSET 0, the zero is an INTEGER to be cast, which the planner does not see through: it gives up parallel workers.
POSTGRESQL = Dialect('"', "DOUBLE PRECISION", "TEXT", " OFFSET BIGINT '0'")
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


def words(group: Sequence[Step]) -> Iterator[Sequence[Step]]:
    """This function will cut a group of bits into those of each word of its mask; there is at least one word."""
    return (group[first : first + WORD] for first in range(0, max(len(group), 1), WORD))


def masks(plan: Plan) -> list[list[str]]:
    """This function will name the columns of every group of ``GROUPS``, the word with the lowest bits first."""
    return [[f"{group}_{k}" for k, _ in enumerate(words(getattr(plan, group)))] for group in GROUPS]


def whole(words: Sequence[list[int]]) -> list[int]:
    """This function will join the words of a mask, each a number a row, into one number a row."""
    numbers = words[0]
    for k, word in enumerate(words[1:], 1):
        numbers = [low | high << WORD * k for low, high in zip(numbers, word, strict=True)]
    return numbers


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
    """Writes one statement; ``named`` holds the text of every step that a column answers."""

    def __init__(self, plan: Plan, dialect: Dialect) -> None:
        self.plan, self.program, self.dialect = plan, plan.program, dialect
        self.named: dict[Step, str] = {ALWAYS: "TRUE", NEVER: "FALSE"}
        self.places: dict[Atom, int] = {atom: place for place, atom in enumerate(self.program.atoms)}

    def text(self, table: str, as_of: date | None, keep: Sequence[str]) -> str:
        name = self.dialect.name
        kept = {column: name(column) for column in keep}
        source = ".".join(name(part) for part in table.split("."))
        layers = []
        for title, star, columns in (
            ("facts", "", kept | self.settled(as_of)),
            ("atoms", "*, ", self.atoms()),
            ("conditions", "*, ", self.conditions()),
            ("steps", "*, ", self.steps()),
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
        for column, text in facts.items():
            if declared()[column.removesuffix(_HIGH)].is_number:  # databases hold NaN to be the greatest of all numbers
                facts[column] = f"NULLIF({text}, {self.dialect.number('NaN')})"
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

    # -- atoms, as frame.inputs does them -----------------------------------------------------------------------------

    def atoms(self) -> dict[str, str]:
        """The atoms, and of every fact whether it is answered (``k_``) and not exactly known (``x_``)."""
        name, made = self.dialect.name, {}
        for place, atom in enumerate(self.program.atoms):
            made[f"atom_{place}"] = self.aspect(atom) if isinstance(atom, Flag) else self.comparison(atom)
            self.answer(atom, f"atom_{place}")
        for fact in self.program.facts:
            made[f"k_{fact}"] = f"{name(fact)} IS NOT NULL"
            if declared()[fact].is_number:
                made[f"x_{fact}"] = f"({name(fact)} = {name(fact + _HIGH)}) IS NOT TRUE"
        return made

    def aspect(self, flag: Flag) -> str:
        fact, column = declared()[flag.fact], self.dialect.name(flag.fact)
        meant = fact.aspects.get(flag.name)
        if meant is None:
            return column
        if fact.type == "choice":
            known = f"WHEN {column} IN ({_texts(fact.choices)}) THEN FALSE"
            return f"CASE WHEN {column} IN ({_texts(meant)}) THEN TRUE {known} END"
        somebody = " OR ".join(_among(column, word) for word in meant)
        unnamed = "TRUE" if len(meant) >= 3 else "NULL"
        return (
            f"CASE WHEN {somebody} THEN TRUE WHEN {_among(column, UNNAMED)} THEN {unnamed} "
            f"WHEN {column} IS NOT NULL THEN FALSE END"
        )

    def comparison(self, atom: Comparison) -> str:
        """The sum of the positive terms against that of the negative ones, at both ends of their bounds."""
        number, name = self.dialect.number, self.dialect.name

        def total(high: bool, sign: int) -> str:
            terms = []
            if atom.constant * sign > 0:
                terms.append(number(float(atom.constant * sign)))
            for fact, factor in atom.terms:
                if factor * sign > 0:
                    column, unknown = (name(fact + _HIGH), "Infinity") if high else (name(fact), "0")
                    times = "" if factor * sign == 1 else f" * {number(float(factor * sign))}"
                    terms.append(f"COALESCE({column}, {number(unknown)}){times}")
            return " + ".join(terms) or number("0")

        above, below = (">", "<=") if atom.strict else (">=", "<")
        return (
            f"CASE WHEN {total(False, 1)} {above} {total(True, -1)} THEN TRUE "
            f"WHEN {total(True, 1)} {below} {total(False, -1)} THEN FALSE END"
        )

    # -- conditions ---------------------------------------------------------------------------------------------------

    def conditions(self) -> dict[str, str]:
        """Every condition inside the rules, findings and derived conditions, and those that the bounds stand on."""
        ruleset, program = self.program.ruleset, self.program
        whole = [row.condition for rows in (ruleset.rules, ruleset.findings, ruleset.derived) for row in rows]
        whole += [c.condition for c in (ruleset.own_track, ruleset.green) if c and c.condition]
        nodes = [part for node in whole for part in _parts(node)]
        for rank, colour in enumerate(COLOURS):
            terms = program.implicants[colour]
            nodes.append(Or(tuple(rule.condition for rule in ruleset.rules if rule.colour in COLOURS[: rank + 1])))
            nodes.append(Or(tuple(And(tuple(a if p else Not(a) for a, p in term)) for term in terms)))
        made: dict[str, str] = {}
        for node in nodes:
            if program.open(node) not in self.named:
                column = f"condition_{len(made)}"
                made[column] = self.kleene(node)
                self.answer(node, column)
        return made

    def kleene(self, node: Node) -> str:
        match node:
            case Not(item):
                return f"NOT {self.kleene(item)}"
            case And(items) | Or(items):
                return f"({(' AND ' if isinstance(node, And) else ' OR ').join(map(self.kleene, items))})"
        return self.dialect.name(f"atom_{self.places[node]}")

    def answer(self, node: Node, column: str) -> None:
        """Let this column answer whether a condition is true, false or open."""
        program, column = self.program, self.dialect.name(column)
        self.named.setdefault(program.true(node), f"{column} IS TRUE")
        self.named.setdefault(program.false(node), f"{column} IS FALSE")
        self.named.setdefault(program.open(node), f"{column} IS NULL")

    # -- steps --------------------------------------------------------------------------------------------------------

    def steps(self) -> dict[str, str]:
        """Steps that many bits share."""
        shared = dict.fromkeys((self.program.unknown, self.program.settled, *self.plan.missing_in))
        columns = {step: f"step_{k}" for k, step in enumerate(shared) if step not in self.named}
        made = {column: self.step(step) for step, column in columns.items()}
        self.named |= {step: self.dialect.name(column) for step, column in columns.items()}
        return made

    def step(self, step: Step) -> str:
        """The text of a step: TRUE or FALSE, never NULL."""
        if step in self.named:
            return self.named[step]
        match step.kind:
            case "in":
                return self.dialect.name(step.name)
            case "not":
                return f"NOT ({self.step(step.operands[0])})"
        return f"({f' {step.kind.upper()} '.join(map(self.step, step.operands))})"

    # -- masks --------------------------------------------------------------------------------------------------------

    def masks(self) -> dict[str, str]:
        """The words of every mask."""
        made = {}
        for group, columns in zip(GROUPS, masks(self.plan), strict=True):
            for column, word in zip(columns, words(getattr(self.plan, group)), strict=True):
                bits = [
                    f"CASE WHEN {self.step(s)} THEN {_long(1 << k)} ELSE {_long(0)} END" for k, s in enumerate(word)
                ]
                made[column] = " | ".join(bits) or _long(0)
        return made


def _parts(node: Node) -> Iterator[Node]:
    """A condition and those inside it, without the atoms."""
    match node:
        case Not(item):
            yield from (node, *_parts(item))
        case And(items) | Or(items):
            yield from (node, *(part for item in items for part in _parts(item)))


def _among(column: str, word: str) -> str:
    # Looking for the word is enough, since none of those that may stand in a list of persons holds another.
    return f"{column} LIKE '%{word}%'"


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
