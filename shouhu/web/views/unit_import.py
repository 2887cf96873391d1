"""Imports in two steps: the file is sealed and previewed, nothing is written; then taken over as a whole or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from shouhu.engines.documents.grids.grid import RefusedInput, Sheet
from shouhu.engines.documents.grids.opening import open_sheets
from shouhu.ledgers.disposals.actions import settle_divisions
from shouhu.ledgers.units import actions
from shouhu.ledgers.units.actions.boundaries import BoundaryPlan, read_boundaries
from shouhu.ledgers.units.actions.staffing import StaffPlan, read_staff
from shouhu.ledgers.units.coordinates import SYSTEMS
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.sheets import DivisionPlan, read_divisions
from shouhu.ledgers.vault import actions as vault
from shouhu.ledgers.vault.models import StoredFile
from shouhu.web.access import DeskRequest, page
from shouhu.web.views.passwords import first_password
from shouhu.web.views.unit_acts import asked
from shouhu.web.views.unit_forms import DayForm, UploadForm

MEDIA = "application/octet-stream"
SHOWN = 200
"""Problems and rows of a preview that are shown."""


@dataclass(frozen=True)
class Upload:
    """A file that waits to be taken over, and what its bringer stated about it."""

    name: str
    content: bytes
    kind: str
    system: str
    field: str

    def sheets(self) -> list[Sheet]:
        """This function will read the sheets of a workbook or delimited text."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"upload{Path(self.name).suffix.lower()}"
            path.write_bytes(self.content)
            try:
                return open_sheets(path, lambda *_: None)
            except RefusedInput as refusal:
                raise Unreadable(str(refusal).replace(path.name, self.name)) from refusal


class Unreadable(Refused):
    """The file is not one that can be imported."""


