"""Two sites in one server: under the public names there is no desk."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import get_resolver

from shouhu.public.urls import urlpatterns
from tests import office

pytestmark = pytest.mark.django_db
PUBLIC = {"ALLOWED_HOSTS": ["tell.example", "desk.example"], "PUBLIC_HOSTS": frozenset({"tell.example"})}


@pytest.fixture(autouse=True)
def _office() -> None:
    office.post()


@override_settings(**PUBLIC)
def test_under_a_public_name_there_is_only_the_public_site(client: Client) -> None:
    page = client.get("/", headers={"Host": "tell.example:8443"})
    assert page.status_code == 200 and 'href="/form/"' in page.content.decode()
    for path in ("/login/", "/home/", "/public/", "/institution/", "/help/", "/account/", "/language/"):
        answer = client.get(path, headers={"Host": "tell.example"})
        assert answer.status_code == 404 and "没有这个页面" in answer.content.decode(), path
    assert not client.cookies


@override_settings(**PUBLIC)
def test_no_route_of_the_desk_answers_there(client: Client) -> None:
    there: Any = get_resolver("shouhu.config.public_urls").url_patterns
    assert [one.url_patterns for one in there] == [urlpatterns]
    assert all(str(one.name).startswith("public-") for one in urlpatterns)


@override_settings(**PUBLIC)
def test_the_desk_has_both(client: Client) -> None:
    headers = {"Host": "desk.example"}
    assert 'href="/public/form/"' in client.get("/public/", headers=headers).content.decode()
    assert 'href="/public/"' in client.get("/login/", headers=headers).content.decode()


def test_every_page_is_kept_nowhere_and_tells_nobody_where_one_came_from(client: Client) -> None:
    for path in ("/public/", "/public/form/", "/public/mine/", "/public/privacy/"):
        answer = client.get(path)
        assert answer["Referrer-Policy"] == "no-referrer" and answer["Cache-Control"] == "no-store", path
        assert (
            "default-src 'self'" in answer["Content-Security-Policy"]
            and "unsafe" not in answer["Content-Security-Policy"]
        )
        assert "style=" not in answer.content.decode() and "http" not in answer.content.decode().split("<body>")[1]
        for number in ("110", "96110", "12345"):
            assert f'href="tel:{number}"' in answer.content.decode(), path


def test_an_address_that_was_mistyped_is_not_written_down(client: Client) -> None:
    assert not logging.getLogger("django.request").isEnabledFor(logging.WARNING)
    assert client.get("/public/AB12CD34EF56GH78/").status_code == 404
