"""The clock's jobs: due when they should be, each done once, tried again with patience."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from shouhu.jobs import chores, schedule
from shouhu.jobs.models import Run
from shouhu.jobs.schedule import Chore, Job, run_due
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.disposals.models import Disposal
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions.models import Batch
from shouhu.ledgers.journal import queries as journal
from shouhu.ledgers.ratings import actions as ratings
from shouhu.ledgers.ratings.models import Rating, Standing
from shouhu.ledgers.units.models import Unit
from shouhu.ledgers.vault import actions as vault
from shouhu.ledgers.vault.models import StoredFile
from tests import office
from tests.ledgers.disposals.work import DAY, FACTS, chief, opened, second
from tests.ledgers.institutions.sheet import register, row

DAILY, HOURLY = Job("daily", "每天", at="02:30"), Job("hourly", "每小时", every=60)


def china(text: str) -> datetime:
    """This function will give an instant written in the time of China."""
    return timezone.make_aware(datetime.fromisoformat(text))


class Clock:
    """Stands still until it is set."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def due(job: Job, chore: Chore, clock: Callable[[], datetime]) -> list[Run]:
    """This function will look at one job."""
    return run_due({job.name: chore}, clock, [job])


@pytest.mark.parametrize(
    ("job", "now", "expected"),
    [
        (DAILY, "2026-11-22 02:30", "2026-11-22 02:30"),
        (DAILY, "2026-11-22 02:29:59", "2026-11-21 02:30"),
        (DAILY, "2027-01-01 00:00", "2026-12-31 02:30"),
        (HOURLY, "2026-11-22 00:00", "2026-11-22 00:00"),
        (HOURLY, "2026-11-22 23:59:59", "2026-11-22 23:00"),
    ],
)
def test_when_a_job_was_due_last(job: Job, now: str, expected: str) -> None:
    assert job.due(china(now)) == china(expected)


def test_every_job_has_its_chore() -> None:
    assert {job.name for job in schedule.jobs()} == set(chores.CHORES)


@pytest.mark.django_db
def test_a_job_is_done_once_a_due_time() -> None:
    clock, done = Clock(china("2026-11-22 02:31")), list[datetime]()

    def chore(at: datetime) -> str:
        done.append(at)
        return ""

    for minute in range(3):
        clock.at += timedelta(minutes=minute)
        due(DAILY, chore, clock)
    assert len(done) == 1
    clock.at += timedelta(days=3)  # the machine was off: made up for once
    due(DAILY, chore, clock)
    due(DAILY, chore, clock)
    assert len(done) == 2


@pytest.mark.django_db
def test_a_second_worker_gets_nothing_while_the_first_is_at_it() -> None:
    clock, others = Clock(china("2026-11-22 03:00")), []

    def chore(at: datetime) -> str:
        others.extend(due(DAILY, lambda _: pytest.fail("done twice"), clock))
        return ""

    assert [run.n_tries for run in due(DAILY, chore, clock)] == [1]
    assert others == []


@pytest.mark.django_db
def test_two_workers_that_saw_the_same_run_share_no_try() -> None:
    clock = Clock(china("2026-11-22 03:00"))
    Run.objects.create(job="daily", due_at=DAILY.due(clock.at), next_try_at=clock.at)
    seen_by_one, seen_by_other = Run.objects.get(), Run.objects.get()
    assert schedule._try(seen_by_one, lambda _: "", clock)
    assert schedule._try(seen_by_other, lambda _: pytest.fail("done twice"), clock) is None


@pytest.mark.django_db
def test_the_database_itself_allows_one_row_a_due_time() -> None:
    at = china("2026-11-22 02:30")
    Run.objects.create(job="daily", due_at=at, next_try_at=at)
    with pytest.raises(IntegrityError):
        Run.objects.create(job="daily", due_at=at, next_try_at=at)


