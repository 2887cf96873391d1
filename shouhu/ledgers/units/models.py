"""Divisions, offices, grids, people, posts and who holds them; log-in attempts; what people keep for themselves."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import F, Q

from shouhu.ledgers.units.rights import roles
from shouhu.ledgers.vault.fields import SealedText

KINDS = {
    "government": "党委政府", "campaign_office": "专项办", "task_force": "专班", "political_legal": "政法委",
    "civil_affairs": "民政", "police": "公安", "market_regulation": "市场监管", "finance": "金融监管",
    "procuratorate": "检察院", "court": "法院", "justice": "司法", "bank": "银行", "carrier": "电信运营商",
    "school": "学校", "neighbourhood": "村居", "institution": "养老机构", "other": "其他",
}  # fmt: skip


class Division(models.Model):
    """A province, city, county, town or village for as long as it bore this code and name."""

    code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)
    """The first day on which it no longer was so."""
    became = models.CharField(max_length=12, blank=True)
    """Its code afterwards, where it was moved or renumbered."""
    boundary = models.JSONField(null=True)
    """GeoJSON geometry in WGS 84."""

    class Meta:
        indexes = (models.Index("code", name="division_code"),)
        constraints = (
            models.UniqueConstraint("code", condition=Q(to_on=None), name="division_current_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{12}$"), name="division_code_digits"),
        )


class Unit(models.Model):
    """An office or department (专项办, 派出所, 村居 …); it hangs on the code of a division."""

    code = models.CharField(max_length=12, db_index=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=list(KINDS.items()))
    phone = SealedText()
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint("code", "name", name="unit_once"),)


class Grid(models.Model):
    """A grid: 12 digits of its village and three of its own."""

    code = models.CharField(max_length=15, unique=True)
    name = models.CharField(max_length=60)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{15}$"), name="grid_code_digits"),)


class People(models.Manager["Person"]):
    """Finds people for Django's log-in."""

    def get_by_natural_key(self, username: str) -> Person:
        """This function will find a person by log-in name."""
        return self.get(username=username)


class Person(AbstractBaseUser):
    """A person with an account. What they may do comes from the posts they hold."""

    username = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    phone = SealedText()
    must_change_password = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(null=True)
    totp_secret = SealedText()
    totp_confirmed_at = models.DateTimeField(null=True)
    totp_last_step = models.BigIntegerField(default=0)
    """The time step of the code used last: no code works twice."""
    suspended_at = models.DateTimeField(null=True)
    session_salt = models.CharField(max_length=32, default="", blank=True)
    """Changes when every session of the person must end."""
    is_demo = models.BooleanField(default=False)

    objects = People()
    USERNAME_FIELD = "username"

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether the person may log in."""
        return self.suspended_at is None


class Post(models.Model):
    """A post (岗位): a role at a unit, for the codes of that unit. Acts are signed with its code."""

    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=60)
    role = models.CharField(max_length=20, choices=[(role.code, role.title) for role in roles().values()])
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    grid = models.ForeignKey(Grid, models.PROTECT, null=True, related_name="posts")
    subject = models.BigIntegerField(null=True)
    """For the account of an institution: the institution's id."""
    is_liaison = models.BooleanField(default=False)
    """联络员 of the unit."""
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(role="institution", subject__isnull=False) | (~Q(role="institution") & Q(subject=None)),
                name="post_subject_of_institution",
            ),
        )


class Tenure(models.Model):
    """Who holds a post, from which day, to which day (the first day no more)."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="tenures")
    person = models.ForeignKey(Person, models.PROTECT, related_name="tenures")
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint("post", condition=Q(to_on=None), name="tenure_one_holder"),
            models.CheckConstraint(condition=Q(to_on=None) | Q(to_on__gte=F("from_on")), name="tenure_order"),
        )


class LoginAttempt(models.Model):
    """A log-in attempt; name and address as keyed hashes, kept for throttling only and deleted after seven days."""

    name_hash = models.CharField(max_length=64)
    address_hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    succeeded = models.BooleanField()

    class Meta:
        indexes = (
            models.Index("name_hash", "at", name="attempt_name"),
            models.Index("address_hash", "at", name="attempt_address"),
        )


class Reading(models.Model):
    """Up to which instant a person has read the notices of a post: the only thing about notices that is stored."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    until_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("person", "post", name="reading_once"),)


class SavedFilter(models.Model):
    """What a person narrows a list to often, under a name of their own."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="saved_filters")
    route = models.CharField(max_length=40)
    """Name of the list's route."""
    name = models.CharField(max_length=20)
    query = models.CharField(max_length=500)
    """As it stands in the address, without the page."""
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint("person", "route", "name", name="saved_filter_once"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_filter_named"),
        )
