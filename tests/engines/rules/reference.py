"""
A second, independent implementation of the four-colour rating, for the tests only.

Written from the published plans and the reading decisions of docs/law without looking at the engine: no parser, no
rule files, plain if/else over True, False and None (not known). A = 001, B = 002-10, C = 000-19, D = 000-8.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from math import inf
from typing import Any, Literal, NamedTuple, TypeAlias

from shouhu.engines.rules.values import Approximate

Facts: TypeAlias = Mapping[str, Any]
Kleene: TypeAlias = bool | None
Reading: TypeAlias = Literal["wide", "persons", "crime", "verified"]
Completion: TypeAlias = dict[str, Any]

RULE_SETS = ("001", "002-10", "000-19", "000-8")
READINGS: tuple[Reading, ...] = ("wide", "persons", "crime", "verified")
COLOURS = ("red", "orange", "yellow")
ANSWER_VALID_DAYS = 180

EVERYONE = ("投资人", "法定代表人", "主要负责人", "机构")
NATURAL = ("投资人", "法定代表人", "主要负责人")
HEAD = ("主要负责人",)

PERSONS = ("prosecuted", "complained", "blacklisted")
NUMBERS = (
    "max_prepayment", "monthly_fee", "prepaid_months", "n_large_prepayers", "n_beds", "assets", "liabilities",
    "n_new_outlets_3y", "n_rep_changes_3y", "n_address_changes_3y",
)  # fmt: skip

EVERY_SET = (
    "registered", "large_stated", "max_prepayment", "monthly_fee", "funds_regular", "funds_for_construction",
    "assets", "liabilities", "n_new_outlets_3y", "n_rep_changes_3y", "n_address_changes_3y", "false_publicity",
    "related_dealings", "prosecuted", "complained", "blacklisted", "suspected_crime", "collapsed", "bad_influence",
    "major_opinion", "promises_return",
)  # fmt: skip
NEEDED = {
    "001": (*EVERY_SET, "n_large_prepayers", "n_beds"),
    "002-10": (*EVERY_SET, "n_large_prepayers", "n_beds", "prepaid_months"),
    "000-19": (*EVERY_SET, "stable", "kind"),
    "000-8": (*EVERY_SET, "stable", "kind"),
}
"""The facts that green asks for: whatever the rules and the findings of a set use."""

NO_PREPAYMENT = {
    "large_stated": False, "max_prepayment": 0, "prepaid_months": 0, "prepaid_total": 0,
    "n_prepayers": 0, "n_large_prepayers": 0,
}  # fmt: skip
NEVER_EXPIRES = ("kind",)
"""The only one of the needed facts that a late survey does not put in doubt."""


class Result(NamedTuple):
    """A rating: ``fired`` and ``open`` hold rules as "colour:what", ``findings`` what no rule of the set speaks of."""

    colour: str
    at_least: str | None
    at_most: str | None
    fired: frozenset[str]
    open: frozenset[str]
    findings: frozenset[str]
    own_track: bool
    unverified: bool


def is_narrow(ruleset: str) -> bool:
    """C and D: only the head counts, only registered ones are coloured, the words about a collapse are a chain."""
    return ruleset in ("000-19", "000-8")


# ---------------------------------------------------------------------------------------------------------------- facts


def answers(facts: Facts, as_of: date | None = None) -> dict[str, Any]:
    """The facts that count: first too old answers are dropped, then blanks that another answer settles are filled."""
    surveyed = facts.get("surveyed_on")
    if as_of is not None and surveyed is not None and (as_of - surveyed).days > ANSWER_VALID_DAYS:
        return {name: facts.get(name) for name in NEVER_EXPIRES}
    known = dict(facts)
    if known.get("takes_prepayment") is False:
        for name, value in NO_PREPAYMENT.items():
            if known.get(name) is None:
                known[name] = value
    if known.get("related_companies") is False and known.get("related_dealings") is None:
        known["related_dealings"] = False
    if known.get("complained") == () and known.get("complaint_verified") is None:
        known["complaint_verified"] = False
    return known


def span(value: Any) -> tuple[float, float]:
    """The closed interval that a number lies in; one that is not known may be anything from 0 up."""
    if value is None:
        return 0, inf
    if isinstance(value, Approximate):
        return value.low, value.high
    return value, value


def six_times_or_more(prepayment: float, fee: float) -> bool:
    """Whether a prepayment is at least six monthly fees, without the rounding of binary fractions (6 x 0.15 = 0.9)."""
    difference = prepayment - 6 * fee
    if difference > 0.001 or difference < -0.001:
        return difference > 0
    if prepayment == inf:
        return False  # inf - inf: only ever asked about "surely", and nothing is sure here
    return Decimal(repr(prepayment)) >= 6 * Decimal(repr(fee))


def more_than(left: Any, right: Any) -> Kleene:
    """Whether left > right."""
    left_low, left_high = span(left)
    right_low, right_high = span(right)
    if left_low > right_high:
        return True
    if left_high <= right_low:
        return False
    return None


def at_least(value: Any, threshold: float) -> Kleene:
    """Whether value >= threshold."""
    low, high = span(value)
    if low >= threshold:
        return True
    if high < threshold:
        return False
    return None


def covers_six_fees(prepayment: Any, fee: Any) -> Kleene:
    """Whether the prepayment >= 6 x the monthly fee."""
    low, high = span(prepayment)
    fee_low, fee_high = span(fee)
    if fee_high < inf and six_times_or_more(low, fee_high):
        return True
    if high < inf and not six_times_or_more(high, fee_low):
        return False
    return None


def about(persons: Any, whom: tuple[str, ...]) -> Kleene:
    """Whether one of ``whom`` is among the persons; 未指明 stands for at least one of the three natural persons."""
    if persons is None:
        return None
    for person in persons:
        if person in whom:
            return True
    if "未指明" in persons:
        return True if set(NATURAL) <= set(whom) else None
    return False


# ------------------------------------------------------------------------------------------------- three-valued logic


def both(*terms: Kleene) -> Kleene:
    """All of the terms, in Kleene's logic."""
    result: Kleene = True
    for term in terms:
        if term is False:
            return False
        if term is None:
            result = None
    return result


