"""期满删除: on its day everything that was said is gone, and the figures are as before."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, models

from shouhu.config import settings as own
from shouhu.ledgers.informants.models import Identity
from shouhu.ledgers.tips import actions, alike, queries
from shouhu.ledgers.tips.actions import Incomplete, NotThere, Paper
from shouhu.ledgers.tips.models import Attachment, Tip
from shouhu.ledgers.units.scope import Scope
from shouhu.ledgers.vault.actions import place_of
from shouhu.ledgers.vault.fields import SealedJSON
from shouhu.ledgers.vault.models import StoredFile
from tests import office
from tests.ledgers.informants import people
from tests.ledgers.tips.way import DAY, chief, fresh, key, step, told, until

pytestmark = pytest.mark.django_db(transaction=True)
CANARY = "金丝雀"
SAME = "店里的人叫存五万元床位费，每年返利百分之十二，现在不退钱"


def test_on_its_day_everything_said_is_gone_and_the_figures_are_as_before() -> None:
    paper = Paper(CANARY.encode(), f"{CANARY}.txt", "text/plain", key())
    people.key()
    taken = told(f"{CANARY}说：{SAME}", told={"named": CANARY}, identity={"name": CANARY}, papers=[paper],
                 channel="platform_12337", outer_number="A-1", age_band="70s")  # fmt: skip
    actions.read_new(at=office.AT)
    tip = taken.tip
    actions.add(receipt=taken.receipt, key=key(), text=f"{CANARY}的收据", at=office.AT)
    until("verifying", tip)
    step(tip, "give_back", why=CANARY)
    tip.refresh_from_db()
    until("verifying", tip)
    step(tip, "conclude", facts=CANARY, evidence=CANARY, papers=[Paper(b"x", CANARY, "text/plain", key())])
    tip.refresh_from_db()
    until("archived", tip)
    kept = fresh(SAME)
    scope, tip = Scope.of(chief()), Tip.objects.get(pk=tip.pk)
    before = queries.bulletin(scope, DAY, DAY)
    assert queries.similar_to(scope, kept)[0][0] == tip
    assert tip.erase_on
    at = office.AT.replace(year=tip.erase_on.year)
    assert actions.erase_due(today=tip.erase_on - timedelta(1), at=at) == 0
    assert actions.erase_due(today=tip.erase_on, at=at) == 1
    assert actions.erase_due(today=tip.erase_on, at=at) == 0

    assert list(sealed_values()) and not any(CANARY in value for value in sealed_values())
    assert not any(place_of(one.token).exists() for one in StoredFile.objects.all())
    assert Attachment.objects.filter(tip=tip).count() == 2
    assert Identity.objects.get().erased_at == at
    tip.refresh_from_db()
    assert (tip.text, tip.outer_number, tip.age_band, tip.erased_at) == ("", "", "70s", at)
    assert queries.bulletin(scope, DAY, DAY) == before
    shown = queries.by_receipt(taken.receipt)
    assert shown
    assert (shown.is_erased, shown.messages, shown.may_rate, shown.may_add) == (True, (), False, False)
    with pytest.raises(NotThere):
        actions.add(receipt=taken.receipt, key=key(), text="还想说", at=at)
    with pytest.raises(Incomplete, match="不能重启"):
        step(tip, "reopen")
    assert queries.similar_to(scope, kept) == []
    kept.refresh_from_db()
    assert kept.text == SAME


def sealed_values() -> list[str]:
    """This function will open every sealed value of the ledgers of tips and files."""
    found = []
    for model in connection.introspection.installed_models(connection.introspection.table_names()):
        if not model.__module__.startswith(
            ("shouhu.ledgers.tips", "shouhu.ledgers.vault", "shouhu.ledgers.informants")
        ):
            continue
        for column in (one for one in model._meta.fields if isinstance(one, SealedJSON | models.CharField)):
            found += [str(value) for value in model._default_manager.values_list(column.name, flat=True)]
    return found


def test_what_is_deleted_is_overwritten_in_the_file_of_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOUHU_DATABASE", raising=False)
    options: Any = own._database()["OPTIONS"]
    place = tmp_path / "desk.sqlite3"
    with closing(sqlite3.connect(place, isolation_level=None)) as database:
        database.execute("PRAGMA secure_delete=OFF")  # some builds have it on by themselves
        database.executescript(options["init_command"])
        held = {name: database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("secure_delete", "journal_mode")}
        assert held == {"secure_delete": 1, "journal_mode": "wal"}
        database.executescript(f"CREATE TABLE t (words); INSERT INTO t VALUES ('{CANARY}'); DELETE FROM t;")
    assert CANARY.encode() not in place.read_bytes()


def test_the_index_of_similar_tips_lies_on_no_disk() -> None:
    alike.forget()
    tip = fresh(f"{CANARY}养老院骗老人钱")
    queries.similar_to(Scope.of(chief()), tip)
    home = settings.HOME
    assert not [path for path in home.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
