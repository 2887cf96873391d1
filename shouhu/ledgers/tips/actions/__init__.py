"""Every act on tips, one verb one function, one noun a file."""

from shouhu.ledgers.tips.actions.attaching import PaperRefused, copy_new
from shouhu.ledgers.tips.actions.barring import bar, unbar
from shouhu.ledgers.tips.actions.closing import approve, archive, reopen, reply, report, send_back
from shouhu.ledgers.tips.actions.erasing import erase_due
from shouhu.ledgers.tips.actions.finding import changes_of, conclude
from shouhu.ledgers.tips.actions.handing import accept, assign, give_back, join, pass_on, receive_receipt
from shouhu.ledgers.tips.actions.merging import merge, unmerge
from shouhu.ledgers.tips.actions.pausing import resume, supervise, suspend, unsupervise
from shouhu.ledgers.tips.actions.reading import note_reading, read_new
from shouhu.ledgers.tips.actions.sorting import link, recopy, retriage, triage
from shouhu.ledgers.tips.actions.surveying import survey
from shouhu.ledgers.tips.actions.taking import Form, Taken, take_in, take_in_many
from shouhu.ledgers.tips.actions.telling import add, note_opened, rate, write
from shouhu.ledgers.tips.actions.terms import follow_division, follow_merger, recompute, set_term
from shouhu.ledgers.tips.actions.writing import Incomplete, NobodyThere, NotThere, NotYours, Paper, office_for
from shouhu.ledgers.tips.workflow import NotNow

__all__ = [
    "Form",
    "Incomplete",
    "NobodyThere",
    "NotNow",
    "NotThere",
    "NotYours",
    "Paper",
    "PaperRefused",
    "Taken",
    "accept",
    "add",
    "approve",
    "archive",
    "assign",
    "bar",
    "changes_of",
    "conclude",
    "copy_new",
    "erase_due",
    "follow_division",
    "follow_merger",
    "give_back",
    "join",
    "link",
    "merge",
    "note_opened",
    "note_reading",
    "office_for",
    "pass_on",
    "rate",
    "read_new",
    "receive_receipt",
    "recompute",
    "recopy",
    "reopen",
    "reply",
    "report",
    "resume",
    "retriage",
    "send_back",
    "set_term",
    "supervise",
    "survey",
    "suspend",
    "take_in",
    "take_in_many",
    "triage",
    "unbar",
    "unmerge",
    "unsupervise",
    "write",
]
