"""A Valkey server of its own for tests, on a free port, without persistence unless a
folder is kept.

with valkey(folder) as server:
    server.url
"""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.launcher.network import free_ports
from services.launcher.valkey import valkey_command, valkey_server

PATIENCE_S = 60.0


@dataclass
class Valkey:
    """A server that can be killed and started again on the same port and folder."""

    folder: Path
    port: int
    options: tuple[str, ...] = ()
    """Further ones of the server."""
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Returns when it answers."""
        command = valkey_command(valkey_server(), self.folder, self.port)
        command = (*command, *self.options)
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + PATIENCE_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"valkey does not start on port {self.port}")
            time.sleep(0.02)

    def kill(self) -> None:
        """As a power failure would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            with socket.create_connection(
                ("127.0.0.1", self.port), timeout=1.0
            ) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


@contextmanager
def valkey(folder: Path, *options: str) -> Iterator[Valkey]:
    """A running server, killed in the end."""
    server = Valkey(folder, free_ports(1)[0], options)
    server.start()
    try:
        yield server
    finally:
        server.kill()
