"""Routes of the home page, the work list, notices, saved filters, and the search."""

from django.urls import path

from shouhu.web.views import home, notices, saved_filters, work

urlpatterns = [
    path("", home.root, name="root"),
    path("home/", home.home, name="home"),
    path("home/figures/", home.figures, name="home-figures"),
    path("home/work/", work.work, name="home-work"),
    path("home/work/export.xlsx", work.take_out, name="home-work-export"),
    path("home/notices/", notices.listed, name="home-notices"),
    path("home/notices/count.json", notices.bell, name="home-bell"),
    path("home/notices/read/", notices.read, name="home-notices-read"),
    path("home/filters/save/", saved_filters.save, name="home-filter-save"),
    path("home/filters/drop/", saved_filters.drop, name="home-filter-drop"),
    path("search/", home.search, name="search"),
]
