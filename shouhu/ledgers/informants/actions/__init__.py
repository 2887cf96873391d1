"""Every act on identities: the keys of the 保密员, sealing and erasing, and the way to one that may be read."""

from shouhu.ledgers.informants.actions.keys import (
    WrongPassphrase,
    change_passphrase,
    make_key,
    move_identities,
    recover,
    renew_code,
    retire_key,
    rotate,
)
from shouhu.ledgers.informants.actions.opening import ask, expire, grant, read, refuse, release
from shouhu.ledgers.informants.actions.sealing import NoKey, erase, seal, seal_many

__all__ = [
    "NoKey",
    "WrongPassphrase",
    "ask",
    "change_passphrase",
    "erase",
    "expire",
    "grant",
    "make_key",
    "move_identities",
    "read",
    "recover",
    "refuse",
    "release",
    "renew_code",
    "retire_key",
    "rotate",
    "seal",
    "seal_many",
]
