"""Files that are handed in: kept in memory on their way, never on the disk, where they would lie unsealed."""

from __future__ import annotations

import secrets
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext as _

from shouhu.ledgers.tips.actions import Paper
from shouhu.ledgers.vault import kinds

MEGABYTE = 1 << 20
ALL_AT_MOST = 30 * MEGABYTE
"""Less than the office may hand in: whoever comes from outside must not be able to fill the memory."""
REQUEST_AT_MOST = ALL_AT_MOST + 2 * MEGABYTE
"""Bytes of a whole request: the files, what was written, and what holds them together."""
NAMES = ("shots", "sounds", "papers")
"""The form's file fields."""
ASKED: dict[str, Any] = {
    "accept": kinds.ACCEPTED,
    "megabytes": kinds.FILE_AT_MOST // MEGABYTE,
    "n_files": kinds.FILES_AT_MOST,
}
"""What the form says of files."""


class InMemory(FileUploadHandler):
    """Takes files into memory; what is too large is not kept."""

    def handle_raw_input(self, *_: Any, **__: Any) -> None:
        """This function will begin with nothing."""
        self.n_all = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """This function will begin a file."""
        super().new_file(*args, **kwargs)
        self.file = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """This function will keep a part of a file, as long as it is not too large."""
        self.n_all += len(raw_data)
        if self.n_all <= ALL_AT_MOST and start + len(raw_data) <= kinds.FILE_AT_MOST:
            self.file.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """This function will give the file; its size is what was sent, even if that was not kept."""
        self.file.seek(0)
        return InMemoryUploadedFile(
            self.file, self.field_name, self.file_name or "", self.content_type or "", file_size, self.charset
        )


def handed_in(request: HttpRequest) -> tuple[list[Paper], list[str]]:
    """This function will give the files of a form, and what is wrong with those that cannot be taken; then none are given."""
    files = [file for name in NAMES for file in request.FILES.getlist(name)]
    if len(files) > kinds.FILES_AT_MOST:
        return [], [_("一次最多交%(n)s个文件。其余的可以拿到回执后再补交。") % {"n": kinds.FILES_AT_MOST}]
    papers, wrong = [], []
    for file in files:
        if (file.size or 0) > kinds.FILE_AT_MOST:
            told = {"name": kinds.shown_name(file.name or ""), "n": kinds.FILE_AT_MOST // MEGABYTE}
            wrong.append(_("“%(name)s”超过%(n)sMB，太大了，请不要选它。") % told)
    if not wrong and sum(file.size or 0 for file in files) > ALL_AT_MOST:
        n = {"n": ALL_AT_MOST // MEGABYTE}
        wrong.append(_("这些文件加起来超过%(n)sMB。请少选几个，其余的可以拿到回执后再补交。") % n)
    for file in files if not wrong else ():
        content, name = file.read(), file.name or ""
        if fault := kinds.fault(content, name):
            wrong.append(f"{_(fault)}。")
        else:
            papers.append(Paper(content, name, file.content_type or "", secrets.token_hex(16)))
    return ([] if wrong else papers), wrong
