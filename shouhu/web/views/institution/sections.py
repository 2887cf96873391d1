"""What other rooms know about an institution, shown on its page."""

from __future__ import annotations

from typing import Any

from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.ratings import queries as ratings
from shouhu.web.access import DeskRequest


def sections(request: DeskRequest, institution: Institution) -> list[tuple[str, dict[str, Any]]]:
    """This function will give the sections of other rooms below the facts: a template and its context each."""
    found: list[tuple[str, dict[str, Any]]] = []
    if request.scope.may("rating.view"):
        found.append(("institution/section_rating.html", {
            "institution": institution, "standing": ratings.standing_of(institution), "moves": ratings.history(institution),
        }))  # fmt: skip
    return found
