"""Files that come with tips: the original sealed, and later a copy without its metadata for those who work on the tip."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath

from django.conf import settings
from django.db import transaction

from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.tips import papers as copies
from shouhu.ledgers.tips.actions.writing import Paper
from shouhu.ledgers.tips.models import Attachment, Finding, Message, Tip
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.vault import actions as vault
from shouhu.ledgers.vault import kinds
from shouhu.ledgers.vault.keys import Unreadable

COPIES_AT_ONCE = 20
"""Copies that are made before others get the processor."""


class PaperRefused(Refused):
    """A file is not taken; the sentence names it and says what to do."""


def attach(
    tip: Tip, papers: Sequence[Paper], by: Post | None, at: datetime, *,
    message: Message | None = None, finding: Finding | None = None,
) -> list[Attachment]:  # fmt: skip
    """
    This function will seal files and hang them on a tip, a message or a finding.

    What an informant called a file may tell who they are, so it is kept under a neutral name; evidence keeps its own.

    :raises PaperRefused: one is of a kind that is not taken, hostile or too large, or they are too many.
    """
    check(papers)
    n_before = Attachment.objects.filter(tip=tip).count()
    made = []
    for n, paper in enumerate(papers, n_before + 1):
        shown = PurePosixPath(kinds.shown_name(paper.name))
        media_type, ending = kinds.kind_of(paper.content, shown.suffix.lower())
        stored = vault.store(
            content=paper.content, name=f"{shown.stem if finding else f'附件{n}'}{ending}", media_type=media_type,
            token=paper.token, by=by.code if by else "public", at=at,
        )  # fmt: skip
        made.append(Attachment(tip=tip, message=message, finding=finding, file=stored))
    return Attachment.objects.bulk_create(made)


def check(papers: Sequence[Paper]) -> None:
    """
    This function will make sure that files can be taken; it unpacks none of them.

    :raises PaperRefused: one is of a kind that is not taken, hostile or too large, or they are too many.
    """
    if len(papers) > kinds.FILES_AT_MOST:
        raise PaperRefused(f"一次最多交{kinds.FILES_AT_MOST}个文件，其余的请稍后补交")
    if sum(len(paper.content) for paper in papers) > kinds.ALL_AT_MOST:
        raise PaperRefused(f"这些文件加起来超过{kinds.ALL_AT_MOST >> 20}MB，请少选几个，其余的稍后补交")
    for paper in papers:
        if sentence := kinds.fault(paper.content, paper.name):
            raise PaperRefused(sentence)


def copy_new(*, at: datetime, at_most: int = COPIES_AT_ONCE) -> int:
    """
    This function will make copies without metadata of files that came in, away from whoever handed them in; how many were tried.

    Where none can be made the attachment stays without; each is tried once.
    """
    rows = Attachment.objects.filter(copied_at=None, finding=None, file__erased_at=None).select_related("file", "tip")
    tried = list(rows.order_by("pk")[:at_most])
    for attachment in tried:
        _copy(attachment, at)
    return len(tried)


def _copy(attachment: Attachment, at: datetime) -> None:
    original = attachment.file
    try:
        bare = copies.bare(vault.content_of(original), original.media_type)
    except (OSError, Unreadable):
        bare = None
    with transaction.atomic():
        row = Attachment.objects.select_for_update(of=("self",)).select_related("file").get(pk=attachment.pk)
        if row.copied_at or row.file.erased_at:
            return
        if bare:
            row.copy = vault.store(
                content=bare.content, media_type=bare.media_type, by="system", at=at,
                name=f"{PurePosixPath(original.name).stem}{kinds.ENDINGS[bare.media_type]}",
                token=settings.KEYS.blind(f"{original.token} {at.isoformat()}", "copy of a file")[:32],
            )  # fmt: skip
        row.copied_at = at
        row.save(update_fields=["copy", "copied_at"])
        journal.record(
            verb="file.copied" if bare else "file.not_copied", subject=row, by="system", at=at, code=attachment.tip.code
        )
