"""What is shown when there is nothing to show."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """This function will answer alike for what is not there and what is not yours."""
    return render(request, "errors/404.html", {"title": gettext("没有找到这个页面")}, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """This function will answer for a fault of ours, without a word about its inside and without the database."""
    title = gettext("系统出错，这一步没有办成")
    try:
        return HttpResponseServerError(render_to_string("errors/500.html", {"title": title}))
    except ValueError:  # a file that the page loads was not collected; that is then the fault itself
        return HttpResponseServerError(title, content_type="text/plain; charset=utf-8")
