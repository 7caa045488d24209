"""The guard: outlives the launcher by a moment and ends the processes that it left.

Run by path with nothing but the standard library, so that it stays small. On standard
input it reads the process groups that were started (`+123`) and those that ended
(`-123`). When its input closes, the launcher has gone, even by kill -9; whatever group
is still known is killed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterable


def left_behind(lines: Iterable[str]) -> set[int]:
    """The groups that were started and did not end, once there are no more lines."""
    groups: set[int] = set()
    for line in lines:
        number = int(line[1:])
        (groups.add if line.startswith("+") else groups.discard)(number)
    return groups


def main() -> None:
    """Wait for the end of the launcher."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    for group in left_behind(sys.stdin):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
