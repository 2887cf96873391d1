"""One item of a plan by itself, for tests of what is read out of it."""

from __future__ import annotations

from shouhu.engines.plans.page import Paper
from shouhu.engines.plans.passages import Passage


def piece(text: str, heading: str = "", where: str = "一(一)") -> Passage:
    """This function will give a leaf item with this heading and body."""
    whole = heading + ("。" if heading else "") + text
    return Passage(Paper("", whole, ()), where, 0, "(一)", heading, text, 0, len(whole))
