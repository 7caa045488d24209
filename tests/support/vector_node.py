"""A vector node in a process of its own, on a free port, for as long as a test wants it."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

_ATTEMPTS = 600
_PAUSE_S = 0.05


class VectorNode:
    """A node process; `url` is what a client takes. May be killed and started again on
    the same data and port.
    """

    def __init__(self, data: Path, *options: str) -> None:
        self.data = data
        self.options = options
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Start the process and wait until it answers."""
        command = [
            sys.executable,
            "-m",
            "services.vectors",
            "--data",
            str(self.data),
            "--port",
            str(self.port),
            *self.options,
        ]
        self.process = subprocess.Popen(command)
        for _ in range(_ATTEMPTS):
            if self.process.poll() is not None:
                raise RuntimeError(
                    f"the vector node ended with {self.process.returncode}"
                )
            if _answers(self.url + "/readyz"):
                return
            sleep(_PAUSE_S)
        raise TimeoutError("the vector node does not answer")

    def kill(self) -> None:
        """kill -9: no goodbye, nothing flushed."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        self.process.terminate()
        return self.process.wait()


@contextmanager
def vector_node(data: Path, *options: str) -> Iterator[VectorNode]:
    """A running node over the folder `data`; stopped, or killed if it must be, at the end."""
    node = VectorNode(data, *options)
    try:
        yield node
    finally:
        node.kill()


def free_port() -> int:
    """A port of the loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
