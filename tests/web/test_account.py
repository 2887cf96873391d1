"""The log-in page: invented accounts only where people are invented, in both languages; a person without a post."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from shouhu.ledgers.units.models import Person
from tests import office

pytestmark = pytest.mark.django_db
WORD = "correct horse battery staple"


def test_invented_accounts_are_listed_only_where_people_are_invented(client: Client) -> None:
    office.post("campaign_office", holder="office")
    assert "演示账号" not in client.get(reverse("account-login")).content.decode()
    Person.objects.update(is_demo=True)
    page = client.get(reverse("account-login")).content.decode()
    assert "演示账号" in page and "office" in page and "start.py" in page


def test_the_language_is_chosen_before_logging_in(client: Client) -> None:
    client.post(reverse("set_language"), {"language": "en", "next": reverse("account-login")})
    assert '<html lang="en">' in client.get(reverse("account-login")).content.decode()


def test_a_person_without_a_post_is_told_whom_to_ask(client: Client) -> None:
    Person.objects.create(username="idle", name="闲", password=make_password(WORD), must_change_password=False)
    client.post(reverse("account-login"), {"username": " IDLE ", "password": WORD})
    assert client.get("/unit/")["Location"] == reverse("account-home")
    assert "您现在没有岗位" in client.get(reverse("account-home")).content.decode()


def test_pages_lead_through_the_log_in_and_back(client: Client) -> None:
    assert client.get("/unit/?code=1&page=2")["Location"] == "/login/?next=%2Funit%2F%3Fcode%3D1%26page%3D2"
    assert client.post("/unit/add/")["Location"] == "/login/?next=%2F"
    for name in ("account-home", "account-password", "account-second-factor", "account-code"):
        assert client.get(reverse(name))["Location"].startswith("/login/?next=")


def test_a_weak_password_is_refused_in_the_words_of_the_desk(client: Client) -> None:
    office.sit(client, office.post())
    for weak, why in (
        ("短口令", "新密码至少12位"),
        ("campaign_office990102", "新密码与登录名或姓名太相近"),
        ("qwerty123456", "新密码太常见"),
    ):
        page = client.post("/account/password/", {"old": WORD, "new": weak, "again": weak}).content.decode()
        assert why in page and "password is" not in page
