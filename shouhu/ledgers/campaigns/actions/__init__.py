"""Every act on campaigns, one verb one function, one noun a file."""

from shouhu.ledgers.campaigns.actions.adopting import adopt
from shouhu.ledgers.campaigns.actions.bodies import dissolve, may_keep, replace, seat, set_up, vacate
from shouhu.ledgers.campaigns.actions.covering import cover
from shouhu.ledgers.campaigns.actions.days import DayRefused, clear_day, require_calendar, set_day
from shouhu.ledgers.campaigns.actions.deciding import add_item, keep_items, put_back_items, restore_item, revise_item
from shouhu.ledgers.campaigns.actions.duties import accept, done, progress, reassign, send_back
from shouhu.ledgers.campaigns.actions.meetings import record_meeting
from shouhu.ledgers.campaigns.actions.opening import CampaignRefused, follow_division, lead, open_campaign
from shouhu.ledgers.campaigns.actions.reading import (
    PlanRefused,
    choose_part,
    drop_paper,
    fail_reading,
    hand_in,
    read_paper,
    take_back_drop,
    write_paper,
)
from shouhu.ledgers.campaigns.actions.standing import stand
from shouhu.ledgers.campaigns.actions.tasks import add_task, move, owe, sort, withdraw
from shouhu.ledgers.campaigns.actions.writing import Incomplete, NotFit

__all__ = [
    "CampaignRefused",
    "DayRefused",
    "Incomplete",
    "NotFit",
    "PlanRefused",
    "accept",
    "add_item",
    "add_task",
    "adopt",
    "choose_part",
    "clear_day",
    "cover",
    "dissolve",
    "done",
    "drop_paper",
    "fail_reading",
    "follow_division",
    "hand_in",
    "keep_items",
    "lead",
    "may_keep",
    "move",
    "open_campaign",
    "owe",
    "progress",
    "put_back_items",
    "read_paper",
    "reassign",
    "record_meeting",
    "replace",
    "require_calendar",
    "restore_item",
    "revise_item",
    "seat",
    "send_back",
    "set_day",
    "set_up",
    "sort",
    "stand",
    "take_back_drop",
    "vacate",
    "withdraw",
    "write_paper",
]
