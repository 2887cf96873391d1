"""The verbs of this ledger."""

from shouhu.ledgers.ratings.actions.corrections import confirm_sent, disclose
from shouhu.ledgers.ratings.actions.decisions import (
    LONGEST_DAYS,
    approve,
    confirm_downgrade,
    propose,
    refuse,
    withdraw,
)
from shouhu.ledgers.ratings.actions.merging import merge
from shouhu.ledgers.ratings.actions.objections import (
    OBJECTION_DAYS,
    add_exhibit,
    decide_objection,
    file_objection,
    moved_objections,
    recount_objections,
)
from shouhu.ledgers.ratings.actions.rating import WORST_FIRST, adopt, expire, rate, settle

__all__ = [
    "LONGEST_DAYS", "OBJECTION_DAYS", "WORST_FIRST", "add_exhibit", "adopt", "approve", "confirm_downgrade", "confirm_sent",
    "decide_objection", "disclose", "expire", "file_objection", "merge", "moved_objections", "propose", "rate",
    "recount_objections", "refuse", "settle", "withdraw",
]  # fmt: skip
