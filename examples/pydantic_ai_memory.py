"""Pydantic AI: an agent with long-term memory. Needs a running Souvenir and no model:
`python examples/pydantic_ai_memory.py` with SOUVENIR_URL and SOUVENIR_API_KEY
(pip install 'souvenir-client[pydantic-ai]').
"""

import asyncio
import os

from pydantic_ai import Agent
from pydantic_ai.messages import ModelResponse, TextPart
from pydantic_ai.models.function import FunctionModel

from souvenir_client import AsyncClient
from souvenir_client.integrations.pydantic_ai_memory import SouvenirMemory
from souvenir_client.integrations.user_memory import AsyncUserMemory


def repeats(messages, info):
    """Says what it was shown; name a real model instead, e.g. 'openai:gpt-5'."""
    parts = [part for message in messages for part in message.parts]
    return ModelResponse(parts=[TextPart("\n".join(str(p.content) for p in parts))])


async def main() -> None:
    user = os.environ.get("SOUVENIR_USER", "ana")
    async with AsyncClient() as client:
        await client.add("I live in Rome with two greyhounds.", user, wait=True)
        memory = SouvenirMemory(AsyncUserMemory(client, user))
        agent = Agent(FunctionModel(repeats), capabilities=[memory])
        print((await agent.run("Which pets do I have?")).output)


asyncio.run(main())
