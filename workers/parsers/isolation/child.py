"""The process that parses: `python -m workers.parsers.isolation.child`. Files come in
on stdin one after the other, parsed files go out on stdout.

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
from workers.parsers.document import FileLimits
from workers.parsers.isolation import pipe_protocol

OPEN_FILES = 128
RECURSION_LIMIT = 1000
STACK_BYTES = 64 * 1024 * 1024
"""Of the thread that parses: enough for that recursion in C libraries too."""
CPU_SECONDS_PER_SECOND = 2
"""Processor seconds that a file may use for each second that it may take by the clock:
libraries may work in two threads.
"""
_FORBIDDEN_EVENTS = (
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
"""Events of `sys.addaudithook`."""
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
"""Flags of unshare(2)."""


def main() -> None:
    """Serve until stdin ends."""
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    drop_privileges()
    while True:
        request = pipe_protocol.receive_frame(requests)
        if request is None:
            return
        data = pipe_protocol.read_exactly(requests, int(request["size"]))
        if data is None:
            return
        answers.write(pipe_protocol.pack_frame(answer(data, request, answers)))


def answer(
    data: bytes, request: Mapping[str, Any], answers: BinaryIO
) -> dict[str, Any]:
    """The last frame for one file; the frames of its progress are written on the way."""
    from workers.parsers.dispatch import parse_bytes

    def report_progress(done: int, total: int) -> None:
        answers.write(pipe_protocol.pack_frame({"progress": [done, total]}))

    limits = FileLimits(**request["limits"])
    apply_limits(limits)
    try:
        parsed = parse_bytes(data, limits, report_progress, request["name"])
    except FileRejected as error:
        return {"error": [error.code, error.message]}
    return {"parsed": pipe_protocol.pack_parsed_file(parsed)}


def drop_privileges() -> None:
    """Give up, for good, what parsing never needs: core dumps, writing, more than a few
    open files, the network, other programs, deep recursion.
    """
    # As nice as whoever started this process: a session of its own would get a share of
    # its own where the kernel schedules by sessions.
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(os.nice(0)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)

    def refuse_forbidden(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _FORBIDDEN_EVENTS:
            raise PermissionError(f"{event} is not for a process that parses")

    sys.addaudithook(refuse_forbidden)
    sys.setrecursionlimit(RECURSION_LIMIT)


def apply_limits(limits: FileLimits) -> None:
    """Limit memory, and processor time counted from now: the process is used again for
    the next file.
    """
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, resource.RLIM_INFINITY))
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = usage.ru_utime + usage.ru_stime
    seconds = int(used + limits.seconds * CPU_SECONDS_PER_SECOND) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


if __name__ == "__main__":
    threading.stack_size(STACK_BYTES)
    parsing_thread = threading.Thread(target=main)
    parsing_thread.start()
    parsing_thread.join()
