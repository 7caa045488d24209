"""A receiver of webhooks on loopback: records deliveries and answers with given statuses."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request as it came; the names of its headers in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """Listens on a free port while it is entered. Answers the first requests with
    `statuses`, one after the other, all others with 204.

    While `holding` is set an answer waits: that of a receiver that is slow.
    """

    def __init__(self, statuses: Iterable[int] = (), location: str = "") -> None:
        self.deliveries: list[Delivery] = []
        self.holding = threading.Event()
        self._go_on = threading.Event()
        answers = iter(list(statuses))
        outer, lock = self, threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                with lock:
                    outer.deliveries.append(
                        Delivery(
                            self.path,
                            {
                                name.lower(): value
                                for name, value in self.headers.items()
                            },
                            body,
                        )
                    )
                    status = next(answers, 204)
                if outer.holding.is_set():
                    outer._go_on.wait()
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/hook"

    def go_on(self) -> None:
        """Let every held answer go, and hold none any more."""
        self.holding.clear()
        self._go_on.set()

    def __enter__(self) -> Receiver:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.go_on()
        self._server.shutdown()
        self._server.server_close()
