"""Routes of the home page."""

from django.urls import path

from shouhu.web.views import home

urlpatterns = [
    path("", home.root, name="root"),
    path("home/", home.home, name="home"),
    path("home/work/", home.work, name="home-work"),
    path("search/", home.search, name="search"),
]
