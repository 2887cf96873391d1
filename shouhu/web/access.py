"""
Who is sitting there and what they may open: the one gate of every page of the desk.

"Not yours" and "not there" answer alike (404); a refused act is journalled in a transaction of its own and told in a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now

from shouhu.engines.documents.letters import LetterRefused
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Person, Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope, posts_of

IN_BACKGROUND = "X-Background"
"""Header of what an open page asks by itself: nobody sits there because of it, so it keeps no session alive."""

P = ParamSpec("P")


class DeskRequest(HttpRequest):
    """A request of a person who is logged in and sits at a post."""

    person: Person
    post: Post
    posts: list[Post]
    scope: Scope
    at: datetime


def sitting(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """This function will make the middleware that ends stale sessions and finds the post that a person sits at."""

    def middleware(request: HttpRequest) -> HttpResponse:
        at = now()
        request.at = at  # type: ignore[attr-defined]
        request.post = request.scope = None  # type: ignore[attr-defined]
        person = request.user
        if isinstance(person, Person):
            if _is_over(request, person, at):
                logout(request)
            else:
                if IN_BACKGROUND not in request.headers:
                    request.session["seen"] = at.timestamp()
                _seat(request, person, at)
        return get_response(request)

    return middleware


def _is_over(request: HttpRequest, person: Person, at: datetime) -> bool:
    session = request.session
    idle = at - datetime.fromtimestamp(session.get("seen", 0), at.tzinfo)
    whole = at - datetime.fromtimestamp(session.get("began", 0), at.tzinfo)
    return (
        not person.is_active
        or session.get("salt") != person.session_salt
        or idle > timedelta(seconds=settings.SESSION_IDLE_SECONDS)
        or whole > timedelta(seconds=settings.SESSION_COOKIE_AGE)
    )


def _seat(request: Any, person: Person, at: datetime) -> None:
    request.person = person
    request.posts = list(posts_of(person, localdate(at)))
    seats = [] if unfinished(request) else request.posts
    wanted = request.session.get("post")
    request.post = next((post for post in seats if post.pk == wanted), next(iter(seats), None))
    request.scope = Scope.of(request.post) if request.post else None


def page(right: str) -> Callable[[Callable[Concatenate[Any, P], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """
    This function will guard a view: a log-in, a post that holds the right, and refusals told as sentences.

    A post without the right gets what a page that does not exist gives.
    """
    holders(right)  # an undeclared right is a mistake that must show at start

    def guard(view: Callable[Concatenate[Any, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_login(request)
            scope: Scope | None = getattr(request, "scope", None)
            step = unfinished(request)
            if step:
                return redirect(step)
            if scope is None:
                return redirect("account-home")  # which says that there is no post, and whom to ask
            if not scope.may(right):
                raise Http404
            try:
                return view(request, *args, **kwargs)
            except (Refused, LetterRefused) as refusal:
                return told(request, refusal)

        guarded.right = right  # type: ignore[attr-defined]
        return guarded

    return guard


def unfinished(request: HttpRequest) -> str | None:
    """This function will name the page that a person must pass before the desk opens, if there is one."""
    person = request.user
    assert isinstance(person, Person)
    if person.totp_confirmed_at and not request.session.get("second_factor"):
        return "account-code"
    if person.must_change_password:
        return "account-password"
    return None


def to_login(request: HttpRequest) -> HttpResponse:
    """This function will send a person to the log-in, and from there to the page that they wanted to see."""
    wanted = request.get_full_path() if request.method == "GET" else "/"
    return HttpResponseRedirect(f"{reverse('account-login')}?{urlencode({'next': wanted})}")


def told(request: Any, refusal: Refused | LetterRefused) -> HttpResponse:
    """This function will journal an act that was refused, or a letter that cannot be made, and show why (409)."""
    note_refusal(request)
    return render(request, "refused.html", {"refusal": refusal}, status=409)


def note_refusal(request: Any) -> None:
    """This function will journal a refused act by itself, for a page that tells the refusal beside its form."""
    journal.record(
        verb=f"refused.{request.resolver_match.url_name}",
        subject=f"route/{request.resolver_match.url_name}",
        by=request.post.code,
        at=request.at,
        code=request.post.unit.code,
        outcome="refused",
    )
