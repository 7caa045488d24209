"""A memory that is away, full or slow costs a turn its memories, never the turn: every
adapter, at what it does around a turn.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from types import SimpleNamespace as Values
from typing import Any

import httpx
import pytest

from souvenir_client import ApiError, AsyncClient, Client
from souvenir_client.integrations.user_memory import AsyncUserMemory, UserMemory
from tests.unit.client.framework_stubs import adapter
from tests.unit.client.servers import ADDED, Answer, Server, no, ok

FULL = no(403, 40300, "the quota of the project is used up")
AWAY = httpx.ConnectTimeout("swallowed")
ODD = ok({"memory_detail_list": [{"id": "m"}]})
SAID = [{"role": "user", "content": "I live in Rome."}]


def blocking(server: Server) -> Client:
    return Client("http://h", "k", pauses=(), transport=httpx.MockTransport(server))


def awaited(server: Server, *, pausing: bool = False) -> AsyncClient:
    """`pausing`: others go on before the server answers."""

    async def answered(request: httpx.Request) -> httpx.Response:
        answer = server(request)
        if pausing:
            await asyncio.sleep(0)
        return answer

    transport = httpx.MockTransport(answered)
    return AsyncClient("http://h", "k", pauses=(), transport=transport)


def of_ana(server: Server) -> AsyncUserMemory:
    return AsyncUserMemory(awaited(server), "ana")


class History:
    """A session of the OpenAI SDK."""

    def __init__(self) -> None:
        self.items: list[Any] = []

    async def add_items(self, items: list[Any]) -> None:
        self.items += items


async def openai_agents(module: Any, server: Server) -> None:
    history = History()
    session = module.SouvenirSession("t", of_ana(server), history)
    assert await session.with_memories([], SAID) == SAID
    await session.add_items(SAID)
    assert history.items == SAID


async def pydantic_ai_memory(module: Any, server: Server) -> None:
    memory = module.SouvenirMemory(of_ana(server))
    run = Values(prompt="Hi", run_step=1)
    request = Values(messages=["Hi"])
    assert await memory.before_model_request(run, request) is request
    result = Values(output="the answer")
    assert await memory.after_run(run, result=result) is result


async def agent_framework_memory(module: Any, server: Server) -> None:
    provider = module.SouvenirContextProvider(of_ana(server), tools=False)
    provider.source_id = "souvenir"
    context = Values(
        input_messages=[Values(role="user", text="Hi")],
        response=None,
        extend_tools=lambda source, tools: None,
    )
    around = {"agent": None, "session": None, "context": context, "state": {}}
    await provider.before_run(**around)
    await provider.after_run(**around)


async def llama_index_memory(module: Any, server: Server) -> None:
    block = module.SouvenirMemoryBlock(memory=of_ana(server))
    message = Values(role=Values(value="user"), content="Hi")
    assert await block._aget([message]) == ""
    await block.remember(message)


async def autogen_memory(module: Any, server: Server) -> None:
    message = module.UserMessage(content="Hi")

    async def messages() -> list[Any]:
        return [message]

    memory = module.SouvenirMemory(of_ana(server))
    update = await memory.update_context(Values(get_messages=messages))
    assert update.memories.results == []
    with pytest.raises(ApiError):
        await memory.add(Values(content="a fact", metadata=None))


async def strands_memory(module: Any, server: Server) -> None:
    store = module.SouvenirMemoryStore(of_ana(server))
    assert await store.search("Hi") == []
    said = {"role": "user", "content": [{"text": "Hi"}]}
    assert await store.add_messages([said]) is None
    with pytest.raises(ApiError):
        await store.add("a fact")


async def google_adk(module: Any, server: Server) -> None:
    service = module.SouvenirMemoryService(awaited(server))
    asked = {"app_name": "a", "user_id": "ana"}
    found = await service.search_memory(query="Hi", **asked)
    assert found.memories == []
    await service.add_events_to_memory(events=[event("e", "Hi")], **asked)


async def langchain_memory(module: Any, server: Server) -> None:
    client = blocking(server)
    retriever = module.SouvenirRetriever(
        client=client, user_id="ana", search_options={}
    )
    assert retriever._get_relevant_documents("Hi", run_manager=None) == []
    history = module.SouvenirChatMessageHistory(client, "ana", "c")
    assert history.messages == []
    history.add_messages([Values(type="human", text="Hi")])


async def hermes_provider(module: Any, server: Server) -> None:
    provider = module.SouvenirMemoryProvider(blocking(server))
    provider.initialize("s")
    assert provider.prefetch("Hi") == ""
    provider.sync_turn("Hi", "Hello")
    provider.shutdown()
    answer = json.loads(provider.handle_tool_call("recall_memories", {"query": "x"}))
    assert "error" in answer


ADAPTERS: tuple[Callable[[Any, Server], Awaitable[None]], ...] = (
    openai_agents,
    pydantic_ai_memory,
    agent_framework_memory,
    llama_index_memory,
    autogen_memory,
    strands_memory,
    google_adk,
    langchain_memory,
    hermes_provider,
)


@pytest.mark.parametrize("answer", [FULL, AWAY], ids=["full", "away"])
@pytest.mark.parametrize("check", ADAPTERS, ids=lambda check: check.__name__)
async def test_an_adapter_goes_on_without_its_memory(
    check: Callable[[Any, Server], Awaitable[None]],
    answer: Answer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await check(adapter(check.__name__, monkeypatch), Server(answer))
    told = [record for record in caplog.records if "souvenir: not" in record.message]
    assert told and all(record.levelno == logging.WARNING for record in told)


@pytest.mark.parametrize("answer", [FULL, AWAY, ODD])
async def test_what_a_turn_lost_is_told_once(
    answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[Exception] = []
    memory = UserMemory(blocking(Server(answer)), "ana", on_error=told.append)
    assert memory.text("Hi") == ""
    assert memory.remember(SAID) is None
    assert len(told) == 2 and not caplog.records


async def test_a_turn_waits_for_seconds_however_patient_its_client_is() -> None:
    given: list[httpx.Timeout] = []

    def slow(request: httpx.Request) -> httpx.Response:
        given.append(httpx.Timeout(**request.extensions["timeout"]))
        raise httpx.ReadTimeout("slow")

    transport = httpx.MockTransport(slow)
    client = AsyncClient("http://h", "k", timeout=120, pauses=(9,), transport=transport)
    memory = AsyncUserMemory(client, "ana")
    assert await memory.text("Hi") == ""
    assert await memory.remember(SAID) is None
    assert len(given) == 2
    for timeout in given:
        assert (timeout.connect or 0) + (timeout.read or 0) <= memory.turn_s


async def test_tools_say_what_is_wrong() -> None:
    for tool in UserMemory(blocking(Server(FULL)), "ana").tools():
        with pytest.raises(ApiError):
            tool("something")
    for awaited_tool in of_ana(Server(FULL)).tools():
        with pytest.raises(ApiError):
            await awaited_tool("something")


def event(id: str, text: str) -> Values:
    parts = [Values(text=text, thought=False)]
    return Values(id=id, author="user", timestamp=0, content=Values(parts=parts))


def sent(server: Server) -> list[tuple[str, list[str]]]:
    """Keys and texts of the adds."""
    bodies = [
        (r.headers["Idempotency-Key"], json.loads(r.content)) for r in server.requests
    ]
    return [
        (key, [message["content"] for message in body["messages"]])
        for key, body in bodies
    ]


async def test_a_long_session_goes_in_portions_and_twice_is_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = adapter("google_adk", monkeypatch)
    server = Server(ADDED)
    service = module.SouvenirMemoryService(awaited(server, pausing=True))
    events = [event(f"e{number}", "word " * 1500) for number in range(10)]
    session = Values(app_name="a", user_id="ana", id="s", events=events)
    await asyncio.gather(*[service.add_session_to_memory(session) for _ in range(2)])
    by_key = dict(sent(server))
    assert len(server.requests) == 2 * len(by_key) > 2
    assert sum(len(texts) for texts in by_key.values()) == 10
    events.append(event("e10", "Bye"))
    await service.add_session_to_memory(session)
    await service.add_session_to_memory(session)
    assert len(server.requests) == 2 * len(by_key) + 1
    assert sent(server)[-1][1] == ["Bye"]


async def test_a_session_that_was_refused_is_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = adapter("google_adk", monkeypatch)
    server = Server(FULL, ADDED)
    service = module.SouvenirMemoryService(awaited(server))
    session = Values(app_name="a", user_id="ana", id="s", events=[event("e", "Hi")])
    for _ in range(3):
        await service.add_session_to_memory(session)
    first, second = sent(server)
    assert first == second


async def test_a_session_goes_on_after_what_was_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = adapter("google_adk", monkeypatch)
    server = Server(ADDED, FULL, ADDED)
    service = module.SouvenirMemoryService(awaited(server))
    texts = ("first " * 1500, "long " * 4500, "Bye")  # the second in several pieces
    events = [event(text.split()[0], text) for text in texts]
    session = Values(app_name="a", user_id="ana", id="s", events=events)
    await service.add_session_to_memory(session)
    await service.add_session_to_memory(session)
    _, _, *again = [text for _, text in sent(server)]
    said = " ".join(piece for portion in again for piece in portion)
    assert said == f"{texts[1].strip()} Bye"


def test_a_long_turn_goes_in_portions_under_keys_of_their_own() -> None:
    server = Server(ADDED)
    memory = UserMemory(blocking(server), "ana")
    memory.remember([{"role": "user", "content": "word " * 12_000}], key="turn")
    keys, texts = zip(*sent(server), strict=True)
    assert keys == tuple(f"turn/{place}" for place in range(len(keys)))
    pieces = [piece for portion in texts for piece in portion]
    assert len(keys) > 1 and " ".join(pieces) == ("word " * 12_000).strip()


async def test_a_user_may_say_what_marks_a_cleared_history(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = adapter("langchain_memory", monkeypatch)
    rows = [
        {"role": "user", "content": "before"},
        {"role": "system", "content": module.CLEARED},
        {"role": "user", "content": "after"},
        {"role": "user", "content": module.CLEARED},
    ]
    client = blocking(Server(ok({"message_detail_list": rows})))
    history = module.SouvenirChatMessageHistory(client, "ana", "c")
    said = [message.args[0] for message in history.messages]
    assert said == ["after", module.CLEARED]


async def test_a_version_that_is_gone_keeps_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = adapter("langgraph_store", monkeypatch)
    gone = no(404, module.ALREADY_GONE, "not there")
    server = Server(gone, gone, ok({"success": True}))
    module.SouvenirStore(blocking(server), "ana")._delete(["a", "b"])
    ids = [json.loads(request.content)["memory_ids"] for request in server.requests]
    assert ids == [["a", "b"], ["a"], ["b"]]


DONE = {"task_id": "t", "status": "completed"}
STORED = [{"memory_id": "m", "outcome": "stored", "kind": "fact"}]


@pytest.mark.parametrize(
    ("text", "answers", "says"),
    [
        ("Rome.", [{**DONE, "receipts": STORED}], "1 fact stored"),
        ("Rome.", [{**DONE, "receipts": []}], "nothing to remember"),
        ("Rome.", [no(404, 50131, "no such route")], "Remembered."),
        (
            "Rome.",
            [{"task_id": "t", "status": "failed", "error_message": "model away"}],
            "Not remembered: model away.",
        ),
        ("Rome.", [{"task_id": "t", "status": "running"}], "being remembered"),
        (" ", [], "nothing to remember"),
    ],
)
async def test_a_tool_says_what_became_of_a_fact(
    text: str, answers: list[Any], says: str
) -> None:
    added = ok({"success": True, "task_id": "t", "status": "completed"})
    given = [a if isinstance(a, httpx.Response) else ok(a) for a in answers]
    tool = UserMemory(blocking(Server(added, *given)), "ana").tools()[1]
    assert says in tool(text)
    awaiting = of_ana(Server(added, *given)).tools()[1]
    assert says in await awaiting(text)
