"""Routes of institution pages."""

from django.urls import path

from shouhu.web.views.institution import changing, editing, importing, lists, pages

urlpatterns = [
    path("institution/", lists.index, name="institution-list"),
    path("institution/export/", lists.export, name="institution-export"),
    path("institution/map/", lists.map_page, name="institution-map"),
    path("institution/points.json", lists.points, name="institution-points"),
    path("institution/new/", editing.new, name="institution-new"),
    path("institution/import/", importing.index, name="institution-import"),
    path("institution/import/<int:pk>/", importing.one, name="institution-import-page"),
    path("institution/import/<int:pk>/columns/", importing.columns, name="institution-import-columns"),
    path("institution/import/<int:pk>/decide/", importing.decide, name="institution-import-decide"),
    path("institution/import/<int:pk>/confirm/", importing.confirm, name="institution-import-confirm"),
    path("institution/import/<int:pk>/drop/", importing.drop, name="institution-import-drop"),
    path("institution/import/<int:pk>/resume/", importing.resume, name="institution-import-resume"),
    path("institution/import/<int:pk>/problems.xlsx", importing.problems, name="institution-import-problems"),
    path("institution/<int:pk>/", pages.one, name="institution-page"),
    path("institution/<int:pk>/edit/", editing.edit, name="institution-edit"),
    path("institution/<int:pk>/unmask/", pages.unmask, name="institution-unmask"),
    path("institution/<int:pk>/move/", changing.move, name="institution-move"),
    path("institution/<int:pk>/hand/", changing.change_hand, name="institution-hand"),
    path("institution/<int:pk>/outlet/", changing.add_outlet, name="institution-outlet"),
    path("institution/outlet/<int:pk>/close/", changing.close_outlet, name="institution-outlet-close"),
    path("institution/<int:pk>/point/", changing.set_point, name="institution-point"),
    path("institution/<int:pk>/cease/", changing.cease, name="institution-cease"),
    path("institution/<int:pk>/reopen/", changing.reopen, name="institution-reopen"),
    path("institution/<int:pk>/merge/", changing.merge, name="institution-merge"),
]
