"""The pages of the 保密员 and of requests to open an identity: what is said, what is shown once, who gets in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shouhu.ledgers.informants import actions as informants
from shouhu.ledgers.informants.models import IdentityKey, Opening
from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.tips import actions
from shouhu.ledgers.tips.models import Tip
from tests.office import AT, TOWN, VILLAGE, post, sit

pytestmark = pytest.mark.django_db
PASSPHRASE, OTHER = "清河镇的柳树三月发芽记得住", "南渡镇的老船夫从来不迟到"
WHY = "凭回执两次留言没有答复，缺合同原件无法核查"


def made() -> str:
    """This function will make the key and give the recovery code."""
    return informants.make_key(passphrase=PASSPHRASE, by=post("confidential"), at=AT)[1]


def tip() -> Tip:
    """This function will take in a tip whose teller left a name."""
    form = actions.Form(
        key="a" * 32,
        channel="phone",
        code=VILLAGE,
        text="养老院不退会员费",
        identity={"name": "欧阳哨兵", "phone": "13977712345"},
    )
    taken = actions.take_in(form=form, by=post(), at=AT)
    actions.read_new(at=AT)
    return taken.tip


def act(client: Client, verb: str, **typed: str) -> Any:
    """This function will send the form of an act on the key."""
    return client.post(reverse("informant-key-act", args=[verb]), typed)


def test_the_key_is_made_after_saying_what_it_means(client: Client) -> None:
    sit(client, post("confidential"))
    page = client.get(reverse("informant-key")).content.decode()
    assert "永远打不开" in page
    assert act(client, "make", new="短", again="短", understood="on").status_code == 422
    assert "两次输入的不一样" in act(client, "make", new=PASSPHRASE, again=OTHER, understood="on").content.decode()
    assert act(client, "make", new=PASSPHRASE, again=PASSPHRASE).status_code == 422
    assert not IdentityKey.objects.exists()
    shown = act(client, "make", new=PASSPHRASE, again=PASSPHRASE, understood="on").content.decode()
    code = re.search(r"<samp>([0-9A-Z]{5}(?: [0-9A-Z]{5}){4})</samp>", shown)
    proof = re.search(r'name="proof" value="(\w+)"', shown)
    assert code
    assert proof
    groups = code[1].split()
    check = reverse("informant-key-check")
    wrong = client.post(check, {"proof": proof[1], "typed": "AAAAA BBBBB"})
    assert wrong.status_code == 422
    assert code[1] not in wrong.content.decode()
    assert client.post(check, {"proof": proof[1], "typed": f"{groups[1].lower()}-{groups[4]}"}).status_code == 302
    assert code[1] not in client.get(reverse("informant-key")).content.decode()
    assert client.get(reverse("informant-key-act", args=["make"])).status_code == 302


def test_the_passphrase_is_changed_and_recovered(client: Client) -> None:
    code = made()
    sit(client, post("confidential"))
    wrong = act(client, "passphrase", passphrase=OTHER, new=OTHER + "了", again=OTHER + "了")
    assert "口令不对" in wrong.content.decode()
    assert OTHER not in wrong.content.decode()
    assert act(client, "passphrase", passphrase=PASSPHRASE, new=OTHER, again=OTHER).status_code == 302
    assert act(client, "recover", code=code, new=PASSPHRASE, again=PASSPHRASE).status_code == 302
    fresh = act(client, "code", passphrase=PASSPHRASE)
    assert fresh.status_code == 200
    assert "从纸上核对" in fresh.content.decode()
    assert "恢复码不对" in act(client, "recover", code=code, new=OTHER, again=OTHER).content.decode()


def test_the_key_is_changed_and_withdrawn(client: Client) -> None:
    made()
    tip()
    sit(client, post("confidential"))
    assert "从纸上核对" in act(client, "rotate", passphrase=PASSPHRASE).content.decode()
    assert IdentityKey.objects.filter(retired_at=None).count() == 1
    assert act(client, "retire").status_code == 302
    assert "密钥已停用" in client.get(reverse("informant-key")).content.decode()


def test_from_the_request_to_the_one_reading(client: Client) -> None:
    made()
    told = tip()
    asker, granter, keeper = post(), post(holder="第二人"), post("confidential")
    sit(client, asker)
    form = client.get(reverse("informant-ask", args=[told.pk])).content.decode()
    assert "凭回执给举报人留言" in form
    asked = client.post(reverse("informant-ask", args=[told.pk]), {"reason": WHY, "viewer_id": asker.pk})
    opening = Opening.objects.get()
    assert asked["Location"] == reverse("informant-page", args=[opening.pk])
    decide, release, read = (reverse(f"informant-{verb}", args=[opening.pk]) for verb in ("decide", "release", "read"))
    assert "不能与申请人是同一个人" in client.get(asked["Location"]).content.decode()
    assert client.post(decide, {"granted": "yes"}).status_code == 409
    sit(client, granter)
    assert WHY in client.get(asked["Location"]).content.decode()
    assert client.post(decide, {"granted": "no", "why": ""}).status_code == 422
    assert client.post(decide, {"granted": "yes"}).status_code == 302
    sit(client, keeper)
    listed = client.get(reverse("informant-list")).content.decode()
    assert "待保密员启封" in listed
    assert told.number not in listed  # the 保密员 sees no tips
    wrong = client.post(release, {"passphrase": OTHER})
    assert wrong.status_code == 422
    assert "口令不对" in wrong.content.decode()
    released = client.post(release, {"passphrase": PASSPHRASE}, follow=True).content.decode()
    assert "欧阳哨兵" not in released
    sit(client, granter)
    assert client.post(read).status_code == 409
    sit(client, asker)
    assert client.get(read).status_code == 405
    page = client.post(read)
    assert "欧阳哨兵" in page.content.decode()
    assert "never-printed" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert client.post(read).status_code == 409
    assert "欧阳哨兵" not in client.get(asked["Location"]).content.decode()
    assert Entry.objects.filter(verb="informant.read").exists()


def test_a_refusal_is_told_to_whoever_asked(client: Client) -> None:
    made()
    told = tip()
    assert told.identity_id
    informants.ask(identity_id=told.identity_id, viewer_id=post().pk, reason=WHY, by=post(), at=AT)
    opening = Opening.objects.get()
    sit(client, post(holder="第二人"))
    client.post(reverse("informant-decide", args=[opening.pk]), {"granted": "no", "why": "可以先请村委会协助取合同"})
    page = sit(client, post()).get(reverse("informant-page", args=[opening.pk])).content.decode()
    assert "可以先请村委会协助取合同" in page
    assert "未同意" in page


def test_nobody_else_gets_in(client: Client) -> None:
    made()
    told = tip()
    assert told.identity_id
    informants.ask(identity_id=told.identity_id, viewer_id=post().pk, reason=WHY, by=post(), at=AT)
    opening = Opening.objects.get()
    for role, code in (
        ("task_force", TOWN),
        ("leader", None),
        ("analyst", None),
        ("administrator", None),
        ("auditor", None),
    ):
        sit(client, post(role, *([code] if code else [])))
        for route, args in (
            ("informant-list", []),
            ("informant-page", [opening.pk]),
            ("informant-key", []),
            ("informant-ask", [told.pk]),
        ):
            assert client.get(reverse(route, args=args)).status_code == 404, (role, route)
    sit(client, post("campaign_office", "990103000000"))  # another county
    assert client.get(reverse("informant-page", args=[opening.pk])).status_code == 404
    sit(client, post("confidential"))
    assert client.get(reverse("informant-ask", args=[told.pk])).status_code == 404
    sit(client, post())
    assert client.get(reverse("informant-key")).status_code == 404
