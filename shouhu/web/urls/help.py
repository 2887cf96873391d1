"""Routes of the manual."""

from django.urls import path

from shouhu.web.views import help

urlpatterns = [
    path("help/", help.index, name="help-index"),
    path("help/<slug:name>/", help.chapter, name="help-page"),
]
