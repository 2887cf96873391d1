"""The files of a tip as its pages tell them: kind and number, what can be opened, and whether units have it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from shouhu.ledgers.tips.models import Attachment, Finding, Tip


def handed_in(tip: Tip, attachments: Sequence[Attachment], *, may_original: bool) -> list[dict[str, Any]]:
    """This function will tell the files of informants, by their numbers among all files that the reader may have."""
    return [_told(tip, n, one, may_original) for n, one in enumerate(attachments, 1) if not one.finding_id]


def evidence(tip: Tip, attachments: Sequence[Attachment], finding: Finding) -> list[dict[str, Any]]:
    """This function will tell the files of a finding, by their numbers among all files that the reader may have."""
    return [_told(tip, n, one, True) for n, one in enumerate(attachments, 1) if one.finding_id == finding.pk]


def _told(tip: Tip, n: int, one: Attachment, may_original: bool) -> dict[str, Any]:
    kinds = {"image": _("图片"), "audio": _("录音"), "video": _("视频")}
    kind = kinds.get(one.file.media_type.partition("/")[0], _("文件"))
    is_evidence = one.finding_id is not None
    links = []
    if one.copy and not one.copy.erased_at:
        links.append((_("去除隐含信息的副本"), _url(tip, one.copy.token)))
    if may_original and not one.file.erased_at:
        links.append((_("证据文件") if is_evidence else _("原件"), _url(tip, one.file.token)))
    return {
        "pk": one.pk, "n": n, "kind": kind, "kilobytes": max(one.file.n_bytes // 1024, 1), "links": links,
        "name": one.file.name if is_evidence else "", "words": one.words if may_original and not is_evidence else "",
        "of": Tip(pk=one.tip_id).number if one.tip_id != tip.pk else "", "is_added": one.message_id is not None,
        "has_copy": one.copy_id is not None, "is_tried": one.copied_at is not None, "is_evidence": is_evidence,
        "is_erased": one.file.erased_at is not None, "is_told": may_original and not is_evidence,
        "released_at": one.released_at, "released_by": one.released_by,
    }  # fmt: skip


def _url(tip: Tip, token: str) -> str:
    return reverse("tip-file", args=[tip.pk, token])
