"""Routes of the pages of an institution's own account."""

from django.urls import path

from shouhu.web.views import own

urlpatterns = [
    path("own/", own.home, name="own-home"),
    path("own/objection/<int:pk>/", own.objection, name="own-objection"),
    path("own/file/<str:token>/", own.file, name="own-file"),
]
