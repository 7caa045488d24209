"""CrewAI: `memory_tools` for an agent.

Its own memory searches by the vectors of its own embedder, which a server that embeds by
itself has no use for: so the agent gets tools.
"""

from __future__ import annotations

from crewai.tools import BaseTool, tool

from souvenir_client.integrations.user_memory import UserMemory


def memory_tools(memory: UserMemory) -> list[BaseTool]:
    """recall_memories, remember_fact, forget_memory."""
    return [tool(function) for function in memory.tools()]
