"""Microsoft Agent Framework: an agent with long-term memory. Needs a running Souvenir and
no model: `python examples/agent_framework_memory.py` with SOUVENIR_URL and
SOUVENIR_API_KEY (pip install 'souvenir-client[agent-framework]').
"""

import asyncio
import os

from agent_framework import Agent, BaseChatClient, ChatResponse, Message

from souvenir_client import AsyncClient
from souvenir_client.integrations.agent_framework_memory import SouvenirContextProvider
from souvenir_client.integrations.user_memory import AsyncUserMemory


class Repeats(BaseChatClient):
    """Says what it was shown; give the agent a real chat client instead."""

    async def _inner_get_response(self, *, messages, **more):
        said = "\n".join(message.text for message in messages)
        return ChatResponse(messages=[Message(role="assistant", contents=[said])])


async def main() -> None:
    user = os.environ.get("SOUVENIR_USER", "ana")
    async with AsyncClient() as client:
        await client.add("I live in Rome with two greyhounds.", user, wait=True)
        memory = SouvenirContextProvider(AsyncUserMemory(client, user))
        agent = Agent(client=Repeats(), context_providers=[memory])
        print((await agent.run("Which pets do I have?")).text)


asyncio.run(main())
