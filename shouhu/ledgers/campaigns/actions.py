"""Opening a campaign; setting days apart from the official calendar, after which whoever keeps deadlines counts them anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.rules import rulesets
from shouhu.ledgers.campaigns import queries
from shouhu.ledgers.campaigns.models import CalendarDay, Campaign
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope


class CampaignRefused(Refused):
    """A campaign cannot be opened like this."""


class DayRefused(Refused):
    """The day cannot be set apart like this."""


@transaction.atomic
def open_campaign(
    *, title: str, ruleset_id: str, starts_on: date, ends_on: date, by: Post, at: datetime, is_demo: bool = False
) -> Campaign:
    """
    This function will open a campaign for the division of the post's office, under the rule set that shall lead.

    :raises CampaignRefused: no title, an unknown rule set or one without colours, or a term that ends before it begins
        or overlaps that of another campaign of the division.
    """
    if by.role not in holders("campaign.open"):
        raise CampaignRefused("您的岗位不能建立专项行动，请由专项办办理")
    title, code = title.strip(), by.unit.code
    if not 0 < len(title) <= 80:
        raise CampaignRefused("请填写专项行动名称，不超过80个字")
    if ends_on < starts_on:
        raise CampaignRefused("结束日期不能早于开始日期")
    if ruleset_id not in rulesets.SHIPPED:
        raise CampaignRefused("请选择系统自带的规则")
    try:
        rulesets.load(ruleset_id).require_colours()
    except rulesets.NotRateable as error:
        raise CampaignRefused(f"所选规则不能用来评级：{error}") from error
    own = Campaign.objects.select_for_update().filter(code=code, starts_on__lte=ends_on, ends_on__gte=starts_on)
    if other := own.first():
        raise CampaignRefused(f"与“{other.title}”（{other.starts_on} 至 {other.ends_on}）时间重叠，请调整起止日期")
    campaign = Campaign.objects.create(
        title=title, code=code, ruleset_id=ruleset_id, starts_on=starts_on, ends_on=ends_on, is_demo=is_demo
    )
    journal.record(verb="campaign.opened", subject=campaign, by=by.code, at=at, code=code,
                   changes={"title": (None, title), "ruleset": (None, ruleset_id), "starts_on": (None, starts_on),
                            "ends_on": (None, ends_on)})  # fmt: skip
    return campaign


@transaction.atomic
def lead(*, campaign_id: int, ruleset_id: str, by: Post, at: datetime) -> Campaign:
    """
    This function will make another rule set lead a campaign; whoever keeps ratings rates anew in the same transaction.

    :raises CampaignRefused: no such rule set, one that leads already, or the campaign is that of a division above.
    :raises NotRateable: the rule set names no colours.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    if ruleset_id not in rulesets.SHIPPED:
        raise CampaignRefused("没有这套规则，请从列出的规则中选择")
    if not Scope.of(by).covers(campaign.code):
        raise CampaignRefused("本次专项行动由上级发起，所用规则只能由上级更换")
    if campaign.ruleset_id == ruleset_id:
        raise CampaignRefused("这套规则正在使用，无需更换")
    rulesets.load(ruleset_id).require_colours()
    before, campaign.ruleset_id = campaign.ruleset_id, ruleset_id
    campaign.save(update_fields=["ruleset_id"])
    journal.record(verb="ruleset.adopted", subject=campaign, by=by.code, at=at, code=campaign.code,
                   changes={"ruleset_id": (before, ruleset_id)})  # fmt: skip
    return campaign


@transaction.atomic
def follow_division(*, mapping: Mapping[str, str], on: date, by: Post, at: datetime) -> None:
    """
    This function will let campaigns that were not over on a day go on under the new codes of their divisions.

    :param mapping: old code → new code.
    """
    rows = list(Campaign.objects.select_for_update().filter(code__in=mapping, ends_on__gte=on))
    acts = [
        journal.Act("campaign.moved", journal.named(one), mapping[one.code], {"code": (one.code, mapping[one.code])})
        for one in rows
    ]
    for one in rows:
        one.code = mapping[one.code]
    Campaign.objects.bulk_update(rows, ["code"])
    journal.record_many(acts=acts, by=by.code, at=at)


@transaction.atomic
def set_day(*, on: date, is_worked: bool, note: str, by: Post, at: datetime) -> CalendarDay:
    """
    This function will say that a day is worked or not, whatever the shipped calendar says.

    :param note: what the day is called or which notice sets it apart.
    :raises DayRefused: no note, or the day is so already.
    """
    require_calendar(by)
    if not note.strip():
        raise DayRefused("请写明依据，例如“国务院办公厅关于2027年部分节假日安排的通知”")
    earlier = CalendarDay.objects.select_for_update().filter(on=on).first()
    before = earlier.is_worked if earlier else Calendar.shipped().is_worked(on)
    if before == is_worked:
        raise DayRefused(f"{on} 本来就{'上班' if is_worked else '不上班'}，不需要调整")
    day, _ = CalendarDay.objects.update_or_create(
        on=on, defaults={"is_worked": is_worked, "note": note.strip()[:60], "set_at": at, "set_by": by}
    )
    journal.record(verb="calendar.set", subject=f"day/{on}", by=by.code, at=at, code=by.unit.code,
                   changes={"is_worked": (before, is_worked)})  # fmt: skip
    return day


@transaction.atomic
def clear_day(*, on: date, by: Post, at: datetime) -> None:
    """
    This function will let the shipped calendar hold again for a day.

    :raises DayRefused: the day was not set apart.
    """
    require_calendar(by)
    day = CalendarDay.objects.select_for_update().filter(on=on).first()
    if day is None:
        raise DayRefused(f"{on} 没有调整过")
    day.delete()
    journal.record(verb="calendar.cleared", subject=f"day/{on}", by=by.code, at=at, code=by.unit.code,
                   changes={"is_worked": (day.is_worked, Calendar.shipped().is_worked(on))})  # fmt: skip


def require_calendar(by: Post) -> None:
    """
    This function will make sure that a post may set days apart.

    :raises DayRefused: another role, or an office above keeps the calendar, which all offices share.
    """
    if by.role not in holders("calendar.edit"):
        raise DayRefused("您的岗位不能调整工作日历")
    if queries.has_office_above(by):
        raise DayRefused("工作日历全区域共用，由最上一级专项办调整；请报上级专项办")
