"""Logging in and staying logged in: guessing, locks, fixation, reuse, idling, codes that work once."""

from __future__ import annotations

import base64
import os
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now

from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.units import actions, throttle
from shouhu.ledgers.units.models import LoginAttempt, Person, Post
from shouhu.web import access
from tests import office

pytestmark = pytest.mark.django_db
WORD, NEXT = "correct horse battery staple", "another horse, another staple"
HERE, ELSEWHERE = "10.0.0.1", "10.0.0.2"
ACCOUNT = "/account/"
GUESSES, CROWD = (10_000, 200) if os.environ.get("SHOUHU_SOAK") else (60, 70)


class Clock:
    """The time that the faces see."""

    def __init__(self) -> None:
        self.at = office.AT

    def __call__(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(access, "now", made)
    return made


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 1)
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 64)
    monkeypatch.setattr(Argon2PasswordHasher, "parallelism", 1)


@pytest.fixture
def seat() -> Post:
    made = office.post("campaign_office")
    Person.objects.update(password=make_password(WORD))
    return made


def holder(seat: Post) -> Person:
    return seat.tenures.get().person


def log_in(client: Client, person: Person, word: str = WORD, address: str = HERE, **more: Any) -> Any:
    return client.post(
        reverse("account-login"), {"username": person.username, "password": word, **more}, REMOTE_ADDR=address
    )


def is_in(client: Client) -> bool:
    return client.get(ACCOUNT).status_code == 200


# --- guessing --------------------------------------------------------------------------------------------------------


def test_guessing_is_slowed_and_locks_nobody_else_out(clock: Clock, seat: Post, client: Client) -> None:
    person = holder(seat)
    answers = [log_in(client, person, f"wrong {n}").status_code for n in range(GUESSES)]
    assert answers == [401] * throttle.FREE + [429] * (GUESSES - throttle.FREE)
    assert LoginAttempt.objects.count() == throttle.FREE
    refused = log_in(client, person)
    assert refused.status_code == 429 and int(refused["Retry-After"]) == throttle.FIRST_WAIT
    assert log_in(Client(), person, address=ELSEWHERE).status_code == 302  # the rightful one comes from elsewhere
    clock.wait(throttle.FIRST_WAIT - 1)
    assert log_in(client, person).status_code == 429
    clock.wait(1)
    assert log_in(client, person).status_code == 302


def test_each_failure_doubles_the_wait_up_to_an_hour(clock: Clock, seat: Post, client: Client) -> None:
    waits = []
    for n in range(throttle.FREE + 10):
        while (answer := log_in(client, holder(seat), f"wrong {n}")).status_code == 429:
            waits.append(int(answer["Retry-After"]))
            clock.wait(waits[-1])
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_a_crowd_of_addresses_gets_one_try_each_and_the_rightful_one_still_comes_in(clock: Clock, seat: Post) -> None:
    person = holder(seat)
    assert log_in(Client(), person).status_code == 302
    clock.wait(1)
    tried = [log_in(Client(), person, "wrong", f"10.1.{n // 250}.{n % 250}").status_code for n in range(CROWD)]
    again = [log_in(Client(), person, "wrong", f"10.1.{n // 250}.{n % 250}").status_code for n in range(CROWD)]
    assert set(tried) == {401} and again.count(401) <= throttle.ATTACK
    assert log_in(Client(), person).status_code == 302
    assert log_in(Client(), person, address="192.0.2.9").status_code == 302  # even from a new place


def test_an_address_that_tries_many_names_waits_but_its_colleagues_do_not(clock: Clock, seat: Post) -> None:
    colleague, newcomer = holder(seat), holder(office.post("leader"))
    Person.objects.update(password=make_password(WORD))
    assert log_in(Client(), colleague).status_code == 302
    answers = [log_in(Client(), Person(username=f"nobody{n}"), "x").status_code for n in range(80)]
    assert answers == [401] * throttle.ADDRESS_FREE + [429] * (80 - throttle.ADDRESS_FREE)
    assert log_in(Client(), newcomer).status_code == 429
    assert log_in(Client(), colleague).status_code == 302


def test_addresses_cannot_be_forged_and_names_of_a_network_count_together(
    clock: Clock, seat: Post, client: Client
) -> None:
    person = holder(seat)
    for n in range(throttle.FREE):
        client.post(reverse("account-login"), {"username": person.username, "password": "x"}, REMOTE_ADDR=f"2001:db8::{n}",
                    headers={"x-forwarded-for": f"9.9.9.{n}"})  # fmt: skip
    assert log_in(client, person, address="2001:db8::ffff").status_code == 429
    assert log_in(client, person, address="2001:db8:0:1::1").status_code == 302


