"""Opening a campaign."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from shouhu.ledgers.campaigns import actions, queries
from shouhu.web.access import DeskRequest, page
from shouhu.web.views.unit_acts import asked, done
from shouhu.web.views.unit_forms import CampaignForm


@page("campaign.open")
@require_http_methods(["GET", "POST"])
def open_campaign(request: DeskRequest) -> HttpResponse:
    """This function will open a campaign for the division of the post."""
    form = CampaignForm(request.POST or None)
    made = done(request, form, actions.open_campaign)
    if made:
        messages.success(request, gettext("已建立%(title)s") % {"title": made.title})
        return redirect("unit-list")
    running = queries.current(request.scope)
    lead = gettext("最近一次：%(title)s，%(a)s 至 %(b)s。") % {
        "title": running.title, "a": running.starts_on, "b": running.ends_on,
    } if running else ""  # fmt: skip
    return asked(request, form, title=_("建立专项行动"), submit_label=_("建立"), lead=lead, cancel_url="/unit/")