@pytest.mark.django_db
def test_what_fails_is_tried_three_times_with_patience(caplog: pytest.LogCaptureFixture) -> None:
    clock, tries = Clock(china("2026-11-22 02:30")), []

    def chore(at: datetime) -> str:
        tries.append(at)
        raise OSError("磁盘满了")

    for _ in range(200):
        due(DAILY, chore, clock)
        clock.at += timedelta(minutes=1)
    assert [(later - tries[0]) // timedelta(minutes=1) for later in tries] == [0, 1, 11]
    run = Run.objects.get()
    assert (run.n_tries, run.done_at, run.remark) == (3, None, "OSError：磁盘满了")


@pytest.mark.django_db
def test_the_work_of_a_worker_that_died_is_taken_over() -> None:
    clock = Clock(china("2026-11-22 02:30"))
    due(DAILY, lambda _: "", clock)
    Run.objects.update(done_at=None)  # it was killed before it could say so
    assert due(DAILY, lambda _: "", clock) == []
    clock.at += schedule.LEASE
    assert [run.n_tries for run in due(DAILY, lambda _: "", clock)] == [2]
    assert Run.objects.get().done_at


@pytest.mark.django_db
def test_one_failing_job_does_not_hold_up_the_others(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock(china("2026-11-22 03:00"))
    ran = run_due({"daily": lambda _: str(1 // 0), "hourly": lambda _: ""}, clock, [DAILY, HOURLY])
    assert {run.job: bool(run.done_at) for run in ran} == {"daily": False, "hourly": True}


@pytest.mark.django_db
def test_a_person_is_told_what_the_last_run_left(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock(china("2026-11-22 03:00"))
    quiet: dict[str, Chore] = {job.name: lambda _: "" for job in schedule.jobs()}

    def no_folder(_: datetime) -> str:
        raise FileNotFoundError("备份文件夹不在")

    run_due({**quiet, "disk.watch": lambda _: "磁盘已用 85%", "backup.nightly": no_folder}, clock)
    assert schedule.warnings() == [
        "没有做成：每夜备份到设定的文件夹（FileNotFoundError：备份文件夹不在）",
        "磁盘已用 85%",
    ]
    clock.at += timedelta(hours=1)
    run_due(quiet, clock)
    assert schedule.warnings() == []


@pytest.mark.parametrize(("used", "said"), [(0.79, ""), (0.80, "请安排清理"), (0.91, "很快就写不进去了")])
def test_a_filling_disk_is_told_in_time(used: float, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from collections import namedtuple

    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(1000, int(1000 * used), 1000 - int(1000 * used)))
    told = chores.watch_disk(china("2026-11-22 03:00"))
    assert (said in told) if said else told == ""


@pytest.mark.django_db
def test_every_chore_runs_on_an_empty_desk() -> None:
    assert {
        name: chore(china("2026-11-22 03:00")) for name, chore in chores.CHORES.items() if name != "disk.watch"
    } == {name: "" for name in chores.CHORES if name != "disk.watch"}


@pytest.mark.django_db
def test_what_was_uploaded_and_came_to_nothing_is_deleted_after_a_month(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    at, old, by = china("2026-11-22 03:00"), china("2026-10-20 03:00"), office.post()
    Unit.objects.filter(pk=by.unit_id).update(kind="campaign_office")

    def uploaded(since: datetime, *, confirmed: bool) -> Batch:
        batch = institutions.open_batch(content=register([row(1)]), name="台账.csv", token=secrets.token_hex(16), source="import",
                                        code=office.COUNTY, by=by, at=since)  # fmt: skip
        institutions.map_batch(batch_id=batch.pk, choices={}, by=by, at=since)
        institutions.stage_batch(batch_id=batch.pk, at=since, pause=lambda: None)
        if confirmed:
            institutions.confirm_batch(batch_id=batch.pk, by=by, at=since)
        return Batch.objects.select_related("file").get(pk=batch.pk)

    forgotten, young, kept = (
        uploaded(old, confirmed=False),
        uploaded(at, confirmed=False),
        uploaded(old, confirmed=True),
    )
    stray = vault.store(content=b"x", name="人员.xlsx", media_type="x", token=secrets.token_hex(16), by="P", at=old)
    with django_capture_on_commit_callbacks(execute=True):
        assert chores.erase_uploads(at) == ""
    gone = [vault.place_of(one.token).exists() for one in (forgotten.file, stray, young.file, kept.file)]
    assert gone == [False, False, True, True]
    forgotten.refresh_from_db()
    assert forgotten.state == "dropped" and forgotten.file.name == "台账.csv" and not forgotten.rows.exists()
    assert StoredFile.objects.filter(erased_at=at).count() == 2 and kept.rows.exists()
    assert [one.verb for one in journal.of(f"storedfile/{stray.pk}")] == ["file.erased"]
    assert chores.erase_uploads(at) == "" and StoredFile.objects.filter(erased_at=at).count() == 2


@pytest.mark.django_db
def test_green_does_not_outlive_its_answers() -> None:
    green, yellow = (office.institution(colour, **FACTS[colour]) for colour in ("green", "yellow"))
    disposals.settle(institution_ids=[green.pk, yellow.pk], by=chief(), at=office.AT)
    Unit.objects.filter(pk=chief().unit_id).update(kind="campaign_office")
    n_rated = Rating.objects.count()
    assert chores.renew_ratings(office.AT + timedelta(100)) == ""
    assert Rating.objects.count() == n_rated  # nothing to say, nothing written
    assert chores.renew_ratings(office.AT + timedelta(200)) == ""
    colours = dict(Standing.objects.values_list("institution__name", "colour"))
    assert colours == {"green": "unknown", "yellow": "yellow"}
    assert Disposal.objects.get(institution=green).tasks.get().measure == "T-survey"
    assert chores.renew_ratings(office.AT + timedelta(200, hours=1)) == "" and Rating.objects.count() == n_rated + 2


@pytest.mark.django_db
def test_a_colour_given_by_people_falls_back_to_the_rules_on_its_last_evening() -> None:
    disposal = opened("yellow")
    decision = ratings.propose(institution_id=disposal.institution_id, colour="orange", reason="现场核查",
                               expires_on=DAY + timedelta(9), by=chief(), at=office.AT)  # fmt: skip
    disposals.settle_decision(decision_id=decision.pk, by=second(), at=office.AT)
    assert (
        Standing.objects.get().colour == "orange" and disposal.tasks.filter(measure="R-talk", dropped_at=None).exists()
    )
    Unit.objects.filter(pk=chief().unit_id).update(kind="campaign_office")
    for days, ended in ((9, False), (10, True)):
        assert chores.expire_decisions(office.AT + timedelta(days)) == ""
        decision.refresh_from_db()
        assert (decision.ended_at is not None) is ended
    assert decision.ended_by and decision.ended_by.title == chores.CLOCK and decision.ended_why == "决定到期"
    standing = Standing.objects.get()
    assert (standing.colour, standing.falls_to) == ("orange", "yellow")  # a person confirms the fall, as every other
