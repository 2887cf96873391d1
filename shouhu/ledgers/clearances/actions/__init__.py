"""What can be done about an unregistered site; which of it in which state is in ``transitions``."""

from shouhu.ledgers.clearances.actions.ending import close, propose_outcome, review, send_back
from shouhu.ledgers.clearances.actions.handling import act, appoint, appoint_many, classify, receive, transfer, verify
from shouhu.ledgers.clearances.actions.listing import find, find_all, moved_sites, recount
from shouhu.ledgers.clearances.actions.merging import merge
from shouhu.ledgers.clearances.actions.writing import Incomplete, NotFit, NotNow, Paper, Unproved

__all__ = [
    "Incomplete", "NotFit", "NotNow", "Paper", "Unproved", "act", "appoint", "appoint_many", "classify", "close", "find", "find_all",
    "merge", "moved_sites", "propose_outcome", "receive", "recount", "review", "send_back", "transfer", "verify",
]  # fmt: skip
