"""Pydantic AI: `SouvenirMemory`, a capability that recalls, remembers and has tools.

    Agent(model, capabilities=[SouvenirMemory(AsyncUserMemory(client, "ana"))])

Before a run it puts what is remembered about the prompt into the messages, as data and
not as instructions; after it, what was said is remembered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic_ai import RunContext
from pydantic_ai.capabilities import AbstractCapability
from pydantic_ai.messages import ModelRequest, UserPromptPart
from pydantic_ai.models import ModelRequestContext
from pydantic_ai.run import AgentRunResult
from pydantic_ai.toolsets import FunctionToolset

from souvenir_client.integrations.user_memory import AsyncUserMemory


@dataclass
class SouvenirMemory(AbstractCapability[Any]):
    """Long-term memory of one user."""

    memory: AsyncUserMemory

    async def before_model_request(
        self, ctx: RunContext[Any], request_context: ModelRequestContext
    ) -> ModelRequestContext:
        """Recall, once a run: before the first request to the model."""
        text = await self.memory.text(prompt_of(ctx)) if ctx.run_step <= 1 else ""
        if text:
            recalled = ModelRequest(parts=[UserPromptPart(text)])
            request_context.messages.insert(-1, recalled)
        return request_context

    async def after_run(
        self, ctx: RunContext[Any], *, result: AgentRunResult[Any]
    ) -> AgentRunResult[Any]:
        """Remember the prompt and the answer."""
        turn = [
            {"role": "user", "content": prompt_of(ctx)},
            {"role": "assistant", "content": str(result.output)},
        ]
        await self.memory.remember(turn)
        return result

    def get_toolset(self) -> FunctionToolset[Any]:
        """recall_memories, remember_fact, forget_memory."""
        return FunctionToolset(self.memory.tools())


def prompt_of(ctx: RunContext[Any]) -> str:
    """The words of the user's prompt."""
    prompt = ctx.prompt
    if isinstance(prompt, str) or prompt is None:
        return prompt or ""
    return "\n".join(part for part in prompt if isinstance(part, str))
