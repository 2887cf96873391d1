"""What is done to divisions, offices, posts and accounts: one verb, one function, one noun a file."""

from shouhu.ledgers.units.actions.accounts import (
    begin_attempt,
    change_password,
    confirm_second_factor,
    fail_attempt,
    log_in,
    log_out,
    offer_second_factor,
    pass_attempt,
    remove_second_factor,
    use_code,
)
from shouhu.ledgers.units.actions.boundaries import import_boundaries
from shouhu.ledgers.units.actions.divisions import change_division, import_divisions, install_divisions
from shouhu.ledgers.units.actions.keeping import drop_filter, read_notices, save_filter
from shouhu.ledgers.units.actions.offices import (
    add_grid,
    add_post,
    add_unit,
    close_post,
    close_unit,
    edit_unit,
    follow_subject,
    set_liaison,
)
from shouhu.ledgers.units.actions.opening import open_office
from shouhu.ledgers.units.actions.people import add_person, appoint, edit_person, end_tenure
from shouhu.ledgers.units.actions.securing import recover, reset_password, reset_second_factor, resume, suspend, unlock
from shouhu.ledgers.units.actions.staffing import import_staff

__all__ = [
    "add_grid",
    "add_person",
    "add_post",
    "add_unit",
    "appoint",
    "begin_attempt",
    "change_division",
    "change_password",
    "close_post",
    "close_unit",
    "confirm_second_factor",
    "drop_filter",
    "edit_person",
    "edit_unit",
    "end_tenure",
    "fail_attempt",
    "follow_subject",
    "import_boundaries",
    "import_divisions",
    "import_staff",
    "install_divisions",
    "log_in",
    "log_out",
    "offer_second_factor",
    "open_office",
    "pass_attempt",
    "read_notices",
    "recover", "remove_second_factor",
    "reset_password",
    "reset_second_factor",
    "resume",
    "save_filter",
    "set_liaison",
    "suspend",
    "unlock",
    "use_code",
]  # fmt: skip
