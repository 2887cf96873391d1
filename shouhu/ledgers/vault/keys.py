"""
The key ring: keys that seal, keys that hash. Kept as files of their own, apart from the database.

Besides, keys that are kept nowhere: made anew each time from what a person remembers, or reads from paper.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from shouhu.ledgers.vault import spelling

CODE_LENGTH, CODE_GROUP = 25, 5
"""Letters of a recovery code: 125 bits, which nobody guesses, in five groups."""
MEMORY, PASSES, LANES = 1 << 16, 3, 4
"""What a guess at a passphrase costs: 64 MiB, three times over (RFC 9106, second recommended option)."""


class Unreadable(Exception):
    """Sealed bytes cannot be opened: the key is missing, or the bytes are not what was sealed there."""


@dataclass(frozen=True)
class KeyRing:
    """Keys of 32 bytes by number; the highest seals, all of them open. Key 0 is for hashes and never changes."""

    keys: dict[int, bytes]

    @classmethod
    def kept_in(cls, folder: Path) -> KeyRing:
        """This function will read the ring from a folder, or make a new one where there is none."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for number in (0, 1):
            path = folder / f"{number}.key"
            if not path.exists():
                _write_once(path, secrets.token_bytes(32))
        return cls({int(path.stem): path.read_bytes() for path in sorted(folder.glob("*.key"))})

    def derived(self, purpose: str) -> bytes:
        """This function will give 32 bytes for one purpose, the same every time."""
        return hmac.digest(self.keys[0], purpose.encode(), hashlib.sha256)

    def blind(self, value: str, purpose: str) -> str:
        """This function will give a keyed hash (hex) by which a sealed value can be found again, but not guessed."""
        return hmac.digest(self.derived(purpose), value.encode(), hashlib.sha256).hex()

    def seal(self, plain: bytes, place: str) -> bytes:
        """
        This function will seal bytes for one place (``table.column`` or a file's hash); they open nowhere else.

        :returns: one byte with the key's number, 12 of nonce, then AES-256-GCM with its tag.
        """
        number = max(self.keys)
        nonce = secrets.token_bytes(12)
        return bytes([number]) + nonce + AESGCM(self.keys[number]).encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """
        This function will open what ``seal`` sealed for the same place.

        :raises Unreadable: unknown key, damaged bytes, or another place.
        """
        key = self.keys.get(sealed[0]) if sealed else None
        if key is None or sealed[0] == 0:
            raise Unreadable("找不到打开这份密封数据的密钥，请检查密钥文件夹")
        try:
            return AESGCM(key).decrypt(sealed[1:13], sealed[13:], place.encode())
        except InvalidTag as error:
            raise Unreadable("密封数据已损坏或被移动过，无法打开") from error


def new_salt() -> bytes:
    """This function will give 16 bytes that make the same passphrase another key elsewhere."""
    return secrets.token_bytes(16)


def new_code() -> str:
    """This function will make a recovery code to be printed, in groups."""
    return spelling.grouped(spelling.spelled(secrets.token_bytes(16), CODE_LENGTH), CODE_GROUP)


def under_passphrase(passphrase: str, salt: bytes) -> KeyRing:
    """This function will make a ring of one key from a passphrase, slowly, so that guessing takes long."""
    known = unicodedata.normalize("NFKC", passphrase).strip().encode()
    kdf = Argon2id(salt=salt, length=32, iterations=PASSES, lanes=LANES, memory_cost=MEMORY)
    return KeyRing({1: kdf.derive(known)})


def under_code(code: str) -> KeyRing:
    """
    This function will make a ring of one key from a recovery code as a person typed it.

    :raises Unreadable: it cannot be one: another number of letters, or others among them.
    """
    letters = spelling.understood(code, CODE_LENGTH)
    if not letters:
        raise Unreadable(f"恢复码是{CODE_LENGTH}位字母和数字，请逐组核对")
    return KeyRing({1: hmac.digest(b"recovery code", letters.encode(), hashlib.sha256)})


def _write_once(path: Path, content: bytes) -> None:
    """Write a key so that it is there whole or not at all, and never twice by two processes."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first; its key counts
    finally:
        draft.unlink()
