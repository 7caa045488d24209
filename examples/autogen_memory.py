"""AutoGen: what its agents do with a memory before they ask their model. Needs a running
Souvenir and no model: `python examples/autogen_memory.py` with SOUVENIR_URL and
SOUVENIR_API_KEY (pip install 'souvenir-client[autogen]').

With a model: AssistantAgent("a", model_client, memory=[memory], tools=memory_tools(...)).
"""

import asyncio
import os

from autogen_core.memory import MemoryContent, MemoryMimeType
from autogen_core.model_context import UnboundedChatCompletionContext
from autogen_core.models import UserMessage

from souvenir_client import AsyncClient
from souvenir_client.integrations.autogen_memory import SouvenirMemory
from souvenir_client.integrations.user_memory import AsyncUserMemory


async def main() -> None:
    user = os.environ.get("SOUVENIR_USER", "ana")
    async with AsyncClient() as client:
        memory = SouvenirMemory(AsyncUserMemory(client, user))
        fact = "I live in Rome with two greyhounds."
        await memory.add(MemoryContent(content=fact, mime_type=MemoryMimeType.TEXT))

        context = UnboundedChatCompletionContext()
        question = UserMessage(content="Which pets do I have?", source="user")
        await context.add_message(question)
        await memory.update_context(context)
        for message in await context.get_messages():
            print(message.content)


asyncio.run(main())
