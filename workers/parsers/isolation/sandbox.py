"""Parsing in a process of its own: a file that crashes its parser, hangs it or needs too
much memory costs one error and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, cast

from shared.errors import FileRejected
from workers.parsers.document import (
    Document,
    FileLimits,
    ParsedFile,
    Progress,
    build_document,
)
from workers.parsers.isolation import pipe_protocol
from workers.parsers.isolation.watchdog import Watchdog
from workers.parsers.refusals import too_large

ROOT = Path(__file__).resolve().parents[3]
"""The folder that holds the package `workers`."""
FILES_PER_PROCESS = 200
"""Then a fresh process takes its place, so that what libraries leak does not add up."""
_INHERITED = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "SYSTEMROOT")
"""The only variables of our environment that the process gets: no key, no proxy."""
_ENVIRONMENT = {
    "PYTHONPATH": str(ROOT),
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUTF8": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "DO_NOT_TRACK": "1",
    "ORT_DISABLE_TELEMETRY": "1",
    "HOME": "/nonexistent",
    "TMPDIR": "/nonexistent",
}


class Sandbox:
    """Keeps one warm parsing process and gives it one file at a time; replaces it after
    a crash, a limit or FILES_PER_PROCESS files.

    Plain threads and pipes, no event loop and no multiprocessing: it works in a Celery
    child and outlives a loop.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        """Held while a file is parsed."""
        self._child: subprocess.Popen[bytes] | None = None
        self._files_parsed = 0
        """By the process that runs now."""

    async def parse(
        self,
        data: bytes,
        name: str = "",
        limits: FileLimits = FileLimits(),
        progress: Progress | None = None,
    ) -> Document:
        """As `workers.parsers.parse_file`, in the parsing process. Cancelling kills that
        process. `progress` is called in this loop.

        Raises FileRejected also for a file that crashes its parser, hangs it or needs
        too much memory.
        """
        if len(data) > limits.bytes:
            raise too_large(limits.bytes)
        loop, request = asyncio.get_running_loop(), _Request(data, name, limits)

        def report_progress(done: int, total: int) -> None:
            if progress is not None:
                with contextlib.suppress(RuntimeError):
                    loop.call_soon_threadsafe(progress, done, total)

        try:
            parsed = await asyncio.to_thread(self._parse, request, report_progress)
        except asyncio.CancelledError:
            request.cancel()
            raise
        except ValueError as error:
            raise FileRejected(
                "The file confused its parser: it is not read."
            ) from error
        return build_document(parsed, name)

    def close(self) -> None:
        """End the parsing process."""
        with self._lock:
            self._end_child()

    def _parse(self, request: _Request, progress: Progress) -> ParsedFile:
        """Parse one file, in a thread. Raises FileRejected, and ValueError for an answer
        that is none.
        """
        with self._lock:
            if request.cancelled:
                raise FileRejected("Cancelled.")
            child = self._running_child()
            request.child = child
            watchdog = Watchdog(child, request.limits)
            try:
                frame = self._exchange(child, request, progress, watchdog)
            finally:
                watchdog.stop()
                self._files_parsed += 1
                is_unusable = child.poll() is not None or watchdog.reason
                is_worn_out = self._files_parsed >= FILES_PER_PROCESS
                if is_unusable or request.cancelled or is_worn_out:
                    self._end_child()
        return pipe_protocol.unpack_parsed_file(frame)

    def _exchange(
        self,
        child: subprocess.Popen[bytes],
        request: _Request,
        progress: Progress,
        watchdog: Watchdog,
    ) -> Any:
        """Send one file and receive frames up to the last one: the parsed file in it."""
        assert child.stdin and child.stdout
        try:
            child.stdin.write(pipe_protocol.pack_frame(request.header()))
            child.stdin.write(request.data)
            child.stdin.flush()
            answers = cast(BinaryIO, child.stdout)
            while (frame := pipe_protocol.receive_frame(answers)) is not None:
                if "progress" in frame:
                    watchdog.page_done()
                    progress(*map(int, frame["progress"]))
                    continue
                if "error" in frame:
                    code, message = frame["error"]
                    raise FileRejected(str(message), code=int(code))
                return frame["parsed"]
        except ValueError:
            self._kill_child()
            raise
        except (OSError, TypeError, KeyError):
            pass
        self._kill_child()
        cause = "The file broke its parser: it is damaged or made to do harm."
        if child.wait() in (-signal.SIGXCPU, -signal.SIGKILL):
            cause = "The file needs more time or memory than one file may take."
        raise FileRejected(watchdog.reason or cause)

    def _running_child(self) -> subprocess.Popen[bytes]:
        """The parsing process; a fresh one where none runs."""
        if self._child is None or self._child.poll() is not None:
            self._end_child()
            inherited = {
                name: os.environ[name] for name in _INHERITED if name in os.environ
            }
            self._files_parsed = 0
            self._child = subprocess.Popen(
                [sys.executable, "-m", "workers.parsers.isolation.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
                env=inherited | _ENVIRONMENT,
                close_fds=True,
                start_new_session=True,
            )
        return self._child

    def _kill_child(self) -> None:
        """Kill the parsing process and wait for its end."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()

    def _end_child(self) -> None:
        """Kill the parsing process and close its pipes."""
        if self._child is None:
            return
        self._kill_child()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._child = None


class _Request:
    """One file to parse; may be cancelled from another thread."""

    def __init__(self, data: bytes, name: str, limits: FileLimits) -> None:
        self.data, self.name, self.limits = data, name, limits
        self.child: subprocess.Popen[bytes] | None = None
        """The process that parses it, once it has begun."""
        self.cancelled = False

    def header(self) -> dict[str, Any]:
        """The frame that goes before the bytes."""
        return {
            "name": self.name,
            "size": len(self.data),
            "limits": asdict(self.limits),
        }

    def cancel(self) -> None:
        """End the process that parses it, or see to it that none begins."""
        self.cancelled = True
        if self.child is not None:
            self.child.kill()


_sandboxes: dict[int, Sandbox] = {}
"""By process id: a forked child has its own, never its parent's pipes."""


async def parse_safely(
    data: bytes,
    name: str = "",
    limits: FileLimits = FileLimits(),
    progress: Progress | None = None,
) -> Document:
    """`parse` in the parsing process of this worker, started when first needed. Raises
    FileRejected.
    """
    sandbox = _sandboxes.setdefault(os.getpid(), Sandbox())
    return await sandbox.parse(data, name, limits, progress)
