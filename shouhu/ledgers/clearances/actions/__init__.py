"""What can be done about an unregistered site; which of it in which state is in ``transitions``."""

from shouhu.ledgers.clearances.actions.ending import close, propose_outcome, review, send_back
from shouhu.ledgers.clearances.actions.handling import act, appoint, classify, receive, transfer, verify
from shouhu.ledgers.clearances.actions.listing import find, find_all, recount
from shouhu.ledgers.clearances.actions.writing import Incomplete, NotFit, NotNow, Paper, Unproved

__all__ = [
    "Incomplete", "NotFit", "NotNow", "Paper", "Unproved", "act", "appoint", "classify", "close", "find", "find_all",
    "propose_outcome", "receive", "recount", "review", "send_back", "transfer", "verify",
]  # fmt: skip
