"""Routes of supervision: orders, circulars, talks, look-backs, backtraces."""

from django.urls import path

from shouhu.web.views.supervision import acts, backtrace, circulars, draws, letters, looks, orders, talks

urlpatterns = [
    path("supervision/", orders.listing, name="supervision-list"),
    path("supervision/export.xlsx", orders.export, name="supervision-export"),
    path("supervision/new/", orders.new, name="supervision-new"),
    path("supervision/file/<slug:token>/", orders.file, name="supervision-file"),
    path("supervision/<int:pk>/", orders.show, name="supervision-page"),
    path("supervision/<int:pk>/letter.docx", letters.order, name="supervision-letter"),
    path("supervision/<int:pk>/answer/<slug:verb>/", acts.reply, name="supervision-reply"),
    path("supervision/<int:pk>/check/<slug:verb>/", acts.check, name="supervision-check"),
    path("supervision/circulars/", circulars.listing, name="supervision-circulars"),
    path("supervision/circulars/new/", circulars.new, name="supervision-circular-new"),
    path("supervision/circulars/<int:pk>/", circulars.show, name="supervision-circular"),
    path("supervision/circulars/<int:pk>/letter.docx", letters.circular, name="supervision-circular-letter"),
    path("supervision/circulars/<int:pk>/receive/", acts.receive, name="supervision-receive"),
    path("supervision/circulars/<int:pk>/<slug:verb>/", acts.circular, name="supervision-circular-act"),
    path("supervision/talks/", talks.listing, name="supervision-talks"),
    path("supervision/talks/new/", talks.new, name="supervision-talk-new"),
    path("supervision/talks/<int:pk>/", talks.show, name="supervision-talk"),
    path("supervision/talks/<int:pk>/letter/<slug:paper>.docx", letters.talk, name="supervision-talk-letter"),
    path("supervision/talks/<int:pk>/<slug:verb>/", acts.talk, name="supervision-talk-act"),
    path("supervision/looks/", looks.listing, name="supervision-looks"),
    path("supervision/looks/new/", looks.new, name="supervision-look-new"),
    path("supervision/looks/<int:pk>/", looks.show, name="supervision-look"),
    path("supervision/looks/<int:pk>/export.xlsx", looks.export, name="supervision-look-export"),
    path("supervision/looks/item/<int:pk>/", looks.item, name="supervision-item"),
    path("supervision/looks/item/<int:pk>/found/<slug:verb>/", acts.look, name="supervision-item-look"),
    path("supervision/looks/item/<int:pk>/decide/<slug:verb>/", acts.settle, name="supervision-item-act"),
    path("supervision/draws/", draws.listing, name="supervision-draws"),
    path("supervision/draws/new/", draws.new, name="supervision-draw-new"),
    path("supervision/draws/<int:pk>/", draws.show, name="supervision-draw"),
    path("supervision/draws/<int:pk>/published.json", draws.file, name="supervision-draw-file"),
    path("supervision/draws/<int:pk>/run/<slug:verb>/", acts.run, name="supervision-draw-run"),
    path("supervision/draws/visit/<int:pk>/", draws.visit, name="supervision-visit"),
    path("supervision/draws/visit/<int:pk>/<slug:verb>/", acts.find, name="supervision-visit-find"),
    path("supervision/backtrace/", backtrace.listing, name="supervision-backtraces"),
    path("supervision/backtrace/<int:pk>/", backtrace.show, name="supervision-backtrace"),
    path("supervision/backtrace/tip/<int:pk>/", backtrace.of_tip, name="supervision-backtrace-tip"),
]
