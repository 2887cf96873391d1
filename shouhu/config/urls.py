"""All routes."""

from django.urls import include, path

urlpatterns = [path("", include("shouhu.web.urls"))]
handler404 = "shouhu.web.views.errors.not_found"
handler500 = "shouhu.web.views.errors.failed"
