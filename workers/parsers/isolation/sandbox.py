"""Parsing in a process of its own, which may crash, hang or run out of memory at nobody's expense."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, cast

from shared.contract import Code
from shared.errors import FileRejected
from workers.parsers.document import Document, Limits, Progress, build
from workers.parsers.isolation import frames_protocol as wire

ROOT = Path(__file__).resolve().parents[2]
USES = 200
PATIENCE = 5
"""Times `stall` that a page may take by the clock when the machine is busy with others."""
_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "SYSTEMROOT")


class Sandbox:
    """Keeps one warm parsing process and gives it one file at a time; replaces it after
    a crash, a limit or USES files.

    Plain threads and pipes, no event loop and no multiprocessing: it works in a Celery
    child and outlives a loop.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._uses = 0

    async def parse(
        self,
        data: bytes,
        name: str = "",
        limits: Limits = Limits(),
        progress: Progress | None = None,
    ) -> Document:
        """As `workers.parsers.parse`, in the parsing process. Cancelling kills that
        process. `progress` is called in this loop.

        Raises FileRejected also for a file that crashes its parser, hangs it or needs
        too much memory.
        """
        if len(data) > limits.bytes:
            raise FileRejected(
                f"The file is larger than {limits.bytes // 1024**2} MB.",
                code=Code.FILE_TOO_LARGE,
            )
        loop, order = asyncio.get_running_loop(), _Order(data, name, limits)

        def tell(done: int, total: int) -> None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(progress or _ignore, done, total)

        try:
            media_type, reading = wire.unpacked_reading(
                await asyncio.to_thread(self._run, order, tell)
            )
        except asyncio.CancelledError:
            order.cancel()
            raise
        except ValueError as error:
            raise FileRejected(
                "The file confused its parser: it is not read."
            ) from error
        return build(reading, media_type, name)

    def close(self) -> None:
        """End the parsing process."""
        with self._turn:
            self._end()

    def _run(self, order: _Order, tell: Progress) -> Any:
        with self._turn:
            if order.cancelled:
                raise FileRejected("Cancelled.")
            child = self._ready()
            order.child = child
            watch = _Watch(child, order.limits)
            try:
                return self._serve(child, order, tell, watch)
            finally:
                watch.stop()
                self._uses += 1
                if (
                    child.poll() is not None
                    or watch.fired
                    or order.cancelled
                    or self._uses >= USES
                ):
                    self._end()

    def _serve(
        self,
        child: subprocess.Popen[bytes],
        order: _Order,
        tell: Progress,
        watch: _Watch,
    ) -> Any:
        assert child.stdin and child.stdout
        try:
            head = {
                "name": order.name,
                "size": len(order.data),
                "limits": asdict(order.limits),
            }
            child.stdin.write(wire.pack(head))
            child.stdin.write(order.data)
            child.stdin.flush()
            while (frame := wire.receive(cast(BinaryIO, child.stdout))) is not None:
                if "progress" in frame:
                    watch.alive()
                    tell(*map(int, frame["progress"]))
                    continue
                return _outcome(frame)
        except (OSError, TypeError, KeyError, ValueError) as error:
            if isinstance(error, ValueError):
                self._kill()
                raise
        self._kill()
        raise FileRejected(watch.fired or _fate(child))

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._end()
            self._child, self._uses = _start(), 0
        return self._child

    def _kill(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()

    def _end(self) -> None:
        if self._child is None:
            return
        self._kill()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._child = None


class _Order:
    """One file to parse; may be cancelled from another thread."""

    def __init__(self, data: bytes, name: str, limits: Limits) -> None:
        self.data, self.name, self.limits = data, name, limits
        self.child: subprocess.Popen[bytes] | None = None
        self.cancelled = False

    def cancel(self) -> None:
        """Nobody wants the file any more."""
        self.cancelled = True
        if self.child is not None:
            self.child.kill()


class _Watch:
    """Kills a process that shows no progress, or takes too long as a whole; `fired` then says why."""

    def __init__(self, child: subprocess.Popen[bytes], limits: Limits) -> None:
        self.fired = ""
        self._child, self._limits = child, limits
        self._started = time.monotonic()
        self.alive()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._guard, daemon=True)
        self._thread.start()

    def alive(self) -> None:
        """A page was done."""
        self._seen, self._used = time.monotonic(), _processor_seconds(self._child.pid)

    def stop(self) -> None:
        """The file is done."""
        self._done.set()
        self._thread.join()

    def _guard(self) -> None:
        while not self._done.wait(0.2):
            now = time.monotonic()
            if now - self._started > self._limits.seconds:
                self.fired = (
                    f"The file took longer to read than {self._limits.seconds:.0f} s."
                )
            elif self._stalls(now):
                self.fired = f"A page of the file took longer to read than {self._limits.stall:.0f} s."
            if self.fired:
                self._child.kill()
                return

    def _stalls(self, now: float) -> bool:
        """By the processor time of the page at hand: a machine that is busy with others
        is no fault of the file.
        """
        waited, limit = now - self._seen, self._limits.stall
        return waited > limit and (
            waited > PATIENCE * limit
            or _processor_seconds(self._child.pid) - self._used > limit
        )


def _start() -> subprocess.Popen[bytes]:
    """A fresh parsing process, with nothing of our environment but the search paths: no
    key, no proxy.
    """
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    given = {
        **kept,
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "HOME": "/nonexistent",
        "TMPDIR": "/nonexistent",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "workers.parsers.isolation.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=given,
        close_fds=True,
        start_new_session=True,
    )


def _processor_seconds(pid: int) -> float:
    """What a process has used so far; the time of the clock where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return time.monotonic()


def _outcome(frame: dict[str, Any]) -> Any:
    if "error" in frame:
        code, message = frame["error"]
        raise FileRejected(str(message), code=int(code))
    return frame["reading"]


def _fate(child: subprocess.Popen[bytes]) -> str:
    """What killed a process, for people."""
    code = child.wait()
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return "The file needs more time or memory than one file may take."
    return "The file broke its parser: it is damaged or made to do harm."


def _ignore(done: int, total: int) -> None:
    """Nobody watches."""


_SHARED: dict[int, Sandbox] = {}


async def parse_safely(
    data: bytes,
    name: str = "",
    limits: Limits = Limits(),
    progress: Progress | None = None,
) -> Document:
    """`parse` in the parsing process of this worker, started when first needed. Raises
    FileRejected.
    """
    sandbox = _SHARED.setdefault(os.getpid(), Sandbox())
    return await sandbox.parse(data, name, limits, progress)
