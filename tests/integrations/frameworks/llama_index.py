"""LlamaIndex: the memory block in its Memory, and the tools."""

from __future__ import annotations

from typing import Any

from llama_index.core.chat_engine import SimpleChatEngine
from llama_index.core.llms import ChatMessage, MockLLM
from llama_index.core.memory import Memory

from souvenir_client import AsyncClient
from souvenir_client.integrations.llama_index_memory import (
    SouvenirMemoryBlock,
    memory_tools,
)
from souvenir_client.integrations.user_memory import AsyncUserMemory
from tests.integrations.said import FACT, QUESTION, WORD, ids, knows, tell, until

EXAMPLE = "llama_index_memory"


def _memory(user: str, **options: Any) -> Memory:
    block = SouvenirMemoryBlock(memory=AsyncUserMemory(AsyncClient(), user))
    return Memory.from_defaults(session_id=user, memory_blocks=[block], **options)


async def stores(user: str) -> None:
    """What the short-term memory has no room for goes to the block."""
    memory = _memory(user, token_limit=40, chat_history_token_ratio=0.5)
    await memory.aput(ChatMessage(role="user", content=FACT))
    await memory.aput(ChatMessage(role="assistant", content="How nice! " * 30))
    await memory.aput(ChatMessage(role="user", content="And it rains."))
    until(lambda: knows(user), "the memory of the turn")


async def recalls(user: str) -> None:
    tell(user)
    memory = _memory(user)
    await memory.aput(ChatMessage(role="user", content=QUESTION))
    shown = await memory.aget()
    assert WORD in "".join(message.content or "" for message in shown)
    engine = SimpleChatEngine.from_defaults(llm=MockLLM(), memory=_memory(user))
    assert WORD in str(await engine.achat(QUESTION))


async def deletes(user: str) -> None:
    tell(user)
    forget = memory_tools(AsyncUserMemory(AsyncClient(), user))[2]
    for memory_id in ids(user):
        await forget.acall(memory_id=memory_id)
    assert not knows(user)


async def streams(user: str) -> None:
    tell(user)
    engine = SimpleChatEngine.from_defaults(llm=MockLLM(), memory=_memory(user))
    response = await engine.astream_chat(QUESTION)
    words = [word async for word in response.async_response_gen()]
    assert len(words) > 5 and WORD in "".join(words)


async def remembers_at_once(user: str) -> None:
    block = SouvenirMemoryBlock(memory=AsyncUserMemory(AsyncClient(), user))
    await block.remember(ChatMessage(role="user", content=FACT))
    until(lambda: knows(user), "the memory")
