"""How calls become HTTP requests, and answers results: what both clients share."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any, TypeVar

import httpx

from souvenir_client.calls import API, ApiError, Call, Task, task_of

T = TypeVar("T")
OnProgress = Callable[[Task], object]
Answer = httpx.Response | httpx.TransportError

PAUSES = (0.25, 0.5, 1.0)
"""Seconds between the tries of a request that may be sent again."""

SUCCESS = frozenset({0, 200})
"""The codes of success, of the Cloud's routes and of those under /product."""

BUSY = frozenset({429, 502, 503, 504})
"""HTTP statuses after which the same request may succeed."""

DEFAULT_URL = "http://127.0.0.1:8000"

UNREADABLE, UNAVAILABLE, STREAM_FAILED = 50000, 50004, 50002
"""Codes of the contract for what the server does not say itself."""


def auth_headers(api_key: str | None) -> dict[str, str]:
    """The headers that carry a key; by default that of SOUVENIR_API_KEY."""
    key = os.environ.get("SOUVENIR_API_KEY", "") if api_key is None else api_key
    return {"Authorization": f"Token {key}"} if key else {}


def api_url(base_url: str | None) -> str:
    """The URL of the API; by default on the server of SOUVENIR_URL."""
    url = base_url or os.environ.get("SOUVENIR_URL") or DEFAULT_URL
    base = url.rstrip("/")
    return base if base.endswith(("/v1", "/product")) else base + API


def request_arguments(call: Call[Any]) -> dict[str, Any]:
    """The arguments of httpx's `request` and `stream` for a call."""
    body_argument = "params" if call.method == "GET" else "json"
    return {
        "method": call.method,
        "url": call.path.lstrip("/"),
        "headers": call.headers,
        body_argument: call.body,
    }


def read_answer(call: Call[T], answer: Answer) -> T:
    """The result of a call. Raises ApiError for every answer that is not a success, and
    where there is none.
    """
    if isinstance(answer, httpx.TransportError):
        raise unavailable(answer)
    try:
        body = answer.json()
        if answer.is_success and (not call.enveloped or body["code"] in SUCCESS):
            return call.read(body["data"] if call.enveloped else body)
        code, message = int(body["code"]), str(body.get("message") or "")
        refusal = ApiError(code, message, answer.status_code)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        message = f"no answer that can be read: {answer.text[:200]!r}"
        raise ApiError(UNREADABLE, message, answer.status_code) from None
    raise refusal


def unavailable(error: httpx.TransportError) -> ApiError:
    """The error of a request that was not answered."""
    url = error.request.url.copy_with(query=None)
    reason = str(error) or type(error).__name__
    api_error = ApiError(UNAVAILABLE, f"no answer from {url}: {reason}", 0)
    api_error.__cause__ = error
    return api_error


def may_repeat(call: Call[Any], answer: Answer) -> bool:
    """Whether a call failed in passing and may be sent again. What never reached the
    server always may.
    """
    if isinstance(answer, httpx.TransportError):
        return call.idempotent or isinstance(
            answer, httpx.ConnectError | httpx.ConnectTimeout
        )
    return call.idempotent and answer.status_code in BUSY


def chat_words(line: str) -> str:
    """The words in a line of a chat's stream of events, '' where there are none. Raises
    ApiError for an error event.
    """
    if not line.startswith("data:"):
        return ""
    event = json.loads(line.removeprefix("data:"))
    if event.get("type") == "error":
        code = int(event.get("code") or STREAM_FAILED)
        raise ApiError(code, str(event.get("content") or event.get("data")), 200)
    return str(event["data"]) if event.get("type") == "text" else ""


class TaskStream:
    """Reads the stream of events of a task, line by line."""

    def __init__(self) -> None:
        self.ended = False
        """Whether the server has said that the task has ended."""

    def read(self, line: str) -> Task | None:
        """The task in a line; None in lines without one."""
        if line.startswith("event:"):
            self.ended = line.removeprefix("event:").strip() == "end"
        if not line.startswith("data:"):
            return None
        return task_of(json.loads(line.removeprefix("data:")))
