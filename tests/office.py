"""A small office for tests: the county 望澜区 with two towns, people at posts, and somebody logged in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.test import Client

from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.units.models import Division, Person, Post, Tenure, Unit
from shouhu.ledgers.units.scope import Scope

AT = datetime(2026, 11, 18, 2, 30, tzinfo=UTC)  # a Wednesday, 10:30 in China
COUNTY, TOWN, OTHER_TOWN = "990102000000", "990102001000", "990102002000"
VILLAGE, OTHER_VILLAGE, FAR_VILLAGE = "990102001001", "990102001002", "990102002001"
NAMES = {
    COUNTY: "望澜区", TOWN: "清河镇", OTHER_TOWN: "南渡镇", VILLAGE: "柳湾村", OTHER_VILLAGE: "石桥村", FAR_VILLAGE: "东埠村",
}  # fmt: skip
ANSWERED: dict[str, Any] = {
    "registered": "已登记", "filed": "已备案", "kind": "养老机构", "operation": "民办", "n_beds": 80, "n_residents": 60,
    "monthly_fee": 3000, "takes_prepayment": False, "large_stated": False, "promises_return": False, "false_publicity": False,
    "related_companies": (), "related_dealings": False, "prosecuted": (), "complained": (), "blacklisted": (),
    "suspected_crime": False, "collapsed": False, "bad_influence": False, "major_opinion": False, "n_new_outlets_3y": 0,
    "n_rep_changes_3y": 0, "n_address_changes_3y": 0, "stable": True, "surveyed_on": date(2026, 11, 2),
}  # fmt: skip
"""Facts of an institution with nothing to find: green under the default rule set."""


def divisions() -> None:
    """This function will make the county, its towns and villages."""
    for code, name in NAMES.items():
        Division.objects.get_or_create(code=code, to_on=None, defaults={"name": name})


def post(role: str = "campaign_office", code: str = COUNTY, *, holder: str | None = None) -> Post:
    """This function will make a post with a person who holds it; the same arguments give the same post."""
    divisions()
    unit, _ = Unit.objects.get_or_create(code=code, name=f"{NAMES.get(code, code)}{role}", kind="other")
    name = holder or f"{role}{code}"
    made, is_new = Post.objects.get_or_create(
        unit=unit, title=holder or role, defaults={"code": f"T-{Post.objects.count() + 1}", "role": role}
    )
    if is_new:
        person, _ = Person.objects.get_or_create(
            username=name[:40], defaults={"name": name[:40], "must_change_password": False}
        )
        Tenure.objects.create(post=made, person=person, from_on=date(2026, 1, 1))
    return made


def scope(role: str = "campaign_office", code: str = COUNTY) -> Scope:
    """This function will give the scope of such a post."""
    return Scope.of(post(role, code))


def institution(name: str = "安康养老院", code: str = VILLAGE, at: datetime = AT, **facts: Any) -> Institution:
    """This function will register an institution with nothing to find, but for the facts given."""
    return institutions.register(facts={**ANSWERED, "name": name, **facts}, code=code, source="known", by=post(), at=at)


def sit(client: Client, at_post: Post) -> Client:
    """This function will log the holder of a post in and sit them at it, without the log-in pages."""
    from django.utils.timezone import now

    person = at_post.tenures.get(to_on=None).person
    client.force_login(person)
    session = client.session
    session.update({"seen": now().timestamp(), "began": now().timestamp(), "salt": person.session_salt,
                    "post": at_post.pk, "second_factor": True,
                    # Bell and tips were counted just now: pages need no query for them.
                    "bell": [at_post.pk, 0, 1e11], "tips": [at_post.pk, 0, 1e11]})  # fmt: skip
    session.save()
    return client
