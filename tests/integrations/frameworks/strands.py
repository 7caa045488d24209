"""Strands Agents: the store in its MemoryManager, beside its own TestMemoryStore."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from strands import Agent
from strands.memory import MemoryManager
from strands.models import Model
from strands.vended_memory_stores.test_memory_store import TestMemoryStore

from souvenir_client import AsyncClient
from souvenir_client.integrations.strands_memory import SouvenirMemoryStore
from souvenir_client.integrations.user_memory import AsyncUserMemory
from tests.integrations.said import FACT, QUESTION, WORD, ids, knows, tell, until

EXAMPLE = "strands_memory"


class Parrot(Model):
    """A fake model that says what it was shown."""

    def update_config(self, **model_config: Any) -> None:
        pass

    def get_config(self) -> Any:
        return {}

    def structured_output(self, *given: Any, **more: Any) -> Any:
        raise NotImplementedError

    async def stream(
        self, messages: Any, *given: Any, **more: Any
    ) -> AsyncIterator[Any]:
        yield {"messageStart": {"role": "assistant"}}
        yield {"contentBlockStart": {"start": {}}}
        for word in str(messages).split(" "):
            yield {"contentBlockDelta": {"delta": {"text": f"{word} "}}}
        yield {"contentBlockStop": {}}
        yield {"messageStop": {"stopReason": "end_turn"}}


def _store(user: str) -> SouvenirMemoryStore:
    return SouvenirMemoryStore(AsyncUserMemory(AsyncClient(), user, "talk"))


def _agent(user: str) -> Agent:
    manager = MemoryManager(stores=[_store(user)])
    return Agent(model=Parrot(), plugins=[manager], callback_handler=None)


async def stores(user: str) -> None:
    store = _store(user)
    await store.add_messages(
        [
            {"role": "user", "content": [{"text": FACT}]},
            {"role": "assistant", "content": [{"text": "How nice!"}]},
        ]
    )
    until(lambda: knows(user), "the memory of the messages")
    await store.add("My sister plays the cello.", {"scene": "family"})
    assert "cello" in (await store.search("Who plays the cello?"))[0].content


async def recalls(user: str) -> None:
    tell(user)
    result = await _agent(user).invoke_async(QUESTION)
    assert WORD in str(result)


async def finds_what_its_own_store_finds(user: str) -> None:
    own = TestMemoryStore(name="own", persist=False)
    ours = _store(user)
    for text in (FACT, "Tax forms are due in May."):
        await own.add(text)
        await ours.add(text)
    for query in ("greyhounds in Rome", "tax forms"):
        (first, *_) = await ours.search(query, {"max_search_results": 1})
        (theirs, *_) = await own.search(query, {"max_search_results": 1})
        shared = {"greyhounds", "Tax"} & set(theirs.content.strip(".").split())
        assert shared and all(word in first.content for word in shared)
        assert len(await ours.search(query, {"max_search_results": 1})) == 1


async def deletes(user: str) -> None:
    tell(user)
    store = _store(user)
    forget = store.memory.tools()[2]
    for memory_id in ids(user):
        await forget(memory_id)
    assert await store.search(QUESTION) == []


async def streams(user: str) -> None:
    tell(user)
    words = [
        event["data"]
        async for event in _agent(user).stream_async(QUESTION)
        if "data" in event
    ]
    assert len(words) > 5 and WORD in "".join(words)
