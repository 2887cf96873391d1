"""Facts by version, and many people at the same records at a time."""

from __future__ import annotations

import os
import random
import sys
import threading
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection

from shouhu.engines.documents.numbers import UNBOUNDED
from shouhu.engines.rules.values import Approximate
from shouhu.ledgers.institutions import actions, queries
from shouhu.ledgers.institutions.actions import Conflict
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.journal import queries as journal
from tests import office

SOAK = os.environ.get("SHOUHU_SOAK") == "1"
EDITORS, EDITS, RECORDS = (50, 200, 20) if SOAK else (8, 10, 3)
SERVER_THREADS = 8  # as jobs.serve starts the embedded server


def revise(one: Institution, base: int, **changes: Any) -> None:
    actions.revise(institution_id=one.pk, base=base, changes=changes, cause="edit", by=office.post(), at=office.AT)


def facts(one: Institution) -> dict[str, Any]:
    one.refresh_from_db()
    return queries.facts_of(queries.version(one, one.n))


@pytest.mark.django_db
def test_others_changes_are_kept_and_the_same_fact_is_refused_with_both_texts() -> None:
    one = office.institution(n_beds=80, phone="13800000000")
    revise(one, 1, n_beds=81)
    revise(one, 1, n_residents=50)  # saw version 1; the beds are not touched
    with pytest.raises(Conflict) as refusal:
        revise(one, 1, n_beds=99)
    assert "现为“81张”" in str(refusal.value) and "“99张”" in str(refusal.value)
    assert (facts(one)["n_beds"], facts(one)["n_residents"], one.n) == (81, 50, 3)
    revise(one, 1, phone="13900000000")
    with pytest.raises(Conflict) as refusal:
        revise(one, 1, phone="13700000000")
    assert "139********" in str(refusal.value) and "13900000000" not in str(refusal.value)


@pytest.mark.django_db
def test_dated_events_raise_what_is_stated_and_never_lower_it() -> None:
    one = office.institution(n_rep_changes_3y=None, n_new_outlets_3y=5, legal_representative="张三丰")
    told: dict[str, Any] = {"institution_id": one.pk, "by": office.post(), "at": office.AT}
    actions.change_hand(role="legal_representative", name="李四", on=date(2026, 1, 5), **told)
    assert facts(one)["n_rep_changes_3y"] == Approximate(1, "以上", 1, UNBOUNDED)
    actions.add_outlet(name="城南点", address="", opened_on=date(2026, 2, 1), **told)
    assert facts(one)["n_new_outlets_3y"] == 5
    revise(one, one.n, n_rep_changes_3y=0)  # what somebody states later does not undo what happened
    assert facts(one)["n_rep_changes_3y"] == 1
    assert queries.version(one, one.n).origins["n_rep_changes_3y"][0] == "events"
    actions.change_hand(role="principal", name="王五", on=date(2026, 3, 1), **told)
    assert facts(one)["n_rep_changes_3y"] == 1
    with pytest.raises(actions.WrongDay):
        actions.change_hand(role="legal_representative", name="赵六", on=date(2025, 1, 5), **told)


@pytest.mark.django_db
def test_who_stands_behind_several() -> None:
    one, other = (
        office.institution("甲院", legal_representative="张三丰"),
        office.institution("乙院", investor="李四、张三丰"),
    )
    office.institution("丙院", legal_representative="张三")
    assert list(queries.shared_hands(office.scope(), one)) == [other]


@pytest.mark.django_db(transaction=True)
def test_no_update_is_lost_among_many_editors(capsys: pytest.CaptureFixture[str]) -> None:
    """
    Every edit writes a text of its own; whatever stands was written by somebody who had read what stood before it.

    As in the desk, the requests of all of them are taken in turn by the few threads of the server.
    """
    records = [office.institution(f"第{number}养老院", charging="0") for number in range(RECORDS)]
    written: list[tuple[int, str, str]] = []
    n_conflicts: list[bool] = []
    failures: list[BaseException] = []
    by = office.post()
    server = threading.Semaphore(SERVER_THREADS)

    def editor(seed: int) -> None:
        dice = random.Random(seed)
        try:
            for number in range(EDITS):
                write(dice.choice(records).pk, f"{seed}-{number}")
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    def write(pk: int, text: str) -> None:
        while True:
            one = Institution.objects.get(pk=pk)
            before = queries.facts_of(queries.version(one, one.n))["charging"]
            changes = {"charging": text, "n_beds": len(written)}
            try:
                with server:
                    actions.revise(institution_id=pk, base=one.n, changes=changes, cause="edit", by=by, at=office.AT)
            except Conflict as conflict:
                n_conflicts.append(conflict.theirs["charging"] != before and conflict.mine["charging"] == text)
            else:
                written.append((pk, before, text))
                return

    threads = [threading.Thread(target=editor, args=(seed,)) for seed in range(EDITORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with capsys.disabled():
        told = f"{len(written)} edits, {len(n_conflicts)} conflicts shown"
        sys.stdout.write(f"\n{told}\n")
    assert failures == []
    assert n_conflicts and all(n_conflicts)
    assert len(written) == EDITORS * EDITS
    chains = []
    for one in records:
        texts = [queries.facts_of(version)["charging"] for version in one.versions.order_by("n")]
        chains += [(one.pk, *pair) for pair in pairwise(texts)]
    assert sorted(chains) == sorted(written)
    assert journal.faults_here() == []
