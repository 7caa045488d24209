"""The client that is awaited. Its methods are those of `client.Client`."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from copy import copy
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import httpx

from souvenir_client import calls
from souvenir_client.calls import ApiError, Call, Task
from souvenir_client.http_exchange import (
    UNAVAILABLE,
    OnProgress,
    api_url,
    auth_headers,
    is_event_stream,
    read_answer,
    refuse_stream,
    request_arguments,
    unavailable,
)
from souvenir_client.patience import (
    OUTAGE_S,
    PAUSES,
    Answer,
    Outage,
    Patience,
    Tries,
)
from souvenir_client.sse import Event, EventReader, chat_words, is_last, task_in

P = ParamSpec("P")
T = TypeVar("T")


def _awaited(
    build: Callable[P, Call[T]],
) -> Callable[Concatenate[Any, P], Awaitable[T]]:
    """A method that sends the call that `build` makes, with the arguments of `build`."""

    @wraps(build)
    async def method(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        result: T = await self.send(build(*args, **kwargs))
        return result

    return method


class AsyncClient:
    """The same methods, to be awaited."""

    def __init__(
        self,
        base_url: str | None = None,
        api_key: str | None = None,
        *,
        timeout: float = 30.0,
        pauses: Sequence[float] = PAUSES,
        longest: float = math.inf,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._http = httpx.AsyncClient(
            base_url=api_url(base_url),
            headers=auth_headers(api_key),
            transport=transport,
        )
        self._patience = Patience(timeout, pauses, longest)

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    def with_options(self, **patience: Any) -> AsyncClient:
        """The same client on the same connections with another `timeout` (seconds for one
        try), other `pauses` between the tries, or `longest` (seconds for a call in all).
        """
        changed = copy(self)
        changed._patience = replace(self._patience, **patience)
        return changed

    async def send(self, call: Call[T]) -> T:
        """Send a call, again after a passing fault where that is safe."""
        tries = Tries(call, self._patience)
        while True:
            answer = await self._answer(call, tries)
            pause = tries.pause(answer)
            if pause is None:
                return read_answer(call, answer)
            await asyncio.sleep(pause)

    async def _answer(self, call: Call[Any], tries: Tries) -> Answer:
        """The answer of one try, or why there is none."""
        try:
            return await self._http.request(
                **request_arguments(call), timeout=tries.timeout()
            )
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
    undo = _awaited(calls.undo)
    dead_tasks = _awaited(calls.dead_tasks)
    reindex = _awaited(calls.reindex)
    delete = delete_memory = _awaited(calls.delete)
    update = update_memory = _awaited(calls.update)
    restore = restore_memory = _awaited(calls.restore)
    rate = rate_memory = _awaited(calls.rate)
    feedback = add_feedback = _awaited(calls.feedback)
    extract = extract_memory = _awaited(calls.extract)
    rerank = _awaited(calls.rerank)
    users = _awaited(calls.users)
    export = _awaited(calls.export)
    import_ = bring_in = _awaited(calls.import_)  # bring_in: its former name
    keys = _awaited(calls.keys)
    create_key = _awaited(calls.create_key)
    rotate_key = _awaited(calls.rotate_key)
    revoke_key = _awaited(calls.revoke_key)
    audit = _awaited(calls.audit)
    quota = _awaited(calls.quota)
    set_quota = _awaited(calls.set_quota)
    create_knowledgebase = _awaited(calls.create_knowledgebase)
    delete_knowledgebase = _awaited(calls.delete_knowledgebase)
    knowledgebases = _awaited(calls.knowledgebases)
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
        """Poll a task until it has ended; `on_progress` sees each state. A server that
        is away for less than a minute is waited for. Raises TimeoutError after `longest`
        seconds.
        """
        outage = Outage(task_id, OUTAGE_S)
        async with asyncio.timeout(longest if math.isfinite(longest) else None):
            while True:
                task, pause = await self._look(task_id, every, outage)
                if task is not None and on_progress is not None:
                    on_progress(task)
                if task is not None and task.ended:
                    return task
                await asyncio.sleep(pause)

    async def _look(
        self, task_id: str, every: float, outage: Outage
    ) -> tuple[Task | None, float]:
        """A task, None while the server is away, and the seconds until the next look."""
        try:
            task = await self.status(task_id)
        except ApiError as error:
            return None, outage.pause(error)
        outage.over()
        return task, every

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
        call = calls.chat(query, user_id, conversation_id, stream=True, **more)
        async for event in self._events(call):
            if words := chat_words(event):
                yield words

    async def watch(self, task_id: str) -> AsyncIterator[Task]:
        """A task as it is now and at every change, until it has ended. A stream that
        breaks is asked for again, for a minute without a sign of life. Souvenir only.
        """
        outage = Outage(task_id, OUTAGE_S)
        while True:
            error = ApiError(UNAVAILABLE, "the stream of events has ended early", 0)
            try:
                async for event in self._events(calls.events(task_id)):
                    outage.over()
                    yield task_in(event)
                    if is_last(event):
                        return
            except ApiError as broken:
                error = broken
            await asyncio.sleep(outage.pause(error))

    async def download_backup(self) -> AsyncIterator[bytes]:
        """The bytes of a backup of everything, as they come; needs the server's first
        key. Raises ApiError. Souvenir only.
        """
        call = calls.backup()
        try:
            async with self._stream(call) as answer:
                if not answer.is_success:
                    await answer.aread()
                    read_answer(call, answer)
                async for piece in answer.aiter_raw():
                    yield piece
        except httpx.TransportError as error:
            raise unavailable(error) from error

    async def _events(self, call: Call[Any]) -> AsyncIterator[Event]:
        """The events of a stream. Raises ApiError where it is refused or breaks."""
        reader = EventReader()
        try:
            async with self._stream(call) as answer:
                if not is_event_stream(answer):
                    await answer.aread()
                    refuse_stream(call, answer)
                async for piece in answer.aiter_bytes():
                    for event in reader.read(piece):
                        yield event
                for event in reader.end():
                    yield event
        except httpx.TransportError as error:
            raise unavailable(error) from error

    def _stream(self, call: Call[Any]) -> Any:
        """The answer of a call, to be entered, while its body comes."""
        return self._http.stream(
            **request_arguments(call), timeout=self._patience.timeout
        )
