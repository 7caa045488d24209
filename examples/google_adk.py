"""Google ADK: a runner with Souvenir as its memory service. Needs a running Souvenir and
no model: `python examples/google_adk.py` with SOUVENIR_URL and SOUVENIR_API_KEY
(pip install 'souvenir-client[google-adk]').
"""

import asyncio
import os

from google.adk.agents import LlmAgent
from google.adk.models import BaseLlm, LlmResponse
from google.adk.runners import Runner
from google.adk.sessions import InMemorySessionService
from google.adk.tools.preload_memory_tool import PreloadMemoryTool
from google.genai.types import Content, Part

from souvenir_client import AsyncClient
from souvenir_client.integrations.google_adk import SouvenirMemoryService


class Repeats(BaseLlm):
    """Says what it was shown; give the agent a real model instead."""

    async def generate_content_async(self, llm_request, stream=False):
        shown = f"{llm_request.config.system_instruction} {llm_request.contents}"
        yield LlmResponse(content=Content(role="model", parts=[Part(text=shown)]))


async def main() -> None:
    user = os.environ.get("SOUVENIR_USER", "ana")
    async with AsyncClient() as client:
        await client.add(
            "I live in Rome with two greyhounds.", user, wait=True, app_id="pets"
        )
        sessions = InMemorySessionService()
        session = await sessions.create_session(app_name="pets", user_id=user)
        agent = LlmAgent(
            name="a", model=Repeats(model="repeats"), tools=[PreloadMemoryTool()]
        )
        memory = SouvenirMemoryService(client)
        runner = Runner(
            app_name="pets",
            agent=agent,
            session_service=sessions,
            memory_service=memory,
        )
        question = Content(role="user", parts=[Part(text="Which pets do I have?")])
        async for event in runner.run_async(
            user_id=user, session_id=session.id, new_message=question
        ):
            print(event.content.parts[0].text)


asyncio.run(main())
