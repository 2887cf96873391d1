"""All routes under a name of the public site."""

from django.urls import include, path

urlpatterns = [path("", include("shouhu.public.urls"))]
handler400 = handler403 = handler404 = "shouhu.public.gate.not_found"
handler500 = "shouhu.public.gate.failed"