def either(*terms: Kleene) -> Kleene:
    """Any of the terms, in Kleene's logic."""
    result: Kleene = False
    for term in terms:
        if term is True:
            return True
        if term is None:
            result = None
    return result


def opposite(term: Kleene) -> Kleene:
    """Not the term, in Kleene's logic."""
    return None if term is None else not term


# ---------------------------------------------------------------------------------------------------------------- rules


def whom_the_set_means(ruleset: str) -> tuple[str, ...]:
    """Whose prosecution or blacklisting makes orange: the three persons, or only the head."""
    return HEAD if is_narrow(ruleset) else NATURAL


def conditions(known: Facts, ruleset: str, complaint: str) -> tuple[dict[str, Kleene], bool]:
    """The elementary conditions of a set's rules, and whether every comparison of numbers is decided."""
    get = known.get
    registered = get("registered")
    some_prepayment = more_than(get("max_prepayment"), 0)
    six_fees = covers_six_fees(get("max_prepayment"), get("monthly_fee"))
    insolvent = more_than(get("liabilities"), get("assets"))
    outlets = at_least(get("n_new_outlets_3y"), 3)
    new_reps = at_least(get("n_rep_changes_3y"), 2)
    new_addresses = at_least(get("n_address_changes_3y"), 2)
    decided = not (
        some_prepayment is None or six_fees is None or insolvent is None
        or outlets is None or new_reps is None or new_addresses is None
    )  # fmt: skip
    whom = whom_the_set_means(ruleset)
    found: dict[str, Kleene] = {
        "registered": None if registered is None else registered == "已登记",
        "large": either(get("large_stated"), both(some_prepayment, six_fees)),
        "insolvent": insolvent,
        "regular": get("funds_regular"),
        "construction": get("funds_for_construction"),
        "outlets": outlets,
        "changes": either(new_reps, new_addresses),
        "prosecuted": about(get("prosecuted"), whom),
        "blacklisted": about(get("blacklisted"), whom),
        "complained": about(get("complained"), whom if complaint in ("persons", "crime") else EVERYONE),
        "verified": get("complaint_verified"),
        "crime": get("suspected_crime"),
        "collapsed": get("collapsed"),
        "influence": get("bad_influence"),
        "opinion": get("major_opinion"),
    }
    if is_narrow(ruleset):
        found["stable"] = get("stable")
    else:
        found["publicity"] = get("false_publicity")
        found["dealings"] = get("related_dealings")
        found["beds"] = more_than(get("n_large_prepayers"), get("n_beds"))
        decided = decided and found["beds"] is not None
    if ruleset == "002-10":
        found["long"] = more_than(get("prepaid_months"), 6)
        decided = decided and found["long"] is not None
    return found, decided


