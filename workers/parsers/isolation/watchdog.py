"""Ends a parsing process that makes no progress or takes too long."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from pathlib import Path

from workers.parsers.document import FileLimits

CHECK_SECONDS = 0.2
CLOCK_FACTOR = 5
"""Times `stall` that a page may take by the clock, when the machine is busy with others."""


class Watchdog:
    """Watches a process from a thread of its own, until `stop`. `reason` says, for
    people, why it killed the process; "" while it did not.
    """

    def __init__(self, child: subprocess.Popen[bytes], limits: FileLimits) -> None:
        self.reason = ""
        self._child, self._limits = child, limits
        self._started = time.monotonic()
        self.page_done()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def page_done(self) -> None:
        """There was progress."""
        self._page_started = time.monotonic()
        self._page_started_cpu = cpu_seconds(self._child.pid)

    def stop(self) -> None:
        """The file is done."""
        self._stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        """The thread: looks at the clock until the file is done or has taken too long."""
        while not self._stopped.wait(CHECK_SECONDS):
            now = time.monotonic()
            waited, limit = now - self._page_started, self._limits.stall
            # A machine that is busy with others is no fault of the file: its page may
            # wait longer, so long as it uses no more processor time.
            used = cpu_seconds(self._child.pid) - self._page_started_cpu
            is_hanging = used > limit or waited > CLOCK_FACTOR * limit
            if now - self._started > self._limits.seconds:
                self.reason = (
                    f"The file took longer to read than {self._limits.seconds:.0f} s."
                )
            elif waited > limit and is_hanging:
                self.reason = (
                    f"A page of the file took longer to read than {limit:.0f} s."
                )
            if self.reason:
                self._child.kill()
                return


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used so far; the time of the clock where the
    system does not say.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        fields = stat.rpartition(")")[2].split()
        user_ticks, system_ticks = int(fields[11]), int(fields[12])
        return (user_ticks + system_ticks) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return time.monotonic()
