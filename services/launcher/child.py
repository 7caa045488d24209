"""One child process: in a session of its own, with a log of its own, never outliving the launcher."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from services.launcher import orphan_guard as guard
from services.launcher.programs import Program

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 20 * 1024 * 1024
"""Bytes of a log after which a new one is begun at the next start."""


class Spawner:
    """Starts children and names them to the guard. Use as a context: leaving it ends
    the guard.
    """

    def __init__(
        self, environment: Mapping[str, str], folder: Path, logs: Path
    ) -> None:
        self._environment = dict(environment)
        self._folder = folder
        self._logs = logs
        self._die_with_parent = die_with_parent()
        self._guard = subprocess.Popen(
            [sys.executable, "-I", "-S", guard.__file__],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def __enter__(self) -> Spawner:
        return self

    def __exit__(self, *_: object) -> None:
        if self._guard.stdin is not None:
            self._guard.stdin.close()
        self._guard.wait()

    def log_of(self, program: Program) -> Path:
        """Where this program's output goes."""
        return self._logs / f"{program.name}.log"

    def start(self, program: Program) -> subprocess.Popen[bytes]:
        """Start it; raises OSError when there is no such program."""
        path = self.log_of(program)
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            # Put aside; the one put aside before is given up.
            path.replace(path.with_suffix(".log.1"))
        with path.open("ab") as log:
            child = subprocess.Popen(
                program.command,
                env=self._environment,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=self._die_with_parent,
            )
        self._name_to_guard(f"+{child.pid}")
        return child

    def ended(self, child: subprocess.Popen[bytes]) -> None:
        """To be called once after the end of a child: ends what it started itself."""
        kill_group(child.pid)
        self._name_to_guard(f"-{child.pid}")

    def _name_to_guard(self, line: str) -> None:
        if self._guard.stdin is None:
            return
        with contextlib.suppress(BrokenPipeError):
            self._guard.stdin.write(line.encode() + b"\n")
            self._guard.stdin.flush()


def kill_group(group: int) -> None:
    """Kill a child and all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def die_with_parent() -> Callable[[], None] | None:
    """On Linux the kernel itself ends a child whose parent has gone; the guard does for
    what the children started, and elsewhere.

    Made before the fork: after it, nothing but the one call is safe.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
