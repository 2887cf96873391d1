"""The language of the desk: Chinese, unless this browser was told otherwise."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import override

P = ParamSpec("P")
R = TypeVar("R")


def language(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """
    This function will make the middleware that answers in the language chosen at the top of the page.

    Django's own follows what the browser's maker set, and an office computer with an English browser is no English desk.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        with override(chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
            return get_response(request)

    return middleware


def official(view: Callable[P, R]) -> Callable[P, R]:
    """This function will make a view answer in Chinese whoever asks: what leaves the office is in the State's language."""

    @wraps(view)
    def in_chinese(*args: P.args, **kwargs: P.kwargs) -> R:
        with override(settings.LANGUAGE_CODE):
            return view(*args, **kwargs)

    return in_chinese
