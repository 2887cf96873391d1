"""Making an institution known, recording what is learnt about it, imports. Nothing is overwritten: a change is a version."""

from shouhu.ledgers.institutions.actions.batches import (
    abandon_batches,
    confirm_batch,
    decide_rows,
    fail_batch,
    map_batch,
    open_batch,
)
from shouhu.ledgers.institutions.actions.events import (
    WrongDay,
    add_outlet,
    cease,
    change_hand,
    close_outlet,
    move,
    reopen,
    set_point,
)
from shouhu.ledgers.institutions.actions.following import follow_division
from shouhu.ledgers.institutions.actions.merging import merge
from shouhu.ledgers.institutions.actions.recording import Conflict, register, revise
from shouhu.ledgers.institutions.actions.showing import drop_batch, show_batch, switch_off
from shouhu.ledgers.institutions.actions.staging import stage_batch
from shouhu.ledgers.institutions.actions.writing import Nameless, copied

__all__ = [
    "Conflict", "Nameless", "WrongDay", "abandon_batches", "add_outlet", "cease", "change_hand", "close_outlet", "confirm_batch", "copied",
    "decide_rows", "drop_batch", "fail_batch", "follow_division", "map_batch", "merge", "move", "open_batch", "register", "reopen",
    "revise", "set_point", "show_batch", "stage_batch", "switch_off",
]  # fmt: skip
