"""Any acts in any order, by anybody, against a small model: what stands on the tip is what the model says, and nobody loses it."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from django.db import transaction

from shouhu.ledgers.journal import queries as journal
from shouhu.ledgers.tips import actions, queries
from shouhu.ledgers.tips.models import Tip, Transfer
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import Scope
from tests import office
from tests.ledgers.tips.way import chief, key, second, step, told, worker

pytestmark = pytest.mark.django_db
STEPS = 45
TO = {
    "triage": "triaged", "assign": "assigned", "accept": "verifying", "give_back": "triaged", "conclude": "concluded",
    "reply": "replied", "report": "reported", "approve": "resolved", "send_back": "replied", "archive": "archived",
    "suspend": "suspended", "reopen": "triaged", "pass_on": "concluded",
}  # fmt: skip
STAY = ("retriage", "recopy", "supervise", "unsupervise", "write", "join", "link")
USUAL = {
    "received": "triage", "triaged": "assign", "assigned": "accept", "verifying": "conclude", "concluded": "reply",
    "replied": "report", "reported": "approve", "resolved": "archive", "archived": "reopen", "suspended": "resume",
}  # fmt: skip


class Model:
    """What is known of a tip without looking: its state, where it goes on after resting, and whose it is."""

    def __init__(self) -> None:
        self.state, self.rests_from, self.at_unit = "received", "", False

    def act(self, verb: str) -> None:
        """This function will do what an act that was not refused does."""
        if verb == "suspend":
            self.rests_from = self.state
        self.state = self.rests_from if verb == "resume" else TO.get(verb, self.state)
        if verb in ("give_back", "reopen"):
            self.at_unit = False
        if verb == "assign":
            self.at_unit = True


@pytest.mark.parametrize("seed", range(3))
def test_any_acts_in_any_order(seed: int) -> None:
    draw = Random(seed)
    made = told()
    actions.read_new(at=office.AT)
    tip, model, n_done = Tip.objects.get(pk=made.tip.pk), Model(), 0
    helper = office.post("task_force", office.TOWN)
    everybody = [chief(), second(), worker(), helper, office.post("leader"), office.post("analyst")]
    for n in range(STEPS):
        verb = USUAL[tip.state] if draw.random() < 0.4 else draw.choice((*TO, *STAY, "resume"))
        more: dict[str, Post] = {} if draw.random() < 0.8 else {"by": draw.choice(everybody)}
        n_steps, before = tip.steps.count(), tip.state
        try:
            with transaction.atomic():
                step(tip, verb, at=office.AT + timedelta(minutes=n), **more)
        except Refused as refusal:
            assert str(refusal)
            tip.refresh_from_db()
            assert (tip.state, tip.steps.count()) == (before, n_steps), verb
            continue
        n_done += 1
        helped = more.get("by") == helper and verb in ("accept", "give_back")
        if not helped:
            model.act(verb)
        tip.refresh_from_db()
        assert tip.state == model.state, verb
        assert tip.unit == (worker().unit if model.at_unit else chief().unit), verb
        assert (tip.due_on is None) == (tip.state in ("resolved", "archived"))
        assert Transfer.objects.filter(tip=tip, is_joint=False, ended_at=None, to_unit__isnull=False).count() <= 1
        assert len(journal.of(f"tip/{tip.pk}")) == tip.steps.count()
        shown = queries.by_receipt(made.receipt)
        assert shown and shown.may_add == (tip.state != "archived")
        if draw.random() < 0.2 and shown.may_add:
            actions.add(receipt=made.receipt, key=key(), text="补充", at=office.AT + timedelta(minutes=n))
        live = tip.state not in ("archived",)
        assert (queries.one(Scope.of(worker()), tip.pk) is not None) >= (model.at_unit and live)
        assert queries.one(Scope.of(chief()), tip.pk)
    assert n_done > 10
