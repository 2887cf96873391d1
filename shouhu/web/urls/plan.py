"""Routes of plans: from a file to a campaign or a sub-plan."""

from django.urls import path

from shouhu.web.views.plan import binding, covering, handing, lists, review

urlpatterns = [
    path("plan/", lists.index, name="plan-list"),
    path("plan/export.xlsx", lists.export, name="plan-export"),
    path("plan/upload/", handing.upload, name="plan-upload"),
    path("plan/template/", handing.from_template, name="plan-template"),
    path("plan/under/<int:pk>/", lists.coverage, name="plan-coverage"),
    path("plan/<int:pk>/", review.show, name="plan-page"),
    path("plan/<int:pk>/part/", handing.choose, name="plan-part"),
    path("plan/<int:pk>/drop/", handing.drop, name="plan-drop"),
    path("plan/<int:pk>/resume/", handing.resume, name="plan-resume"),
    path("plan/<int:pk>/file/", handing.file, name="plan-file"),
    path("plan/<int:pk>/plan.docx", handing.word, name="plan-word-file"),
    path("plan/<int:pk>/item/<int:item>/", review.item, name="plan-item"),
    path("plan/<int:pk>/keep/", review.keep, name="plan-keep"),
    path("plan/<int:pk>/undo/", review.undo, name="plan-undo"),
    path("plan/<int:pk>/add/", review.add, name="plan-add"),
    path("plan/<int:pk>/bind/", binding.bind, name="plan-bind"),
    path("plan/<int:pk>/match/", covering.match, name="plan-match"),
]
