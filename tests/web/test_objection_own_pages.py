"""An institution looks at what is held about it and contests it; the office answers; receivers are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.ratings import actions
from shouhu.ledgers.ratings.models import Correction, Objection, Standing
from shouhu.ledgers.units.models import Post
from tests.ledgers.ratings.people import learn, sitting
from tests.office import AT, institution, sit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _an_hour_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shouhu.web.access.now", lambda: AT + timedelta(hours=1))


def account(site: Institution) -> Post:
    """This function will give the post of an institution's own account."""
    made = sitting("lookout")
    Post.objects.filter(pk=made.pk).update(role="institution", subject=site.pk)
    return Post.objects.get(pk=made.pk)


def other_account(site: Institution) -> Post:
    """This function will give the post of another institution's account."""
    made = sitting("window")
    Post.objects.filter(pk=made.pk).update(role="institution", subject=site.pk)
    return Post.objects.get(pk=made.pk)


def test_an_institution_sees_all_that_is_held_about_it_and_nothing_else(client: Client) -> None:
    site, other = institution("甲院", legal_representative="钱多多"), institution("乙院")
    learn(site, "red")
    learn(other, "red")
    sit(client, account(site))
    shown = client.get(reverse("own-home")).content.decode()
    for told in ("甲院", "已“爆雷”", "直接修改 2026-11-18", "钱**", "对“爆雷”提出异议", "这个等级要求的措施"):
        assert told in shown, told
    assert "乙院" not in shown and "钱多多" not in shown
    assert client.get(reverse("objection-new", args=[other.pk])).status_code == 404
    for name in ("rating-list", "rating-page", "objection-list", "objection-page", "objection-corrections"):
        args = [site.pk] if name.endswith("page") else []
        assert client.get(reverse(name, args=args)).status_code == 404, name


def test_an_objection_goes_from_the_institution_to_the_office_and_to_all_who_had_the_old_value(client: Client) -> None:
    site = institution("甲院")
    learn(site, "red")
    actions.disclose(
        rows=[Standing.objects.get()],
        receiver="区公安分局",
        what="四色名单",
        facts=["name"],
        by=sitting("window"),
        at=AT,
    )
    sit(client, account(site))
    new = reverse("objection-new", args=[site.pk]) + "?fact=collapsed"
    assert "爆雷" in client.get(new).content.decode()
    bad = client.post(new, {"says": "一直正常营业", "file": SimpleUploadedFile("a.exe", b"x")})
    assert "只收 PDF、JPG、PNG" in bad.content.decode()
    done = client.post(new, {"says": "一直正常营业", "file": SimpleUploadedFile("证明.pdf", b"%PDF-1")}, follow=True)
    assert "最迟2026-12-09答复" in done.content.decode()

    objection = Objection.objects.get()
    judge = sit(Client(), sitting("judge"))
    assert "剩 15 个工作日" in judge.get(reverse("objection-list")).content.decode()
    page = judge.get(reverse("objection-page", args=[objection.pk])).content.decode()
    assert "一直正常营业" in page and "证明.pdf" in page and "自2026-11-18" in page
    token = objection.exhibits.get().file.token
    assert judge.get(reverse("objection-file", args=[token])).content == b"%PDF-1"
    assert client.get(reverse("objection-file", args=[token])).status_code == 404  # it has a page of its own
    assert client.get(reverse("own-file", args=[token])).content == b"%PDF-1"
    mine = reverse("own-objection", args=[objection.pk])
    more = client.post(mine, {"file": SimpleUploadedFile("照片.jpg", b"JFIF")}, follow=True).content.decode()
    assert "已收到补充材料" in more and "照片.jpg" in more and "证明.pdf" in more
    assert "照片.jpg" in judge.get(reverse("objection-page", args=[objection.pk])).content.decode()
    decide = reverse("objection-decide", args=[objection.pk])
    assert judge.post(decide, {"is_upheld": "yes", "grounds": "经查", "value": "也许"}).status_code == 400
    told = judge.post(
        decide, {"is_upheld": "yes", "grounds": "经现场核查，营业正常", "value": "否"}, follow=True
    ).content.decode()
    assert "区公安分局" in told and "营业正常" in told and "红■ → 红■" in told and "规则现评为绿●，待确认" in told
    assert Institution.objects.get().n == 3

    sent = judge.post(reverse("objection-corrections-sent"), {"pick": [Correction.objects.get().pk, "x"]}, follow=True)
    assert "已登记 1 条更正送达" in sent.content.decode()
    answered = client.get(reverse("own-home")).content.decode()
    assert "成立，已更正" in answered and "营业正常" in answered and "异议更正 2026-11-18" in answered
    kept = client.get(mine).content.decode()
    assert "答复：成立" in kept and "经现场核查，营业正常" in kept and "提交材料" not in kept
    late = client.post(mine, {"file": SimpleUploadedFile("晚.jpg", b"JFIF")})
    assert late.status_code == 409 and objection.exhibits.count() == 2
    other = sit(Client(), other_account(institution("乙院")))
    for name, key in (("own-objection", objection.pk), ("own-file", token)):
        assert other.get(reverse(name, args=[key])).status_code == 404, name


def test_an_objection_to_the_colour_asks_for_the_right_one(client: Client) -> None:
    site = institution("甲院")
    learn(site, "decide")
    sit(client, sitting("window"))
    client.post(reverse("objection-new", args=[site.pk]), {"says": "没有炒床位"})
    objection = Objection.objects.get()
    judge = sit(Client(), sitting("judge"))
    decide = reverse("objection-decide", args=[objection.pk])
    assert judge.post(decide, {"is_upheld": "yes", "grounds": "经查"}).status_code == 409
    wish = {"is_upheld": "yes", "grounds": "经查属实", "colour": "green", "expires_on": "2027-01-31"}
    judge.post(decide, wish)
    assert "待第二人签字" in judge.get(reverse("objection-page", args=[objection.pk])).content.decode()
    assert Standing.objects.get().colour == "decide"
    far = sit(Client(), sitting("far", "campaign_office", "990103000000"))
    assert far.get(reverse("objection-page", args=[objection.pk])).status_code == 404
    assert far.post(decide, wish).status_code == 404
