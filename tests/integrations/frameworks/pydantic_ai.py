"""Pydantic AI: the capability."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from souvenir_client import AsyncClient
from souvenir_client.integrations.pydantic_ai_memory import SouvenirMemory
from souvenir_client.integrations.user_memory import AsyncUserMemory
from tests.integrations.said import FACT, QUESTION, WORD, ids, knows, tell, until

EXAMPLE = "pydantic_ai_memory"


def _shown(messages: list[ModelMessage]) -> str:
    parts = [part for message in messages for part in message.parts]
    return " | ".join(str(getattr(part, "content", "")) for part in parts)


def _parrot(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
    return ModelResponse(parts=[TextPart(_shown(messages))])


async def _parrot_stream(
    messages: list[ModelMessage], info: AgentInfo
) -> AsyncIterator[str]:
    for word in _shown(messages).split(" "):
        yield f"{word} "


def _agent(user: str, **model: Any) -> Agent[None, str]:
    given = model or {"function": _parrot, "stream_function": _parrot_stream}
    memory = AsyncUserMemory(AsyncClient(), user)
    return Agent(FunctionModel(**given), capabilities=[SouvenirMemory(memory)])


async def stores(user: str) -> None:
    result = await _agent(user).run(FACT)
    until(lambda: knows(user), "the memory of the turn")
    assert "memories" not in result.output


async def recalls(user: str) -> None:
    tell(user)
    agent = _agent(user)
    result = await agent.run(QUESTION)
    assert WORD in result.output
    assert WORD not in _shown(result.all_messages()[:1]), "memories are no history"


async def deletes(user: str) -> None:
    tell(user)
    (memory_id, *_) = ids(user)

    def forgets(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        if len(messages) > 2 and "Forgotten" in _shown(messages):
            return ModelResponse(parts=[TextPart("Done.")])
        call = ToolCallPart("forget_memory", {"memory_id": memory_id})
        return ModelResponse(parts=[call])

    await _agent(user, function=forgets).run("Forget where I live.")
    assert memory_id not in ids(user)


async def streams(user: str) -> None:
    tell(user)
    async with _agent(user).run_stream(QUESTION) as result:
        words = [
            word async for word in result.stream_text(delta=True, debounce_by=None)
        ]
    assert len(words) > 1 and WORD in "".join(words), words
