"""AutoGen: `SouvenirMemory` for `AssistantAgent(memory=[...])`, and `memory_tools`."""

from __future__ import annotations

from typing import Any

from autogen_core import CancellationToken
from autogen_core.memory import (
    Memory,
    MemoryContent,
    MemoryMimeType,
    MemoryQueryResult,
    UpdateContextResult,
)
from autogen_core.model_context import ChatCompletionContext
from autogen_core.models import SystemMessage, UserMessage
from autogen_core.tools import FunctionTool

from souvenir_client.integrations.recalled_text import recalled_text
from souvenir_client.integrations.user_memory import AsyncUserMemory
from souvenir_client.values import Found, Json


class SouvenirMemory(Memory):
    """Long-term memory of one user. AutoGen hands it nothing by itself: `add` what is to
    be remembered, or give the agent `memory_tools`.
    """

    component_config_schema = None

    def __init__(self, memory: AsyncUserMemory) -> None:
        self.memory = memory

    async def update_context(
        self, model_context: ChatCompletionContext
    ) -> UpdateContextResult:
        """Add what is remembered about the latest message of the user."""
        messages = await model_context.get_messages()
        asked = [m.content for m in messages if isinstance(m, UserMessage)]
        query = asked[-1] if asked and isinstance(asked[-1], str) else ""
        if not query.strip():
            return UpdateContextResult(memories=MemoryQueryResult(results=[]))
        result = await self.memory.recall(query)
        text = recalled_text(result)
        if text:
            await model_context.add_message(SystemMessage(content=text))
        return UpdateContextResult(memories=results_of(result))

    async def query(
        self,
        query: str | MemoryContent,
        cancellation_token: CancellationToken | None = None,
        **kwargs: Any,
    ) -> MemoryQueryResult:
        """Facts and preferences, the most relevant first."""
        words = query if isinstance(query, str) else str(query.content)
        return results_of(await self.memory.search(words))

    async def add(
        self,
        content: MemoryContent,
        cancellation_token: CancellationToken | None = None,
    ) -> None:
        """Remember a text, as if the user had said it. Raises ValueError for bytes and
        pictures.
        """
        if not isinstance(content.content, str):
            raise ValueError("content: a text is expected; files go to Client.upload")
        said = [{"role": "user", "content": content.content}]
        await self.memory.add(said, wait=True, info=content.metadata)

    async def clear(self) -> None:
        """Delete everything of the user, messages too."""
        await self.memory.client.delete(user_id=self.memory.user_id)

    async def close(self) -> None:
        """Nothing: the client is the caller's."""


def memory_tools(memory: AsyncUserMemory) -> list[FunctionTool]:
    """Tools for an agent: recall_memories, remember_fact, forget_memory."""
    return [
        FunctionTool(function, description=(function.__doc__ or "").strip())
        for function in memory.tools()
    ]


def results_of(result: Found) -> MemoryQueryResult:
    """What was found as the framework's results."""
    rows = [
        *(content_of(fact, "memory_value") for fact in result.memories),
        *(content_of(wish, "preference") for wish in result.preferences),
    ]
    return MemoryQueryResult(results=rows)


def content_of(memory: Json, text_field: str) -> MemoryContent:
    """A memory as the framework's content."""
    return MemoryContent(
        content=str(memory[text_field]),
        mime_type=MemoryMimeType.TEXT,
        metadata={"id": memory["id"], "relativity": memory.get("relativity")},
    )
