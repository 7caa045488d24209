"""AutoGen: the memory of an AssistantAgent, and the tools."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from autogen_agentchat.agents import AssistantAgent
from autogen_agentchat.messages import ModelClientStreamingChunkEvent
from autogen_core import CancellationToken
from autogen_core.memory import MemoryContent, MemoryMimeType
from autogen_core.models import (
    ChatCompletionClient,
    CreateResult,
    ModelFamily,
    ModelInfo,
    RequestUsage,
)

from souvenir_client import AsyncClient
from souvenir_client.integrations.autogen_memory import SouvenirMemory, memory_tools
from souvenir_client.integrations.user_memory import AsyncUserMemory
from tests.integrations.said import FACT, QUESTION, WORD, ids, knows, memories, tell

EXAMPLE = "autogen_memory"
NO_USAGE = RequestUsage(0, 0)


class Parrot(ChatCompletionClient):
    """A fake model that says what it was shown."""

    async def create(self, messages: Sequence[Any], **more: Any) -> CreateResult:
        said = " | ".join(str(message.content) for message in messages)
        return CreateResult(
            content=said, finish_reason="stop", usage=NO_USAGE, cached=False
        )

    async def create_stream(
        self, messages: Sequence[Any], **more: Any
    ) -> AsyncIterator[Any]:
        result = await self.create(messages)
        for word in str(result.content).split(" "):
            yield f"{word} "
        yield result

    async def close(self) -> None:
        pass

    def actual_usage(self) -> RequestUsage:
        return NO_USAGE

    total_usage = actual_usage

    def count_tokens(self, messages: Sequence[Any], **more: Any) -> int:
        return 0

    remaining_tokens = count_tokens

    @property
    def capabilities(self) -> Any:
        return self.model_info

    @property
    def model_info(self) -> ModelInfo:
        return ModelInfo(
            vision=False,
            function_calling=True,
            json_output=False,
            family=ModelFamily.UNKNOWN,
            structured_output=False,
        )


def _memory(user: str) -> SouvenirMemory:
    return SouvenirMemory(AsyncUserMemory(AsyncClient(), user))


def _agent(user: str, **more: Any) -> AssistantAgent:
    return AssistantAgent("a", Parrot(), memory=[_memory(user)], **more)


def _text(words: str) -> MemoryContent:
    return MemoryContent(content=words, mime_type=MemoryMimeType.TEXT)


async def stores(user: str) -> None:
    await _memory(user).add(_text(FACT))
    assert knows(user)


async def recalls(user: str) -> None:
    tell(user)
    result = await _agent(user).run(task=QUESTION)
    assert WORD in result.messages[-1].to_text()
    found = await _memory(user).query(_text(QUESTION))
    assert WORD in str(found.results[0].content)


async def deletes(user: str) -> None:
    tell(user)
    forget = memory_tools(_memory(user).memory)[2]
    for memory_id in ids(user):
        await forget.run_json({"memory_id": memory_id}, CancellationToken())
    assert not knows(user)
    tell(user)
    await _memory(user).clear()
    assert memories(user) == []


async def streams(user: str) -> None:
    tell(user)
    agent = _agent(user, model_client_stream=True)
    words = [
        event.content
        async for event in agent.run_stream(task=QUESTION)
        if isinstance(event, ModelClientStreamingChunkEvent)
    ]
    assert len(words) > 5 and WORD in "".join(words)
