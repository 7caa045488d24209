"""The memory of one user, as every adapter needs it: recall a text for a prompt, and
remember what was said.

What happens around a turn never raises and waits briefly: a memory that is away, full or
slow costs a turn its memories, never the turn. It is logged, once for each. What a tool or
the application asks for by name raises like the client.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from souvenir_client.async_client import AsyncClient
from souvenir_client.client import Client
from souvenir_client.integrations.recalled_text import memory_lines, recalled_text
from souvenir_client.outcomes import outcome_text
from souvenir_client.portions import portions
from souvenir_client.values import ApiError, Found, Json, Task, found_of

log = logging.getLogger(__name__)

NOTHING = "Nothing is remembered about that."
SPEAKERS = frozenset({"user", "assistant"})

TURN_S = 5.0
"""Seconds that a turn waits for its memories, and for what is said in it to be taken in."""

NOT_RECALLED, NOT_REMEMBERED = "nothing recalled", "not remembered"
OnError = Callable[[Exception], object]


@contextmanager
def spared_turn(what: str, on_error: OnError | None = None) -> Iterator[None]:
    """What goes wrong within goes to `on_error`, by default to the log, and is not raised."""
    try:
        yield
    except Exception as error:  # whatever it is: the turn is worth more than its memory
        if on_error is None:
            log.warning("souvenir: %s: %s", what, error)
        else:
            on_error(error)


@dataclass(frozen=True, slots=True)
class UserMemory:
    """Of one user, over a client that blocks."""

    client: Client
    user_id: str
    conversation_id: str | None = None
    search_options: Mapping[str, Any] = field(default_factory=dict)
    """Further arguments of every search, e.g. `relativity` or `filter`."""

    on_error: OnError | None = None
    """Gets what cost a turn its memories; by default it is logged."""

    turn_s: float = TURN_S
    """Seconds that a turn waits for its memories, and for each request with what was said."""

    def search(self, query: str) -> Found:
        """What is remembered about a question. Raises ApiError."""
        return self._searched(self.client, query)

    def recall(self, query: str) -> Found:
        """The same for a turn: nothing, where the memory does not answer in time."""
        with spared_turn(NOT_RECALLED, self.on_error):
            return self._recalled(query)
        return found_of({})

    def text(self, query: str) -> str:
        """The same as a text for a prompt; "" without a question or a memory."""
        with spared_turn(NOT_RECALLED, self.on_error):
            return recalled_text(self._recalled(query)) if query.strip() else ""
        return ""

    def _recalled(self, query: str) -> Found:
        brief = self.client.with_options(longest=self.turn_s, pauses=())
        return self._searched(brief, query)

    def add(self, messages: Sequence[Json], **more: Any) -> Task | None:
        """Remember messages, in as many requests as they need; the last one's task, None
        when nobody has said anything in them. Raises ApiError.
        """
        return self._added(self.client, messages, **more)

    def remember(
        self, messages: Sequence[Json], *, key: str = "", **more: Any
    ) -> Task | None:
        """The same after a turn: None also where the memory does not take them in time.
        Under one `key` they are stored once.
        """
        with spared_turn(NOT_REMEMBERED, self.on_error):
            brief = self.client.with_options(longest=self.turn_s)
            return self._added(brief, messages, key=key, **more)
        return None

    def _searched(self, client: Client, query: str) -> Found:
        return client.search(
            query, self.user_id, self.conversation_id, **self.search_options
        )

    def _added(
        self, client: Client, messages: Sequence[Json], *, key: str = "", **more: Any
    ) -> Task | None:
        task = None
        for place, portion in enumerate(portions(what_was_said(messages))):
            task = client.add(
                portion,
                self.user_id,
                self.conversation_id,
                idempotency_key=f"{key}/{place}" if key else None,
                **more,
            )
        return task

    def _looked_at(self, task: Task) -> Task:
        """The task with what became of it; as it is where the server does not say."""
        try:
            return self.client.task(task.task_id)
        except ApiError:
            return task

    def tools(self) -> list[Callable[..., str]]:
        """Functions for a model: recall, remember, forget."""

        def recall_memories(query: str) -> str:
            """Look up what is remembered about the user.

            Args:
                query: What to look for, in plain words.
            """
            return "\n".join(memory_lines(self.search(query))) or NOTHING

        def remember_fact(text: str) -> str:
            """Keep something about the user for later conversations.

            Args:
                text: What to remember, as one sentence.
            """
            task = self.add([{"role": "user", "content": text}], wait=True)
            return outcome_text(task and self._looked_at(task))

        def forget_memory(memory_id: str) -> str:
            """Delete one memory about the user.

            Args:
                memory_id: The id that recall_memories gave.
            """
            self.client.delete([memory_id], user_id=self.user_id)
            return "Forgotten."

        return [recall_memories, remember_fact, forget_memory]


@dataclass(frozen=True, slots=True)
class AsyncUserMemory:
    """The same, to be awaited."""

    client: AsyncClient
    user_id: str
    conversation_id: str | None = None
    search_options: Mapping[str, Any] = field(default_factory=dict)
    """Further arguments of every search, e.g. `relativity` or `filter`."""

    on_error: OnError | None = None
    """Gets what cost a turn its memories; by default it is logged."""

    turn_s: float = TURN_S
    """Seconds that a turn waits for its memories, and for each request with what was said."""

    async def search(self, query: str) -> Found:
        """What is remembered about a question. Raises ApiError."""
        return await self._searched(self.client, query)

    async def recall(self, query: str) -> Found:
        """The same for a turn: nothing, where the memory does not answer in time."""
        with spared_turn(NOT_RECALLED, self.on_error):
            return await self._recalled(query)
        return found_of({})

    async def text(self, query: str) -> str:
        """The same as a text for a prompt; "" without a question or a memory."""
        with spared_turn(NOT_RECALLED, self.on_error):
            return recalled_text(await self._recalled(query)) if query.strip() else ""
        return ""

    async def _recalled(self, query: str) -> Found:
        brief = self.client.with_options(longest=self.turn_s, pauses=())
        return await self._searched(brief, query)

    async def add(self, messages: Sequence[Json], **more: Any) -> Task | None:
        """Remember messages, in as many requests as they need; the last one's task, None
        when nobody has said anything in them. Raises ApiError.
        """
        return await self._added(self.client, messages, **more)

    async def remember(
        self, messages: Sequence[Json], *, key: str = "", **more: Any
    ) -> Task | None:
        """The same after a turn: None also where the memory does not take them in time.
        Under one `key` they are stored once.
        """
        with spared_turn(NOT_REMEMBERED, self.on_error):
            brief = self.client.with_options(longest=self.turn_s)
            return await self._added(brief, messages, key=key, **more)
        return None

    async def _searched(self, client: AsyncClient, query: str) -> Found:
        return await client.search(
            query, self.user_id, self.conversation_id, **self.search_options
        )

    async def _added(
        self,
        client: AsyncClient,
        messages: Sequence[Json],
        *,
        key: str = "",
        **more: Any,
    ) -> Task | None:
        task = None
        for place, portion in enumerate(portions(what_was_said(messages))):
            task = await client.add(
                portion,
                self.user_id,
                self.conversation_id,
                idempotency_key=f"{key}/{place}" if key else None,
                **more,
            )
        return task

    async def _looked_at(self, task: Task) -> Task:
        """The task with what became of it; as it is where the server does not say."""
        try:
            return await self.client.task(task.task_id)
        except ApiError:
            return task

    def tools(self) -> list[Callable[..., Awaitable[str]]]:
        """Functions for a model: recall, remember, forget."""

        async def recall_memories(query: str) -> str:
            """Look up what is remembered about the user.

            Args:
                query: What to look for, in plain words.
            """
            return "\n".join(memory_lines(await self.search(query))) or NOTHING

        async def remember_fact(text: str) -> str:
            """Keep something about the user for later conversations.

            Args:
                text: What to remember, as one sentence.
            """
            task = await self.add([{"role": "user", "content": text}], wait=True)
            return outcome_text(task and await self._looked_at(task))

        async def forget_memory(memory_id: str) -> str:
            """Delete one memory about the user.

            Args:
                memory_id: The id that recall_memories gave.
            """
            await self.client.delete([memory_id], user_id=self.user_id)
            return "Forgotten."

        return [recall_memories, remember_fact, forget_memory]


def what_was_said(messages: Sequence[Json]) -> list[Json]:
    """The messages of user and assistant that have words."""
    return [
        {"role": message["role"], "content": message["content"]}
        for message in messages
        if message["role"] in SPEAKERS and str(message["content"] or "").strip()
    ]
