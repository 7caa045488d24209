"""Strands Agents: `SouvenirMemoryStore` for its MemoryManager.

    Agent(plugins=[MemoryManager(stores=[SouvenirMemoryStore(AsyncUserMemory(client, "ana"))])])

The manager injects what is recalled, and with `extraction` hands the conversation over;
what of it is worth remembering the server decides, so no model is called for it.
"""

from __future__ import annotations

from typing import Any

from strands.memory.types import (
    AddMessagesContext,
    MemoryEntry,
    MemoryStore,
    Metadata,
    SearchOptions,
)
from strands.types.content import Message

from souvenir_client.integrations.user_memory import AsyncUserMemory
from souvenir_client.values import Json, Task


class SouvenirMemoryStore(MemoryStore):
    """Long-term memory of one user as a store."""

    def __init__(
        self,
        memory: AsyncUserMemory,
        *,
        name: str = "souvenir",
        description: str | None = "What is remembered about the user.",
        max_search_results: int | None = None,
        writable: bool = True,
        extraction: Any = True,
    ) -> None:
        self.memory = memory
        self.name = name
        self.description = description
        self.max_search_results = max_search_results
        self.writable = writable
        self.extraction = extraction if writable else None

    async def search(
        self, query: str, options: SearchOptions | None = None
    ) -> list[MemoryEntry]:
        """Facts and preferences, the most relevant first."""
        result = await self.memory.recall(query)
        entries = [
            *(entry_of(fact, "memory_value") for fact in result.memories),
            *(entry_of(wish, "preference") for wish in result.preferences),
        ]
        entries.sort(key=lambda entry: -(entry.metadata or {})["relativity"])
        limit = (options or {}).get("max_search_results") or self.max_search_results
        return entries[:limit]

    async def add(self, content: str, metadata: Metadata | None = None) -> Task | None:
        """Remember one text, as if the user had said it."""
        said = [{"role": "user", "content": content}]
        return await self.memory.add(said, wait=True, info=metadata)

    async def add_messages(
        self, messages: list[Message], context: AddMessagesContext | None = None
    ) -> Task | None:
        """Remember what is said in messages."""
        return await self.memory.remember([spoken(message) for message in messages])


def spoken(message: Message) -> Json:
    """A message as the wire wants it."""
    texts = [block["text"] for block in message["content"] if block.get("text")]
    return {"role": message["role"], "content": "\n".join(texts)}


def entry_of(memory: Json, text_field: str) -> MemoryEntry:
    """A memory as an entry of the framework."""
    metadata = {"id": memory["id"], "relativity": memory.get("relativity") or 0.0}
    return MemoryEntry(content=str(memory[text_field]), metadata=metadata)
