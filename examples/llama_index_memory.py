"""LlamaIndex: a chat engine with long-term memory. Needs a running Souvenir and no model:
`python examples/llama_index_memory.py` with SOUVENIR_URL and SOUVENIR_API_KEY
(pip install 'souvenir-client[llama-index]').
"""

import asyncio
import os

from llama_index.core.chat_engine import SimpleChatEngine
from llama_index.core.llms import MockLLM
from llama_index.core.memory import Memory

from souvenir_client import AsyncClient
from souvenir_client.integrations.llama_index_memory import SouvenirMemoryBlock
from souvenir_client.integrations.user_memory import AsyncUserMemory


async def main() -> None:
    user = os.environ.get("SOUVENIR_USER", "ana")
    async with AsyncClient() as client:
        await client.add("I live in Rome with two greyhounds.", user, wait=True)
        block = SouvenirMemoryBlock(memory=AsyncUserMemory(client, user))
        memory = Memory.from_defaults(session_id="today", memory_blocks=[block])
        # Any LLM of LlamaIndex; this one repeats its prompt.
        engine = SimpleChatEngine.from_defaults(llm=MockLLM(), memory=memory)
        print(await engine.achat("Which pets do I have?"))


asyncio.run(main())
