"""Routes of the desk, one noun a file."""

from django.urls import include, path

NOUNS = (
    "account",
    "home",
    "institution",
    "survey",
    "rating",
    "tip",
    "tip_around",
    "informant",
    "disposal",
    "clearance",
    "supervision",
    "objection",
    "campaign",
    "plan",
    "unit",
    "journal",
    "own",
    "help",
)

urlpatterns = [path("", include(f"shouhu.web.urls.{noun}")) for noun in NOUNS]
