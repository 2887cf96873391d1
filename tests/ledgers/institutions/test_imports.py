"""Imports: staged, matched, shown by one switch, undone; broken off anywhere and gone on with."""

from __future__ import annotations

import secrets
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from shouhu.jobs import imports
from shouhu.ledgers.campaigns.models import Campaign
from shouhu.ledgers.institutions import actions, queries
from shouhu.ledgers.institutions.actions import showing, staging
from shouhu.ledgers.institutions.models import Batch, Institution, Place, StagedRow, Version
from shouhu.ledgers.journal import queries as journal
from shouhu.ledgers.units.refusals import Refused
from tests import office
from tests.ledgers.institutions.sheet import HEAD, register, row, uscc


def nothing() -> None:
    """No pause."""


def upload(rows: list[list[str]], code: str = office.COUNTY, **how: Any) -> Batch:
    by = office.post()
    batch = actions.open_batch(content=register(rows, **how), name="台账.csv", token=secrets.token_hex(16),
                               source="import", code=code, by=by, at=office.AT)  # fmt: skip
    return actions.map_batch(batch_id=batch.pk, choices={}, by=by, at=office.AT)


def stage(rows: list[list[str]], **how: Any) -> Batch:
    return actions.stage_batch(batch_id=upload(rows, **how).pk, at=office.AT, pause=nothing)


def show(batch: Batch, pause: Callable[[], None] = nothing) -> Batch:
    if batch.state == "preview":
        actions.confirm_batch(batch_id=batch.pk, by=office.post(), at=office.AT)
    return actions.show_batch(batch_id=batch.pk, by=office.post(), at=office.AT, pause=pause)


def drop(batch: Batch) -> Batch:
    return actions.drop_batch(batch_id=batch.pk, by=office.post(), at=office.AT, pause=nothing)


def state() -> list[Any]:
    """Everything that a scope sees of its institutions, but for the numbers of versions."""
    rows = queries.seen(office.scope()).order_by("number")
    versions = queries.current(rows)
    return [
        (one.number, one.code, one.name, one.uscc, one.address, versions[one.pk].origins, queries.facts_of(versions[one.pk]),
         sorted(hand.name for hand in queries.hands(one)))
        for one in rows
    ]  # fmt: skip


def decisions(batch: Batch) -> list[str]:
    return list(batch.rows.order_by("n").values_list("decision", flat=True))


@pytest.mark.django_db
def test_a_preview_writes_nothing_and_one_switch_shows_all() -> None:
    batch = stage([row(1), row(2, town="南渡镇", village="东埠村")])
    assert (batch.state, queries.decided(batch)["new"], Institution.objects.count()) == ("preview", 2, 0)
    sealed = StagedRow.objects.get(n=0)
    assert "legal_representative" not in sealed.facts and sealed.personal["legal_representative"] == "张三1"
    batch = show(batch)
    assert [(one.name, one.code, one.number) for one in queries.seen(office.scope()).order_by("pk")] == [
        ("第1养老院", office.VILLAGE, "990102-000001"), ("第2养老院", office.FAR_VILLAGE, "990102-000002"),
    ]  # fmt: skip
    assert (batch.state, batch.rows.count(), Place.objects.count()) == ("shown", 0, 2)
    assert queries.facts_of(Version.objects.get(institution__number="990102-000001"))["takes_prepayment"] is False
    assert journal.faults_here() == []


@pytest.mark.django_db
def test_nobody_sees_what_is_not_switched_on() -> None:
    batch = stage([row(number) for number in range(showing.CHUNK + 1)])
    seen: list[tuple[int, int]] = []
    show(batch, pause=lambda: seen.append((Institution.objects.count(), queries.seen(office.scope()).count())))
    assert seen[:2] == [(showing.CHUNK, 0), (showing.CHUNK + 1, 0)]
    assert queries.seen(office.scope()).count() == showing.CHUNK + 1


@pytest.mark.django_db
def test_places_by_name_and_what_is_wrong_by_cell() -> None:
    batch = stage([
        row(1, town="望澜区清河镇人民政府", village="柳湾村委会"), row(2, town="清河", village="柳湾"),
        row(3, village="无此村"), row(4, town="无此镇"), row(5, town="", village=""), row(6, name=" "),
        row(7, beds="若干"),
    ])  # fmt: skip
    rows = list(batch.rows.order_by("n"))
    assert [one.code for one in rows] == [
        office.VILLAGE, office.VILLAGE, office.TOWN, "", office.COUNTY, office.VILLAGE, office.VILLAGE,
    ]  # fmt: skip
    assert decisions(batch) == ["new", "new", "new", "skip", "new", "skip", "new"]
    assert [(one.place, one.problems[-1][0]) for one in rows if one.problems] == [
        ("第 4 行", "D4"), ("第 5 行", "C5"), ("第 6 行", "C6"), ("第 7 行", "A7"), ("第 8 行", "H8"),
    ]  # fmt: skip
    only_town = stage([row(1), row(2, town="南渡镇")], code=office.TOWN)
    assert decisions(only_town) == ["new", "skip"]


