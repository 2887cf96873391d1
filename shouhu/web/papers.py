"""Letters handed out as Word files."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from shouhu.engines.documents.letters import Letter, docx

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word(letter: Letter, name: str) -> HttpResponse:
    """This function will answer with a letter as a Word file; ``name`` without its ending."""
    disposition = content_disposition_header(True, f"{name}.docx") or "attachment"
    return HttpResponse(docx(letter), content_type=DOCX, headers={"Content-Disposition": disposition})
