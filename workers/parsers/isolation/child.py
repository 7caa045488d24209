"""The process that parses: `python -m workers.parsers.isolation.child`. Files come in
on stdin one after the other, readings go out on stdout.

It holds no key, may write no file, open no connection and start no program, and has its
memory, processor time and open files limited. Started by
`workers.parsers.isolation.sandbox` only.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from shared.errors import FileRejected
from workers.parsers.document import Limits
from workers.parsers.isolation import frames_protocol as wire

OPEN_FILES = 128
_FORBIDDEN = (
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.remove",
    "os.rename",
    "os.mkdir",
    "shutil.rmtree",
)
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000


def main() -> None:
    """Serve until stdin ends."""
    requests, answers = (
        sys.stdin.buffer,
        os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0),
    )
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _lock_up()
    while True:
        request = wire.receive(requests)
        if request is None:
            return
        data = wire.exactly(requests, int(request["size"]))
        if data is None:
            return
        answers.write(wire.pack(answer(data, request, answers)))


def answer(
    data: bytes, request: Mapping[str, Any], answers: BinaryIO
) -> dict[str, Any]:
    """What became of one file: {"reading": ...} or {"error": ...}; its progress is
    written on the way.
    """
    from workers.parsers.dispatch import read

    limits = Limits(**request["limits"])
    _limit(limits)
    try:
        media_type, reading = read(
            data,
            limits,
            lambda done, total: _tell(answers, done, total),
            request["name"],
        )
    except FileRejected as error:
        return {"error": [error.code, error.message]}
    return {"reading": wire.packed_reading(media_type, reading)}


def _tell(answers: BinaryIO, done: int, total: int) -> None:
    answers.write(wire.pack({"progress": [done, total]}))


def _lock_up() -> None:
    """Give up, once and for all, what parsing never needs."""
    _stay_nice()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    _leave_network()
    sys.addaudithook(_audit)
    sys.setrecursionlimit(1000)


def _stay_nice() -> None:
    """As nice as whoever started this process: a session of its own would get a share
    of its own where the kernel shares out by sessions.
    """
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(os.nice(0)))


def _leave_network() -> None:
    """Where the system allows it, this process has no network at all."""
    try:
        ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER | _NEW_NET)
    except (OSError, AttributeError):
        return


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _FORBIDDEN:
        raise PermissionError(f"{event} is not for a process that parses")


def _limit(limits: Limits) -> None:
    """Memory, and processor time counted from now: the process is used again for the next file."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, resource.RLIM_INFINITY))
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + limits.seconds * 2) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


if __name__ == "__main__":
    threading.stack_size(64 * 1024 * 1024)
    worker = threading.Thread(target=main)
    worker.start()
    worker.join()