def rules(c: Mapping[str, Kleene], ruleset: str, complaint: str) -> dict[str, Kleene]:
    """The outcome of every rule of a set by its label, the worst colour first."""
    complained = c["complained"]
    if complaint == "crime":
        complained = both(complained, c["crime"])
    elif complaint == "verified":
        complained = both(complained, c["verified"])

    if is_narrow(ruleset):
        registered = c["registered"]
        outcome = {
            "red:crime": c["crime"],
            "red:insolvent": both(c["large"], c["insolvent"]),
            "red:collapsed": both(c["collapsed"], either(c["influence"], c["opinion"])),
            "orange:prosecuted": both(registered, c["prosecuted"]),
            "orange:blacklisted": both(registered, c["blacklisted"]),
            "orange:complained": both(registered, complained),
            "orange:irregular": both(
                registered, c["large"], opposite(c["regular"]), opposite(c["insolvent"]), c["stable"]
            ),
            "yellow:construction": both(registered, c["large"], c["construction"]),
        }
        if ruleset == "000-19":
            outcome["yellow:outlets"] = both(registered, c["outlets"])
            outcome["yellow:changes"] = both(registered, c["changes"])
        return outcome

    unregistered = opposite(c["registered"])
    sign_of_construction = either(c["large"], c["long"]) if ruleset == "002-10" else c["large"]
    return {
        "red:crime": c["crime"],
        "red:insolvent": both(c["large"], c["insolvent"]),
        "red:collapsed": either(c["collapsed"], c["influence"], c["opinion"]),
        "red:unregistered": both(unregistered, c["large"]),
        "orange:unregistered": both(unregistered, opposite(c["large"])),
        "orange:irregular": both(c["large"], opposite(c["regular"])),
        "orange:beds": c["beds"],
        "orange:prosecuted": c["prosecuted"],
        "orange:blacklisted": c["blacklisted"],
        "orange:complained": complained,
        "yellow:construction": both(sign_of_construction, c["construction"]),
        "yellow:outlets": c["outlets"],
        "yellow:changes": c["changes"],
        "yellow:publicity": c["publicity"],
        "yellow:dealings": c["dealings"],
    }


def findings(known: Facts, c: Mapping[str, Kleene], ruleset: str, complaint: str) -> frozenset[str]:
    """What was found though no rule of the set speaks of it; asked only when nothing fired and nothing is open."""
    found = set()
    if known["promises_return"]:
        found.add("promises_return")
    if complaint in ("persons", "crime") and known["complained"]:
        found.add("complained")
    if c["large"] and c["regular"] and not c["construction"]:
        found.add("large_regular")
    if known["prosecuted"]:
        found.add("prosecuted")
    if known["blacklisted"]:
        found.add("blacklisted")
    if ruleset == "002-10" and c["long"] and not c["construction"]:
        found.add("long")
    if is_narrow(ruleset):
        if c["large"] and not c["regular"] and not c["insolvent"] and not c["stable"]:
            found.add("not_stable")
        if known["false_publicity"]:
            found.add("publicity")
        if known["related_dealings"]:
            found.add("dealings")
        if c["collapsed"] or c["influence"] or c["opinion"]:
            found.add("collapsed")
        if known["kind"] != "养老机构":
            found.add("kind")
    if ruleset == "000-8":
        if c["outlets"]:
            found.add("outlets")
        if c["changes"]:
            found.add("changes")
    return frozenset(found)


def worst(labels: Iterable[str]) -> str | None:
    """The colour of the first of some labels: they come with the worst colour first."""
    for label in labels:
        return label.partition(":")[0]
    return None


def rate(facts: Facts, ruleset: str, *, complaint: str = "wide", as_of: date | None = None) -> Result:
    """This function will rate one record by one set, in the order of COL-3, with the bounds of COL-8."""
    known = answers(facts, as_of)
    c, decided = conditions(known, ruleset, complaint)
    outcome = rules(c, ruleset, complaint)
    fired = [label for label, held in outcome.items() if held]
    still_open = [label for label, held in outcome.items() if held is None]

    # Each rule names each of its conditions once, so a rule that is not False can be brought about by itself.
    most = worst(label for label, held in outcome.items() if held is not False)

    # Every condition has one better side whatever the others are, hence one completion is the best of all. It is to be
    # registered, except in C and D, where orange and yellow are for registered ones only; in C and D it is also not to
    # be stable, as only the stable turn orange; and it is to be solvent, red being worse than the orange this opens.
    if None in c.values():
        better = {"registered": not is_narrow(ruleset), "regular": True}
        best = {name: better.get(name, False) if held is None else held for name, held in c.items()}
        least = worst(label for label, held in rules(best, ruleset, complaint).items() if held)
    else:
        least = worst(fired)

    needed = NEEDED[ruleset] if complaint != "verified" else (*NEEDED[ruleset], "complaint_verified")
    own_track = False
    found: frozenset[str] = frozenset()
    colour = worst(fired)
    if colour is None:
        if is_narrow(ruleset) and c["registered"] is False:
            own_track = True
            colour = "decide"
        elif not decided or still_open or any(known.get(name) is None for name in needed):
            colour = "unknown"
        else:
            found = findings(known, c, ruleset, complaint)
            colour = "decide" if found else "green"

    unverified = bool(known.get("complained")) and known.get("complaint_verified") is not True
    return Result(colour, least, most, frozenset(fired), frozenset(still_open), found, own_track, unverified)
