"""A bound on the processor's time of a piece of work, in a process of its own: the timer and
its signal belong to the whole process.
"""

from __future__ import annotations

import signal
from collections.abc import Callable


class _TookTooLong(Exception):
    pass


def _stop(*_: object) -> None:
    raise _TookTooLong


def ends_within(seconds: float, work: Callable[[], object]) -> bool:
    """Whether work ends before it has used so much of the processor. Main thread only."""
    signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        work()
    except _TookTooLong:
        return False
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return True
