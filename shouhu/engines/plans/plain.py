"""Text files: which encoding they are in."""

from __future__ import annotations

from shouhu.engines.plans.page import BadPlan

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_MOST_LOST = 50
"""One character in so many may be unreadable in a text that is read."""


def decoded(content: bytes, name: str) -> str:
    """
    This function will decode a text: UTF-8, GB18030 or UTF-16, with line ends made one kind.

    :raises BadPlan: in none of them.
    """
    text = next(
        (content[len(mark) :].decode(code, "replace") for mark, code in _MARKS if content.startswith(mark)), None
    )
    if text is None:
        text = min(
            (content.decode(code, "replace") for code in _likely(content)), key=lambda text: text.count("\ufffd")
        )
    strange = sum(character < " " and character not in "\t\n\r\f" for character in text) + text.count("\ufffd")
    if strange * _MOST_LOST > len(text):
        raise BadPlan(f"{name}：不是文本，或编码无法识别；请用记事本打开核对，另存时编码选“UTF-8”后重试")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")


def _likely(content: bytes) -> tuple[str, ...]:
    if b"\0" not in content:
        return "utf-8", "gb18030"
    # Line ends and figures have a zero byte before or behind them.
    return ("utf-16-le",) if content[1::2].count(0) >= content[::2].count(0) else ("utf-16-be",)
