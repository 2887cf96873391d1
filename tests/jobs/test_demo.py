"""The demo as it is loaded: the same for the same seed and day, whole, in every state there is, and nothing after its day."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from shouhu.ledgers.clearances.transitions import STATES as SITE_STATES
from shouhu.ledgers.ratings.transitions import STATES as DECISION_STATES
from shouhu.ledgers.tips.channels import channels
from shouhu.ledgers.tips.models import OUTCOMES, RATINGS
from shouhu.ledgers.tips.models import STATES as TIP_STATES
from tests.jobs.homes import ROOT, environment

AS_OF = date(2026, 11, 20)
MORNING = datetime.fromisoformat(f"{AS_OF}T08:00:00+08:00")
LOAD = """
import sys, django
django.setup()
from datetime import date
from shouhu.jobs import demo
seed, share = int(sys.argv[2]), int(sys.argv[3])
tracks = demo.tracks
demo.tracks = lambda *given: list(tracks(*given))[::share]
demo.load(seed=seed, as_of=date.fromisoformat(sys.argv[1]))
"""
ROWS = """
import json, sys, django
django.setup()
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import BinaryField
tables = {}
for model in apps.get_models():
    if model.__module__.startswith("shouhu.ledgers."):
        fields = [field for field in model._meta.fields if not isinstance(field, BinaryField)]
        names = [field.attname for field in fields if field.attname != "password"]
        tables[model._meta.label] = [{name: getattr(row, name) for name in names} for row in model.objects.order_by("pk")]
json.dump(tables, sys.stdout, cls=DjangoJSONEncoder)
"""
STATES = """
import json, django
django.setup()
from collections import Counter
from django.db.models import Max, Min, DateTimeField
from django.apps import apps
from shouhu.ledgers.campaigns.models import Duty, Meeting, Progress, Seat
from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.disposals import workflow
from shouhu.ledgers.disposals.models import Application, Disposal, Task
from shouhu.ledgers.institutions.models import Batch, Institution, Version
from shouhu.ledgers.journal.actions import columns
from shouhu.ledgers.journal.chain import faults
from shouhu.ledgers.journal.models import Entry, Head
from shouhu.ledgers.ratings.models import Decision, Objection, Standing
from shouhu.ledgers.informants.models import Identity, Opening
from shouhu.ledgers.surveys.models import Round
from shouhu.ledgers.tips.models import Arrival, Attachment, Bar, Finding, Message, Step, Tip
from shouhu.ledgers.units.codes import level_of
from shouhu.ledgers.units.models import Division

def told(states):
    return dict(Counter(str(state) for state in states))

disposals = Disposal.objects.order_by("pk")
tasks = Task.objects.filter(disposal__closed_at=None)
running = [task.due_on.isoformat() for task in tasks if workflow.state_of(task) in ("open", "returned")]
instants = {}
for model in apps.get_models():
    for field in model._meta.fields:
        if model.__module__.startswith("shouhu.ledgers.") and isinstance(field, DateTimeField):
            last = model.objects.aggregate(last=Max(field.name))["last"]
            if last:
                instants[f"{model._meta.label}.{field.name}"] = last.isoformat()
