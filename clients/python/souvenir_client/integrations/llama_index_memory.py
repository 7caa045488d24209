"""LlamaIndex: `SouvenirMemoryBlock` for its Memory, and `memory_tools`.

    Memory.from_defaults(memory_blocks=[SouvenirMemoryBlock(memory=AsyncUserMemory(client, "ana"))])

The block recalls what bears on the latest message of the user. It remembers messages
as they leave the short-term memory, as every block does; `remember` takes a turn at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.memory.memory import BaseMemoryBlock
from llama_index.core.tools import FunctionTool
from pydantic import ConfigDict, SkipValidation

from souvenir_client.integrations.user_memory import AsyncUserMemory
from souvenir_client.values import Json


class SouvenirMemoryBlock(BaseMemoryBlock[str]):
    """Long-term memory of one user."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    name: str = "souvenir"
    description: str | None = "What is remembered about the user."
    memory: SkipValidation[AsyncUserMemory]

    async def _aget(
        self, messages: list[ChatMessage] | None = None, **block_kwargs: Any
    ) -> str:
        asked = [
            row["content"] for row in spoken(messages or ()) if row["role"] == "user"
        ]
        return await self.memory.text(asked[-1]) if asked else ""

    async def _aput(self, messages: list[ChatMessage]) -> None:
        await self.memory.remember(spoken(messages))

    async def remember(self, *messages: ChatMessage) -> None:
        """Remember messages without waiting until the short-term memory is full."""
        await self._aput(list(messages))


def memory_tools(memory: AsyncUserMemory) -> list[FunctionTool]:
    """Tools for an agent: recall_memories, remember_fact, forget_memory."""
    return [
        FunctionTool.from_defaults(async_fn=function) for function in memory.tools()
    ]


def spoken(messages: Sequence[ChatMessage]) -> list[Json]:
    """Messages as the wire wants them."""
    return [
        {"role": message.role.value, "content": message.content or ""}
        for message in messages
    ]
