"""The first page, and the one that says what is kept and what is not."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from shouhu.public import limits
from shouhu.public.gate import page, shown
from shouhu.public.sealed import LASTS


@page
def home(request: Any) -> HttpResponse:
    """This function will show the two ways in."""
    return redirect("public-home") if request.method == "POST" else shown(request, "home")


@page
def privacy(request: Any) -> HttpResponse:
    """This function will say who reads what, and what is kept nowhere."""
    if request.method == "POST":
        return redirect("public-privacy")
    return shown(request, "privacy", hours=limits.INTAKE_SECONDS // 3600, minutes=LASTS["pass"].seconds // 60)
