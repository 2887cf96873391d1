"""
What every public page has in common: how it looks, what it refuses, what it never keeps.

No session, and no cookie but the two plain ones that a visitor asks for by a button: ``look`` (large type, high contrast) and the
language; both end with the visit. A form cannot be sent in somebody's name, as nobody has one here: what opens a tip is the
receipt, which travels sealed in the page. A page elsewhere that sends our forms is turned away all the same.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from shouhu.public import papers

LOOKS = ("", "large", "contrast", "large contrast")
COOKIE = "look"
log = logging.getLogger("shouhu.public")


class PublicRequest(HttpRequest):
    """A request of somebody whom we do not know and do not want to know."""

    at: datetime
    look: str
    language: str
    relook: dict[str, str]
    """Cookies to set: it only asks that the same page look otherwise."""


View = Callable[[Any], HttpResponse]


def page(view: View) -> View:
    """This function will make a view a public page: GET and POST only, nothing kept, its faults told without a word of content."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: Any) -> HttpResponse:
        request.at = now()
        request.upload_handlers = [papers.InMemory(request)]
        request.relook = {}
        request.look, request.language = _kept(request)
        try:
            response = _answer(view, request)
        except Exception as error:  # its message may hold what somebody wrote: only where it happened is noted
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("a public page failed: %s\n%s", type(error).__name__, where)
            response = failed(request)
        for name, value in request.relook.items():
            # The script of the page changes the look without asking the server, so it may read the cookie.
            response.set_cookie(name, value, secure=settings.HTTPS, samesite="Strict")
        response["Referrer-Policy"] = "no-referrer"
        response["Cache-Control"] = "no-store"
        response["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=(self)"
        return response

    return guarded


def shown(request: Any, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """This function will render a page of the public site; nothing of the desk or of the request comes into it."""
    with override(request.language):
        text = render_to_string(
            f"public/{template}.html",
            {
                "look": request.look,
                "looks": _switches(request.look),
                "language": request.language,
                "languages": settings.LANGUAGES,
                **context,
            },
        )
    return HttpResponse(text, status=status)


def not_found(request: Any, exception: Exception | None = None) -> HttpResponse:
    """This function will answer for an address under which there is nothing."""
    request.look, request.language = _kept(request)
    return shown(request, "nothing", status=404)


def failed(request: Any) -> HttpResponse:
    """This function will answer for a fault of ours, without a word about its inside."""
    request.look, request.language = _kept(request)
    try:
        return shown(request, "failed", status=500)
    except ValueError:  # a file that the page loads was not collected; that is then the fault itself
        return HttpResponse(_("没有办成，请再试一次；急事请打电话 110。"), "text/plain; charset=utf-8", 500)


def _answer(view: View, request: Any) -> HttpResponse:
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponse(status=405, headers={"Allow": "GET, POST"})
    if request.method == "POST":
        if _is_from_elsewhere(request):
            return shown(request, "nothing", status=403)
        if int(request.META.get("CONTENT_LENGTH") or 0) > papers.REQUEST_AT_MOST:
            return shown(request, "too_much", status=413)
        try:
            sent = request.POST
        except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
            return shown(request, "too_much", status=400)
        _relook(request, sent)
    with override(request.language):
        return view(request)


def _is_from_elsewhere(request: HttpRequest) -> bool:
    """Browsers tell it on https; on http those that tell an origin tell none at all from a page without a referrer."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin", "null")
    return origin not in ("null", f"{request.scheme}://{request.get_host()}")


def _kept(request: HttpRequest) -> tuple[str, str]:
    look = request.COOKIES.get(COOKIE, "").replace("-", " ")
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return (
        look if look in LOOKS else "",
        language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
    )


def _relook(request: Any, sent: Mapping[str, str]) -> None:
    look, language = sent.get("look"), sent.get("language")
    if look is not None and look in LOOKS:
        request.look = look
        request.relook[COOKIE] = look.replace(" ", "-")
    if language in dict(settings.LANGUAGES):
        request.language = request.relook[settings.LANGUAGE_COOKIE_NAME] = language


def _switches(look: str) -> list[tuple[str, bool, str]]:
    """For each way to look: its name, whether it is on, and what the look is after it is switched."""
    on = set(look.split())
    return [(name, name in on, " ".join(one for one in LOOKS[1:3] if one in on ^ {name})) for name in LOOKS[1:3]]
