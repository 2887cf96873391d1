"""What the processor can do: the column engine's wheels need AVX2, old office machines may not have it."""

from __future__ import annotations

import ctypes
import platform
import sys
from functools import cache
from pathlib import Path

_WINDOWS_AVX2 = 40  # PF_AVX2_INSTRUCTIONS_AVAILABLE


@cache
def has_avx2() -> bool:
    """This function will tell whether the column engine may be loaded here; in doubt it may."""
    if platform.machine().lower() not in ("x86_64", "amd64", "i386", "i686"):
        return True
    if sys.platform == "win32":
        return bool(ctypes.windll.kernel32.IsProcessorFeaturePresent(_WINDOWS_AVX2))
    try:
        flags = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("flags"))
    except (OSError, StopIteration):
        return True
    return "avx2" in flags.split()