head = Head.objects.get()
print(json.dumps({
    "divisions": told(level_of(code) for code in Division.objects.values_list("code", flat=True)),
    "n_institutions": Institution.objects.filter(merged_into=None).count(),
    "rounds": list(Round.objects.order_by("pk").values_list("title", flat=True)),
    "colours": told(Standing.objects.values_list("colour", flat=True)),
    "disposal": told(map(workflow.state_of, disposals)),
    "task": told(map(workflow.state_of, Task.objects.all())),
    "application": told(map(workflow.state_of, Application.objects.all())),
    "n_reopened": Disposal.objects.filter(reopens__isnull=False).count(),
    "sites": told(one.state for one in Clearance.objects.all()),
    "decisions": told(one.state for one in Decision.objects.all()),
    "objections": told(Objection.objects.values_list("is_upheld", flat=True)),
    "batches": told(one.state for one in Batch.objects.all()),
    "tips": told(Tip.objects.values_list("state", flat=True)),
    "channels": told(Tip.objects.values_list("channel", flat=True)),
    "ratings": told(Tip.objects.values_list("rating", flat=True)),
    "outcomes": told(Finding.objects.values_list("outcome", flat=True)),
    "steps": told(Step.objects.values_list("verb", flat=True)),
    "n_texts": len(set(one.text for one in Tip.objects.all())),
    "n_tips_unread": Tip.objects.filter(read_at=None).count(),
    "tips_due": sorted(day.isoformat() for day in Tip.objects.exclude(due_on=None).values_list("due_on", flat=True)),
    "n_tips_supervised": Tip.objects.exclude(supervised_at=None).count(),
    "n_changed_by_tips": Version.objects.filter(cause="tip").count(),
    "n_named": Identity.objects.count(),
    "openings": told(Opening.objects.values_list("is_granted", flat=True)),
    "arrivals": told(one.taken_at is not None for one in Arrival.objects.all()),
    "n_copies": Attachment.objects.exclude(copy=None).count(),
    "n_released": Attachment.objects.exclude(released_at=None).count(),
    "n_from_informants": Message.objects.filter(sent_by=None).count(),
    "n_bars": Bar.objects.count(),
    "running": sorted(running),
    "duties": told(one.state for one in Duty.objects.all()),
    "duties_due": [day.isoformat() for day in Duty.objects.filter(
        done_at=None, unit__isnull=False, task__withdrawn_at=None, task__due_on__isnull=False).values_list("task__due_on", flat=True)],
    "said": told(Progress.objects.values_list("verb", flat=True)),
    "n_meetings": Meeting.objects.count(),
    "n_former": Seat.objects.exclude(to_on=None).count(),
    "instants": instants,
    "first": Entry.objects.aggregate(first=Min("at"))["first"].isoformat(),
    "faults": [str(one) for one in faults(map(columns, Entry.objects.order_by("seq")), {"seq": head.seq, "digest": head.digest})],
}))
"""


def _run(home: Path, program: str, *arguments: object) -> str:
    done = subprocess.run([sys.executable, "-c", program, *map(str, arguments)], env=environment(home), cwd=ROOT,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def states(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What there is in a home with the whole demo."""
    home = Path(shutil.copytree(prepared, tmp_path_factory.mktemp("demo") / "home"))
    _run(home, LOAD, AS_OF, 1, 1)
    found: dict[str, Any] = json.loads(_run(home, STATES))
    return found


def test_same_seed_and_day_give_the_same_rows_and_another_seed_others(prepared: Path, tmp_path: Path) -> None:
    """
    All columns of all ledgers, a twelfth of the institutions. Sealed ones are compared by what is in them. The homes have
    the same keys, so keyed hashes and the journal's chain are the same too; only the salt of a password and what hangs on the
    key of the 保密员, which the server cannot open, are drawn by lot.
    """

    def loaded(number: int, seed: int) -> dict[str, Any]:
        home = Path(shutil.copytree(prepared, tmp_path / f"{number}"))
        _run(home, LOAD, AS_OF, seed, 12)
        rows: dict[str, Any] = json.loads(_run(home, ROWS))
        return rows

    with ThreadPoolExecutor() as pool:
        one, again, other = pool.map(loaded, range(3), (1, 1, 2))
    assert one.keys() == again.keys()
    for table, rows in one.items():
        assert rows == again[table], table
    assert one["institutions.Institution"] != other["institutions.Institution"]
    assert one["journal.Head"] != other["journal.Head"]


