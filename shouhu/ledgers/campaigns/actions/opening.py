"""Opening a campaign, choosing the rule set that leads it, and letting it follow its division."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from shouhu.engines.rules import rulesets
from shouhu.ledgers.campaigns.models import DOMAINS, Campaign
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope


class CampaignRefused(Refused):
    """A campaign cannot be opened like this."""


@transaction.atomic
def open_campaign(
    *,
    title: str,
    ruleset_id: str,
    starts_on: date,
    ends_on: date,
    by: Post,
    at: datetime,
    domain: str = "elder_care",
    is_demo: bool = False,
) -> Campaign:
    """
    This function will open a campaign for the division of the post's office, under the rule set that shall lead.

    Campaigns against elder-care fraud and against telecom fraud run beside each other; only the former rates.

    :param ruleset_id: empty for telecom fraud.
    :raises CampaignRefused: no title, an unknown rule set or one without colours, or a term that ends before it begins
        or overlaps that of another campaign of the division against the same fraud.
    """
    if by.role not in holders("campaign.open"):
        raise CampaignRefused("您的岗位不能建立专项行动，请由专项办办理")
    title, code = title.strip(), by.unit.code
    if not 0 < len(title) <= 80:
        raise CampaignRefused("请填写专项行动名称，不超过80个字")
    if ends_on < starts_on:
        raise CampaignRefused("结束日期不能早于开始日期")
    _require_ruleset(domain, ruleset_id)
    same = Campaign.objects.select_for_update().filter(code=code, domain=domain)
    own = same.filter(starts_on__lte=ends_on, ends_on__gte=starts_on)
    if other := own.first():
        raise CampaignRefused(f"与“{other.title}”（{other.starts_on} 至 {other.ends_on}）时间重叠，请调整起止日期")
    campaign = Campaign.objects.create(
        title=title, code=code, domain=domain, ruleset_id=ruleset_id, starts_on=starts_on, ends_on=ends_on,
        is_demo=is_demo,
    )  # fmt: skip
    journal.record(verb="campaign.opened", subject=campaign, by=by.code, at=at, code=code,
                   changes={"title": (None, title), "ruleset": (None, ruleset_id), "starts_on": (None, starts_on),
                            "ends_on": (None, ends_on), "domain": (None, domain)})  # fmt: skip
    return campaign


def _require_ruleset(domain: str, ruleset_id: str) -> None:
    if domain not in DOMAINS:
        raise CampaignRefused("请选择专项行动针对的领域")
    if domain == "telecom_fraud":
        if ruleset_id:
            raise CampaignRefused("电信网络诈骗专项行动不评定颜色，不选规则")
        return
    if ruleset_id not in rulesets.SHIPPED:
        raise CampaignRefused("请选择系统自带的规则")
    try:
        rulesets.load(ruleset_id).require_colours()
    except rulesets.NotRateable as error:
        raise CampaignRefused(f"所选规则不能用来评级：{error}") from error


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
