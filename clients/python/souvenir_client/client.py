"""The two clients: `Client` blocks, `AsyncClient` is awaited. The methods are those of `calls.py`, under two names each."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import httpx

from souvenir_client import calls
from souvenir_client.calls import API, ApiError, Call, Task

P = ParamSpec("P")
T = TypeVar("T")
OnProgress = Callable[[Task], object]

PAUSES = (0.25, 0.5, 1.0)
"""Seconds between the tries of a request that may be sent again."""

SUCCESS = frozenset({0, 200})
BUSY = frozenset({429, 502, 503, 504})
"""HTTP statuses after which the same request may succeed."""


def _headers(key: str) -> dict[str, str]:
    return {"Authorization": f"Token {key}"} if key else {}


def _url(base_url: str | None) -> str:
    base = (base_url or os.environ.get("SOUVENIR_URL") or "http://127.0.0.1:8000").rstrip("/")
    return base if base.endswith(("/v1", "/product")) else base + API


def _key(api_key: str | None) -> str:
    return api_key if api_key is not None else os.environ.get("SOUVENIR_API_KEY", "")


def _body(call: Call[Any]) -> dict[str, Any] | None:
    return call.body if call.method == "POST" else None


def _read(call: Call[T], answer: httpx.Response) -> T:
    """The result of a call. Raises ApiError for every answer that is not a success."""
    try:
        body = answer.json()
        if answer.is_success and (not call.enveloped or body["code"] in SUCCESS):
            return call.read(body["data"] if call.enveloped else body)
        refused = ApiError(int(body["code"]), str(body.get("message") or ""), answer.status_code)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        raise ApiError(50000, f"no answer that can be read: {answer.text[:200]!r}", answer.status_code) from None
    raise refused


def _may_pass(call: Call[Any], answer: httpx.Response) -> bool:
    return call.idempotent and answer.status_code in BUSY


def _may_repeat(call: Call[Any], error: httpx.TransportError) -> bool:
    """What never reached the server may always be sent again."""
    return call.idempotent or isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)


def _unanswered(error: httpx.TransportError, base_url: httpx.URL) -> ApiError:
    return ApiError(50004, f"no answer from {base_url}: {str(error) or type(error).__name__}", 0)


def _words(line: str) -> str:
    """The words in a line of a stream of events, if there are any. Raises ApiError for an error among them."""
    if not line.startswith("data:"):
        return ""
    event = json.loads(line[5:])
    if event.get("type") == "error":
        raise ApiError(int(event.get("code") or 50002), str(event.get("content") or event.get("data")), 200)
    return str(event["data"]) if event.get("type") == "text" else ""


def _blocking(build: Callable[P, Call[T]]) -> Callable[Concatenate[Any, P], T]:
    @wraps(build)
    def method(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        result: T = self.send(build(*args, **kwargs))
        return result

    return method


def _awaited(build: Callable[P, Call[T]]) -> Callable[Concatenate[Any, P], Awaitable[T]]:
    @wraps(build)
    async def method(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        result: T = await self.send(build(*args, **kwargs))
        return result

    return method


class Client:
    """Blocks until the answer is there. Raises ApiError when the server says no or cannot be reached."""

    def __init__(
        self,
        base_url: str | None = None,
        api_key: str | None = None,
        *,
        timeout: float = 30.0,
        pauses: Sequence[float] = PAUSES,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._http = httpx.Client(base_url=_url(base_url), headers=_headers(_key(api_key)), timeout=timeout, transport=transport)
        self._pauses = pauses

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def send(self, call: Call[T]) -> T:
        """Send a call, again after a passing fault where that is safe."""
        for pause in (*self._pauses, None):
            try:
                answer = self._http.request(call.method, call.path.lstrip("/"), json=_body(call), headers=call.headers)
                if pause is None or not _may_pass(call, answer):
                    return _read(call, answer)
            except httpx.TransportError as error:
                if pause is None or not _may_repeat(call, error):
                    raise _unanswered(error, self._http.base_url) from error
            time.sleep(pause)
        raise AssertionError("the last pause is None")

    add = add_message = _blocking(calls.add)
    search = search_memory = _blocking(calls.search)
    get = get_messages = get_message = _blocking(calls.get)
    chat = _blocking(calls.chat)
    memories = get_memory = _blocking(calls.memories)
    memory = get_memory_by_id = _blocking(calls.memory)
    status = get_status = get_task_status = _blocking(calls.status)
    delete = delete_memory = _blocking(calls.delete)
    update = update_memory = _blocking(calls.update)
    feedback = add_feedback = _blocking(calls.feedback)
    extract = extract_memory = _blocking(calls.extract)
    rerank = _blocking(calls.rerank)
    users = _blocking(calls.users)
    export = _blocking(calls.export)
    bring_in = _blocking(calls.bring_in)
    create_knowledgebase = _blocking(calls.create_knowledgebase)
    delete_knowledgebase = _blocking(calls.delete_knowledgebase)
    add_knowledgebase_file = add_knowledgebase_file_json = _blocking(calls.add_knowledgebase_file)
    get_knowledgebase_file = _blocking(calls.get_knowledgebase_file)
    delete_knowledgebase_file = _blocking(calls.delete_knowledgebase_file)

    def wait_for(self, task_id: str, on_progress: OnProgress | None = None, *, every: float = 0.3, longest: float = 3600.0) -> Task:
        """Poll a task until it has ended; `on_progress` sees each state. Raises TimeoutError after `longest` seconds."""
        end = time.monotonic() + longest
        while time.monotonic() < end:
            task = self.status(task_id)
            if on_progress is not None:
                on_progress(task)
            if task.ended:
                return task
            time.sleep(every)
        raise TimeoutError(f"task {task_id} is still running")

    def upload(
        self,
        file: str | Path | bytes,
        user_id: str,
        conversation_id: str | None = None,
        *,
        name: str = "",
        text: str = "",
        on_progress: OnProgress | None = None,
        **more: Any,
    ) -> Task:
        """Remember a file and wait until it has been read."""
        return self.wait_for(self.send(calls.upload_file(file, user_id, conversation_id, name=name, text=text, **more)).task_id, on_progress)

    def chat_stream(self, query: str, user_id: str, conversation_id: str | None = None, **more: Any) -> Iterator[str]:
        """The words of an answer as they come."""
        call = calls.chat(query, user_id, conversation_id, stream=True, **more)
        try:
            with self._http.stream("POST", call.path.lstrip("/"), json=call.body) as answer:
                if not answer.is_success:
                    answer.read()
                    _read(call, answer)
                for line in answer.iter_lines():
                    if words := _words(line):
                        yield words
        except httpx.TransportError as error:
            raise _unanswered(error, self._http.base_url) from error


class AsyncClient:
    """The same methods, to be awaited."""

    def __init__(
        self,
        base_url: str | None = None,
        api_key: str | None = None,
        *,
        timeout: float = 30.0,
        pauses: Sequence[float] = PAUSES,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._http = httpx.AsyncClient(base_url=_url(base_url), headers=_headers(_key(api_key)), timeout=timeout, transport=transport)
        self._pauses = pauses

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def send(self, call: Call[T]) -> T:
        """Send a call, again after a passing fault where that is safe."""
        for pause in (*self._pauses, None):
            try:
                answer = await self._http.request(call.method, call.path.lstrip("/"), json=_body(call), headers=call.headers)
                if pause is None or not _may_pass(call, answer):
                    return _read(call, answer)
            except httpx.TransportError as error:
                if pause is None or not _may_repeat(call, error):
                    raise _unanswered(error, self._http.base_url) from error
            await asyncio.sleep(pause)
        raise AssertionError("the last pause is None")

    add = add_message = _awaited(calls.add)
    search = search_memory = _awaited(calls.search)
    get = get_messages = get_message = _awaited(calls.get)
    chat = _awaited(calls.chat)
    memories = get_memory = _awaited(calls.memories)
    memory = get_memory_by_id = _awaited(calls.memory)
    status = get_status = get_task_status = _awaited(calls.status)
    delete = delete_memory = _awaited(calls.delete)
    update = update_memory = _awaited(calls.update)
    feedback = add_feedback = _awaited(calls.feedback)
    extract = extract_memory = _awaited(calls.extract)
    rerank = _awaited(calls.rerank)
    users = _awaited(calls.users)
    export = _awaited(calls.export)
    bring_in = _awaited(calls.bring_in)
    create_knowledgebase = _awaited(calls.create_knowledgebase)
    delete_knowledgebase = _awaited(calls.delete_knowledgebase)
    add_knowledgebase_file = add_knowledgebase_file_json = _awaited(calls.add_knowledgebase_file)
    get_knowledgebase_file = _awaited(calls.get_knowledgebase_file)
    delete_knowledgebase_file = _awaited(calls.delete_knowledgebase_file)

    async def wait_for(self, task_id: str, on_progress: OnProgress | None = None, *, every: float = 0.3, longest: float = 3600.0) -> Task:
        """Poll a task until it has ended; `on_progress` sees each state. Raises TimeoutError after `longest` seconds."""
        async with asyncio.timeout(longest):
            while True:
                task = await self.status(task_id)
                if on_progress is not None:
                    on_progress(task)
                if task.ended:
                    return task
                await asyncio.sleep(every)

    async def upload(
        self,
        file: str | Path | bytes,
        user_id: str,
        conversation_id: str | None = None,
        *,
        name: str = "",
        text: str = "",
        on_progress: OnProgress | None = None,
        **more: Any,
    ) -> Task:
        """Remember a file and wait until it has been read."""
        call = await asyncio.to_thread(calls.upload_file, file, user_id, conversation_id, name=name, text=text, **more)
        return await self.wait_for((await self.send(call)).task_id, on_progress)

    async def chat_stream(self, query: str, user_id: str, conversation_id: str | None = None, **more: Any) -> AsyncIterator[str]:
        """The words of an answer as they come."""
        call = calls.chat(query, user_id, conversation_id, stream=True, **more)
        try:
            async with self._http.stream("POST", call.path.lstrip("/"), json=call.body) as answer:
                if not answer.is_success:
                    await answer.aread()
                    _read(call, answer)
                async for line in answer.aiter_lines():
                    if words := _words(line):
                        yield words
        except httpx.TransportError as error:
            raise _unanswered(error, self._http.base_url) from error
