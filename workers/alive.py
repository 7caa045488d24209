"""Whether the worker of a queue gets on, by the age of a file that its processes touch: what
watches a container asks by `python -m workers.alive text`, which exits with 0 or 1.

Redis is not asked: a worker outlives every absence of it, and a new one would have none
either.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir

MAX_AGE_S = 120.0
"""Of the last touch: twelve pauses between two heartbeats."""


def sign_of(queue: str) -> Path:
    """The file that is touched."""
    return Path(gettempdir()) / f"souvenir-worker-{os.getuid()}-{queue}.alive"


def begin(queue: str) -> None:
    """Forget an earlier worker."""
    with suppress(OSError):
        sign_of(queue).unlink()


def note_alive(queue: str) -> None:
    """A process of this queue's worker gets on. Where that cannot be written, nobody asks."""
    # The folder may be everybody's: no link is followed.
    flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW
    with suppress(OSError):
        descriptor = os.open(sign_of(queue), flags, 0o600)
        try:
            os.utime(descriptor)
        finally:
            os.close(descriptor)


def is_alive(queue: str, now: float) -> bool:
    """Whether it was touched lately. A worker that has not begun to is still starting."""
    try:
        touched = sign_of(queue).stat().st_mtime
    except FileNotFoundError:
        return True
    return now - touched <= MAX_AGE_S


if __name__ == "__main__":
    sys.exit(0 if is_alive(sys.argv[1], time.time()) else 1)
