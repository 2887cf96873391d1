"""Help: the manual, a chapter a page, open to whoever sits before the desk, also before the log-in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shouhu.web import handbook

MOST_WORDS = 8


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """This function will show the chapters, or the sections that hold the words that were looked for."""
    wanted = request.GET.get("q", "").strip()
    found = list(handbook.find(wanted.split()[:MOST_WORDS])) if wanted else []
    context = {"title": _("使用手册"), "chapters": handbook.chapters().values(), "wanted": wanted, "found": found}
    return render(request, "help/index.html", context)


@require_safe
def chapter(request: HttpRequest, name: str) -> HttpResponse:
    """This function will show a chapter."""
    one = handbook.chapters().get(name)
    if one is None:
        raise Http404
    context = {"title": one.title, "chapter": one, "chapters": handbook.chapters().values()}
    return render(request, "help/chapter.html", context)