@pytest.mark.django_db
def test_matching_is_by_code_then_name_and_doubt_is_for_people() -> None:
    known = office.institution("第1养老院", uscc=uscc(1))
    unnumbered = office.institution("无码院", address="河东路2号")
    office.institution("同名院", office.OTHER_VILLAGE, address="别处")
    surveyed = office.institution("已查院", uscc=uscc(4), n_beds=80)
    actions.revise(
        institution_id=surveyed.pk, base=1, changes={"n_beds": 81}, cause="survey", by=office.post(), at=office.AT
    )
    batch = stage([
        row(1, name="改了名的院"), row(2, name="无码院"), row(3, name="同名院"), row(4, name="已查院"), row(1), row(6),
    ])  # fmt: skip
    rows = list(batch.rows.order_by("n"))
    assert decisions(batch) == ["update", "update", "ask", "ask", "ask", "new"]
    assert [one.matched for one in rows][:2] == [known, unnumbered]
    assert [bool(one.doubt) for one in rows] == [False, False, True, True, True, False]
    assert "床位数" in rows[3].doubt and "第 2 行" in rows[4].doubt
    with pytest.raises(Refused, match="还有 3 行待定"):
        actions.confirm_batch(batch_id=batch.pk, by=office.post(), at=office.AT)
    told: dict[str, Any] = {"batch_id": batch.pk, "by": office.post(), "at": office.AT}
    assert actions.decide_rows(row_ids=[rows[2].pk], decision="new", **told) == 1
    assert actions.decide_rows(row_ids=[rows[3].pk, rows[5].pk], decision="update", **told) == 1  # only doubtful ones
    assert actions.decide_rows(row_ids=[rows[4].pk], decision="skip", **told) == 1
    show(batch)
    known.refresh_from_db()
    surveyed.refresh_from_db()
    assert (known.name, known.n) == ("改了名的院", 2)
    assert queries.facts_of(queries.version(surveyed, surveyed.n))["n_beds"] == 30
    assert queries.seen(office.scope()).count() == 6


@pytest.mark.django_db
def test_blanks_erase_nothing_and_what_others_changed_since_the_preview_is_kept() -> None:
    known = office.institution("第1养老院", uscc=uscc(1), n_residents=60, monthly_fee=3000)
    batch = stage([row(1)])
    actions.revise(
        institution_id=known.pk, base=1, changes={"monthly_fee": 3300}, cause="edit", by=office.post(), at=office.AT
    )
    show(batch)
    known.refresh_from_db()
    facts = queries.facts_of(queries.version(known, known.n))
    assert (facts["n_residents"], facts["monthly_fee"], facts["n_beds"]) == (60, 3300, 30)
    again = stage([row(1)])
    assert (
        show(again) and Institution.objects.get(pk=known.pk).n == known.n + 1
    )  # the fee of the register, nothing else


@pytest.mark.django_db
def test_an_import_and_its_undoing_leave_everything_as_it_was() -> None:
    office.institution("第1养老院", uscc=uscc(1), legal_representative="旧人", n_beds=80)
    office.institution("第2养老院", uscc=uscc(2))
    before = state()
    batch = show(stage([row(number) for number in range(1, 6)]))
    assert queries.imported(batch) == (3, 2) and state() != before
    drop(batch)
    assert state() == before
    assert not queries.undoing(batch) and drop(batch).state == "dropped"
    assert journal.faults_here() == []


@pytest.mark.django_db
def test_undoing_keeps_what_people_did_since() -> None:
    known = office.institution("第1养老院", uscc=uscc(1), n_beds=80, monthly_fee=3000)
    batch = show(stage([row(1), row(2), row(3)]))
    new = Institution.objects.get(name="第2养老院")
    for one, changes in ((known, {"n_beds": 99}), (new, {"n_beds": 98})):
        one.refresh_from_db()
        actions.revise(institution_id=one.pk, base=one.n, changes=changes, cause="edit", by=office.post(), at=office.AT)
    batch = drop(batch)
    known.refresh_from_db()
    facts = queries.facts_of(queries.version(known, known.n))
    assert (facts["n_beds"], facts["monthly_fee"], batch.report["kept"]) == (99, 3000, 1)
    assert set(queries.seen(office.scope())) == {known, new}


@pytest.mark.django_db
def test_two_imports_are_undone_one_after_the_other() -> None:
    first = show(stage([row(1)]))
    middle = state()
    second = show(stage([row(1, beds="31"), row(2)]))
    drop(second)
    assert state() == middle
    assert drop(first).report["kept"] == 0
    assert state() == []


class Crash(Exception):
    """Power is gone."""


