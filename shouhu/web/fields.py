"""What forms of several rooms ask for alike: a day, a paper."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from shouhu.ledgers.clearances.actions import Paper
from shouhu.ledgers.tips import actions as tips
from shouhu.ledgers.vault import kinds

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


class _Several(forms.FileInput):
    """A choice of several files."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """This function will give all files, not the last only."""
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name) or []


class PapersField(forms.FileField):
    """Pictures, recordings and documents about a tip; what they are is told by what they hold."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=_Several(attrs={"accept": kinds.ACCEPTED}), **more)

    def clean(self, data: Any, initial: Any = None) -> list[tips.Paper]:
        """This function will give what was handed in as ``Paper`` of tips."""
        files: list[UploadedFile[Any]] = [one for one in data or [] if one]
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(files) > kinds.FILES_AT_MOST:
            raise forms.ValidationError(
                _("一次最多交 %(n)s 个文件，其余的可以稍后补交"), params={"n": kinds.FILES_AT_MOST}
            )
        return [self._paper(one) for one in files]

    def _paper(self, file: UploadedFile[Any]) -> tips.Paper:
        content, name = file.read(), file.name or ""
        if sentence := kinds.fault(content, name):
            raise forms.ValidationError(sentence)
        return tips.Paper(content, name, file.content_type or "", secrets.token_hex(16))


class DayField(forms.DateField):
    """The day on which something was done."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)
