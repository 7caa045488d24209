"""The two clients: `Client` blocks, `AsyncClient` is awaited. The methods are those of
`calls.py`, under two names each.
"""

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
from souvenir_client.calls import API, ApiError, Call, Task, task_of

P = ParamSpec("P")
T = TypeVar("T")
OnProgress = Callable[[Task], object]
Answer = httpx.Response | httpx.TransportError

PAUSES = (0.25, 0.5, 1.0)
"""Seconds between the tries of a request that may be sent again."""

SUCCESS = frozenset({0, 200})
BUSY = frozenset({429, 502, 503, 504})
"""HTTP statuses after which the same request may succeed."""


def _headers(key: str) -> dict[str, str]:
    return {"Authorization": f"Token {key}"} if key else {}


def _url(base_url: str | None) -> str:
    base = (
        base_url or os.environ.get("SOUVENIR_URL") or "http://127.0.0.1:8000"
    ).rstrip("/")
    return base if base.endswith(("/v1", "/product")) else base + API


def _key(api_key: str | None) -> str:
    return api_key if api_key is not None else os.environ.get("SOUVENIR_API_KEY", "")


def _asked(call: Call[Any]) -> dict[str, Any]:
    """What httpx is told of a call."""
    carried = "json" if call.method == "POST" else "params"
    return {
        "method": call.method,
        "url": call.path.lstrip("/"),
        "headers": call.headers,
        carried: call.body,
    }


