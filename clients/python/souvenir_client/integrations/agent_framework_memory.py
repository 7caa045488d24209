"""Microsoft Agent Framework: `SouvenirContextProvider`.

    Agent(client=chat_client, context_providers=[SouvenirContextProvider(AsyncUserMemory(client, "ana"))])

Before a run it adds what is remembered about the input, and tools; after it, what was
said is remembered.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from agent_framework import (
    AgentSession,
    ContextProvider,
    Message,
    SessionContext,
    SupportsAgentRun,
)

from souvenir_client.integrations.user_memory import AsyncUserMemory
from souvenir_client.values import Json


class SouvenirContextProvider(ContextProvider):
    """Long-term memory of one user. With `tools` the model may recall, remember and
    forget by itself.
    """

    def __init__(
        self,
        memory: AsyncUserMemory,
        *,
        tools: bool = True,
        source_id: str = "souvenir",
    ) -> None:
        super().__init__(source_id)
        self.memory = memory
        self.tools = memory.tools() if tools else []

    async def before_run(
        self,
        *,
        agent: SupportsAgentRun,
        session: AgentSession,
        context: SessionContext,
        state: dict[str, Any],
    ) -> None:
        """Recall."""
        context.extend_tools(self.source_id, self.tools)
        question = "\n".join(row["content"] for row in spoken(context.input_messages))
        text = await self.memory.text(question)
        if text:
            context.extend_messages(self, [Message(role="user", contents=[text])])

    async def after_run(
        self,
        *,
        agent: SupportsAgentRun,
        session: AgentSession,
        context: SessionContext,
        state: dict[str, Any],
    ) -> None:
        """Remember the input and the answer."""
        answered = context.response.messages if context.response else []
        await self.memory.remember(spoken([*context.input_messages, *answered]))


def spoken(messages: Iterable[Message]) -> list[Json]:
    """Messages as the wire wants them."""
    return [
        {"role": str(message.role), "content": message.text} for message in messages
    ]
