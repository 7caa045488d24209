"""The client that blocks. Its methods are the functions of `calls`, some under a second
name that other clients of the Cloud API use.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import httpx

from souvenir_client import calls
from souvenir_client.async_client import AsyncClient
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

__all__ = ["AsyncClient", "Client"]

P = ParamSpec("P")
T = TypeVar("T")


def _blocking(build: Callable[P, Call[T]]) -> Callable[Concatenate[Any, P], T]:
    """A method that sends the call that `build` makes, with the arguments of `build`."""

    @wraps(build)
    def method(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        result: T = self.send(build(*args, **kwargs))
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
        longest: float = math.inf,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._http = httpx.Client(
            base_url=api_url(base_url),
            headers=auth_headers(api_key),
            transport=transport,
        )
        self._patience = Patience(timeout, pauses, longest)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def with_options(self, **patience: Any) -> Client:
        """The same client on the same connections with another `timeout` (seconds for one
        try), other `pauses` between the tries, or `longest` (seconds for a call in all).
        """
        changed = copy(self)
        changed._patience = replace(self._patience, **patience)
        return changed

    def send(self, call: Call[T]) -> T:
        """Send a call, again after a passing fault where that is safe."""
        tries = Tries(call, self._patience)
        while True:
            answer = self._answer(call, tries)
            pause = tries.pause(answer)
            if pause is None:
                return read_answer(call, answer)
            time.sleep(pause)

    def _answer(self, call: Call[Any], tries: Tries) -> Answer:
        """The answer of one try, or why there is none."""
        try:
            return self._http.request(
                **request_arguments(call), timeout=tries.timeout()
            )
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
    undo = _blocking(calls.undo)
    dead_tasks = _blocking(calls.dead_tasks)
    reindex = _blocking(calls.reindex)
    delete = delete_memory = _blocking(calls.delete)
    update = update_memory = _blocking(calls.update)
    restore = restore_memory = _blocking(calls.restore)
    rate = rate_memory = _blocking(calls.rate)
    feedback = add_feedback = _blocking(calls.feedback)
    extract = extract_memory = _blocking(calls.extract)
    rerank = _blocking(calls.rerank)
    users = _blocking(calls.users)
    export = _blocking(calls.export)
    import_ = bring_in = _blocking(calls.import_)  # bring_in: its former name
    keys = _blocking(calls.keys)
    create_key = _blocking(calls.create_key)
    rotate_key = _blocking(calls.rotate_key)
    revoke_key = _blocking(calls.revoke_key)
    audit = _blocking(calls.audit)
    quota = _blocking(calls.quota)
    set_quota = _blocking(calls.set_quota)
    create_knowledgebase = _blocking(calls.create_knowledgebase)
    delete_knowledgebase = _blocking(calls.delete_knowledgebase)
    knowledgebases = _blocking(calls.knowledgebases)
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
        """Poll a task until it has ended; `on_progress` sees each state. A server that
        is away for less than a minute is waited for. Raises TimeoutError after `longest`
        seconds.
        """
        end = time.monotonic() + longest
        outage = Outage(task_id, OUTAGE_S)
        while time.monotonic() < end:
            task, pause = self._look(task_id, every, outage)
            if task is not None and on_progress is not None:
                on_progress(task)
            if task is not None and task.ended:
                return task
            time.sleep(pause)
        raise TimeoutError(f"task {task_id} is still running")

    def _look(
        self, task_id: str, every: float, outage: Outage
    ) -> tuple[Task | None, float]:
        """A task, None while the server is away, and the seconds until the next look."""
        try:
            task = self.status(task_id)
        except ApiError as error:
            return None, outage.pause(error)
        outage.over()
        return task, every

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
        call = calls.upload_file(
            file, user_id, conversation_id, name=name, text=text, **more
        )
        return self.wait_for(self.send(call).task_id, on_progress)

    def chat_stream(
        self, query: str, user_id: str, conversation_id: str | None = None, **more: Any
    ) -> Iterator[str]:
        """The words of an answer as they come."""
        call = calls.chat(query, user_id, conversation_id, stream=True, **more)
        yield from filter(None, map(chat_words, self._events(call)))

    def watch(self, task_id: str) -> Iterator[Task]:
        """A task as it is now and at every change, until it has ended. A stream that
        breaks is asked for again, for a minute without a sign of life. Souvenir only.
        """
        outage = Outage(task_id, OUTAGE_S)
        while True:
            error = ApiError(UNAVAILABLE, "the stream of events has ended early", 0)
            try:
                for event in self._events(calls.events(task_id)):
                    outage.over()
                    yield task_in(event)
                    if is_last(event):
                        return
            except ApiError as broken:
                error = broken
            time.sleep(outage.pause(error))

    def download_backup(self) -> Iterator[bytes]:
        """The bytes of a backup of everything, as they come; needs the server's first
        key. Raises ApiError. Souvenir only.
        """
        call = calls.backup()
        try:
            with self._stream(call) as answer:
                if not answer.is_success:
                    answer.read()
                    read_answer(call, answer)
                yield from answer.iter_raw()
        except httpx.TransportError as error:
            raise unavailable(error) from error

    def _events(self, call: Call[Any]) -> Iterator[Event]:
        """The events of a stream. Raises ApiError where it is refused or breaks."""
        reader = EventReader()
        try:
            with self._stream(call) as answer:
                if not is_event_stream(answer):
                    answer.read()
                    refuse_stream(call, answer)
                for piece in answer.iter_bytes():
                    yield from reader.read(piece)
                yield from reader.end()
        except httpx.TransportError as error:
            raise unavailable(error) from error

    def _stream(self, call: Call[Any]) -> Any:
        """The answer of a call, to be entered, while its body comes."""
        return self._http.stream(
            **request_arguments(call), timeout=self._patience.timeout
        )
