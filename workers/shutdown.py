"""The end of a worker whose jobs run in threads: threads cannot be killed, one may wait
for a language model for minutes, and Celery's cold shutdown waits for them within a
signal handler, where a lock that the interrupted code holds is never given back.

    signal ── jobs have `patience_s` ── they are called off ── `last_s` later the process ends
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

log = logging.getLogger(__name__)


def end_soon_on(
    signals: Iterable[signal.Signals],
    cancel_jobs: Callable[[], None],
    patience_s: float,
    last_s: float,
) -> None:
    """See to it that the process ends when one of the signals comes, whatever its own
    handler does. `cancel_jobs` is called in another thread. To be called in the main one.
    """
    asked = threading.Event()

    def end() -> None:
        asked.wait()
        time.sleep(patience_s)
        cancel_jobs()
        time.sleep(last_s)
        log.warning("worker_ended_by_force")
        os._exit(os.EX_TEMPFAIL)

    def with_own(own: Any) -> Callable[[int, FrameType | None], None]:
        def handle(number: int, frame: FrameType | None) -> None:
            asked.set()
            if callable(own):
                own(number, frame)

        return handle

    for number in signals:
        signal.signal(number, with_own(signal.getsignal(number)))
    threading.Thread(target=end, name="end", daemon=True).start()
