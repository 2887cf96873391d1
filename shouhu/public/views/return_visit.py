"""
Coming back with the receipt: how far it has come, what the office says, more evidence, and what one thinks of the answer.

The receipt is typed once and then travels sealed in the page for half an hour after the last step; it is in no address.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from shouhu.ledgers.tips import actions, receipts
from shouhu.ledgers.tips.models import RATINGS
from shouhu.ledgers.tips.queries import by_receipt
from shouhu.ledgers.units.refusals import Refused
from shouhu.public import limits, papers, sealed
from shouhu.public.gate import page, shown
from shouhu.public.views.telling import receipt_page

DRAFT_AT_MOST = 10_000


@page
def mine(request: Any) -> HttpResponse:
    """This function will ask for the receipt, show what it opens, and take in what its holder says."""
    if request.method != "POST":
        return _ask(request)
    sent = request.POST
    if "known" in sent:
        known = sealed.opened("pass", sent["known"], request.at)
        if known is None:
            return _ask(request, _("隔的时间太长了。为了安全，请再输入一次回执。"), begun=sent.get("text", ""))
        if sent.get("do") == "receipt":
            return receipt_page(request, known["receipt"])
        return _act(request, known["receipt"])
    typed = sent.get("receipt", "")[:100]
    begun = _begun(request)
    if request.relook:
        return _ask(request, typed=typed, begun=begun)
    if not limits.tries.take(limits.address_of(request)) and not limits.held_up():
        response = _ask(request, _("这个网络查得太多了，请过几分钟再查；急事请打电话。"), typed=typed, begun=begun)
        response.status_code = 429
        return response
    told = by_receipt(typed)
    if told is None:
        return _ask(request, _("没有查到这个回执。请对照抄下的16个字，一组一组再看一遍。"), typed=typed, begun=begun)
    return _show(request, receipts.understood(typed), text=begun)


def _ask(request: Any, wrong: str = "", *, typed: str = "", begun: str = "") -> HttpResponse:
    draft = sealed.seal("draft", {"text": begun[:DRAFT_AT_MOST]}, request.at) if begun else ""
    return shown(request, "return", wrong=wrong, typed=typed, draft=draft)


def _begun(request: Any) -> str:
    """What somebody had begun to write when the time was over."""
    draft = sealed.opened("draft", request.POST.get("draft", ""), request.at)
    return str(draft["text"]) if draft else ""


def _act(request: Any, receipt: str) -> HttpResponse:
    sent = request.POST
    text, opinion = (sent.get(name, "").replace("\0", "").replace("\r\n", "\n") for name in ("text", "opinion"))
    do = "" if request.relook else sent.get("do", "")
    done = wrong = ""
    try:
        if do == "add":
            files, faults = papers.handed_in(request)
            wrong = "".join(faults)
            if not wrong:
                wrong = _add(request, receipt, text, files)
                done, text = ("", text) if wrong else (_("您的补充已经收到。"), "")
        elif do == "rate":
            actions.rate(receipt=receipt, rating=sent.get("rating", ""), text=opinion, at=request.at)
            done, opinion = _("您的评价已经收到。"), ""
    except Refused as refused:
        wrong = _(str(refused))
    return _show(request, receipt, text=text, opinion=opinion, done=done, wrong=wrong, part=do)


def _add(request: Any, receipt: str, text: str, files: list[actions.Paper]) -> str:
    """Take a message in; what is wrong if it was not."""
    address = limits.address_of(request)
    if not limits.intake.take(address):
        return _("您这个网络一小时里交得太多了。写的还在，请过一会再交；急事请打电话。")
    try:
        actions.add(
            receipt=receipt,
            key=request.POST.get("key") or secrets.token_hex(16),
            text=text,
            papers=files,
            at=request.at,
        )
    except Refused:
        limits.intake.give_back(address)
        raise
    return ""


def _show(request: Any, receipt: str, **said: Any) -> HttpResponse:
    told = by_receipt(receipt)
    if told is None:
        return _ask(request)
    actions.note_opened(receipt=receipt, at=request.at)
    messages = [one for one in told.messages if not (one.is_answer and one.text == told.answer)]
    until = localtime(request.at + sealed.LASTS["pass"])
    key = request.POST.get("key", "") if said.get("wrong") or request.relook else ""
    return shown(
        request, "mine", told=told, messages=messages, until=until, known=sealed.seal("pass", {"receipt": receipt}, request.at),
        key=key or secrets.token_hex(16), ratings=RATINGS, rating=request.POST.get("rating", ""),
        seconds=int(sealed.LASTS["pass"].total_seconds()), **papers.ASKED, **said,
    )  # fmt: skip
