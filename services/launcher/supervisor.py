"""Keeps programs running, in one thread with one loop.

Each program has a ManagedProcess. The loop wakes for a signal, for the end of a child
or twice a second, and lets every one of them check its child.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from services.launcher.child import kill_group
from services.launcher.network import answers
from services.launcher.programs import Program, Wave

TICK_S = 0.5
"""Longest sleep of the loop."""
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
STEADY_S = 30.0
"""A child that ran this long is taken to be well: after its next end the pauses begin
anew.
"""
MAX_FAILURES = 3
"""Early ends in a row after which a start is given up."""
_START_POLL_S = 0.1
_STOP_POLL_S = 0.05
_PIPE_BYTES = 4096


class ProcessStarter(Protocol):
    """What a ManagedProcess needs of the Spawner."""

    def start(self, program: Program) -> subprocess.Popen[bytes]:
        """Start it. Raises OSError."""
        ...

    def ended(self, child: subprocess.Popen[bytes]) -> None:
        """To be called once after the end of a child."""
        ...

    def log_of(self, program: Program) -> Path:
        """Where its output goes."""
        ...


class Signals:
    """Counts the requests to stop (Ctrl-C, SIGTERM, SIGHUP) and wakes the loop for them
    and for the end of a child.
    """

    def __init__(self, wake: int) -> None:
        """`wake`: the file descriptor that becomes readable at every signal."""
        self.stop_requests = 0
        self._wake = wake

    def wait(self, seconds: float) -> bool:
        """Sleep until a signal comes or the time is over; whether a stop was requested."""
        if select.select([self._wake], [], [], seconds)[0]:
            os.read(self._wake, _PIPE_BYTES)
        return self.stop_requests > 0

    def request_stop(self, *_: object) -> None:
        """The signal handler."""
        self.stop_requests += 1


@contextmanager
def listen_to_signals() -> Iterator[Signals]:
    """Count signals for as long as the context lasts; then the handlers from before are
    back.
    """
    wake, write_end = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(write_end, False)
    signals = Signals(wake)
    handlers = {
        number: signal.signal(number, signals.request_stop)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    handlers[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
    descriptor = signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    try:
        yield signals
    finally:
        signal.set_wakeup_fd(descriptor)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        os.close(wake)
        os.close(write_end)


def pause_after(failures: int) -> float:
    """Seconds to wait before the next start: doubles with every early end in a row."""
    return min(FIRST_PAUSE_S * 2.0 ** max(failures - 1, 0), LONGEST_PAUSE_S)


class ManagedProcess:
    """One program and the child that runs it now."""

    def __init__(
        self, program: Program, starter: ProcessStarter, say: Callable[[str], None]
    ) -> None:
        self.program = program
        self.failures = 0
        """Early ends in a row."""
        self._starter = starter
        self._say = say
        self._child: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_due_at = 0.0

    @property
    def pid(self) -> int | None:
        """The process id, while it runs."""
        return self._child.pid if self._child else None

    def check(self, now: float) -> None:
        """See whether the child has ended; start it when it is due. `now` and all times
        here are seconds of the monotonic clock.
        """
        child = self._child
        if child is not None and child.poll() is not None:
            self._starter.ended(child)
            self._child = None
            code = child.returncode
            cause = f"exit code {code}"
            if code < 0:
                cause = f"signal {signal.Signals(-code).name}"
            self._count_failure(f"ended ({cause})", now)
        if self._child is None and now >= self._start_due_at:
            self._started_at = now
            try:
                self._child = self._starter.start(self.program)
            except OSError as error:
                self._count_failure(f"cannot be started ({error.strerror})", now)

    def _count_failure(self, how: str, now: float) -> None:
        was_steady = now - self._started_at >= STEADY_S
        self.failures = 1 if was_steady else self.failures + 1
        pause = pause_after(self.failures)
        self._start_due_at = now + pause
        log = self._starter.log_of(self.program)
        self._say(
            f"{self.program.name} {how}, starting it again in {pause:g} s; log: {log}"
        )

    def ready(self) -> bool:
        """Whether it has run long enough to be settled, and answers."""
        if self._child is None or self._child.poll() is not None:
            return False
        if time.monotonic() - self._started_at < self.program.settle_s:
            return False
        return not self.program.ready or answers(self.program.ready)

    def terminate(self) -> None:
        """SIGTERM to the child itself: it ends its own children."""
        if self._child is not None:
            with contextlib.suppress(ProcessLookupError):
                self._child.send_signal(signal.SIGTERM)

    def has_ended(self) -> bool:
        """Whether nothing of it runs any more; ends what a child left behind."""
        if self._child is not None and self._child.poll() is not None:
            self._starter.ended(self._child)
            self._child = None
        return self._child is None

    def kill(self) -> None:
        """SIGKILL to the child and all that it started."""
        if self._child is not None:
            kill_group(self._child.pid)
            self._child.wait()
            self.has_ended()


class Supervisor:
    """All programs of one machine."""

    def __init__(
        self,
        programs: Iterable[Program],
        starter: ProcessStarter,
        signals: Signals,
        say: Callable[[str], None],
        on_change: Callable[[dict[str, int]], None],
    ) -> None:
        """`on_change` is called with the process ids by name whenever they change."""
        self._processes = [
            ManagedProcess(program, starter, say) for program in programs
        ]
        self._signals = signals
        self._on_change = on_change
        self._pids: dict[str, int] = {}

    def until_ready(
        self, waves: Iterable[Wave], seconds: float
    ) -> list[ManagedProcess]:
        """Start the programs of these waves and wait until they answer, a stop is
        requested, one fails MAX_FAILURES times in a row or the time is over; returns
        those that are not ready.
        """
        started = self._of(set(waves))
        deadline = time.monotonic() + seconds
        waiting = started
        while waiting and time.monotonic() < deadline:
            if any(process.failures >= MAX_FAILURES for process in waiting):
                break
            self._check(started)
            waiting = [process for process in waiting if not process.ready()]
            if waiting and self._signals.wait(_START_POLL_S):
                break
        return waiting

    def watch(self) -> None:
        """Keep everything running until a stop is requested."""
        while not self._signals.wait(TICK_S):
            self._check(self._processes)

    def _check(self, processes: Iterable[ManagedProcess]) -> None:
        for process in processes:
            process.check(time.monotonic())
        pids = {
            process.program.name: process.pid
            for process in self._processes
            if process.pid is not None
        }
        if pids != self._pids:
            self._pids = pids
            self._on_change(pids)

    def stop(self) -> None:
        """End everything, last wave first. What does not end in time, or is still there
        at a second request to stop, is killed.
        """
        for wave in sorted(Wave, reverse=True):
            waiting = self._of({wave})
            requests = max(self._signals.stop_requests, 1)
            for process in waiting:
                process.terminate()
            asked_at = time.monotonic()
            while waiting := [
                process for process in waiting if not process.has_ended()
            ]:
                asked_again = self._signals.stop_requests > requests
                waited = time.monotonic() - asked_at
                for process in waiting:
                    if asked_again or waited > process.program.stop_timeout_s:
                        process.kill()
                self._signals.wait(_STOP_POLL_S)

    def _of(self, waves: Set[Wave]) -> list[ManagedProcess]:
        return [process for process in self._processes if process.program.wave in waves]
