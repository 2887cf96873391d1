"""Routes of journal pages."""

from django.urls import path

from shouhu.web.views import journal, workbooks

urlpatterns = [
    path("journal/", journal.listed, name="journal-list"),
    path("journal/export.xlsx", workbooks.entries, name="journal-list-export"),
    path("journal/verify/", journal.verify, name="journal-verify"),
    path("journal/export/", journal.export, name="journal-export"),
    path("journal/of/<str:kind>/<str:key>/", journal.subject, name="journal-subject"),
]
