"""The verbs of surveying: open and close rounds, assign, hand in, review, add photos."""

from shouhu.ledgers.surveys.actions.assignments import Assigned, assign, found, plan_visit, reassign
from shouhu.ledgers.surveys.actions.photos import attach_photo
from shouhu.ledgers.surveys.actions.rounds import close_round, open_round
from shouhu.ledgers.surveys.actions.sheets import accept, return_sheet, submit

__all__ = [
    "Assigned", "accept", "assign", "attach_photo", "close_round", "found", "open_round", "plan_visit", "reassign", "return_sheet", "submit",
]  # fmt: skip
