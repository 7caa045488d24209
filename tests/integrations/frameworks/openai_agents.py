"""OpenAI Agents SDK: the session and the tools."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from agents import Agent, Model, ModelResponse, RunConfig, Runner, Usage
from agents.tool_context import ToolContext
from openai.types.responses import (
    Response,
    ResponseCompletedEvent,
    ResponseOutputMessage,
    ResponseOutputText,
    ResponseTextDeltaEvent,
)

from souvenir_client import AsyncClient
from souvenir_client.integrations.openai_agents import SouvenirSession, memory_tools
from souvenir_client.integrations.user_memory import AsyncUserMemory
from tests.integrations.said import FACT, QUESTION, WORD, ids, knows, tell, until

EXAMPLE = "openai_agents"


class Parrot(Model):
    """A fake model that says what it was shown."""

    async def get_response(
        self, system_instructions: Any, input: Any, *rest: Any, **more: Any
    ) -> ModelResponse:
        return ModelResponse([message_of(input)], Usage(), None)

    async def stream_response(
        self, system_instructions: Any, input: Any, *rest: Any, **more: Any
    ) -> AsyncIterator[Any]:
        message = message_of(input)
        (part,) = message.content
        for number, word in enumerate(part.text.split(" ")):  # type: ignore[union-attr]
            yield ResponseTextDeltaEvent(
                content_index=0,
                delta=f"{word} ",
                item_id="m",
                logprobs=[],
                output_index=0,
                sequence_number=number,
                type="response.output_text.delta",
            )
        response = Response(
            id="r",
            created_at=0,
            model="parrot",
            object="response",
            output=[message],
            parallel_tool_calls=False,
            tool_choice="auto",
            tools=[],
        )
        yield ResponseCompletedEvent(
            response=response, sequence_number=999, type="response.completed"
        )


def message_of(input: Any) -> ResponseOutputMessage:
    said = " | ".join(str(item["content"]) for item in input)
    text = ResponseOutputText(text=said, type="output_text", annotations=[])
    return ResponseOutputMessage(
        id="m", content=[text], role="assistant", status="completed", type="message"
    )


def _session_of(user: str) -> SouvenirSession:
    return SouvenirSession("talk", AsyncUserMemory(AsyncClient(), user, "talk"))


def config(session: SouvenirSession) -> RunConfig:
    return RunConfig(
        session_input_callback=session.with_memories, tracing_disabled=True
    )


async def stores(user: str) -> None:
    session = _session_of(user)
    agent = Agent(name="a", model=Parrot())
    await Runner.run(agent, FACT, session=session, run_config=config(session))
    until(lambda: knows(user), "the memory of the turn")
    items = await session.get_items()
    assert [item["role"] for item in items] == ["user", "assistant"]
    assert await session.get_items(1) == items[-1:]


async def recalls(user: str) -> None:
    tell(user)
    session = _session_of(user)
    agent = Agent(name="a", model=Parrot())
    result = await Runner.run(
        agent, QUESTION, session=session, run_config=config(session)
    )
    assert WORD in result.final_output
    kept = await session.get_items()
    assert [item["role"] for item in kept] == ["user", "assistant"], kept


async def deletes(user: str) -> None:
    tell(user)
    session = _session_of(user)
    await session.add_items([{"role": "user", "content": "Hello."}])
    assert (await session.pop_item())["content"] == "Hello."
    await session.clear_session()
    assert await session.get_items() == []
    forget = memory_tools(session.memory)[2]
    for memory_id in ids(user):
        arguments = f'{{"memory_id": "{memory_id}"}}'
        context = ToolContext(
            None, tool_name=forget.name, tool_call_id="c", tool_arguments=arguments
        )
        assert await forget.on_invoke_tool(context, arguments) == "Forgotten."
    assert not knows(user)


async def streams(user: str) -> None:
    tell(user)
    session = _session_of(user)
    agent = Agent(name="a", model=Parrot(), tools=memory_tools(session.memory))
    result = Runner.run_streamed(
        agent, QUESTION, session=session, run_config=config(session)
    )
    words = [
        event.data.delta
        async for event in result.stream_events()
        if event.type == "raw_response_event"
        and isinstance(event.data, ResponseTextDeltaEvent)
    ]
    assert len(words) > 5 and WORD in "".join(words)
