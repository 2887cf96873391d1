"""JSON lines in and out: every bad line named, and no file half written."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson

from shouhu.cli.screen import Refused
from shouhu.engines.text.taxonomy import registers

SHOWN = 20
"""Bad lines that are told one by one."""


@dataclass(frozen=True, slots=True)
class Written:
    """One text of a file: its id (the number of its line where it has none), the words, and where they come from."""

    id: str | int
    text: str
    register: str | None


def read(path: Path, *, skip_bad: bool = False) -> tuple[list[Written], list[str]]:
    """
    This function will read texts, and tell what is wrong with which line.

    :param skip_bad: go on without the bad lines; else they refuse the file.
    :raises Refused: bad lines, or a file that cannot be read.
    """
    texts, faults = [], []
    for number, line in enumerate(_lines(path), 1):
        if line.strip():
            try:
                texts.append(_written(line, number))
            except ValueError as fault:
                faults.append(f"第 {number} 行：{fault}")
    if faults and not skip_bad:
        raise Refused(
            f"{path.name} 有 {len(faults)} 行不能读取：\n{first(faults)}\n请改正后重试，或加 --skip-bad 略过这些行。"
        )
    if not texts:
        raise Refused(f'{path.name}：没有可用的文本。每行应是 {{"id": …, "text": …}}')
    return texts, faults


def first(faults: list[str]) -> str:
    """This function will put the first faults one below the other, and say how many there are more."""
    more = [f"……另有 {len(faults) - SHOWN} 行"] if len(faults) > SHOWN else []
    return "\n".join([*faults[:SHOWN], *more])


def distinct(texts: Iterable[Written], path: Path) -> None:
    """
    This function will see that no two texts have one id.

    :raises Refused: two have.
    """
    seen: set[str | int] = set()
    for text in texts:
        if text.id in seen:
            raise Refused(f"{path.name}：id“{text.id}”重复，请给每条一个不同的 id。")
        seen.add(text.id)


@contextmanager
def writing(out: Path, *, instead_of: Iterable[Path] = ()) -> Iterator[Callable[[Any], None]]:
    """
    This function will write lines beside their place and move them there when all is done, so a stop leaves nothing.

    :param instead_of: files that are being read, which may not be written over.
    :raises Refused: no place to write to.
    """
    with _replacing(out, instead_of) as file:
        yield lambda row: _put(file, row)


def replace(out: Path, content: bytes, *, instead_of: Iterable[Path] = ()) -> None:
    """
    This function will write a file whole or not at all, as ``writing`` does.

    :raises Refused: no place to write to.
    """
    with _replacing(out, instead_of) as file:
        file.write(content)


@contextmanager
def _replacing(out: Path, read: Iterable[Path]) -> Iterator[IO[bytes]]:
    if any(out.exists() and out.samefile(path) for path in read):
        raise Refused(f"{out.name} 是正在读取的文件，请另给一个结果文件名。")
    beside = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(out)
    except OSError as error:
        raise Refused(f"{out}：不能写入（{error.strerror}），请检查文件夹、磁盘空间和权限。") from error
    finally:
        beside.unlink(missing_ok=True)


def _put(file: IO[bytes], row: Any) -> None:
    file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_bytes().decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise Refused(f"{path.name}：应为 UTF-8 编码的 JSON 行文件（.jsonl），请另存为 UTF-8 后重试。") from error
    except OSError as error:
        raise Refused(f"{path}：文件不能读取（{error.strerror}）。") from error


def _written(line: str, number: int) -> Written:
    try:
        row = orjson.loads(line)
    except ValueError as error:
        raise ValueError("不是有效的 JSON") from error
    if not isinstance(row, dict):
        raise ValueError('应是 JSON 对象，如 {"id": 1, "text": "……"}')
    id, text, register = row.get("id", number), row.get("text"), row.get("register")
    if not isinstance(id, str | int) or isinstance(id, bool):
        raise ValueError("id 应是文字或整数")
    if not isinstance(text, str):
        raise ValueError("缺少 text，或 text 不是文字")
    if register is not None and register not in registers():
        raise ValueError(f"register 应为 {'、'.join(registers())} 之一，或不写")
    return Written(id, text, register)
