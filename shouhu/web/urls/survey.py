"""Routes of survey pages."""

from django.urls import path

from shouhu.web.views import workbooks
from shouhu.web.views.survey import filling, phone, reviewing, rounds

urlpatterns = [
    path("survey/", rounds.home, name="survey-home"),
    path("survey/rounds/new/", rounds.new, name="survey-round-new"),
    path("survey/rounds/<int:pk>/close/", rounds.close, name="survey-round-close"),
    path("survey/rounds/<int:pk>/assign/", rounds.assign, name="survey-assign"),
    path("survey/rounds/<int:pk>/looks/", rounds.looks, name="survey-looks"),
    path("survey/rounds/<int:pk>/looks.xlsx", rounds.looks_export, name="survey-looks-export"),
    path("survey/assignments/", rounds.assignments, name="survey-assignments"),
    path("survey/assignments/export.xlsx", workbooks.assignments, name="survey-assignments-export"),
    path("survey/assignments/move/", rounds.reassign, name="survey-reassign"),
    path("survey/assignments/move/undo/", rounds.undo_reassign, name="survey-reassign-undo"),
    path("survey/mine/", filling.mine, name="survey-mine"),
    path("survey/mine/<int:pk>/plan/", filling.plan, name="survey-plan"),
    path("survey/found/", filling.found, name="survey-found"),
    path("survey/fill/<int:pk>/", filling.fill, name="survey-fill"),
    path("survey/review/", reviewing.review, name="survey-review"),
    path("survey/sheets/<int:pk>/", reviewing.sheet, name="survey-sheet"),
    path("survey/sheets/<int:pk>/unmask/", reviewing.unmask, name="survey-unmask"),
    path("survey/sheets/<int:pk>/accept/", reviewing.accept, name="survey-accept"),
    path("survey/sheets/<int:pk>/return/", reviewing.give_back, name="survey-return"),
    path("survey/photos/<str:token>/", reviewing.photo, name="survey-photo"),
    path("survey/phone/", phone.shell, name="survey-phone"),
    path("survey/phone/sw.js", phone.worker, name="survey-phone-worker"),
    path("survey/phone/app.webmanifest", phone.manifest, name="survey-phone-manifest"),
    path("survey/phone/work.json", phone.work, name="survey-phone-work"),
    path("survey/phone/send/<int:pk>/", phone.send, name="survey-phone-send"),
    path("survey/phone/photo/<int:pk>/", phone.photo, name="survey-phone-photo"),
]
