"""Routes of disposal pages."""

from django.urls import path

from shouhu.web.views import calendar
from shouhu.web.views.disposal import acts, lists, pages

urlpatterns = [
    path("disposal/", lists.listing, name="disposal-list"),
    path("disposal/export.xlsx", lists.export, name="disposal-export"),
    path("disposal/take/", acts.take, name="disposal-take"),
    path("disposal/take/undo/", acts.untake, name="disposal-take-undo"),
    path("disposal/close/", acts.close_many, name="disposal-close-many"),
    path("disposal/approvals/", lists.approvals, name="disposal-approvals"),
    path("disposal/approvals/<int:pk>/<slug:verb>/", acts.answer, name="disposal-answer"),
    path("disposal/calendar/", calendar.month, name="disposal-calendar"),
    path("disposal/calendar/<slug:on>/", calendar.change, name="disposal-calendar-day"),
    path("disposal/file/<slug:token>/", pages.file, name="disposal-file"),
    path("disposal/talk/<int:pk>/", pages.talk, name="disposal-talk"),
    path("disposal/task/<int:pk>/", pages.measure, name="disposal-task"),
    path("disposal/task/<int:pk>/work/<slug:verb>/", acts.work, name="disposal-work"),
    path("disposal/task/<int:pk>/check/<slug:verb>/", acts.check, name="disposal-check"),
    path("disposal/referral/<int:pk>/<slug:verb>/", acts.referral, name="disposal-referral"),
    path("disposal/refund/<int:pk>/correct/", acts.correct, name="disposal-correct"),
    path("disposal/<int:pk>/", pages.show, name="disposal-page"),
    path("disposal/<int:pk>/handle/<slug:verb>/", acts.handle, name="disposal-handle"),
    path("disposal/<int:pk>/end/<slug:verb>/", acts.end, name="disposal-end"),
]
