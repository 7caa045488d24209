"""CrewAI: the tools of an agent, in a crew with a fake model."""

from __future__ import annotations

import json
from typing import Any

from crewai import Agent, BaseLLM, Crew, Task
from pydantic import PrivateAttr

from souvenir_client import Client
from souvenir_client.integrations.crewai_tools import memory_tools
from souvenir_client.integrations.user_memory import UserMemory
from tests.integrations.said import FACT, QUESTION, WORD, ids, knows, tell

EXAMPLE = "crewai_tools"


class Scripted(BaseLLM):
    """A fake model that calls one tool and answers with what the tool said."""

    tool: str
    argument: dict[str, str]

    _calls: int = PrivateAttr(default=0)

    def call(self, messages: Any, *given: Any, **more: Any) -> str:
        self._calls += 1
        if self._calls > 1:
            return f"Thought: I know.\nFinal Answer: {messages}"
        return (
            f"Thought: I look.\nAction: {self.tool}\n"
            f"Action Input: {json.dumps(self.argument)}\n"
        )

    def supports_function_calling(self) -> bool:
        return False


def _crew(user: str, tool: str, **argument: str) -> str:
    model = Scripted(model="scripted", tool=tool, argument=argument)
    agent = Agent(
        role="helper",
        goal="help",
        backstory="helpful",
        llm=model,
        tools=memory_tools(UserMemory(Client(), user)),
    )
    task = Task(description=QUESTION, expected_output="an answer", agent=agent)
    return str(Crew(agents=[agent], tasks=[task]).kickoff())


def stores(user: str) -> None:
    _crew(user, "remember_fact", text=FACT)
    assert knows(user)


def recalls(user: str) -> None:
    tell(user)
    assert WORD in _crew(user, "recall_memories", query=QUESTION)


def deletes(user: str) -> None:
    tell(user)
    for memory_id in ids(user):
        _crew(user, "forget_memory", memory_id=memory_id)
    assert not knows(user)