@pytest.mark.django_db
def test_a_break_in_the_middle_is_gone_on_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "CHUNK", 10)
    monkeypatch.setattr(showing, "CHUNK", 10)
    for number in range(5):
        office.institution(f"第{number}养老院", uscc=uscc(number))
    before = state()
    batch = upload([row(number) for number in range(35)])

    def breaking(after: int) -> Callable[[], None]:
        calls = iter(range(after))

        def pause() -> None:
            if next(calls, None) is None:
                raise Crash

        return pause

    with pytest.raises(Crash):
        actions.stage_batch(batch_id=batch.pk, at=office.AT, pause=breaking(1))
    batch.refresh_from_db()
    assert (batch.state, batch.n_staged, batch.rows.count()) == ("staging", 20, 20)
    batch = actions.stage_batch(batch_id=batch.pk, at=office.AT, pause=nothing)
    assert (batch.state, batch.rows.count(), queries.decided(batch)["update"]) == ("preview", 35, 5)
    with pytest.raises(Crash):
        show(batch, pause=breaking(1))
    batch.refresh_from_db()
    assert (batch.state, batch.n_taken, queries.seen(office.scope()).count()) == ("taking", 20, 5)
    with pytest.raises(Crash):
        show(batch, pause=breaking(2))  # shown, and rows half cleared
    batch = show(Batch.objects.get(pk=batch.pk))
    assert (batch.state, batch.rows.count(), queries.seen(office.scope()).count()) == ("shown", 0, 35)
    assert queries.imported(batch) == (30, 5) and Version.objects.filter(cause="import").count() == 35
    with pytest.raises(Crash):
        actions.drop_batch(batch_id=batch.pk, by=office.post(), at=office.AT, pause=breaking(0))
    assert queries.seen(office.scope()).count() == 5
    drop(batch)
    assert state() == before


@pytest.mark.django_db
def test_a_job_tells_why_it_stopped_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = upload([row(1)])
    monkeypatch.setattr(imports, "rest", nothing)
    with monkeypatch.context() as patch:
        patch.setattr(staging, "_stage", lambda *_: (_ for _ in ()).throw(Crash("秘密")))
        imports.stage.func(batch.pk)
    batch.refresh_from_db()
    assert batch.failure == imports.INTERRUPTED
    imports.stage.func(batch.pk)
    batch.refresh_from_db()
    assert (batch.failure, batch.state) == ("", "preview")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "a.csv", "空"),
        (b"%PDF-1.4", "a.xlsx", "PDF"),
        ("甲,乙\n1,2\n".encode(), "a.csv", "没有找到"),
        (b"x", "../../x.sh", "不能读取"),
    ],
)
def test_other_files_are_refused_in_words(content: bytes, name: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        actions.open_batch(content=content, name=name, token=secrets.token_hex(16), source="import", code=office.COUNTY,
                           by=office.post(), at=office.AT)  # fmt: skip
    assert Batch.objects.count() == 0


@pytest.mark.django_db
def test_columns_can_be_corrected_but_not_confused() -> None:
    head = (*HEAD[:7], "床", *HEAD[8:])
    by = office.post()
    batch = actions.open_batch(content=register([row(1)], head=head), name="台账.csv", token=secrets.token_hex(16), source="import",
                               code=office.COUNTY, by=by, at=office.AT)  # fmt: skip
    told: dict[str, Any] = {"batch_id": batch.pk, "by": by, "at": office.AT}
    with pytest.raises(Refused, match="机构名称"):
        actions.map_batch(choices={(0, "A"): None}, **told)
    with pytest.raises(Refused, match="每项只能用一列"):
        actions.map_batch(choices={(0, "H"): "phone"}, **told)
    actions.map_batch(choices={(0, "H"): "n_beds", (0, "G"): None}, **told)
    batch = actions.stage_batch(batch_id=batch.pk, at=office.AT, pause=nothing)
    one = batch.rows.get()
    assert one.facts["n_beds"] == 30 and "phone" not in one.personal


@pytest.mark.django_db(transaction=True)
def test_other_writers_get_their_turn(capsys: pytest.CaptureFixture[str]) -> None:
    """No time is asserted (the machine may be busy); the longest wait is printed."""
    batch = upload([row(number) for number in range(4_000)])
    waits: list[float] = []
    done = threading.Event()

    def writer() -> None:
        try:
            while not done.is_set():
                began = time.perf_counter()
                with transaction.atomic():
                    Campaign.objects.filter(pk=0).update(title="")
                waits.append(time.perf_counter() - began)
                time.sleep(0.005)
        finally:
            connection.close()

    thread = threading.Thread(target=writer)
    thread.start()
    try:
        actions.stage_batch(batch_id=batch.pk, at=office.AT, pause=imports.rest)
    finally:
        done.set()
        thread.join()
    with capsys.disabled():
        sys.stdout.write(f"\n4,000 rows staged; {len(waits)} other writes, longest wait {max(waits):.3f} s" + "\n")
    assert Batch.objects.get(pk=batch.pk).state == "preview" and waits
