"""How the terminal tells of faults: where and of what kind, never in the words of the fault, which may quote what somebody wrote."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType
from typing import Any


class Wordless(logging.Formatter):
    """Lines of the log without the messages of exceptions; what led to what is told."""

    def formatException(  # noqa: N802  # the name is that of logging
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """This function will give the ways through the code to a fault and to those that led to it, and their kinds."""
        lines: list[str] = []
        fault: Any = ei[1]
        while fault is not None:
            way = "".join(traceback.format_tb(fault.__traceback__))
            lines.insert(
                0, f"Traceback (most recent call last):\n{way}{type(fault).__module__}.{type(fault).__qualname__}"
            )
            fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
        return "\n".join(lines)
