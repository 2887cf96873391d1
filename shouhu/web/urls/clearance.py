"""Routes of clearance pages."""

from django.urls import path

from shouhu.web.views import clearance, clearance_page, clearance_steps

urlpatterns = [
    path("clearance/", clearance.board, name="clearance-list"),
    path("clearance/map.json", clearance.shapes, name="clearance-map"),
    path("clearance/export.xlsx", clearance.export, name="clearance-export"),
    path("clearance/enlist/", clearance_steps.enlist, name="clearance-enlist"),
    path("clearance/appoint/", clearance_steps.appoint_many, name="clearance-appoint-many"),
    path("clearance/<int:pk>/", clearance_page.show, name="clearance-page"),
    path("clearance/<int:pk>/file/<slug:token>/", clearance_page.file, name="clearance-file"),
    path("clearance/<int:pk>/handle/<slug:verb>/", clearance_steps.handle, name="clearance-handle"),
    path("clearance/<int:pk>/check/<slug:verb>/", clearance_steps.check, name="clearance-check"),
]
