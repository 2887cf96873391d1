"""Routes of unit pages: divisions, offices, posts, people, imports, and the opening of a campaign."""

from django.urls import path

from shouhu.web.views import unit, unit_campaign, unit_import, unit_people, unit_posts, unit_template, workbooks

urlpatterns = [
    path("unit/", unit.listed, name="unit-list"),
    path("unit/posts.xlsx", workbooks.posts, name="unit-posts-export"),
    path("unit/gaps/", unit.gaps, name="unit-gaps"),
    path("unit/add/", unit.add, name="unit-add"),
    path("unit/grid/add/", unit.add_grid, name="unit-grid-add"),
    path("unit/division/<str:code>/", unit.change_division, name="unit-division-change"),
    path("unit/people/", unit_people.listed, name="unit-people"),
    path("unit/people/export.xlsx", workbooks.people, name="unit-people-export"),
    path("unit/people/add/", unit_people.add, name="unit-person-add"),
    path("unit/people/<int:pk>/", unit_people.shown, name="unit-person"),
    path("unit/people/<int:pk>/edit/", unit_people.edit, name="unit-person-edit"),
    path("unit/post/<int:pk>/", unit_posts.shown, name="unit-post"),
    path("unit/post/<int:pk>/appoint/", unit_posts.appoint, name="unit-appoint"),
    path("unit/post/<int:pk>/vacate/", unit_posts.vacate, name="unit-vacate"),
    path("unit/post/<int:pk>/close/", unit_posts.close, name="unit-post-close"),
    path("unit/post/<int:pk>/liaison/", unit_posts.liaison, name="unit-liaison"),
    path("unit/import/", unit_import.start, name="unit-import"),
    path("unit/import/<str:token>/", unit_import.confirm, name="unit-import-confirm"),
    path("unit/template/<slug:kind>/", unit_template.template, name="unit-template"),
    path("unit/campaign/", unit_campaign.open_campaign, name="unit-campaign"),
    path("unit/<int:pk>/", unit.shown, name="unit-page"),
    path("unit/<int:pk>/edit/", unit.edit, name="unit-edit"),
    path("unit/<int:pk>/close/", unit.close, name="unit-close"),
    path("unit/<int:pk>/post/", unit_posts.add, name="unit-post-add"),
]
