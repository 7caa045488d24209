"""OpenAI Agents SDK: `SouvenirSession`, a Session that remembers, and `memory_tools`.

    session = SouvenirSession("talk", AsyncUserMemory(client, "ana"))
    config = RunConfig(session_input_callback=session.with_memories)
    await Runner.run(agent, "Where do I live?", session=session, run_config=config)

The items of a run are kept by another Session, by default the SDK's own in memory: they
hold tool calls and reasoning, which are no memories. What was said goes to the memory,
and is recalled before the model is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from agents import FunctionTool, Session, SQLiteSession, function_tool

from souvenir_client.integrations.user_memory import AsyncUserMemory
from souvenir_client.values import Json

Item = Any
"""The SDK's input item: a TypedDict of one of many shapes."""


class SouvenirSession:
    """The session of one conversation of one user."""

    session_settings = None

    def __init__(
        self, session_id: str, memory: AsyncUserMemory, history: Session | None = None
    ) -> None:
        self.session_id = session_id
        self.memory = memory
        self.history: Session = history or SQLiteSession(session_id)
        self._recalled: list[Item] = []

    async def get_items(self, limit: int | None = None) -> list[Item]:
        """The items of the conversation, the latest `limit` of them."""
        return await self.history.get_items(limit)

    async def add_items(self, items: list[Item]) -> None:
        """Keep items, and remember what user and assistant say in them. Memories that
        were recalled for this turn are neither kept nor remembered.
        """
        fresh = [item for item in items if item not in self._recalled]
        await self.history.add_items(fresh)
        await self.memory.remember(spoken(fresh))

    async def pop_item(self) -> Item | None:
        """Take the latest item back; what has been remembered of it stays."""
        return await self.history.pop_item()

    async def clear_session(self) -> None:
        """Empty the history; what has been remembered stays."""
        await self.history.clear_session()

    async def with_memories(self, history: list[Item], new: list[Item]) -> list[Item]:
        """For `RunConfig.session_input_callback`: puts what is remembered about the new
        input between the history and the input.
        """
        question = "\n".join(row["content"] for row in spoken(new))
        text = await self.memory.text(question)
        self._recalled = [{"role": "developer", "content": text}] if text else []
        return [*history, *self._recalled, *new]


def memory_tools(memory: AsyncUserMemory) -> list[FunctionTool]:
    """Tools for an agent: recall_memories, remember_fact, forget_memory."""
    return [function_tool(function) for function in memory.tools()]


def spoken(items: Iterable[Item]) -> list[Json]:
    """The messages of user and assistant among items, as the wire wants them."""
    return [
        {"role": item["role"], "content": words_of(item.get("content"))}
        for item in items
        if item.get("role") in ("user", "assistant")
    ]


def words_of(content: Any) -> str:
    """The text of a message's content, which may be in parts."""
    if isinstance(content, str):
        return content
    texts = (part.get("text") for part in content or () if isinstance(part, dict))
    return "\n".join(text for text in texts if text)
