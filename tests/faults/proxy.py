"""Stands between a process and a store: passes everything on, refuses, hangs, or calls
somebody before a request goes on.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Literal

_CHUNK = 256 * 1024
Mode = Literal["pass", "refuse", "hang"]


class Proxy:
    """Listens on a free port of loopback while it is entered, and connects to `target`.

    `before(chunk)` is called with what a client sends before it goes on; when it returns
    False, it does not.
    """

    def __init__(
        self, target: int, before: Callable[[bytes], bool] | None = None
    ) -> None:
        self._target = target
        self._before = before
        self._passing = threading.Event()
        self._passing.set()
        self._refusing = False
        self._sockets: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]

    def __enter__(self) -> Proxy:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.set("refuse")
        self._listening.close()

    def set(self, mode: Mode) -> None:
        """From now on: `pass` on; `refuse` and cut off; `hang`: hold everything until
        the next `pass`, without a word.
        """
        self._refusing = mode == "refuse"
        if mode == "hang":
            self._passing.clear()
        else:
            self._passing.set()
        if mode == "refuse":
            for connection in list(self._sockets):
                self._close(connection)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        self._sockets.add(client)
        if self._refusing:
            return self._close(client)
        self._passing.wait()
        try:
            server = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            return self._close(client)
        self._sockets.add(server)
        back = threading.Thread(
            target=self._pump, args=(server, client, None), daemon=True
        )
        back.start()
        self._pump(client, server, self._before)

    def _pump(
        self,
        source: socket.socket,
        sink: socket.socket,
        before: Callable[[bytes], bool] | None,
    ) -> None:
        with suppress(OSError):
            while chunk := source.recv(_CHUNK):
                self._passing.wait()
                if before is not None and not before(chunk):
                    break
                sink.sendall(chunk)
        self._close(source)
        self._close(sink)

    def _close(self, connection: socket.socket) -> None:
        self._sockets.discard(connection)
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()