def test_an_unknown_name_costs_and_tells_the_same(seat: Post, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    for name in ("encode", "verify"):
        plain = getattr(Argon2PasswordHasher, name)

        def counted(self: Argon2PasswordHasher, *args: Any, plain: Any = plain, **more: Any) -> Any:
            hashed.append(plain.__name__)
            return plain(self, *args, **more)

        monkeypatch.setattr(Argon2PasswordHasher, name, counted)
    suspended = holder(office.post("leader"))
    Person.objects.filter(pk=suspended.pk).update(suspended_at=office.AT, password=make_password(WORD))
    hashed.clear()
    told, costs = set(), []
    for person, word in ((holder(seat), "wrong"), (Person(username="nobody"), "wrong"), (suspended, WORD)):
        answer = log_in(client, person, word)
        told.add((answer.status_code, answer.context["form"].non_field_errors()[0]))
        costs.append(len(hashed))
        hashed.clear()
    assert told == {(401, "登录名或密码不对，或账号已停用")}
    assert costs == [1, 1, 1]
    verbs = Entry.objects.filter(verb="account.log_in_failed").values_list("subject", "outcome")
    assert set(verbs) == {
        (f"person/{holder(seat).pk}", "refused"),
        ("person/0", "refused"),
        (f"person/{suspended.pk}", "refused"),
    }
    assert not Entry.objects.filter(subject__contains="nobody").exists()


@pytest.mark.parametrize(
    "wanted", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_elsewhere_after_logging_in(seat: Post, client: Client, wanted: str) -> None:
    assert log_in(client, holder(seat), next=wanted)["Location"] == "/"
    assert log_in(Client(), holder(seat), next="/unit/?code=1&page=2")["Location"] == "/unit/?code=1&page=2"


# --- sessions --------------------------------------------------------------------------------------------------------


def key_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_a_session_planted_before_is_not_the_session_after(seat: Post, client: Client) -> None:
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    log_in(client, holder(seat))
    assert key_of(client) != session.session_key or ""
    planted = Client()
    planted.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    assert is_in(client) and not is_in(planted)


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(seat: Post, client: Client) -> None:
    log_in(client, holder(seat))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["domain"]


def copy_of(client: Client) -> Client:
    other = Client()
    other.cookies[settings.SESSION_COOKIE_NAME] = key_of(client)
    return other


def test_a_session_is_over_after_logging_out(seat: Post, client: Client) -> None:
    log_in(client, holder(seat))
    stolen = copy_of(client)
    assert is_in(stolen)
    answer = client.post(reverse("account-logout"))
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(stolen) and not is_in(client)


def test_changing_the_password_ends_all_other_sessions(seat: Post, client: Client) -> None:
    other = Client()
    log_in(client, holder(seat))
    log_in(other, holder(seat))
    stolen = copy_of(client)
    answer = client.post(reverse("account-password"), {"old": WORD, "new": NEXT, "again": NEXT})
    assert answer.status_code == 302
    assert is_in(client) and not is_in(other) and not is_in(stolen)
    assert log_in(Client(), holder(seat)).status_code == 401
    assert log_in(Client(), holder(seat), NEXT).status_code == 302


def test_a_suspended_person_is_out_with_the_next_request(seat: Post, client: Client) -> None:
    log_in(client, holder(seat))
    security = office.post("security")
    actions.suspend(person_id=holder(seat).pk, salt="1", by=security, at=office.AT)
    assert not is_in(client)
    actions.resume(person_id=holder(seat).pk, by=security, at=office.AT)
    assert not is_in(client) and log_in(client, holder(seat)).status_code == 302


def test_a_move_takes_effect_with_the_next_request(seat: Post, client: Client) -> None:
    log_in(client, holder(seat))
    assert client.get("/unit/").status_code == 200
    by = office.post("administrator")
    actions.end_tenure(post_id=seat.pk, on=localdate(now()), by=by, at=now())
    assert client.get("/unit/").status_code == 302 and "没有岗位" in client.get(ACCOUNT).content.decode()


@pytest.mark.parametrize(("idle", "lasts"), [(30 * 60 - 1, True), (30 * 60 + 1, False)])
def test_a_session_ends_after_half_an_hour_of_nothing(
    clock: Clock, seat: Post, client: Client, idle: int, lasts: bool
) -> None:
    log_in(client, holder(seat))
    clock.wait(idle)
    assert is_in(client) is lasts


@pytest.mark.parametrize(("whole", "lasts"), [(8 * 3600 - 1, True), (8 * 3600 + 1, False)])
def test_a_session_ends_after_eight_hours_of_work(
    clock: Clock, seat: Post, client: Client, whole: int, lasts: bool
) -> None:
    log_in(client, holder(seat))
    for _ in range(whole // 1200):
        clock.wait(1200)
        assert is_in(client)
    clock.wait(whole % 1200)
    assert is_in(client) is lasts


# --- first log-in and second factor ------------------------------------------------------------------------------------


def test_the_first_password_opens_nothing_but_the_page_to_change_it(seat: Post, client: Client) -> None:
    Person.objects.update(must_change_password=True)
    assert log_in(client, holder(seat))["Location"] == reverse("account-password")
    for url in ("/unit/", ACCOUNT, reverse("account-second-factor")):
        assert client.get(url)["Location"] == reverse("account-password")
    for new, again in ((WORD, WORD), ("short", "short"), ("password1234", "password1234"), (NEXT, NEXT + "x")):
        assert client.post(reverse("account-password"), {"old": WORD, "new": new, "again": again}).status_code == 200
    assert client.post(reverse("account-password"), {"old": "x", "new": NEXT, "again": NEXT}).status_code == 401
    client.post(reverse("account-password"), {"old": WORD, "new": NEXT, "again": NEXT})
    assert client.get("/unit/").status_code == 200


def code_at(person: Person, at: datetime) -> str:
    person.refresh_from_db()
    return TOTP(base64.b32decode(person.totp_secret), 6, SHA1(), 30).generate(int(at.timestamp())).decode()


@pytest.fixture
def guarded(clock: Clock, seat: Post, client: Client) -> Person:
    """Somebody with a second factor, set up on the pages."""
    person = holder(seat)
    log_in(client, person)
    page = reverse("account-second-factor")
    client.post(page, {"do": "offer"})
    shown = client.get(page).content.decode()
    assert "data:image/svg+xml;base64," in shown
    assert client.post(page, {"do": "confirm", "code": "000000"}).status_code == 400
    assert client.post(page, {"do": "confirm", "code": code_at(person, clock.at)})["Location"] == ACCOUNT
    return person


def test_a_code_is_asked_for_and_works_once(clock: Clock, guarded: Person) -> None:
    clock.wait(60)
    client, page = Client(), reverse("account-code")
    assert log_in(client, guarded)["Location"] == page
    assert client.get("/unit/")["Location"] == page and client.get(reverse("account-password"))["Location"] == page
    code = code_at(guarded, clock.at)
    before = key_of(client)
    assert client.post(page, {"code": f"{code[:3]} {code[3:]}"})["Location"] == "/"
    assert key_of(client) != before and client.get("/unit/").status_code == 200
    other = Client()
    log_in(other, guarded)
    assert other.post(page, {"code": code}).status_code == 401  # replayed within its half minute
    clock.wait(30)
    assert other.post(page, {"code": code}).status_code == 401  # and in the next
    assert other.post(page, {"code": code_at(guarded, clock.at - timedelta(seconds=60))}).status_code == 401
    assert other.post(page, {"code": code_at(guarded, clock.at)}).status_code == 302


def test_codes_are_not_guessed(clock: Clock, guarded: Person) -> None:
    clock.wait(60)
    client = Client()
    log_in(client, guarded)
    answers = [client.post(reverse("account-code"), {"code": f"{n:06d}"}).status_code for n in range(12)]
    assert answers.count(429) == 12 - throttle.FREE
    actions.unlock(person_id=guarded.pk, by=office.post("security"), at=clock.at)
    assert client.post(reverse("account-code"), {"code": code_at(guarded, clock.at)}).status_code == 302


def test_a_lost_phone_is_reset_by_the_security_manager_alone(clock: Clock, guarded: Person, client: Client) -> None:
    url = reverse("account-secure", args=[guarded.pk, "second-factor"])
    for role in ("administrator", "auditor", "campaign_office"):
        assert office.sit(Client(), office.post(role, holder="x" + role)).post(url).status_code in (302, 404)
    clock.wait(60)
    actions.reset_second_factor(person_id=guarded.pk, salt="2", by=office.post("security"), at=clock.at)
    assert not is_in(client)
    assert log_in(client, guarded)["Location"] == "/"


def test_the_second_factor_is_not_switched_off_by_a_stolen_session(
    clock: Clock, guarded: Person, client: Client
) -> None:
    clock.wait(60)
    page, code = reverse("account-second-factor"), code_at(guarded, clock.at)
    assert client.post(page, {"do": "remove", "password": "wrong", "code": code}).status_code == 400
    assert client.post(page, {"do": "offer"}).status_code == 409
    assert client.post(page, {"do": "remove", "password": WORD, "code": code})["Location"] == ACCOUNT
    guarded.refresh_from_db()
    assert (guarded.totp_secret, guarded.totp_confirmed_at) == ("", None)


def test_every_step_is_journalled_and_no_secret_is_in_it(clock: Clock, guarded: Person) -> None:
    verbs = list(Entry.objects.order_by("seq").values_list("verb", flat=True))
    assert verbs == ["account.logged_in", "account.second_factor_offered", "account.second_factor_confirmed"]
    held = repr(list(Entry.objects.values()))
    assert guarded.totp_secret not in held and WORD not in held and guarded.username not in held


def test_people_sit_at_their_own_posts_only(seat: Post, client: Client) -> None:
    other = office.post("leader")
    log_in(client, holder(seat))
    client.post(reverse("account-switch"), {"post": other.pk})
    assert client.get("/unit/").wsgi_request.post == seat  # type: ignore[attr-defined]
    actions.appoint(post_id=other.pk, person_id=holder(seat).pk, on=localdate(now()),
                    by=office.post("administrator"), at=now())  # fmt: skip
    client.post(reverse("account-switch"), {"post": other.pk})
    assert client.get("/unit/").wsgi_request.post == other  # type: ignore[attr-defined]
