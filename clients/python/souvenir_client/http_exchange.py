"""How calls become HTTP requests, and answers results: what both clients share."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import httpx

from souvenir_client.calls import API, ApiError, Call, Task
from souvenir_client.patience import BUSY, PAUSES, UNSENT, Answer
from souvenir_client.sse import UNREADABLE

__all__ = ["BUSY", "PAUSES", "UNAVAILABLE", "UNREADABLE"]

T = TypeVar("T")
OnProgress = Callable[[Task], object]

SUCCESS = frozenset({0, 200})
"""The codes of success, of the Cloud's routes and of those under /product."""

DEFAULT_URL = "http://127.0.0.1:8000"

UNAVAILABLE = 50004
"""The contract's code where no answer came."""

EVENT_STREAM = "text/event-stream"


def auth_headers(api_key: str | None) -> dict[str, str]:
    """The headers that carry a key; by default that of SOUVENIR_API_KEY. Raises
    ValueError, without the key, for one that no header can carry.
    """
    given = os.environ.get("SOUVENIR_API_KEY", "") if api_key is None else api_key
    key = given.strip()  # a file that holds a secret mostly ends with a line break
    if not all("!" <= character <= "~" for character in key):
        raise ValueError("the API key holds a character that no key has")
    return {"Authorization": f"Token {key}"} if key else {}


def api_url(base_url: str | None) -> str:
    """The URL of the API; by default on the server of SOUVENIR_URL."""
    url = base_url or os.environ.get("SOUVENIR_URL") or DEFAULT_URL
    base = url.rstrip("/")
    return base if base.endswith(("/v1", "/product")) else base + API


def request_arguments(call: Call[Any]) -> dict[str, Any]:
    """The arguments of httpx's `request` and `stream` for a call. The body is ASCII: a
    text may hold half an emoji, which UTF-8 has no bytes for.
    """
    arguments: dict[str, Any] = {
        "method": call.method,
        "url": call.path.lstrip("/"),
        "headers": dict(call.headers),
    }
    if call.method == "GET":
        return {**arguments, "params": call.body}
    arguments["headers"]["Content-Type"] = "application/json"
    body = json.dumps(call.body, separators=(",", ":"), allow_nan=False)
    return {**arguments, "content": body.encode()}


def read_answer(call: Call[T], answer: Answer) -> T:
    """The result of a call. Raises ApiError for every answer that is not a success, and
    where there is none.
    """
    if isinstance(answer, httpx.TransportError):
        raise unavailable(answer)
    if answer.has_redirect_location:
        raise _elsewhere(answer)
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


def is_event_stream(answer: httpx.Response) -> bool:
    """Whether an answer is the stream that was asked for."""
    kind = answer.headers.get("Content-Type", "")
    return bool(answer.is_success and kind.startswith(EVENT_STREAM))


def refuse_stream(call: Call[Any], answer: httpx.Response) -> NoReturn:
    """Raises the ApiError of an answer that is no stream of events."""
    read_answer(call, answer)
    kind = answer.headers.get("Content-Type", "no type")
    message = f"no stream of events: {kind}"
    raise ApiError(UNREADABLE, message, answer.status_code)


def unavailable(error: httpx.TransportError) -> ApiError:
    """The error of a request that was not answered."""
    url = error.request.url.copy_with(userinfo=b"", query=None)
    # What cannot be sent is not quoted: httpx would show the header with the key.
    reason = "" if isinstance(error, UNSENT) else str(error)
    message = f"no answer from {url}: {reason or type(error).__name__}"
    api_error = ApiError(UNAVAILABLE, message, 0)
    if not isinstance(error, UNSENT):
        api_error.__cause__ = error
    return api_error


def _elsewhere(answer: httpx.Response) -> ApiError:
    """The error of an answer that sends on, mostly from http to https. It is not
    followed: the key would go to whatever address it names.
    """
    asked = answer.request.url.path
    target = answer.request.url.join(answer.headers["Location"])
    place = str(target.copy_with(userinfo=b"", query=None)).removesuffix(asked)
    message = f"the server is at {place}: use that address"
    return ApiError(UNREADABLE, message, answer.status_code)
