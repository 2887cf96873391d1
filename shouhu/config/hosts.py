"""Two sites in one server: under the names of SHOUHU_PUBLIC_HOSTS there is the public site only, and the desk is not there."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port


def hosts(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """This function will make the middleware that chooses the routes by the name under which the server was asked."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if split_domain_port(request.get_host())[0] in settings.PUBLIC_HOSTS:
            request.urlconf = "shouhu.config.public_urls"
        return get_response(request)

    return middleware
