"""An endpoint on loopback that embeds and reranks as such endpoints do: well, slowly, with
errors, with limits.

    with EmbeddingServer(size=8) as server:
        server.failing = 503
        ...

`server.requests` holds path and body of every request, `server.texts` every text that
was embedded, in order. A vector counts triples of letters, so that texts with the same
words are near each other; a different `salt` is another model.
"""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from zlib import crc32


@dataclass
class EmbeddingServer:
    """Listens on a free port of loopback while it is entered; may be started again on
    the same port after it was stopped.
    """

    size: int = 8
    salt: str = ""
    key: str = ""
    """Asked for, where there is one."""
    most_texts: int = 1000
    """Of one request; more are refused with 413."""
    most_characters: int = 100_000
    """Of one text; more are refused with 400."""
    rerank_form: str = "jina"
    """jina or tei."""
    failing: int = 0
    """The HTTP status of every answer, where it is not 0."""
    fail_next: int = 0
    """How many requests are answered with 503 and Retry-After 0."""
    hanging: bool = False
    """Never answers until it is closed."""
    delay_s: float = 0.0
    """Before every answer."""
    raw: Any = None
    """In place of every answer."""
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._http: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        """The base URL to give to a client."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def texts(self) -> list[str]:
        """All that was embedded."""
        return [
            text
            for path, body in self.requests
            if path.endswith("/embeddings")
            for text in body.get("input", ())
        ]

    def __enter__(self) -> EmbeddingServer:
        owner = self

        class Handler(_Handler):
            server_of = owner

        self._closing.clear()
        self._http = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._http.daemon_threads = True
        self.port = self._http.server_address[1]
        threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def stopped(self) -> bool:
        """Whether it answers nobody."""
        return self._closing.is_set()

    def stop(self) -> None:
        """From here on nothing listens."""
        self._closing.set()
        if self._http is not None:
            self._http.shutdown()
            self._http.server_close()
            self._http = None

    def answer(self, path: str, body: dict[str, Any], key: str) -> tuple[int, Any]:
        """HTTP status and JSON of one answer."""
        with self._lock:
            self.requests.append((path, body))
            failing = self.failing or (503 if self.fail_next > 0 else 0)
            self.fail_next -= 1
        if self.hanging:
            self._closing.wait(30)
        if self.delay_s:
            self._closing.wait(self.delay_s)
        if failing:
            return failing, {"error": {"message": f"answers {failing}"}}
        if self.key and key != f"Bearer {self.key}":
            return 401, {"error": {"message": "wrong key"}}
        if self.raw is not None:
            return 200, self.raw
        if path.endswith("/embeddings"):
            return self._embeddings(body)
        return self._ranking(body)

    def _embeddings(self, body: dict[str, Any]) -> tuple[int, Any]:
        texts = body.get("input")
        if not texts:  # asked to see whether somebody is there, and by whom
            return 400, {"error": {"message": "no input"}}
        if len(texts) > self.most_texts:
            return 413, {"error": {"message": "batch too large"}}
        if not all(text and len(text) <= self.most_characters for text in texts):
            return 400, {"error": {"message": "an input is empty or too long"}}
        size = body.get("dimensions", self.size)
        data = [
            {
                "object": "embedding",
                "index": index,
                "embedding": vector(text, size, self.salt),
            }
            for index, text in enumerate(texts)
        ]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        answer = {"object": "list", "model": body["model"], "usage": usage}
        return 200, answer | {"data": data[::-1]}

    def _ranking(self, body: dict[str, Any]) -> tuple[int, Any]:
        """Texts that hold more of the query's last word's letters first."""
        name = "documents" if self.rerank_form == "jina" else "texts"
        if name not in body:
            return 422, {"error": f"missing field {name}"}
        scores = [wanted(body["query"], text) for text in body[name]]
        if self.rerank_form == "tei":
            rows = [
                {"index": index, "score": score} for index, score in enumerate(scores)
            ]
            return 200, sorted(rows, key=lambda row: -row["score"])
        rows = [
            {"index": index, "relevance_score": score}
            for index, score in enumerate(scores)
        ]
        return 200, {"results": sorted(rows, key=lambda row: -row["relevance_score"])}


def wanted(query: str, text: str) -> float:
    """A reranker with a will of its own: what speaks of a "best" is the best."""
    return 0.9 if "best" in text else 0.1 + 0.0001 * len(set(query) & set(text))


def vector(text: str, size: int, salt: str = "") -> list[float]:
    """Triples of letters, counted into places that their hash chooses."""
    counts = [0.01] * size
    padded = f"  {' '.join(text.lower().split())} "
    for start in range(len(padded) - 2):
        triple = f"{salt}{padded[start : start + 3]}".encode("utf-8", "replace")
        counts[crc32(triple) % size] += 1.0
    return counts


def unit(numbers: Sequence[float]) -> list[float]:
    """The same at unit length."""
    length = math.hypot(*numbers)
    return [number / length for number in numbers]


class _Handler(BaseHTTPRequestHandler):
    server_of: EmbeddingServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        if self.server_of.stopped:  # what came by a connection that is still open
            self.close_connection = True
            return
        key = self.headers.get("Authorization") or ""
        status, answer = self.server_of.answer(self.path, body, key)
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Retry-After", "0")
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(data)  # whoever asked may have given up
