"""The verbs of surveying: open and close rounds, assign, hand in, review, add photos."""

from shouhu.ledgers.surveys.actions.assignments import (
    Assigned,
    Former,
    assign,
    follow,
    found,
    merge,
    plan_visit,
    put_back,
    reassign,
    withdraw,
)
from shouhu.ledgers.surveys.actions.photos import attach_photo
from shouhu.ledgers.surveys.actions.rounds import close_round, open_round
from shouhu.ledgers.surveys.actions.sheets import accept, return_sheet, submit

__all__ = [
    "Assigned", "Former", "accept", "assign", "attach_photo", "close_round", "follow", "found", "merge", "open_round", "plan_visit",
    "put_back", "reassign", "return_sheet", "submit", "withdraw",
]  # fmt: skip
