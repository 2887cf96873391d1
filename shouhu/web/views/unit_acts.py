"""How a form of the unit pages becomes one act: refused ones are told beside the form, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from shouhu.ledgers.units.refusals import Refused
from shouhu.web.access import DeskRequest, note_refusal

T = TypeVar("T")


def done(request: DeskRequest, form: forms.Form, act: Callable[..., T], **given: Any) -> T | None:
    """
    This function will carry out an act with what a form holds; None where it was not sent, is not whole, or was refused.

    :param given: further arguments of the act; signature and instant are added.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return act(**form.cleaned_data, **given, by=request.post, at=request.at)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        note_refusal(request)
        return None


def asked(request: DeskRequest, form: forms.Form, template: str = "unit/form.html", **context: Any) -> HttpResponse:
    """This function will show a form: as it was opened (200), not whole (400), or refused (409)."""
    status = 200
    if form.is_bound and form.errors:
        status = 409 if form.non_field_errors() else 400
    return render(request, template, {"form": form, **context}, status=status)
