"""A file server on loopback: paths to bytes; a path in `endless` streams for ever."""

from __future__ import annotations

import threading
import urllib.parse
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


class FileServer:
    """Listens on a free port while it is entered. `files`: path (unquoted) -> bytes."""

    def __init__(
        self, files: Mapping[str, bytes], endless: frozenset[str] = frozenset()
    ) -> None:
        files_, endless_ = dict(files), endless

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urllib.parse.unquote(self.path)
                if path in endless_:
                    self._stream()
                    return
                data = files_.get(path)
                self.send_response(200 if data is not None else 404)
                self.send_header("Content-Length", str(len(data or b"")))
                self.end_headers()
                self.wfile.write(data or b"")

            def _stream(self) -> None:
                self.send_response(200)
                self.end_headers()
                try:
                    for _ in range(1024):  # a GiB: whoever reads all of it has no cap
                        self.wfile.write(b"\0" * 1_048_576)
                except OSError:
                    pass

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> FileServer:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
