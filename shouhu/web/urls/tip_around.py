"""Routes around tips: taking them in, lists of other platforms, the bulletin, the days for each step."""

from django.urls import path

from shouhu.web.views import tip_arrivals, tip_bulletin, tip_taking, tip_terms

urlpatterns = [
    path("tip/take/", tip_taking.take, name="tip-take"),
    path("tip/take/card/", tip_taking.card, name="tip-card"),
    path("tip/arrivals/", tip_arrivals.index, name="tip-arrivals"),
    path("tip/arrivals/template/", tip_arrivals.template, name="tip-arrival-template"),
    path("tip/arrivals/<int:pk>/", tip_arrivals.one, name="tip-arrival"),
    path("tip/arrivals/<int:pk>/columns/", tip_arrivals.columns, name="tip-arrival-columns"),
    path("tip/arrivals/<int:pk>/take/", tip_arrivals.take, name="tip-arrival-take"),
    path("tip/arrivals/<int:pk>/drop/", tip_arrivals.drop, name="tip-arrival-drop"),
    path("tip/results/", tip_arrivals.results, name="tip-results"),
    path("tip/results/export/", tip_arrivals.export_results, name="tip-results-export"),
    path("tip/bulletin/", tip_bulletin.bulletin, name="tip-bulletin"),
    path("tip/bulletin/export/", tip_bulletin.export, name="tip-bulletin-export"),
    path("tip/terms/", tip_terms.terms, name="tip-terms"),
]
