"""Routes of the pages of an institution's own account."""

from django.urls import path

from shouhu.web.views import own

urlpatterns = [path("own/", own.home, name="own-home")]
