"""
A stream of bytes under a passphrase: nobody reads it, and not one bit of it can be changed, moved or cut off unnoticed.

A file begins with ``SHOUHU1`` and 16 bytes of salt. Scrypt makes the key from the passphrase. Then come chunks of 1 MiB, each
AES-256-GCM with its tag; the nonce is the chunk's number and whether it is the last, the associated data is the file's beginning.
"""

from __future__ import annotations

import io
import secrets
import unicodedata
from collections.abc import Iterator
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MARK = b"SHOUHU1\n"
SALT, CHUNK, TAG = 16, 1 << 20, 16
COST = 1 << 17
"""Memory that a guess at the passphrase costs, in KiB."""


class Tampered(Exception):
    """The file is not what was written, or the passphrase is another one; which of the two cannot be told."""


class SealedWriter(io.RawIOBase):
    """Bytes written here reach the file sealed. ``close`` writes the end, without which a file does not open."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        self._file, self._buffer, self._number = file, bytearray(), 0
        self._head = MARK + secrets.token_bytes(SALT)
        self._cipher = _cipher(passphrase, self._head)
        file.write(self._head)

    def writable(self) -> bool:
        """This function will say yes."""
        return True

    def write(self, plain: Any) -> int:
        """This function will take bytes and write every chunk that is full."""
        taken = bytes(plain)
        self._buffer += taken
        while len(self._buffer) > CHUNK:  # a full chunk waits, since it may be the last
            self._put(bytes(self._buffer[:CHUNK]), last=False)
            del self._buffer[:CHUNK]
        return len(taken)

    def finish(self) -> None:
        """This function will write the last chunk; only then is the file whole."""
        self._put(bytes(self._buffer), last=True)
        self._buffer.clear()

    def _put(self, chunk: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), chunk, self._head))
        self._number += 1


class SealedReader(io.RawIOBase):
    """
    The bytes of a sealed file. What it has given is authentic; that the file is whole is known at its end only.

    :raises Tampered: from the constructor or from any read.
    """

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        head = file.read(len(MARK) + SALT)
        if len(head) < len(MARK) + SALT or not head.startswith(MARK):
            raise Tampered
        self._plain, self._rest = _opened(file, _cipher(passphrase, head), head), b""

    def readable(self) -> bool:
        """This function will say yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """This function will fill a buffer as far as the present chunk goes; 0 is the end."""
        view = memoryview(buffer)
        while not self._rest:
            chunk = next(self._plain, None)
            if chunk is None:
                return 0
            self._rest = chunk
        size = min(len(view), len(self._rest))
        view[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def _opened(file: BinaryIO, cipher: AESGCM, head: bytes) -> Iterator[bytes]:
    number, sealed = 0, file.read(CHUNK + TAG)
    while True:
        following = file.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(_nonce(number, not following), sealed, head)
        except (InvalidTag, ValueError) as error:
            raise Tampered from error
        if not following:
            return
        number, sealed = number + 1, following


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _cipher(passphrase: str, head: bytes) -> AESGCM:
    typed = unicodedata.normalize("NFC", passphrase).encode()
    return AESGCM(Scrypt(salt=head[len(MARK) :], length=32, n=COST, r=8, p=1).derive(typed))
