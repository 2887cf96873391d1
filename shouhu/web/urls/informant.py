"""Routes of the identities of informants: the key of the 保密员, and requests to open one."""

from django.urls import path

from shouhu.web.views import informant, informant_keys

urlpatterns = [
    path("informant/", informant.listing, name="informant-list"),
    path("informant/ask/<int:pk>/", informant.ask, name="informant-ask"),
    path("informant/<int:pk>/", informant.show, name="informant-page"),
    path("informant/<int:pk>/decide/", informant.decide, name="informant-decide"),
    path("informant/<int:pk>/release/", informant.release, name="informant-release"),
    path("informant/<int:pk>/read/", informant.read, name="informant-read"),
    path("informant/key/", informant_keys.show, name="informant-key"),
    path("informant/key/check/", informant_keys.check, name="informant-key-check"),
    path("informant/key/<slug:verb>/", informant_keys.act, name="informant-key-act"),
]
