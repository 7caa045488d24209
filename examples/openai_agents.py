"""OpenAI Agents SDK: a session that remembers. Needs a running Souvenir and no model:
`python examples/openai_agents.py` with SOUVENIR_URL and SOUVENIR_API_KEY
(pip install 'souvenir-client[openai-agents]').
"""

import asyncio
import os

from agents import Agent, Model, ModelResponse, RunConfig, Runner, Usage
from openai.types.responses import ResponseOutputMessage, ResponseOutputText

from souvenir_client import AsyncClient
from souvenir_client.integrations.openai_agents import SouvenirSession, memory_tools
from souvenir_client.integrations.user_memory import AsyncUserMemory


class Repeats(Model):
    """Says what it was shown. Leave `model` out to ask OpenAI's."""

    async def get_response(self, system_instructions, input, *rest, **more):
        said = "\n".join(str(item["content"]) for item in input)
        text = ResponseOutputText(text=said, type="output_text", annotations=[])
        message = ResponseOutputMessage(
            id="m", content=[text], role="assistant", status="completed", type="message"
        )
        return ModelResponse([message], Usage(), None)

    def stream_response(self, *given, **more):
        raise NotImplementedError


async def main() -> None:
    user = os.environ.get("SOUVENIR_USER", "ana")
    async with AsyncClient() as client:
        await client.add("I live in Rome with two greyhounds.", user, wait=True)
        session = SouvenirSession("today", AsyncUserMemory(client, user, "today"))
        agent = Agent(name="a", model=Repeats(), tools=memory_tools(session.memory))
        config = RunConfig(
            session_input_callback=session.with_memories, tracing_disabled=True
        )
        result = await Runner.run(
            agent, "Which pets do I have?", session=session, run_config=config
        )
        print(result.final_output)


asyncio.run(main())
