"""Keeps programs running: one thread, one loop, no surprises.

Each program has a Keeper. The loop wakes for a signal, for the end of a child or twice
a second, and lets every Keeper look after its own child.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from services.launcher.child import kill_group
from services.launcher.network import answers
from services.launcher.programs import Program, Wave

TICK_S = 0.5
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
STEADY_S = 30.0
"""A child that ran this long is taken to be well: its next end is answered at once again."""


class Starts(Protocol):
    """What a Keeper needs of the Spawner."""

    def start(self, program: Program) -> subprocess.Popen[bytes]: ...
    def ended(self, child: subprocess.Popen[bytes]) -> None: ...
    def log_of(self, program: Program) -> Path: ...


class Signals:
    """Counts the wishes to stop (Ctrl-C, SIGTERM, SIGHUP) and wakes the loop for them
    and for the end of a child.
    """

    def __init__(self, wake: int) -> None:
        self.wishes = 0
        self._wake = wake

    def wait(self, seconds: float) -> bool:
        """Sleep until something happens or the time is over; whether somebody wishes to stop."""
        if select.select([self._wake], [], [], seconds)[0]:
            os.read(self._wake, 4096)
        return self.wishes > 0

    def _wish(self, *_: object) -> None:
        self.wishes += 1


@contextmanager
def signals() -> Iterator[Signals]:
    """Listen to signals for as long as the context lasts."""
    wake, bell = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(bell, False)
    heard = Signals(wake)
    asked = {
        name: signal.signal(name, heard._wish)
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    asked[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
    before = signal.set_wakeup_fd(bell, warn_on_full_buffer=False)
    try:
        yield heard
    finally:
        signal.set_wakeup_fd(before)
        for name, handler in asked.items():
            signal.signal(name, handler)
        os.close(wake)
        os.close(bell)


def pause_after(failures: int) -> float:
    """Seconds to wait before the next start: doubles with every early end in a row."""
    return min(FIRST_PAUSE_S * 2.0 ** max(failures - 1, 0), LONGEST_PAUSE_S)


class Keeper:
    """One program and the child that runs it now."""

    def __init__(
        self, program: Program, starts: Starts, say: Callable[[str], None]
    ) -> None:
        self.program = program
        self.failures = 0
        self._starts = starts
        self._say = say
        self._child: subprocess.Popen[bytes] | None = None
        self._since = 0.0
        self._due = 0.0

    @property
    def pid(self) -> int | None:
        """The process id, while it runs."""
        return self._child.pid if self._child else None

    def look(self, now: float) -> None:
        """Notice the end of the child; start it when it is due."""
        if self._child is not None and self._child.poll() is not None:
            self._mourn(self._child, now)
        if self._child is None and now >= self._due:
            self._start(now)

    def _start(self, now: float) -> None:
        self._since = now
        try:
            self._child = self._starts.start(self.program)
        except OSError as error:
            self._failed(f"cannot be started ({error.strerror})", now)

    def _mourn(self, child: subprocess.Popen[bytes], now: float) -> None:
        self._starts.ended(child)
        self._child = None
        self._failed(f"ended ({_cause(child.returncode)})", now)

    def _failed(self, how: str, now: float) -> None:
        self.failures = 1 if now - self._since >= STEADY_S else self.failures + 1
        pause = pause_after(self.failures)
        self._due = now + pause
        self._say(
            f"{self.program.name} {how}, starting it again in {pause:g} s; log: {self._starts.log_of(self.program)}"
        )

    def ready(self) -> bool:
        """Whether it runs, and not only since now, and answers."""
        runs = self._child is not None and self._child.poll() is None
        settled = time.monotonic() - self._since >= self.program.settles
        return (
            runs and settled and (not self.program.ready or answers(self.program.ready))
        )

    def ask_to_end(self) -> None:
        """SIGTERM to the child itself: it ends its own children."""
        if self._child is not None:
            with contextlib.suppress(ProcessLookupError):
                self._child.send_signal(signal.SIGTERM)

    def gone(self) -> bool:
        """Whether nothing of it runs any more; sweeps up after a child that ended."""
        if self._child is not None and self._child.poll() is not None:
            self._starts.ended(self._child)
            self._child = None
        return self._child is None

    def kill(self) -> None:
        """Without asking."""
        if self._child is not None:
            kill_group(self._child.pid)
            self._child.wait()
            self.gone()


def _cause(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


class Supervisor:
    """All programs of one machine. `changed` is told the process ids whenever they change."""

    def __init__(
        self,
        programs: Iterable[Program],
        starts: Starts,
        heard: Signals,
        say: Callable[[str], None],
        changed: Callable[[dict[str, int]], None],
    ) -> None:
        self._keepers = [Keeper(program, starts, say) for program in programs]
        self._heard = heard
        self._changed = changed
        self._known: dict[str, int] = {}

    def until_ready(self, waves: Iterable[Wave], seconds: float) -> list[Keeper]:
        """Start the programs of these waves and wait until they answer, somebody wishes
        to stop, one fails three times in a row or the time is over; returns those that
        are not ready.
        """
        chosen = [
            keeper for keeper in self._keepers if keeper.program.wave in set(waves)
        ]
        deadline = time.monotonic() + seconds
        waiting = chosen
        while (
            waiting
            and time.monotonic() < deadline
            and not any(keeper.failures >= 3 for keeper in waiting)
        ):
            self._look(chosen)
            waiting = [keeper for keeper in waiting if not keeper.ready()]
            if waiting and self._heard.wait(0.1):
                break
        return waiting

    def watch(self) -> None:
        """Keep everything running until somebody wishes to stop."""
        while not self._heard.wait(TICK_S):
            self._look(self._keepers)

    def _look(self, keepers: Iterable[Keeper]) -> None:
        for keeper in keepers:
            keeper.look(time.monotonic())
        pids = {
            keeper.program.name: keeper.pid
            for keeper in self._keepers
            if keeper.pid is not None
        }
        if pids != self._known:
            self._known = pids
            self._changed(pids)

    def stop(self) -> None:
        """End everything, last wave first; who does not end in time, or at a second
        wish, is killed.
        """
        for wave in sorted(Wave, reverse=True):
            self._stop(
                [keeper for keeper in self._keepers if keeper.program.wave == wave],
                self._heard.wishes,
            )

    def _stop(self, keepers: list[Keeper], wishes: int) -> None:
        for keeper in keepers:
            keeper.ask_to_end()
        asked = time.monotonic()
        while waiting := [keeper for keeper in keepers if not keeper.gone()]:
            impatient = self._heard.wishes > max(wishes, 1)
            for keeper in waiting:
                if impatient or time.monotonic() - asked > keeper.program.patience:
                    keeper.kill()
            self._heard.wait(0.05)
