"""What every act of this ledger asks first: is it in reach of the post, and who signs?"""

from __future__ import annotations

from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import Scope


class OutOfReach(Refused):
    """The division lies outside of what the post manages."""


def must_reach(by: Post | None, code: str) -> None:
    """
    This function will make sure that a code lies in the range of a post; the installation itself (None) reaches all.

    :raises OutOfReach: it does not.
    """
    if by and not Scope.of(by).covers(code):
        raise OutOfReach("该区划不在您岗位的辖区内，请由上级系统管理员办理")


def signed(by: Post | None) -> str:
    """This function will give what the journal is signed with: the code of a post, or ``system``."""
    return by.code if by else "system"