def _read(call: Call[T], answer: Answer) -> T:
    """The result of a call. Raises ApiError for every answer that is not a success, and
    where there is none.
    """
    if isinstance(answer, httpx.TransportError):
        raise _unanswered(answer)
    try:
        body = answer.json()
        if answer.is_success and (not call.enveloped or body["code"] in SUCCESS):
            return call.read(body["data"] if call.enveloped else body)
        refused = ApiError(
            int(body["code"]), str(body.get("message") or ""), answer.status_code
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        raise ApiError(
            50000,
            f"no answer that can be read: {answer.text[:200]!r}",
            answer.status_code,
        ) from None
    raise refused


def _unanswered(error: httpx.TransportError) -> ApiError:
    unanswered = ApiError(
        50004,
        f"no answer from {error.request.url.copy_with(query=None)}: {str(error) or type(error).__name__}",
        0,
    )
    unanswered.__cause__ = error
    return unanswered


def _may_repeat(call: Call[Any], answer: Answer) -> bool:
    """A passing fault of what may be sent again. What never reached the server always may."""
    if isinstance(answer, httpx.TransportError):
        return call.idempotent or isinstance(
            answer, httpx.ConnectError | httpx.ConnectTimeout
        )
    return call.idempotent and answer.status_code in BUSY


def _words(line: str) -> str:
    """The words in a line of a stream of events, if there are any. Raises ApiError for
    an error among them.
    """
    if not line.startswith("data:"):
        return ""
    event = json.loads(line[5:])
    if event.get("type") == "error":
        raise ApiError(
            int(event.get("code") or 50002),
            str(event.get("content") or event.get("data")),
            200,
        )
    return str(event["data"]) if event.get("type") == "text" else ""


class _Watched:
    """The states of a task in its stream of events; `ended` once there will be no more."""

    def __init__(self) -> None:
        self.ended = False

    def read(self, line: str) -> Task | None:
        if line.startswith("event:"):
            self.ended = line[6:].strip() == "end"
        return task_of(json.loads(line[5:])) if line.startswith("data:") else None


def _blocking(build: Callable[P, Call[T]]) -> Callable[Concatenate[Any, P], T]:
    @wraps(build)
    def method(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        result: T = self.send(build(*args, **kwargs))
        return result

    return method


def _awaited(
    build: Callable[P, Call[T]],
) -> Callable[Concatenate[Any, P], Awaitable[T]]:
    @wraps(build)
    async def method(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        result: T = await self.send(build(*args, **kwargs))
        return result

    return method


class Client:
    """Blocks until the answer is there. Raises ApiError when the server says no or
    cannot be reached.
    """

    def __init__(
        self,
        base_url: str | None = None,
        api_key: str | None = None,
        *,
        timeout: float = 30.0,
        pauses: Sequence[float] = PAUSES,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._http = httpx.Client(
            base_url=_url(base_url),
            headers=_headers(_key(api_key)),
            timeout=timeout,
            transport=transport,
        )
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
        for pause in (0.0, *self._pauses):
            time.sleep(pause)
            answer = self._tried(call)
            if not _may_repeat(call, answer):
                break
        return _read(call, answer)

    def _tried(self, call: Call[Any]) -> Answer:
        try:
            return self._http.request(**_asked(call))
        except httpx.TransportError as error:
            return error

    add = add_message = _blocking(calls.add)
    search = search_memory = _blocking(calls.search)
    get = get_messages = get_message = _blocking(calls.get)
    chat = _blocking(calls.chat)
    memories = get_memory = _blocking(calls.memories)
    memory = get_memory_by_id = _blocking(calls.memory)
    status = get_status = get_task_status = _blocking(calls.status)
    tasks = _blocking(calls.tasks)
    task = _blocking(calls.task)
    cancel = _blocking(calls.cancel)
    replay = _blocking(calls.replay)
    dead_tasks = _blocking(calls.dead_tasks)
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
    add_knowledgebase_file = add_knowledgebase_file_json = _blocking(
        calls.add_knowledgebase_file
    )
    get_knowledgebase_file = _blocking(calls.get_knowledgebase_file)
    delete_knowledgebase_file = _blocking(calls.delete_knowledgebase_file)

    def wait_for(
        self,
        task_id: str,
        on_progress: OnProgress | None = None,
        *,
        every: float = 0.3,
        longest: float = 3600.0,
    ) -> Task:
        """Poll a task until it has ended; `on_progress` sees each state. Raises
        TimeoutError after `longest` seconds.
        """
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
        return self.wait_for(
            self.send(
                calls.upload_file(
                    file, user_id, conversation_id, name=name, text=text, **more
                )
            ).task_id,
            on_progress,
        )

    def chat_stream(
        self, query: str, user_id: str, conversation_id: str | None = None, **more: Any
    ) -> Iterator[str]:
        """The words of an answer as they come."""
        yield from filter(
            None,
            map(
                _words,
                self._lines(
                    calls.chat(query, user_id, conversation_id, stream=True, **more)
                ),
            ),
        )

    def watch(self, task_id: str) -> Iterator[Task]:
        """A task as it is now and at every change, until it has ended; a stream that is
        cut off is asked for again. Souvenir only.
        """
        watched = _Watched()
        while True:
            yield from filter(
                None, map(watched.read, self._lines(calls.events(task_id)))
            )
            if watched.ended:
                return
            time.sleep(PAUSES[0])

    def _lines(self, call: Call[Any]) -> Iterator[str]:
        """The lines of a stream of events. Raises ApiError where it is refused or breaks."""
        try:
            with self._http.stream(**_asked(call)) as answer:
                if not answer.is_success:
                    answer.read()
                    _read(call, answer)
                yield from answer.iter_lines()
        except httpx.TransportError as error:
            raise _unanswered(error) from error


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
        self._http = httpx.AsyncClient(
            base_url=_url(base_url),
            headers=_headers(_key(api_key)),
            timeout=timeout,
            transport=transport,
        )
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
        for pause in (0.0, *self._pauses):
            await asyncio.sleep(pause)
            answer = await self._tried(call)
            if not _may_repeat(call, answer):
                break
        return _read(call, answer)

    async def _tried(self, call: Call[Any]) -> Answer:
        try:
            return await self._http.request(**_asked(call))
        except httpx.TransportError as error:
            return error

    add = add_message = _awaited(calls.add)
    search = search_memory = _awaited(calls.search)
    get = get_messages = get_message = _awaited(calls.get)
    chat = _awaited(calls.chat)
    memories = get_memory = _awaited(calls.memories)
    memory = get_memory_by_id = _awaited(calls.memory)
    status = get_status = get_task_status = _awaited(calls.status)
    tasks = _awaited(calls.tasks)
    task = _awaited(calls.task)
    cancel = _awaited(calls.cancel)
    replay = _awaited(calls.replay)
    dead_tasks = _awaited(calls.dead_tasks)
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
    add_knowledgebase_file = add_knowledgebase_file_json = _awaited(
        calls.add_knowledgebase_file
    )
    get_knowledgebase_file = _awaited(calls.get_knowledgebase_file)
    delete_knowledgebase_file = _awaited(calls.delete_knowledgebase_file)

    async def wait_for(
        self,
        task_id: str,
        on_progress: OnProgress | None = None,
        *,
        every: float = 0.3,
        longest: float = 3600.0,
    ) -> Task:
        """Poll a task until it has ended; `on_progress` sees each state. Raises
        TimeoutError after `longest` seconds.
        """
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
        call = await asyncio.to_thread(
            calls.upload_file,
            file,
            user_id,
            conversation_id,
            name=name,
            text=text,
            **more,
        )
        return await self.wait_for((await self.send(call)).task_id, on_progress)

    async def chat_stream(
        self, query: str, user_id: str, conversation_id: str | None = None, **more: Any
    ) -> AsyncIterator[str]:
        """The words of an answer as they come."""
        async for line in self._lines(
            calls.chat(query, user_id, conversation_id, stream=True, **more)
        ):
            if words := _words(line):
                yield words

    async def watch(self, task_id: str) -> AsyncIterator[Task]:
        """A task as it is now and at every change, until it has ended; a stream that is
        cut off is asked for again. Souvenir only.
        """
        watched = _Watched()
        while True:
            async for line in self._lines(calls.events(task_id)):
                if task := watched.read(line):
                    yield task
            if watched.ended:
                return
            await asyncio.sleep(PAUSES[0])

    async def _lines(self, call: Call[Any]) -> AsyncIterator[str]:
        """The lines of a stream of events. Raises ApiError where it is refused or breaks."""
        try:
            async with self._http.stream(**_asked(call)) as answer:
                if not answer.is_success:
                    await answer.aread()
                    _read(call, answer)
                async for line in answer.aiter_lines():
                    yield line
        except httpx.TransportError as error:
            raise _unanswered(error) from error
