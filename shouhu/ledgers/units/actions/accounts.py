"""A person's own account: log-in attempts, password, second factor."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from ipaddress import ip_address, ip_network

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units import throttle
from shouhu.ledgers.units.models import LoginAttempt, Person
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import posts_of

STEP = 30
"""Seconds that a code of the second factor lasts (RFC 6238); the one before and the one after are taken too."""


class Throttled(Refused):
    """Too many attempts failed; ``seconds`` are left to wait."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        told = f"{seconds} 秒" if seconds < 120 else f"{-(-seconds // 60)} 分钟"
        super().__init__(f"尝试次数过多，请 {told}后再试；忘记密码请联系本单位安全管理员重置")


class SecondFactorRefused(Refused):
    """The second factor cannot be set up or removed as asked."""


@transaction.atomic
def begin_attempt(*, username: str, address: str, at: datetime) -> LoginAttempt:
    """
    This function will note an attempt as failed, before anything is compared; ``pass_attempt`` makes it good.

    Name and address are kept as keyed hashes. It costs the same whether the name is known or not.

    :raises Throttled: the attempt must not be looked at yet; it is not noted then.
    """
    name_hash, address_hash = _name_hash(username), settings.KEYS.blind(_network(address), "log-in address")
    seconds = throttle.wait(name_hash, address_hash, at)
    if seconds:
        raise Throttled(seconds)
    return LoginAttempt.objects.create(name_hash=name_hash, address_hash=address_hash, at=at, succeeded=False)


@transaction.atomic
def pass_attempt(*, attempt_id: int) -> None:
    """This function will note that an attempt (with a password or a code) succeeded."""
    LoginAttempt.objects.filter(pk=attempt_id).update(succeeded=True)


@transaction.atomic
def log_in(*, person_id: int, at: datetime) -> Person:
    """This function will journal that a person logged in, and forget attempts of long ago."""
    LoginAttempt.objects.filter(at__lt=at - throttle.KEPT).delete()
    person = Person.objects.get(pk=person_id)
    journal.record(verb="account.logged_in", subject=person, by=_signed(person), at=at, code=code_of(person, at))
    return person


@transaction.atomic
def fail_attempt(*, username: str, at: datetime) -> None:
    """This function will journal a failed attempt; a name that nobody bears as ``person/0``."""
    person = Person.objects.filter(username=_plain(username)).first() or Person(pk=0)
    journal.record(verb="account.log_in_failed", subject=person, by=_signed(person), at=at, code=code_of(person, at),
                   outcome="refused")  # fmt: skip


@transaction.atomic
def log_out(*, person_id: int, at: datetime) -> None:
    """This function will journal that a person logged out."""
    person = Person.objects.get(pk=person_id)
    journal.record(verb="account.logged_out", subject=person, by=_signed(person), at=at, code=code_of(person, at))


@transaction.atomic
def change_password(*, person_id: int, encoded: str, salt: str, at: datetime) -> Person:
    """
    This function will set a password of the person's own choice and end every session of theirs.

    :param encoded: hash of the password, checked by the face against the rules for passwords.
    :param salt: 32 random hex digits; a session that holds another is over.
    """
    person = Person.objects.select_for_update().get(pk=person_id)
    person.password, person.session_salt = encoded, salt
    person.must_change_password, person.password_changed_at = False, at
    person.save(update_fields=["password", "session_salt", "must_change_password", "password_changed_at"])
    journal.record(verb="account.password_changed", subject=person, by=_signed(person), at=at, code=code_of(person, at))
    return person


@transaction.atomic
def offer_second_factor(*, person_id: int, secret: bytes, at: datetime) -> Person:
    """
    This function will lay down a secret for the person's authenticator; it counts once a code proves it arrived.

    :param secret: 20 random bytes.
    :raises SecondFactorRefused: a second factor is in use already.
    """
    person = Person.objects.select_for_update().get(pk=person_id)
    if person.totp_confirmed_at:
        raise SecondFactorRefused("两步验证已启用；要换设备，请先停用再重新设置")
    person.totp_secret, person.totp_last_step = base64.b32encode(secret).decode(), 0
    person.save(update_fields=["totp_secret", "totp_last_step"])
    journal.record(verb="account.second_factor_offered", subject=person, by=_signed(person), at=at,
                   code=code_of(person, at))  # fmt: skip
    return person


@transaction.atomic
def confirm_second_factor(*, person_id: int, code: str, at: datetime) -> bool:
    """This function will put the second factor to use if the code is right, and tell whether it is."""
    person = Person.objects.select_for_update().get(pk=person_id)
    if person.totp_confirmed_at or not _take(person, code, at):
        return False
    person.totp_confirmed_at = at
    person.save(update_fields=["totp_confirmed_at"])
    journal.record(verb="account.second_factor_confirmed", subject=person, by=_signed(person), at=at,
                   code=code_of(person, at))  # fmt: skip
    return True


@transaction.atomic
def use_code(*, person_id: int, code: str, at: datetime) -> bool:
    """This function will take a code of the second factor, once, and tell whether it is right; both are journalled."""
    person = Person.objects.select_for_update().get(pk=person_id)
    right = bool(person.totp_confirmed_at) and _take(person, code, at)
    verb = "account.code_accepted" if right else "account.code_refused"
    journal.record(verb=verb, subject=person, by=_signed(person), at=at, code=code_of(person, at),
                   outcome="done" if right else "refused")  # fmt: skip
    return right


@transaction.atomic
def remove_second_factor(*, person_id: int, salt: str, at: datetime) -> Person:
    """This function will stop asking for a second factor and end every session; the face has asked for password and code."""
    person = Person.objects.select_for_update().get(pk=person_id)
    forget_second_factor(person)
    person.session_salt = salt
    person.save(update_fields=["session_salt"])
    journal.record(verb="account.second_factor_removed", subject=person, by=_signed(person), at=at,
                   code=code_of(person, at))  # fmt: skip
    return person


def forget_second_factor(person: Person) -> None:
    """This function will delete the secret of a locked person."""
    person.totp_secret, person.totp_confirmed_at, person.totp_last_step = "", None, 0
    person.save(update_fields=["totp_secret", "totp_confirmed_at", "totp_last_step"])


def forget_attempts(person: Person) -> None:
    """This function will forget the failures of a name, so that it may try again at once from anywhere."""
    names = [_name_hash(person.username), _name_hash(second_step_of(person))]
    LoginAttempt.objects.filter(name_hash__in=names, succeeded=False).delete()


def second_step_of(person: Person) -> str:
    """This function will give the name under which the codes of a person are throttled; no log-in name holds a slash."""
    return f"{person.pk}/code"


def code_of(person: Person, at: datetime) -> str:
    """This function will give the division of the first post that a person holds, for the journal."""
    post = posts_of(person, localdate(at)).first()
    return post.unit.code if post else ""


def _take(person: Person, code: str, at: datetime) -> bool:
    """Accept a code of a step that is later than the last one used, and note the step."""
    if not (person.totp_secret and len(code) == 6 and code.isascii() and code.isdigit()):
        return False
    clock = TOTP(base64.b32decode(person.totp_secret), 6, SHA1(), STEP)
    now = int(at.timestamp()) // STEP
    for step in (now - 1, now, now + 1):
        if step > person.totp_last_step and hmac.compare_digest(clock.generate(step * STEP), code.encode()):
            person.totp_last_step = step
            person.save(update_fields=["totp_last_step"])
            return True
    return False


def _plain(username: str) -> str:
    return username.strip().lower()


def _name_hash(username: str) -> str:
    hashed: str = settings.KEYS.blind(_plain(username), "log-in name")
    return hashed


def _network(address: str) -> str:
    """An address of IPv4, or the 64 bits of IPv6 that one subscriber has all to themselves."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{parsed}/64", strict=False)) if parsed.version == 6 else address


def _signed(person: Person) -> str:
    return journal.named(person)
