"""Routes of tips: the list, one tip, the acts on it, the ledger of transfers, and who is barred."""

from django.urls import path

from shouhu.web.views.tip import acts, lists, pages

urlpatterns = [
    path("tip/", lists.listing, name="tip-list"),
    path("tip/export.xlsx", lists.export_list, name="tip-export"),
    path("tip/assign/", acts.assign_many, name="tip-assign-many"),
    path("tip/transfers/", lists.transfers, name="tip-transfers"),
    path("tip/transfers/export.xlsx", lists.export_transfers, name="tip-transfers-export"),
    path("tip/transfers/<int:pk>/receive/", acts.receive, name="tip-receive"),
    path("tip/bars/", lists.bars, name="tip-bars"),
    path("tip/bars/<int:pk>/lift/", acts.unbar, name="tip-unbar"),
    path("tip/<int:pk>/", pages.show, name="tip-page"),
    path("tip/<int:pk>/file/<slug:token>/", pages.file, name="tip-file"),
    path("tip/<int:pk>/sort/<slug:verb>/", acts.sort, name="tip-sort"),
    path("tip/<int:pk>/hand/<slug:verb>/", acts.hand, name="tip-hand"),
    path("tip/<int:pk>/verify/<slug:verb>/", acts.verify, name="tip-verify"),
    path("tip/<int:pk>/answer/<slug:verb>/", acts.answer, name="tip-answer"),
    path("tip/<int:pk>/approve/<slug:verb>/", acts.approve, name="tip-approve"),
]
