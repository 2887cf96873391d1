"""The days that a county gives to each step, beside those proposed, and what other days would move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shouhu.engines.periods import deadlines
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.tips import workflow
from shouhu.ledgers.tips.models import STATES, Term
from shouhu.ledgers.tips.queries.sight import seen
from shouhu.ledgers.units.codes import span
from shouhu.ledgers.units.scope import Scope


@dataclass(frozen=True)
class Given:
    """What a county gives to the step that follows a state; ``term`` where it set days itself."""

    state: str
    title: str
    step: str
    proposed: int
    days: int
    term: Term | None


def given(county: str) -> list[Given]:
    """This function will give the days of a county for every step, in the order of the way."""
    own = {term.state: term for term in Term.objects.filter(code=county).select_related("set_by__unit")}
    steps = workflow.transitions()
    return [
        Given(state, STATES[state], steps[workflow.next_verb(state)].says, proposed,
              own[state].n_days if state in own else proposed, own.get(state))
        for state, proposed in workflow.proposed_days().items()
    ]  # fmt: skip


@dataclass(frozen=True)
class Effect:
    """What other days would do to the open tips of a county: how many move, and how many are late before and after."""

    given: Given
    n_days: int
    n_moved: int
    n_late: int
    n_late_then: int


def effects(scope: Scope, county: str, wanted: Mapping[str, int], today: date) -> list[Effect]:
    """This function will tell what it would do to give other days; states whose days stay are left out."""
    calendar = campaigns.calendar()
    low, high = span(county)
    found = []
    for one in given(county):
        n_days = wanted.get(one.state, one.days)
        if n_days == one.days:
            continue
        rows = seen(scope).filter(code__gte=low, code__lt=high, state=one.state).order_by().select_related(None)
        n_moved = n_late = n_then = 0
        for from_on, due_on, is_urgent in rows.values_list("due_from_on", "due_on", "is_urgent"):
            assert from_on and due_on
            at_once = is_urgent and workflow.is_at_once(one.state)
            then = due_on if at_once else deadlines.due(from_on, n_days, calendar).due_on
            n_moved += then != due_on
            n_late += due_on < today
            n_then += then < today
        found.append(Effect(one, n_days, n_moved, n_late, n_then))
    return found
