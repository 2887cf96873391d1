"""Lists as workbooks, exactly as they are narrowed: who surveys what, objections, the journal, offices and posts, people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET

from shouhu.engines.documents.annexes.workbook import Cell
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.institutions import divisions
from shouhu.ledgers.journal import queries as journal
from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.ratings import queries as ratings
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.codes import is_code, span
from shouhu.ledgers.units.models import Person, Post
from shouhu.web.access import DeskRequest, page
from shouhu.web.language import official
from shouhu.web.listing import asked, column, export
from shouhu.web.views import objection, unit_people
from shouhu.web.views.journal import OUTCOMES, Filters
from shouhu.web.views.survey import rounds
from shouhu.web.views.survey.filling import mark

M = TypeVar("M", bound=Model)
Lines = Iterator[tuple[Cell, ...]]
CHUNK = 1000
"""Rows whose names are looked up together."""
NUMBER = column(lazy("序号"), 7, "count")
LATE = lazy("说明：剩余工作日为负数的已经逾期。")


def _chunks(rows: QuerySet[M]) -> Iterator[list[M]]:
    found = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        yield chunk


@require_GET
@page("institution.export")
@official
def assignments(request: DeskRequest) -> HttpResponse:
    """This function will give who surveys what in a round."""
    round_, filters, rows = rounds.listed(request)
    columns = (
        NUMBER, column(_("编号"), 14, "centre"), column(_("机构或场所"), 32), column(_("镇街"), 14, "centre"),
        column(_("由谁查"), 26), column(_("岗位"), 16), column(_("分派理由"), 24), column(_("期限"), 13, "date"),
        column(_("剩余工作日"), 12, "count"), column(_("进度"), 10, "centre"),
    )  # fmt: skip

    def lines() -> Lines:
        number, today = count(1), localdate(request.at)
        for chunk in _chunks(rows):
            mark(chunk, today)
            places = divisions.names_of(row.code for row in chunk)
            for row in chunk:
                one, post = row.institution, row.post
                yield (next(number), one.number, one.name, places[row.code][0], row.unit.name, post.title if post else None,
                       str(row.why_label), row.due_on, row.left, str(row.state_label))  # fmt: skip

    return export(request, title=_("排查分派"), columns=columns, rows=lines(), n_rows=rows.count(),
                  narrowed="；".join(filter(None, [round_.title, asked(filters)])), note=str(LATE))  # fmt: skip


@require_GET
@page("institution.export")
@official
def objections(request: DeskRequest) -> HttpResponse:
    """This function will give the objections; what was said in them stays sealed."""
    form = objection.ListForm(request.GET)
    rows = form.narrow(ratings.objections(request.scope))
    calendar, today = campaigns.calendar(), localdate(request.at)
    columns = (
        NUMBER, column(_("编号"), 14, "centre"), column(_("机构"), 32), column(_("异议事项"), 20), column(_("提出日期"), 13, "date"),
        column(_("由谁提出"), 26), column(_("答复期限"), 13, "date"), column(_("剩余工作日"), 12, "count"), column(_("结论"), 14, "centre"),
        column(_("答复日期"), 13, "date"),
    )  # fmt: skip

    def lines() -> Lines:
        for number, one in enumerate(rows, 1):
            verdict = _("办理中") if one.is_upheld is None else _("成立，已更正") if one.is_upheld else _("不成立")
            yield (number, one.institution.number, one.institution.name, objection.about(one), localdate(one.filed_at),
                   f"{one.filed_by.unit.name} {one.filed_by.title}", one.due_on, objection.days_left(one, today, calendar), verdict,
                   localdate(one.decided_at) if one.decided_at else None)  # fmt: skip

    return export(
        request,
        title=_("异议"),
        columns=columns,
        rows=lines(),
        n_rows=rows.count(),
        narrowed=asked(form),
        note=str(LATE),
    )


@require_GET
@page("journal.export")
@official
def entries(request: DeskRequest) -> HttpResponse:
    """This function will give entries of the journal to be read; the chain itself is taken out as a file that can be verified."""
    filters = Filters(request.GET)
    rows = filters.applied(journal.seen(request.scope.low, request.scope.high))
    columns = (
        column(_("序号"), 10, "count"), column(_("时间"), 20, "centre"), column(_("岗位或账号"), 30), column(_("办理"), 26),
        column(_("事项"), 24), column(_("区划代码"), 17, "centre"), column(_("区划"), 16), column(_("结果"), 10, "centre"),
        column(_("改动的项目"), 30),
    )  # fmt: skip

    def lines() -> Lines:
        for chunk in _chunks(rows):
            yield from _entries(chunk)

    return export(request, title=_("留痕"), columns=columns, rows=lines(), n_rows=rows.count(), narrowed=asked(filters),
                  note=_("说明：供查阅；核对是否被改动，请用“导出整条链”的文件。"))  # fmt: skip


def _entries(chunk: list[Entry]) -> Lines:
    posts = units.signers(one.by for one in chunk)
    people = units.people_named(one.by for one in chunk)
    places = units.names({one.code for one in chunk})
    for one in chunk:
        post = posts.get(one.by)
        who = f"{post.unit.name} {post.title}" if post else people.get(one.by, one.by)
        yield (one.seq, f"{localtime(one.at):%Y-%m-%d %H:%M:%S}", who, journal.told(one.verb), one.subject, one.code,
               places.get(one.code), str(OUTCOMES[one.outcome]), "、".join(one.fields))  # fmt: skip


@require_GET
@page("unit.view")
@official
def posts(request: DeskRequest) -> HttpResponse:
    """This function will give the open offices and posts of a division and of those below it, and who holds them."""
    scope, today = request.scope, localdate(request.at)
    code = request.GET.get("code") or scope.low
    if not is_code(code) or not scope.covers(code):
        raise Http404
    low, high = span(code)
    rows = (
        units.posts(scope)
        .filter(units.open_on(today), unit__code__gte=low, unit__code__lt=high)
        .order_by("unit__code", "unit", "code")
    )
    columns = (
        NUMBER, column(_("区划代码"), 15, "centre"), column(_("区划"), 16), column(_("单位"), 28), column(_("类型"), 12, "centre"),
        column(_("岗位"), 20), column(_("角色"), 14, "centre"), column(_("网格"), 20), column(_("任职人"), 14, "centre"),
        column(_("任职自"), 13, "date"), column(_("联络员"), 9, "centre"),
    )  # fmt: skip

    def lines() -> Lines:
        number = count(1)
        for chunk in _chunks(rows):
            held = units.tenures_of(chunk, today)
            places = units.names({post.unit.code for post in chunk})
            yield from (_post(next(number), post, held, places) for post in chunk)

    here = units.names([code]).get(code, "")
    return export(
        request, title=_("单位与岗位"), columns=columns, rows=lines(), n_rows=rows.count(), narrowed=f"{here}（{code}）"
    )


def _post(number: int, post: Post, held: dict[int, Any], places: dict[str, str]) -> tuple[Cell, ...]:
    tenure = held.get(post.pk)
    return (number, post.unit.code, places.get(post.unit.code), post.unit.name, post.unit.get_kind_display(), post.title,
            post.get_role_display(), post.grid.name if post.grid else None, tenure.person.name if tenure else _("空缺"),
            tenure.from_on if tenure else None, _("是") if post.is_liaison else None)  # fmt: skip


@require_GET
@page("unit.view")
@official
def people(request: DeskRequest) -> HttpResponse:
    """This function will give the people of the list; the state of accounts to those who manage or secure them."""
    rows, shows_accounts = unit_people.narrowed(request), unit_people.shows_accounts(request)
    columns = [NUMBER, column(_("姓名"), 16, "centre"), column(_("岗位"), 50)]
    if shows_accounts:
        columns += [column(_("账号名"), 18, "centre"), column(_("账号"), 10, "centre"), column(_("两步验证"), 12, "centre"),
                    column(_("最近登录"), 18, "centre")]  # fmt: skip

    def lines() -> Lines:
        number, today = count(1), localdate(request.at)
        for chunk in _chunks(rows):
            held = units.held_by(chunk, today)
            for person in chunk:
                here = [one.post for one in held.get(person.pk, []) if request.scope.covers(one.post.unit.code)]
                seats = "、".join(f"{post.unit.name} {post.title}" for post in here) or _("没有岗位")
                yield (next(number), person.name, seats, *(_account(person) if shows_accounts else ()))

    state = unit_people.STATES.get(request.GET.get("state", ""), "")
    narrowed = "；".join(filter(None, [request.GET.get("q", "").strip(), str(state)]))
    return export(request, title=_("人员"), columns=columns, rows=lines(), n_rows=rows.count(), narrowed=narrowed)


def _account(person: Person) -> tuple[Cell, ...]:
    return (person.username, _("已停用") if person.suspended_at else _("正常"), _("已启用") if person.totp_confirmed_at else _("未启用"),
            f"{localtime(person.last_login):%Y-%m-%d %H:%M}" if person.last_login else _("未登录过"))  # fmt: skip
