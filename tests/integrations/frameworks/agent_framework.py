"""Microsoft Agent Framework: the context provider."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from agent_framework import (
    Agent,
    BaseChatClient,
    ChatResponse,
    ChatResponseUpdate,
    Content,
    Message,
    ResponseStream,
)

from souvenir_client import AsyncClient
from souvenir_client.integrations.agent_framework_memory import SouvenirContextProvider
from souvenir_client.integrations.user_memory import AsyncUserMemory
from tests.integrations.said import FACT, QUESTION, WORD, ids, knows, tell, until

EXAMPLE = "agent_framework_memory"


class Parrot(BaseChatClient[Any]):
    """A fake model that says what it was shown."""

    def _inner_get_response(
        self, *, messages: Sequence[Message], stream: bool, **more: Any
    ) -> Any:
        said = " | ".join(message.text for message in messages)
        if stream:
            return ResponseStream(updates(said), finalizer=ChatResponse.from_updates)
        return whole(said)


async def whole(said: str) -> ChatResponse:
    return ChatResponse(messages=[Message(role="assistant", contents=[said])])


async def updates(said: str) -> AsyncIterator[ChatResponseUpdate]:
    for word in said.split(" "):
        yield ChatResponseUpdate(
            role="assistant", contents=[Content.from_text(f"{word} ")]
        )


def _agent(user: str) -> Agent[Any]:
    memory = AsyncUserMemory(AsyncClient(), user)
    return Agent(client=Parrot(), context_providers=[SouvenirContextProvider(memory)])


async def stores(user: str) -> None:
    await _agent(user).run(FACT)
    until(lambda: knows(user), "the memory of the turn")


async def recalls(user: str) -> None:
    tell(user)
    assert WORD in (await _agent(user).run(QUESTION)).text


async def deletes(user: str) -> None:
    tell(user)
    memory = AsyncUserMemory(AsyncClient(), user)
    forget = SouvenirContextProvider(memory).tools[2]
    for memory_id in ids(user):
        assert await forget(memory_id) == "Forgotten."
    assert not knows(user)


async def streams(user: str) -> None:
    tell(user)
    words = [update.text async for update in _agent(user).run(QUESTION, stream=True)]
    assert len(words) > 5 and WORD in "".join(words)
