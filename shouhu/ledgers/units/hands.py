"""The constraint that all ledgers share: whoever acted is known with the instant, and never without it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


def paired(row: str, name: str) -> models.CheckConstraint:
    """This function will demand that ``name_at`` and ``name_by`` of a row are both there or both missing."""
    both = Q(**{f"{name}_at__isnull": False, f"{name}_by__isnull": False})
    neither = Q(**{f"{name}_at__isnull": True, f"{name}_by__isnull": True})
    return models.CheckConstraint(condition=both | neither, name=f"{row}_{name}_paired")
