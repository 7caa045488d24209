"""Strands Agents: an agent with long-term memory. Needs a running Souvenir and no model:
`python examples/strands_memory.py` with SOUVENIR_URL and SOUVENIR_API_KEY
(pip install 'souvenir-client[strands]').
"""

import asyncio
import os

from strands import Agent
from strands.memory import MemoryManager
from strands.models import Model

from souvenir_client import AsyncClient
from souvenir_client.integrations.strands_memory import SouvenirMemoryStore
from souvenir_client.integrations.user_memory import AsyncUserMemory


class Repeats(Model):
    """Says what it was shown; give the agent a real model instead."""

    def update_config(self, **config): ...

    def get_config(self):
        return {}

    def structured_output(self, *given, **more):
        raise NotImplementedError

    async def stream(self, messages, *given, **more):
        yield {"messageStart": {"role": "assistant"}}
        yield {"contentBlockDelta": {"delta": {"text": str(messages)}}}
        yield {"contentBlockStop": {}}
        yield {"messageStop": {"stopReason": "end_turn"}}


async def main() -> None:
    user = os.environ.get("SOUVENIR_USER", "ana")
    async with AsyncClient() as client:
        await client.add("I live in Rome with two greyhounds.", user, wait=True)
        store = SouvenirMemoryStore(AsyncUserMemory(client, user, "today"))
        manager = MemoryManager(stores=[store])
        agent = Agent(model=Repeats(), plugins=[manager], callback_handler=None)
        print(await agent.invoke_async("Which pets do I have?"))


asyncio.run(main())
