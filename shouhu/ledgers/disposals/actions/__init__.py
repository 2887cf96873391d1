"""Every act on disposals, one verb one function, one noun a file."""

from shouhu.ledgers.disposals.actions.applications import approve, ask, refuse
from shouhu.ledgers.disposals.actions.closing import close, reopen
from shouhu.ledgers.disposals.actions.days import clear_day, recompute_deadlines, set_day
from shouhu.ledgers.disposals.actions.divisions import settle_division, settle_divisions
from shouhu.ledgers.disposals.actions.handling import assign, plan, put_back, take
from shouhu.ledgers.disposals.actions.merging import settle_merger
from shouhu.ledgers.disposals.actions.opening import open_for, rate_and_open
from shouhu.ledgers.disposals.actions.records import (
    add_evidence,
    issue_order,
    receive_receipt,
    receive_result,
    record_talk,
    refer,
)
from shouhu.ledgers.disposals.actions.refunds import correct_refund, record_refund
from shouhu.ledgers.disposals.actions.settling import (
    Settled,
    hide_batch,
    settle,
    settle_act,
    settle_adoption,
    settle_batch,
    settle_clearance,
    settle_decision,
    settle_downgrade,
    settle_expiry,
    settle_finding,
    settle_objection,
    settle_renewal,
    settle_survey,
    settle_tip,
    settle_tip_survey,
    settle_undoing,
    settle_withdrawal,
)
from shouhu.ledgers.disposals.actions.tasks import do_task, return_task, review_task

__all__ = [
    "Settled",
    "add_evidence",
    "approve",
    "ask",
    "assign",
    "clear_day",
    "close",
    "correct_refund",
    "do_task",
    "hide_batch",
    "issue_order",
    "open_for",
    "plan",
    "put_back",
    "rate_and_open",
    "receive_receipt",
    "receive_result",
    "recompute_deadlines",
    "record_refund",
    "record_talk",
    "refer",
    "refuse",
    "reopen",
    "return_task",
    "review_task",
    "set_day",
    "settle",
    "settle_act",
    "settle_adoption",
    "settle_batch",
    "settle_clearance",
    "settle_decision",
    "settle_division",
    "settle_divisions",
    "settle_downgrade",
    "settle_expiry",
    "settle_finding",
    "settle_merger",
    "settle_objection",
    "settle_renewal",
    "settle_survey",
    "settle_tip",
    "settle_tip_survey",
    "settle_undoing",
    "settle_withdrawal",
    "take",
]