@pytest.mark.soak
def test_district_has_the_size_that_is_promised(states: dict[str, Any]) -> None:
    assert states["divisions"]["township"] == 12
    assert states["divisions"]["neighbourhood"] == 160
    assert 380 <= states["n_institutions"] <= 420
    assert states["rounds"] == ["第一轮全面摸排", "第二轮复查"]


@pytest.mark.soak
def test_there_is_something_in_every_state(states: dict[str, Any]) -> None:
    assert set(states["colours"]) == {"red", "orange", "yellow", "green", "unknown", "decide"}
    declared = yaml.safe_load((ROOT / "shouhu/ledgers/disposals/workflow.yaml").read_text("utf-8"))["states"]
    for subject, named in declared.items():
        assert set(states[subject]) == set(named), subject
    assert states["n_reopened"]
    assert set(states["sites"]) == set(SITE_STATES)
    assert set(states["decisions"]) == set(DECISION_STATES)
    assert set(states["objections"]) == {"None", "True", "False"}
    assert set(states["batches"]) >= {"columns", "preview", "shown", "dropped"}


@pytest.mark.soak
def test_tips_come_by_every_way_and_lie_in_every_state(states: dict[str, Any]) -> None:
    assert set(states["tips"]) == set(TIP_STATES)
    assert set(states["channels"]) == set(channels())
    assert set(states["outcomes"]) == set(OUTCOMES)
    assert set(states["ratings"]) == {"", *RATINGS}
    assert states["n_texts"] == sum(states["tips"].values()) > 100
    assert states["n_tips_unread"] == 0
    late = [day for day in states["tips_due"] if day < AS_OF.isoformat()]
    assert 4 <= len(late) <= len(states["tips_due"]) // 3
    for verb in (
        "merge",
        "reopen",
        "supervise",
        "suspend",
        "pass_on",
        "receive",
        "give_back",
        "send_back",
        "join",
        "survey",
        "add",
    ):
        assert states["steps"][verb], verb
    for count in (
        "n_tips_supervised",
        "n_changed_by_tips",
        "n_named",
        "n_copies",
        "n_released",
        "n_from_informants",
        "n_bars",
    ):
        assert states[count], count
    assert set(states["openings"]) == {"True", "False", "None"}
    assert set(states["arrivals"]) == {"True", "False"}


@pytest.mark.soak
def test_most_work_is_done_in_time_and_some_is_late(states: dict[str, Any]) -> None:
    today, running = AS_OF.isoformat(), states["running"]
    late = [day for day in running if day < today]
    assert 5 <= len(late) <= len(running) // 3
    assert any(today <= day < (AS_OF + timedelta(days=7)).isoformat() for day in running)
    assert states["task"]["reviewed"] > len(running)


@pytest.mark.soak
def test_campaigns_have_tasks_in_every_state_two_of_them_late(states: dict[str, Any]) -> None:
    assert set(states["duties"]) == {"open", "done", "accepted"}
    assert sum(date.fromisoformat(day) < AS_OF for day in states["duties_due"]) == 2
    assert set(states["said"]) >= {"add", "progress", "done", "accept", "send_back", "move", "withdraw"}
    assert states["n_meetings"] == 2 and states["n_former"] == 1


def test_three_months_end_on_the_morning_of_the_day(states: dict[str, Any]) -> None:
    assert (MORNING - datetime.fromisoformat(states["first"])).days >= 90
    assert {name: at for name, at in states["instants"].items() if datetime.fromisoformat(at) > MORNING} == {}


@pytest.mark.soak
def test_journal_hangs_together(states: dict[str, Any]) -> None:
    assert states["faults"] == []


@pytest.mark.soak
@pytest.mark.parametrize("later", range(1, 15))
def test_it_can_be_loaded_on_any_day(prepared: Path, tmp_path: Path, later: int) -> None:
    """Weekends and holidays move what meets what."""
    _run(Path(shutil.copytree(prepared, tmp_path / "home")), LOAD, AS_OF + timedelta(days=later), 1, 1)
