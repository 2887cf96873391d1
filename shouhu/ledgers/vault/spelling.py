"""
Numbers as people copy them from paper: Crockford's base 32, in which no two letters look alike.
"""

from __future__ import annotations

import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS = 5
"""Of a letter."""
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_FULL_WIDTH = {code + 0xFEE0: code for code in range(0x21, 0x7F)} | {0x3000: 0x20}


def spelled(number: bytes, length: int) -> str:
    """This function will spell bytes in letters, the first bits first; there must be five bits a letter."""
    whole = int.from_bytes(number) >> len(number) * 8 - length * BITS
    return "".join(ALPHABET[whole >> BITS * place & 31] for place in reversed(range(length)))


def grouped(letters: str, size: int) -> str:
    """This function will put blanks between groups of letters, as people read them out."""
    return " ".join(letters[start : start + size] for start in range(0, len(letters), size))


def understood(text: str, length: int) -> str:
    """This function will read letters as a person typed them; empty when there are not as many, or others among them."""
    plain = re.sub(r"[\s\-—·.]+", "", text.translate(_FULL_WIDTH)).upper().translate(_MISREAD)
    return plain if len(plain) == length and all(char in ALPHABET for char in plain) else ""
