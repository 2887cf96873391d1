"""Routes of rating pages."""

from django.urls import path

from shouhu.web.views import rating, rating_decisions, rating_export, rating_rules

urlpatterns = [
    path("rating/", rating.colour_list, name="rating-list"),
    path("rating/map/", rating.colour_map, name="rating-map"),
    path("rating/points.json", rating.points, name="rating-points"),
    path("rating/export/", rating_export.export, name="rating-export"),
    path("rating/preview/", rating_rules.preview, name="rating-preview"),
    path("rating/preview/adopt/", rating_rules.adopt, name="rating-adopt"),
    path("rating/queue/", rating_decisions.queue, name="rating-queue"),
    path("rating/queue/confirm/", rating_decisions.confirm_many, name="rating-confirm-many"),
    path("rating/<int:pk>/", rating.one, name="rating-page"),
    path("rating/<int:pk>/propose/", rating_decisions.propose, name="rating-propose"),
    path("rating/<int:pk>/confirm/", rating_decisions.confirm, name="rating-confirm"),
    path("rating/decisions/<int:pk>/sign/", rating_decisions.sign, name="rating-sign"),
    path("rating/decisions/<int:pk>/withdraw/", rating_decisions.withdraw, name="rating-withdraw"),
]
