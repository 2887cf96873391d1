"""The sealed stream: what was written comes back; anything else is refused."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhu.jobs import sealing
from shouhu.jobs.sealing import CHUNK, MARK, SALT, TAG, SealedReader, SealedWriter, Tampered

HEAD = len(MARK) + SALT


@pytest.fixture(autouse=True, scope="module")
def _cheap() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "COST", 1 << 4)
        yield


def sealed(plain: bytes, passphrase: str = "口令") -> bytes:
    """This function will seal bytes in one go."""
    file = io.BytesIO()
    writer = SealedWriter(file, passphrase)
    writer.write(plain)
    writer.finish()
    return file.getvalue()


def opened(content: bytes, passphrase: str = "口令") -> bytes:
    """This function will read a sealed file to its end."""
    return io.BufferedReader(SealedReader(io.BytesIO(content), passphrase)).read()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_written_comes_back(size: int) -> None:
    plain = bytes(range(256)) * (size // 256 + 1)
    assert opened(sealed(plain[:size])) == plain[:size]


@given(st.lists(st.binary(max_size=50), max_size=20))
def test_how_it_was_cut_into_writes_does_not_matter(parts: list[bytes]) -> None:
    file = io.BytesIO()
    writer = SealedWriter(file, "口令")
    for part in parts:
        writer.write(part)
    writer.finish()
    assert opened(file.getvalue()) == b"".join(parts)


def test_the_same_bytes_are_never_sealed_alike() -> None:
    assert sealed(b"abc") != sealed(b"abc")


def test_another_passphrase_opens_nothing() -> None:
    with pytest.raises(Tampered):
        opened(sealed(b"abc"), "另一个")


def test_a_passphrase_may_be_typed_composed_or_decomposed() -> None:
    assert opened(sealed(b"abc", "caf\u00e9"), "cafe\u0301") == b"abc"


@pytest.mark.parametrize("size", [0, 1, HEAD - 1, HEAD, HEAD + TAG - 1, HEAD + CHUNK + TAG, HEAD + 2 * (CHUNK + TAG)])
def test_a_cut_file_is_refused(size: int) -> None:
    with pytest.raises(Tampered):
        opened(sealed(bytes(2 * CHUNK + 100))[:size])


def test_chunks_cannot_change_places_or_come_twice() -> None:
    content = sealed(bytes(CHUNK) + b"\1" * CHUNK + b"end")
    first, second = HEAD + CHUNK + TAG, HEAD + 2 * (CHUNK + TAG)
    swapped = content[:HEAD] + content[first:second] + content[HEAD:first] + content[second:]
    for changed in (swapped, content[:second] + content[first:], content + content[second:], content + b"\0"):
        with pytest.raises(Tampered):
            opened(changed)


@given(st.integers(min_value=0), st.integers(0, 7))
def test_no_bit_can_be_changed(place: int, bit: int) -> None:
    content = bytearray(sealed(b"seven eight nine"))
    content[place % len(content)] ^= 1 << bit
    with pytest.raises(Tampered):
        opened(bytes(content))
