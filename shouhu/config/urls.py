"""All routes of the desk; the public site is there too, for an office with one computer."""

from django.urls import include, path

urlpatterns = [path("public/", include("shouhu.public.urls")), path("", include("shouhu.web.urls"))]
handler404 = "shouhu.web.views.errors.not_found"
handler500 = "shouhu.web.views.errors.failed"
