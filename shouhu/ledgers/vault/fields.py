"""Columns that hold sealed values: plain in Python, AES-256-GCM in the database, opened only in their own column."""

from __future__ import annotations

from typing import Any

import orjson
from django.conf import settings
from django.db import models


class SealedJSON(models.Field):  # type: ignore[type-arg]
    """A JSON value, sealed. It cannot be filtered by; keep a ``KeyRing.blind`` hash beside it for exact look-up."""

    empty_strings_allowed = False

    def get_internal_type(self) -> str:
        """This function will name the kind of column: bytes."""
        return "BinaryField"

    @property
    def _place(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_prep_value(self, value: Any) -> Any:
        """This function will seal a value on its way into the database."""
        return None if value is None else settings.KEYS.seal(orjson.dumps(value), self._place)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """This function will hand the sealed bytes to the database driver."""
        value = value if prepared else self.get_prep_value(value)
        return None if value is None else connection.Database.Binary(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """This function will open a value that comes from the database."""
        return None if value is None else orjson.loads(settings.KEYS.open(bytes(value), self._place))

    def value_to_string(self, obj: models.Model) -> str:
        """This function will refuse to put a sealed value into a dump."""
        raise TypeError("sealed values are not dumped")


class SealedText(SealedJSON):
    """A text, sealed; never null: an empty text is stored as an empty text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", "")
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)
