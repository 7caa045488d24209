"""The memory of one user, as every adapter needs it: recall a text for a prompt, and
remember what was said.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from souvenir_client.async_client import AsyncClient
from souvenir_client.client import Client
from souvenir_client.integrations.recalled_text import memory_lines, recalled_text
from souvenir_client.values import Found, Json, Task

NOTHING = "Nothing is remembered about that."
SPEAKERS = frozenset({"user", "assistant"})


@dataclass(frozen=True, slots=True)
class UserMemory:
    """Of one user, over a client that blocks."""

    client: Client
    user_id: str
    conversation_id: str | None = None
    search_options: Mapping[str, Any] = field(default_factory=dict)
    """Further arguments of every search, e.g. `relativity` or `filter`."""

    def search(self, query: str) -> Found:
        """What is remembered about a question."""
        return self.client.search(
            query, self.user_id, self.conversation_id, **self.search_options
        )

    def text(self, query: str) -> str:
        """The same as a text for a prompt; "" without a question or a memory."""
        return recalled_text(self.search(query)) if query.strip() else ""

    def remember(self, messages: Sequence[Json], **more: Any) -> Task | None:
        """Remember messages; None when nobody has said anything in them."""
        said = what_was_said(messages)
        if not said:
            return None
        return self.client.add(said, self.user_id, self.conversation_id, **more)

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
            self.remember([{"role": "user", "content": text}], wait=True)
            return "Remembered."

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

    async def search(self, query: str) -> Found:
        """What is remembered about a question."""
        return await self.client.search(
            query, self.user_id, self.conversation_id, **self.search_options
        )

    async def text(self, query: str) -> str:
        """The same as a text for a prompt; "" without a question or a memory."""
        return recalled_text(await self.search(query)) if query.strip() else ""

    async def remember(self, messages: Sequence[Json], **more: Any) -> Task | None:
        """Remember messages; None when nobody has said anything in them."""
        said = what_was_said(messages)
        if not said:
            return None
        return await self.client.add(said, self.user_id, self.conversation_id, **more)

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
            await self.remember([{"role": "user", "content": text}], wait=True)
            return "Remembered."

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
