"""Routes of a running campaign: overview, tasks, bodies, meetings, summary, standing work."""

from django.urls import path

from shouhu.web.views.campaign import acts, board, bodies, body_acts, meetings, pages, summary, tasks

urlpatterns = [
    path("campaign/", pages.index, name="campaign-list"),
    path("campaign/<int:pk>/", pages.show, name="campaign-page"),
    path("campaign/<int:pk>/timeline/", pages.timeline_page, name="campaign-timeline"),
    path("campaign/<int:pk>/tasks/", board.listing, name="campaign-tasks"),
    path("campaign/<int:pk>/tasks/export.xlsx", board.export_list, name="campaign-tasks-export"),
    path("campaign/<int:pk>/tasks/new/", tasks.add, name="campaign-task-new"),
    path("campaign/<int:pk>/gaps/", board.gaps, name="campaign-gaps"),
    path("campaign/task/<int:pk>/", tasks.show, name="campaign-task"),
    path("campaign/task/<int:pk>/change/<slug:verb>/", acts.change, name="campaign-change"),
    path("campaign/task/<int:pk>/file/<slug:token>/", tasks.file, name="campaign-file"),
    path("campaign/duty/<int:pk>/work/<slug:verb>/", acts.work, name="campaign-work"),
    path("campaign/duty/<int:pk>/check/<slug:verb>/", acts.check, name="campaign-check"),
    path("campaign/<int:pk>/bodies/", bodies.tree, name="campaign-bodies"),
    path("campaign/<int:pk>/bodies/export.xlsx", bodies.export_list, name="campaign-bodies-export"),
    path("campaign/<int:pk>/bodies/new/", body_acts.set_up, name="campaign-body-new"),
    path("campaign/body/<int:pk>/", bodies.show, name="campaign-body"),
    path("campaign/body/<int:pk>/unmask/", bodies.unmask, name="campaign-body-unmask"),
    path("campaign/body/<int:pk>/export.docx", bodies.export_word, name="campaign-body-export"),
    path("campaign/body/<int:pk>/dissolve/", body_acts.dissolve, name="campaign-body-dissolve"),
    path("campaign/body/<int:pk>/seat/", body_acts.seat, name="campaign-seat-new"),
    path("campaign/seat/<int:pk>/<slug:verb>/", body_acts.change, name="campaign-seat"),
    path("campaign/<int:pk>/meetings/", meetings.listing, name="campaign-meetings"),
    path("campaign/<int:pk>/meetings/new/", meetings.record, name="campaign-meeting-new"),
    path("campaign/meeting/<int:pk>/", meetings.show, name="campaign-meeting"),
    path("campaign/meeting/<int:pk>/file/", meetings.file, name="campaign-meeting-file"),
    path("campaign/<int:pk>/summary/", summary.show, name="campaign-summary"),
    path("campaign/<int:pk>/summary/export.docx", summary.export_word, name="campaign-summary-export"),
    path("campaign/<int:pk>/standing/", summary.stand, name="campaign-standing"),
]
