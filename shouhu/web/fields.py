"""What forms of several rooms ask for alike: a day, a paper."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from shouhu.ledgers.clearances.actions import Paper

LARGEST = 20 * 1024 * 1024
KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"%PDF-": "application/pdf"}
"""How the files begin that can be handed in, and what they are."""


class PaperField(forms.FileField):
    """A photo, a scan or a PDF; what it is is told by how it begins."""

    widget = forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"})

    def clean(self, data: Any, initial: Any = None) -> Paper | None:
        """This function will give what was handed in as ``Paper``."""
        file: UploadedFile[Any] | None = super().clean(data, initial)
        if not file:
            return None
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("文件超过 20 MB，请压缩后再上传"))
        content = file.read()
        kind = next((kind for start, kind in KINDS.items() if content.startswith(start)), None)
        if kind is None:
            raise forms.ValidationError(_("只能上传 JPG、PNG 照片或 PDF 扫描件"))
        return Paper(content, file.name or "", kind, secrets.token_hex(16))


class DayField(forms.DateField):
    """The day on which something was done."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)
