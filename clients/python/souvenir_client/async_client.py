"""The client that is awaited. Its methods are those of `client.Client`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import httpx

from souvenir_client import calls
from souvenir_client.calls import Call, Task
from souvenir_client.http_exchange import (
    PAUSES,
    Answer,
    OnProgress,
    TaskStream,
    api_url,
    auth_headers,
    chat_words,
    may_repeat,
    read_answer,
    request_arguments,
    unavailable,
)

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
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._http = httpx.AsyncClient(
            base_url=api_url(base_url),
            headers=auth_headers(api_key),
            timeout=timeout,
            transport=transport,
        )
        self._pauses = pauses

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def send(self, call: Call[T]) -> T:
        """Send a call, again after a passing fault where that is safe."""
        for pause in (0.0, *self._pauses):
            await asyncio.sleep(pause)
            try:
                answer: Answer = await self._http.request(**request_arguments(call))
            except httpx.TransportError as error:
                answer = error
            if not may_repeat(call, answer):
                break
        return read_answer(call, answer)

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
        call = calls.chat(query, user_id, conversation_id, stream=True, **more)
        async for line in self._lines(call):
            if words := chat_words(line):
                yield words

    async def watch(self, task_id: str) -> AsyncIterator[Task]:
        """A task as it is now and at every change, until it has ended; a stream that is
        cut off is asked for again. Souvenir only.
        """
        stream = TaskStream()
        while True:
            async for line in self._lines(calls.events(task_id)):
                if task := stream.read(line):
                    yield task
            if stream.ended:
                return
            await asyncio.sleep(PAUSES[0])

    async def _lines(self, call: Call[Any]) -> AsyncIterator[str]:
        """The lines of a stream of events. Raises ApiError where it is refused or breaks."""
        try:
            async with self._http.stream(**request_arguments(call)) as answer:
                if not answer.is_success:
                    await answer.aread()
                    read_answer(call, answer)
                async for line in answer.aiter_lines():
                    yield line
        except httpx.TransportError as error:
            raise unavailable(error) from error
