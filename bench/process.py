"""A command in a process of its own: seconds on the clock, peak memory, output."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from resource import RUSAGE_CHILDREN, getrusage


@dataclass(frozen=True)
class Ran:
    """What a command took: seconds, bytes at the peak; and what it wrote to its standard output."""

    seconds: float
    peak: int
    output: str


def run(*command: str) -> Ran:
    """
    This function will run a command whose exit code should be 0 or 1 (done with remarks).

    It goes through a small process in between, since Linux counts the memory of the starting process as the started one's.
    """
    done = subprocess.run([sys.executable, "-m", "bench.process", *command], stdout=subprocess.PIPE, check=True)
    return Ran(*json.loads(done.stdout))


def main(command: list[str]) -> None:
    """This function will run a command, print its figures and output as JSON, and stop if it failed."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    output, errors = process.communicate()
    seconds = time.perf_counter() - start
    if process.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)}\n{output[-2000:]}\n{errors[-2000:]}")
    peak = getrusage(RUSAGE_CHILDREN).ru_maxrss * 1024
    print(json.dumps([seconds, peak, output]))


if __name__ == "__main__":
    main(sys.argv[1:])
