"""Routes of objection pages."""

from django.urls import path

from shouhu.web.views import objection, workbooks

urlpatterns = [
    path("objection/", objection.listing, name="objection-list"),
    path("objection/export.xlsx", workbooks.objections, name="objection-export"),
    path("objection/new/<int:pk>/", objection.new, name="objection-new"),
    path("objection/<int:pk>/", objection.one, name="objection-page"),
    path("objection/<int:pk>/decide/", objection.decide, name="objection-decide"),
    path("objection/file/<str:token>/", objection.file, name="objection-file"),
    path("objection/corrections/", objection.corrections, name="objection-corrections"),
    path("objection/corrections/sent/", objection.confirm_sent, name="objection-corrections-sent"),
]
