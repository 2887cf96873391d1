"""Who has to do with an identity in tests, and what they do with it."""

from __future__ import annotations

from datetime import timedelta

from shouhu.ledgers.informants import actions
from shouhu.ledgers.informants.models import Identity, Opening
from shouhu.ledgers.units.models import Post
from tests import office

PASSPHRASE = "柳湾村口那棵老樟树，一九八三年栽"
TOLD = {"name": "欧阳静安", "phone": "13900001234"}
AT = office.AT
LATER = AT + timedelta(hours=1)


def keeper() -> Post:
    """This function will give the 保密员."""
    return office.post("confidential")


def asker() -> Post:
    """This function will give the one who asks, and reads."""
    return office.post()


def granter() -> Post:
    """This function will give another one of the same office."""
    return office.post(holder="专项办副主任")


def key() -> str:
    """This function will have the 保密员 make the key; the recovery code."""
    return actions.make_key(passphrase=PASSPHRASE, by=keeper(), at=AT)[1]


def sealed(**told: str) -> Identity:
    """This function will seal an identity."""
    return actions.seal(identity=told or TOLD, at=AT)


def asked(identity: Identity, viewer: Post | None = None) -> Opening:
    """This function will ask for an identity to be opened."""
    viewer = viewer or asker()
    return actions.ask(
        identity_id=identity.pk, viewer_id=viewer.pk, reason="需要当面核实转账凭证，留言三次没有回复", by=asker(), at=AT
    )


def granted(identity: Identity) -> Opening:
    """This function will have a request granted."""
    return actions.grant(opening_id=asked(identity).pk, by=granter(), at=AT)


def released(identity: Identity) -> Opening:
    """This function will have an identity opened for its viewer."""
    return actions.release(opening_id=granted(identity).pk, passphrase=PASSPHRASE, by=keeper(), at=AT)
