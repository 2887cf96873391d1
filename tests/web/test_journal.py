"""留痕 on the desk: what an auditor finds, that taking the chain out is in the chain, and that every verb has words."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from django.db import connection
from django.test import Client
from django.urls import reverse

from shouhu.ledgers.clearances import transitions
from shouhu.ledgers.journal import queries
from shouhu.ledgers.journal.chain import faults_of_file
from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.units import actions
from tests import office

pytestmark = pytest.mark.django_db
LEDGERS = Path(__file__).parents[2] / "shouhu"


@pytest.fixture
def auditor() -> Client:
    by = office.post("administrator")
    for code, name in ((office.TOWN, "清河镇专班"), (office.OTHER_TOWN, "南渡镇专班")):
        actions.add_unit(code=code, name=name, kind="task_force", by=by, at=office.AT)
    return office.sit(Client(), office.post("auditor"))


def test_entries_are_found_by_what_an_auditor_asks_for(auditor: Client) -> None:
    subject = Entry.objects.get(code=office.TOWN).subject
    for asked, n in (({}, 2), ({"verb": "unit.added"}, 2), ({"verb": "unit.closed"}, 0), ({"code": office.TOWN}, 1),
                     ({"code": "990102"}, 2), ({"subject": subject}, 1), ({"first": "2026-11-18", "last": "2026-11-18"}, 2),
                     ({"first": "2026-11-19"}, 0), ({"first": "x"}, 0), ({"outcome": "refused"}, 0), ({"by": "nobody"}, 0)):  # fmt: skip
        page = auditor.get(reverse("journal-list"), asked)
        assert page.status_code == 200 and page.context["page"].paginator.count == n, asked
    shown = auditor.get(reverse("journal-list")).content.decode()
    assert "建立单位" in shown and "清河镇专班" not in shown
    assert auditor.get(reverse("journal-subject", args=subject.split("/"))).status_code == 200
    assert auditor.get(reverse("journal-subject", args=["unit", "999999"])).status_code == 404


def test_an_auditor_sees_their_own_range_and_leaves_the_chain_to_the_topmost(auditor: Client) -> None:
    near = office.sit(Client(), office.post("auditor", office.TOWN))
    page = near.get(reverse("journal-list"))
    assert {row["entry"].code for row in page.context["page"].object_list} == {office.TOWN}
    assert near.get(reverse("journal-verify")).status_code == 409
    assert near.post(reverse("journal-export")).status_code == 409
    assert auditor.get(reverse("journal-verify")).status_code == 200


def test_others_do_not_read_it() -> None:
    for role in ("administrator", "security", "campaign_office", "leader"):
        client = office.sit(Client(), office.post(role))
        for name in ("journal-list", "journal-verify"):
            assert client.get(reverse(name)).status_code == 404
        assert client.post(reverse("journal-export")).status_code == 404


def test_the_file_that_is_taken_out_checks_and_holds_its_own_taking(auditor: Client) -> None:
    answer = auditor.post(reverse("journal-export"))
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert list(faults_of_file(lines)) == []
    last = json.loads(lines[-2])
    assert (last["verb"], last["outcome"], last["seq"]) == ("journal.exported", "read", queries.head()["seq"])
    assert auditor.get(reverse("journal-export")).status_code == 405


def test_the_check_tells_faults_and_is_itself_an_entry(auditor: Client) -> None:
    page, noted = reverse("journal-verify"), queries.head()
    head = f"{noted['seq']} {noted['digest']}"
    assert "与另处记下的链尾一致" in auditor.post(page, {"head": head}).content.decode()
    assert Entry.objects.filter(verb="journal.verified", outcome="read").count() == 1
    assert auditor.post(page, {"head": "12"}).status_code == 400
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_entry SET verb = 'unit.edited' WHERE seq = 1")
    broken = auditor.post(page).content.decode()
    assert "记录内容被改动" in broken and "链条有 1 处断裂" in broken


def test_every_verb_that_the_code_writes_has_words() -> None:
    code = "\n".join(path.read_text("utf-8") for path in LEDGERS.glob("ledgers/*/**/*.py"))
    written = set(re.findall(r'(?:verb=|Act\(|_record\()"([a-z]+\.[a-z_]+)"', code))
    workflow = yaml.safe_load((LEDGERS / "ledgers/disposals/workflow.yaml").read_text("utf-8"))
    steps = [step for rows in workflow.values() if isinstance(rows, list) for step in rows]
    written |= {f"disposal.{step['verb']}" for step in steps if "verb" in step}
    written |= {f"clearance.{verb}" for verb in transitions.TITLES if verb != "recount"}  # written as recounted
    assert written - set(queries.verbs()) == set()