@page("unit.import")
@require_http_methods(["GET", "POST"])
def start(request: DeskRequest) -> HttpResponse:
    """This function will take a file, seal it, and lead to its preview."""
    form = UploadForm(request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind", "staff")})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        token = secrets.token_hex(16)
        vault.store(content=typed["file"].read(), name=typed["file"].name, media_type=MEDIA, token=token,
                    by=request.post.code, at=request.at)  # fmt: skip
        stated = {name: typed[name] for name in ("kind", "system", "field")}
        return redirect(f"{reverse('unit-import-confirm', args=[token])}?{urlencode(stated)}")
    return asked(
        request,
        form,
        "unit/import.html",
        title=_("导入"),
        submit_label=_("上传并预览"),
        cancel_url=reverse("unit-list"),
    )


@page("unit.import")
@require_http_methods(["GET", "POST"])
def confirm(request: DeskRequest, token: str) -> HttpResponse:
    """This function will show what a file would change and what is wrong in which cell, and take it over when told so."""
    stored = get_object_or_404(StoredFile, token=token, added_by=request.post.code, media_type=MEDIA)
    stated = {name: request.GET.get(name, "") for name in ("kind", "system", "field")}
    if stated["kind"] not in KINDS or (stated["kind"] == "boundaries" and stated["system"] not in SYSTEMS):
        raise Http404
    upload = Upload(stored.name, vault.content_of(stored), **stated)
    form = DayForm(request.POST or None, initial={"on": localdate(request.at)})
    preview, take_over = KINDS[upload.kind]
    if request.method == "POST" and form.is_valid():
        answer = take_over(request, upload, form.cleaned_data["on"])
        return answer or redirect("unit-list")
    told = preview(request, upload)
    problems = told.pop("problems")
    return render(request, "unit/preview.html", {
        "title": _("导入预览"), "file": stored.name, "form": form, "problems": problems[:SHOWN], "n_problems": len(problems),
        "needs_day": upload.kind != "boundaries", "again_url": f"{reverse('unit-import')}?kind={upload.kind}", **told,
    })  # fmt: skip


def _preview_staff(request: DeskRequest, upload: Upload) -> dict[str, Any]:
    plan: StaffPlan = read_staff(upload.sheets(), request.post, localdate(request.at))
    tiles = [
        (gettext("新单位"), len(plan.new_units)), (gettext("新网格"), len(plan.new_grids)),
        (gettext("新岗位"), len(plan.new_posts)), (gettext("新账号"), len(plan.new_people)),
        (gettext("任命"), len(plan.appointed)),
    ]  # fmt: skip
    rows = [
        (seat.unit, seat.title, gettext("新设") if seat.post is None else gettext("已有"),
         seat.person or gettext("空缺"), gettext("接替%(name)s") % {"name": seat.holder.name} if seat.holder and seat.changes_hands else "")
        for seat in plan.seats if seat.post is None or seat.changes_hands
    ]  # fmt: skip
    head = (gettext("单位"), gettext("岗位"), "", gettext("人员"), "")
    return _told(tiles, head, rows, plan.unused, plan.problems)


def _preview_divisions(request: DeskRequest, upload: Upload) -> dict[str, Any]:
    plan: DivisionPlan = read_divisions(upload.sheets(), request.scope)
    tiles = [(gettext("新增"), len(plan.new)), (gettext("改名"), len(plan.renamed)), (gettext("不变"), plan.n_same)]
    rows = [(code, new, gettext("原名%(old)s") % {"old": old}) for code, (old, new) in plan.renamed.items()]
    rows += [(code, name, gettext("新增")) for code, name in plan.new.items()]
    return _told(tiles, (gettext("代码"), gettext("名称"), ""), rows, plan.unused, plan.problems)


def _preview_boundaries(request: DeskRequest, upload: Upload) -> dict[str, Any]:
    plan: BoundaryPlan = read_boundaries(upload.content, upload.system, upload.field, request.scope)
    tiles = [(gettext("有边界的区划"), len(plan.boundaries))]
    rows = [(code, name, "") for code, name in plan.names.items()]
    told = _told(tiles, (gettext("代码"), gettext("名称"), ""), rows, (), plan.problems)
    return {**told, "system": SYSTEMS[upload.system]}


def _told(tiles: Any, head: Any, rows: Any, unused: Any, problems: Any) -> dict[str, Any]:
    return {
        "tiles": tiles,
        "head": head,
        "rows": rows[:SHOWN],
        "n_rows": len(rows),
        "unused": unused,
        "problems": list(problems),
    }


def _take_staff(request: DeskRequest, upload: Upload, on: date) -> HttpResponse | None:
    sheets = upload.sheets()
    plan = read_staff(sheets, request.post, on)
    drawn = {username: first_password() for username in plan.new_people} if not plan.problems else {}
    encoded = {username: make_password(word) for username, word in drawn.items()}
    actions.import_staff(sheets=sheets, encoded=encoded, on=on, by=request.post, at=request.at)
    messages.success(request, gettext("已导入 %(n)d 个岗位") % {"n": len(plan.seats)})
    if not drawn:
        return None
    slips = [{"name": plan.new_people[one][0], "username": one, "password": word} for one, word in drawn.items()]
    return render(request, "account/slips.html", {"title": gettext("初始密码"), "slips": slips})


def _take_divisions(request: DeskRequest, upload: Upload, on: date) -> HttpResponse | None:
    plan = settle_divisions(sheets=upload.sheets(), on=on, by=request.post, at=request.at)
    messages.success(
        request, gettext("新增 %(n)d 个区划，改名 %(m)d 个") % {"n": len(plan.new), "m": len(plan.renamed)}
    )
    return None


def _take_boundaries(request: DeskRequest, upload: Upload, on: date) -> HttpResponse | None:
    plan = actions.import_boundaries(
        content=upload.content, system=upload.system, field=upload.field, by=request.post, at=request.at
    )
    messages.success(request, gettext("已导入 %(n)d 个区划的边界") % {"n": len(plan.boundaries)})
    return None


Preview = Callable[[DeskRequest, Upload], dict[str, Any]]
TakeOver = Callable[[DeskRequest, Upload, date], HttpResponse | None]
KINDS: Mapping[str, tuple[Preview, TakeOver]] = {
    "staff": (_preview_staff, _take_staff),
    "divisions": (_preview_divisions, _take_divisions),
    "boundaries": (_preview_boundaries, _take_boundaries),
}
