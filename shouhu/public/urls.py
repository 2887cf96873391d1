"""Routes of the public site. What somebody writes or knows is in no address."""

from __future__ import annotations

from django.urls import path

from shouhu.public.views import home, return_visit, telling

urlpatterns = [
    path("", home.home, name="public-home"),
    path("form/", telling.form, name="public-form"),
    path("mine/", return_visit.mine, name="public-mine"),
    path("privacy/", home.privacy, name="public-privacy"),
]
