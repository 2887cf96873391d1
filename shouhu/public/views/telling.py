"""
Telling what happened, on three short screens under one address, and the receipt.

What was written goes from screen to screen in a sealed field. Its random key is made with the first screen: the same form sent
twice is taken once and gives the same receipt.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shouhu.ledgers.informants import queries as informants
from shouhu.ledgers.tips import receipts
from shouhu.ledgers.tips.actions import office_for
from shouhu.ledgers.tips.models import AGES
from shouhu.ledgers.tips.queries.places import Offered, offered
from shouhu.ledgers.units.refusals import Refused
from shouhu.public import answers, limits, papers, sealed
from shouhu.public.answers import Answers, Wrong
from shouhu.public.counter import counter
from shouhu.public.gate import page, shown

SCREENS = ("what", "more", "last")


@page
def form(request: Any) -> HttpResponse:
    """This function will ask, screen by screen, take the form in at the last one, and show the receipt."""
    places = offered(localdate(request.at))
    if places is None:
        return shown(request, "nobody")
    if request.method != "POST":
        return _ask(request, "what", _fresh(), places)
    known = sealed.opened("form", request.POST.get("state", ""), request.at)
    if known is None:
        begun = _fresh() | answers.taken("what", request.POST)
        return _ask(request, "what", begun, places, {"": _("隔的时间太长了，前面填的没有保留。请再填一次。")})
    screen = known.pop("screen")
    if screen == "call":
        written: Answers = known
        wrong: Wrong = {}
    else:
        written = known | answers.taken(screen, request.POST)
        wrong = answers.wrong(screen, written, places)
    if request.relook:
        return _ask(request, screen, written, places, _files_again(request))
    if request.POST.get("go") == "back":
        return _ask(
            request, SCREENS[max(SCREENS.index(screen) - 1, 0)] if screen in SCREENS else "what", written, places
        )
    if wrong:
        return _ask(request, screen, written, places, wrong | _files_again(request))
    if screen == "last":
        return _hand_in(request, written, places)
    return _ask(request, _after(screen, written), written, places)


def _fresh() -> Answers:
    return {"key": secrets.token_hex(16)}


def _after(screen: str, written: Answers) -> str:
    if screen == "what" and written["moving"] == "yes":
        return "call"
    return "last" if screen == "more" else "more"


def _ask(request: Any, screen: str, written: Answers, places: Offered, wrong: Wrong | None = None) -> HttpResponse:
    told: dict[str, Any] = {
        "answers": written, "wrong": wrong or {}, "places": places,
        "state": sealed.seal("form", {**written, "screen": screen}, request.at),
    }  # fmt: skip
    if screen == "what":
        told["at_most"] = answers.WRITTEN_AT_MOST
    if screen == "more":
        told["ages"] = [(code, _(title)) for code, title in AGES.items()]
    if screen == "last":
        code = written.get("code", "")
        told |= {
            "office": office_for(code if places.has(code) else places.code).name, "may_name": informants.key_in_use(),
            **papers.ASKED,
        }  # fmt: skip
    return shown(request, f"form_{screen}", **told)


def _files_again(request: Any) -> Wrong:
    """Browsers do not keep chosen files when a page is shown again."""
    chosen = any(request.POST.get(name) or request.FILES.get(name) for name in papers.NAMES)
    return {"files": _("照片和文件请再选一次。")} if chosen else {}


def _hand_in(request: Any, written: Answers, places: Offered) -> HttpResponse:
    files, wrong = papers.handed_in(request)
    if wrong:
        return _ask(request, "last", written, places, {"files": "".join(wrong)})
    address = limits.address_of(request)
    if not limits.intake.take(address):
        response = _ask(
            request, "last", written, places,
            {"": _("您这个网络一小时里交得太多了。写的都还在，请过一会再按“交上去”；急事请打电话。")} | _files_again(request),
        )  # fmt: skip
        response.status_code = 429
        return response
    try:
        taken = counter.hand_in(answers.form_of(written, places, files))
    except Refused as refused:
        limits.intake.give_back(address)
        return _ask(request, "last", written, places, {"": _(str(refused))} | _files_again(request))
    if not taken.is_new:
        limits.intake.give_back(address)
    return receipt_page(request, taken.receipt, is_new=taken.is_new)


def receipt_page(request: Any, receipt: str, *, is_new: bool = True) -> HttpResponse:
    """This function will show a receipt, and let its holder go on to the progress without typing it."""
    return shown(
        request, "receipt", groups=receipts.printed(receipt).split(), is_new=is_new, on=localdate(request.at),
        known=sealed.seal("pass", {"receipt": receipt}, request.at),
    )  # fmt: skip
