"""A small OpenAI-compatible endpoint on loopback that answers as asked: well, badly,
slowly, with errors.

    with ModelServer(Say("hello"), Say(status=500)) as server:
        OpenAIChat("m", "m", ModelRole(server.url))

Answers are given in order, the last one over and over; a function from the request's
body to a `Say` decides for itself. `server.requests` holds the bodies that came in,
`server.headers` their headers (lower case), `server.most_at_once` how many were being
answered at one time. `GET /models` lists `server.models`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType, TracebackType
from typing import Any

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Say:
    """One answer. `finish` is its `finish_reason`; `usage` its tokens (prompt,
    completion), None for an endpoint that counts none; `headers` are those of the
    answer. `raw` replaces the whole body; `pieces` are the deltas of a stream (default:
    the text, word by word). `after_s` answers that much later, `hangs` never until the
    server closes; `breaks` drops the connection in the middle of a stream.
    """

    text: str | None = ""
    reasoning: str = ""
    status: int = 200
    error: Mapping[str, Any] = field(default_factory=dict)
    raw: str | None = None
    pieces: tuple[str, ...] = ()
    hangs: bool = False
    breaks: bool = False
    finish: str = "stop"
    usage: tuple[int, int] | None = (100, 20)
    headers: Mapping[str, str] = field(default_factory=dict)
    after_s: float = 0.0


def refusal(words: str, param: str | None = None, status: int = 400) -> Say:
    """An error answer as OpenAI and its look-alikes give it."""
    return Say(
        status=status,
        error={
            "error": {
                "message": words,
                "type": "invalid_request_error",
                "param": param,
                "code": None,
            }
        },
    )


def without_formats(*refused: str, then: Say) -> Callable[[Body], Say]:
    """An endpoint that refuses these response formats and answers `then` otherwise."""

    def answer(body: Body) -> Say:
        kind = (body.get("response_format") or {}).get("type")
        return (
            refusal(f"response_format {kind} is not supported")
            if kind in refused
            else then
        )

    return answer


class ModelServer:
    """Listens on a free port of loopback while it is entered."""

    def __init__(self, *answers: Say | Callable[[Body], Say]) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.models = ["m"]
        self.most_at_once = 0
        self._at_once = 0
        self._answers = answers
        self._asked = 0
        self._lock = threading.Lock()
        self.closing = threading.Event()
        owner = self

        class Handler(_Handler):
            server_of = owner

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True

    @property
    def url(self) -> str:
        """The base URL to give to a client."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> ModelServer:
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
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Counted in `most_at_once` while it lasts."""
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            yield
        finally:
            with self._lock:
                self._at_once -= 1

    def answer(self, body: dict[str, Any], headers: dict[str, str]) -> Say:
        """The next answer, noting who asked what."""
        with self._lock:
            self.requests.append(body)
            self.headers.append(headers)
            answer = self._answers[min(self._asked, len(self._answers) - 1)]
            self._asked += 1
        return answer if isinstance(answer, Say) else answer(body)


class _Handler(BaseHTTPRequestHandler):
    server_of: ModelServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    """Else the first words on a kept connection wait some 40 ms in this server: for the
    acknowledgement of the headers, which the client's kernel delays.
    """

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        listed = [{"id": name, "object": "model"} for name in self.server_of.models]
        self._send(json.dumps({"object": "list", "data": listed}), 200)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self.server_of.answering():
            self._answer(body, self.server_of.answer(body, headers))

    def _answer(self, body: Body, say: Say) -> None:
        if say.hangs or say.after_s:
            closed = self.server_of.closing.wait(30 if say.hangs else say.after_s)
            if say.hangs or closed:
                self.close_connection = True
                return
        if say.status != 200 or say.raw is not None:
            text = say.raw
            if text is None:
                text = json.dumps(say.error or {"error": {"message": "no"}})
            self._send(text, say.status, say.headers)
        elif body.get("stream"):
            self._stream(say, bool(body.get("stream_options")))
        else:
            self._send(json.dumps(_completion(say)), 200, say.headers)

    def _send(
        self, text: str, status: int, headers: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header(
            "Content-Type", "application/json" if text[:1] in "{[" else "text/html"
        )
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(ConnectionError):  # the client has given up
            self.wfile.write(data)

    def _stream(self, say: Say, counted: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if say.reasoning:
            self._event(_delta({"reasoning_content": say.reasoning}))
        for piece in say.pieces or tuple(
            f"{word} " for word in (say.text or "").split(" ")
        ):
            self._event(_delta({"content": piece}))
        if say.breaks:
            self.close_connection = True
            return
        self._event(_delta({}, say.finish))
        if counted and say.usage:
            self._event({**_delta({}), "usage": _usage(say), "choices": []})
        self._chunk("data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _event(self, value: Mapping[str, Any]) -> None:
        self._chunk(f"data: {json.dumps(value, ensure_ascii=False)}\n\n")

    def _chunk(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()


def _completion(say: Say) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": say.text}
    if say.reasoning:
        message["reasoning_content"] = say.reasoning
    completion: dict[str, Any] = {
        "id": "c1",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [{"index": 0, "finish_reason": say.finish, "message": message}],
    }
    if say.usage:
        completion["usage"] = _usage(say)
    return completion


def _usage(say: Say) -> dict[str, int]:
    prompt, completion = say.usage or (0, 0)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }


def _delta(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "m",
        "choices": [{"index": 0, "finish_reason": finish, "delta": delta}],
    }
