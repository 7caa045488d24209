"""Google ADK: the memory service in its Runner."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from google.adk.agents import LlmAgent
from google.adk.agents.run_config import RunConfig, StreamingMode
from google.adk.models import BaseLlm, LlmRequest, LlmResponse
from google.adk.runners import Runner
from google.adk.sessions import InMemorySessionService
from google.adk.tools.preload_memory_tool import PreloadMemoryTool
from google.genai.types import Content, Part

from souvenir_client import AsyncClient
from souvenir_client.integrations.google_adk import SouvenirMemoryService
from tests.integrations.said import FACT, QUESTION, WORD, knows, memories

EXAMPLE = "google_adk"
APP = "app"


class Parrot(BaseLlm):
    """A fake model that says what it was shown."""

    model: str = "parrot"

    async def generate_content_async(
        self, llm_request: LlmRequest, stream: bool = False
    ) -> AsyncGenerator[LlmResponse, None]:
        said = f"{llm_request.config.system_instruction} {llm_request.contents}"
        if stream:
            for word in said.split(" "):
                part = Content(role="model", parts=[Part(text=f"{word} ")])
                yield LlmResponse(content=part, partial=True)
        yield LlmResponse(content=Content(role="model", parts=[Part(text=said)]))


async def _run(
    user: str, service: SouvenirMemoryService, text: str, **config: Any
) -> tuple[list[str], Any]:
    sessions = InMemorySessionService()
    session = await sessions.create_session(app_name=APP, user_id=user)
    agent = LlmAgent(name="a", model=Parrot(), tools=[PreloadMemoryTool()])
    runner = Runner(
        app_name=APP, agent=agent, session_service=sessions, memory_service=service
    )
    texts = []
    async for event in runner.run_async(
        user_id=user,
        session_id=session.id,
        new_message=Content(role="user", parts=[Part(text=text)]),
        run_config=RunConfig(**config),
    ):
        parts = event.content.parts if event.content else []
        texts += [part.text for part in parts or [] if part.text]
    kept = await sessions.get_session(app_name=APP, user_id=user, session_id=session.id)
    return texts, kept


async def _told(user: str, service: SouvenirMemoryService) -> None:
    _, session = await _run(user, service, FACT)
    await service.add_session_to_memory(session)


async def stores(user: str) -> None:
    service = SouvenirMemoryService(AsyncClient(), wait=True)
    _, session = await _run(user, service, FACT)
    await service.add_session_to_memory(session)
    assert knows(user)
    before = memories(user)
    await service.add_session_to_memory(session)
    assert memories(user) == before


async def recalls(user: str) -> None:
    service = SouvenirMemoryService(AsyncClient(), wait=True)
    await _told(user, service)
    texts, _ = await _run(user, service, QUESTION)
    assert WORD in texts[-1]
    found = await service.search_memory(app_name=APP, user_id=user, query=QUESTION)
    assert WORD in (found.memories[0].content.parts or [])[0].text
    other = await service.search_memory(app_name="other", user_id=user, query=QUESTION)
    assert other.memories == []


async def deletes(user: str) -> None:
    service = SouvenirMemoryService(AsyncClient(), wait=True)
    await _told(user, service)
    found = await service.search_memory(app_name=APP, user_id=user, query=QUESTION)
    for entry in found.memories:
        await service.delete_memory(app_name=APP, user_id=user, memory_id=entry.id)
    found = await service.search_memory(app_name=APP, user_id=user, query=QUESTION)
    assert found.memories == []


async def streams(user: str) -> None:
    service = SouvenirMemoryService(AsyncClient(), wait=True)
    await _told(user, service)
    texts, _ = await _run(user, service, QUESTION, streaming_mode=StreamingMode.SSE)
    assert len(texts) > 5 and WORD in "".join(texts[:-1])
