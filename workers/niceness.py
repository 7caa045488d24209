"""How far a worker gives way to those that answer callers."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from shared.domain.job_payload import Queue

NICENESS: Mapping[str, int] = {Queue.TEXT: 5, Queue.FILES: 10}
"""Of a worker of one queue. Somebody waits for a search, and a worker of text has a
process for every core: it gives way, and gets a quarter of a core that others want too,
so that nothing starves. A sentence goes before a book: a worker of files gets a quarter
of what one of text gets.
"""
_AUTOGROUP = Path("/proc/self/autogroup")


def lower_priority(queue: str) -> None:
    """Give this process, and those that it will fork, the niceness of a queue's worker;
    one that is nicer already, or serves more than one queue, stays as it is.
    """
    if queue not in NICENESS:
        return
    niceness = max(os.nice(0), NICENESS[queue])
    os.setpriority(os.PRIO_PROCESS, 0, niceness)
    # Where the kernel shares the processor out by sessions, niceness alone counts only
    # within this one.
    with contextlib.suppress(OSError):
        _AUTOGROUP.write_text(str(niceness))
