"""Parts of pages: what a clerk reads in them, and that no template needs a hole in the content security policy."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import RequestContext, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.html import strip_tags

from shouhu.web.templatetags import desk

WEB = Path(__file__).parents[2] / "shouhu/web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))


def part(name: str, /, at: str = "/rooms/", **context: Any) -> str:
    """This function will render a part or a page as somebody asks for an address."""
    return render_to_string(name, context, RequestFactory().get(at))


def written(source: str, **context: Any) -> str:
    request = RequestFactory().get(context.pop("at", "/"))
    return Template("{% load desk %}" + source).render(RequestContext(request, context))


def words(html: str) -> str:
    """This function will give what is read: no tags, single spaces."""
    return " ".join(strip_tags(html).split())


# --- how things are written ------------------------------------------------------------------------------------------


def test_days_and_instants_bear_their_weekday_and_are_local() -> None:
    assert desk.day(date(2022, 5, 31)) == "2022-05-31 周二"
    assert desk.moment(datetime(2022, 5, 31, 16, 5, tzinfo=UTC)) == "2022-06-01 周三 00:05"
    assert desk.day(None) == desk.moment(None) == ""


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2022, 5, 31), "今天"), (date(2022, 5, 19), "12 天前"), (date(2022, 2, 28), "3 个月前"), (date(2020, 5, 1), "2 年前"),
    ],
)  # fmt: skip
def test_ages(day: date, said: str) -> None:
    assert desk.ago(day, date(2022, 5, 31)) == said


def test_time_left() -> None:
    at = datetime(2022, 5, 30, 9, 12, tzinfo=UTC)
    assert desk.time_left(datetime(2022, 6, 1, 12, 12, tzinfo=UTC), at) == "还有 2 天 3 小时"
    assert desk.time_left(datetime(2022, 5, 30, 10, 0, tzinfo=UTC), at) == "还有 0 小时 48 分"
    assert desk.time_left(datetime(2022, 5, 30, 9, 0, tzinfo=UTC), at) == "已过"


@pytest.mark.parametrize(
    ("fen", "said"), [(1_234_500, "12,345.00"), (5, "0.05"), (-150, "-1.50"), (0, "0.00"), (None, "未知")]
)
def test_money(fen: int | None, said: str) -> None:
    assert words(desk.money(fen)) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "未知"), ("", "未知"), (0, "0"), (False, "否"), (True, "是"), (12345, "12,345"), ("张**", "张**")],
)
def test_what_is_not_known_is_said(value: Any, said: str) -> None:
    assert words(str(desk.known(value))) == said


def test_names_are_masked() -> None:
    assert [desk.masked(name) for name in ("张三", "欧阳明远", "", None)] == ["张*", "欧***", "", ""]


def test_a_colour_is_word_shape_and_hue() -> None:
    badge = written('{% colour "orange" at_least=True %}')
    assert words(badge) == "至少橙◆" and "colour-orange" in badge
    all_six = [
        words(written("{% colour name %}", name=name)) for name in ("red", "yellow", "green", "unknown", "decide")
    ]
    assert all_six == ["红■", "黄▲", "绿●", "待查○", "待研判◇"]


@pytest.mark.parametrize(("left", "said"), [(-3, "逾期 3 个工作日"), (0, "今天到期"), (2, "剩 2 个工作日"), (None, "")])
def test_deadlines_say_how_many_working_days(left: int | None, said: str) -> None:
    html = written("{% due on left %}", on=date(2022, 5, 31), left=left)
    assert words(html) == f"2022-05-31 周二 {said}".strip()
    assert ("due-late" in html) == (left == -3)


def test_a_column_sorts_one_way_then_the_other() -> None:
    heading = '{% sort_heading "beds" "床位" number=True %}'
    assert 'href="?township=a&amp;sort=beds"' in written(heading, at="/?township=a&page=3")
    up = written(heading, at="/?sort=beds")
    assert 'aria-sort="ascending"' in up and 'href="?sort=-beds"' in up
    assert 'aria-sort="descending"' in written(heading, at="/?sort=-beds")


# --- pages -----------------------------------------------------------------------------------------------------------


def test_a_list_teaches_when_it_is_empty() -> None:
    said: dict[str, Any] = {
        "title": "异议",
        "page": Paginator([], 30).get_page(1),
        "empty_title": "还没有异议",
        "empty_url": "/new/",
        "empty_action": "登记异议",
    }
    assert "还没有异议" in part("parts/list_page.html", **said) and "登记异议" in part("parts/list_page.html", **said)
    assert "没有符合条件的记录" in part("parts/list_page.html", at="/rooms/?q=x", **said)


def test_a_list_shows_boxes_pages_and_an_export_of_what_is_shown() -> None:
    rows = [{"pk": number} for number in range(1, 1241)]
    page = Paginator(rows, 30).get_page(2)
    html = part("parts/list_page.html", at="/rooms/?q=x&page=2", title="机构", page=page, counter="家",
                bulk_url="/bulk/", export_url="/export/")  # fmt: skip
    assert html.count('name="pick"') == 30 and 'value="31"' in html
    assert "第 31–60 家，共 1,240 家" in html
    assert 'href="/export/?q=x"' in html
    assert re.findall(r'<a aria-current="page" href="([^"]*)"', html) == ["?q=x&amp;page=2"]
    assert 'name="pick"' not in part("parts/list_page.html", title="机构", page=page)


def test_facts_say_their_source_and_what_is_not_known() -> None:
    facts = [
        {"label": "床位", "value": 120, "unit": "张", "source": "台账导入", "ago": "12 天前"},
        {"label": "资产总额", "unit": "元"},
    ]
    page = part(
        "parts/object_page.html", title="福松颐养中心", colour="red", topics=[{"title": "规模", "facts": facts}]
    )
    assert "床位120 张台账导入 · 12 天前 资产总额未知" in words(page)
    assert "未知 元" not in words(page) and "红■" in words(page)


class SiteForm(forms.Form):
    name = forms.CharField(label="名称", help_text="与证书一致")
    fee = forms.DecimalField(label="月收费", widget=forms.NumberInput(attrs={"data-unit": "元/月"}))
    registered = forms.ChoiceField(label="是否登记", choices=[("y", "是"), ("n", "否")], widget=forms.RadioSelect)
    note = forms.CharField(label="备注", required=False)

    def clean(self) -> None:
        raise forms.ValidationError("余额大于资产总额")


def test_a_form_sums_its_errors_up_and_loses_nothing() -> None:
    html = part("parts/form_page.html", title="登记", form=SiteForm({"fee": "约三千"}))
    summary = html[html.index("error-summary") : html.index("</ul>", html.index("error-summary"))]
    assert "余额大于资产总额" in summary
    targets = re.findall(r'href="#([\w-]+)"', summary)
    assert targets == ["id_name", "id_fee", "id_registered"]
    assert all(f'id="{target}"' in html for target in targets)
    assert 'value="约三千"' in html and 'type="number"' not in html and "元/月" in html
    described = set(" ".join(re.findall(r'aria-describedby="([^"]+)"', html)).split())
    assert described and all(f'id="{name}"' in html for name in described)
    assert words(html).count("选填") == 1


def test_the_frame_stands_without_a_post_and_marks_demonstration_data() -> None:
    html = part("base.html", title="首页", demo=True)
    assert "演示数据" in html and '<main id="main"' in html and 'href="#main"' in html
    assert "演示数据" not in part("login_base.html", title="登录")


def test_names_of_others_cannot_bring_code() -> None:
    event = {"at": datetime(2022, 5, 31, tzinfo=UTC), "what": "<script>", "who": "<b>"}
    tile = part("parts/tile.html", label="<i>", value="<i>", url="/?a=1&b=2")
    assert "<script>" not in part("parts/timeline.html", events=[event]) and "<i>" not in tile


# --- templates and scripts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB / "templates")))
def test_no_template_runs_or_styles_inline(path: Path) -> None:
    source = re.sub(r"{%.*?%}|{#.*?#}", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", source) == []
    assert not re.search(r"(?:src|href)=\"https?:", source)


@pytest.mark.parametrize("path", sorted((WEB / "templates/parts").glob("*.html")), ids=lambda path: path.name)
def test_every_part_says_what_it_takes(path: Path) -> None:
    assert re.match(r"(?:\{% extends [^%]+ %\})?\{(?:#|% comment %)", path.read_text("utf-8"))
