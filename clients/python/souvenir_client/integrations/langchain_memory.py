"""LangChain: a retriever, a chat history, and the tools `memory_tools`."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.chat_history import BaseChatMessageHistory
from langchain_core.documents import Document
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.retrievers import BaseRetriever
from langchain_core.tools import BaseTool, tool
from pydantic import ConfigDict, Field

from souvenir_client.client import Client
from souvenir_client.integrations.user_memory import (
    NOT_RECALLED,
    TURN_S,
    UserMemory,
    spared_turn,
)
from souvenir_client.values import KINDS, Json, MemoryKind

CLEARED = "[conversation cleared]"
"""A system message that is stored where a history was cleared: what stands before it is
passed over. Messages cannot be deleted by conversation over the Cloud API.
"""

MAX_MESSAGES = 50
"""Messages that the server gives of a conversation at most (contract 1.3)."""

LATEST_TASKS = 20
"""Tasks that a history waits for before it is cleared: older ones have ended."""

ROLES = {"human": "user", "ai": "assistant", "system": "system", "tool": "tool"}


class SouvenirRetriever(BaseRetriever):
    """Memories of a user as documents, the most relevant first."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    client: Client
    user_id: str
    conversation_id: str | None = None
    search_options: dict[str, Any] = Field(default_factory=dict)
    """Further arguments of the search, e.g. `memory_limit_number` or `filter`."""

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        memory = UserMemory(
            self.client, self.user_id, self.conversation_id, self.search_options
        )
        result = memory.recall(query)
        documents: list[Document] = []
        for kind in KINDS:
            documents += [_document(m, kind) for m in getattr(result, kind.field)]
        return documents


def _document(memory: dict[str, Any], kind: MemoryKind) -> Document:
    return Document(
        id=memory["id"],
        page_content=str(memory[kind.text]),
        metadata={
            "kind": kind.name,
            "relativity": memory.get("relativity"),
            "create_time": memory.get("create_time"),
            "conversation_id": memory.get("conversation_id"),
        },
    )


class SouvenirChatMessageHistory(BaseChatMessageHistory):
    """The history of a conversation: its words, the latest 50. What is added is
    remembered.
    """

    def __init__(self, client: Client, user_id: str, conversation_id: str) -> None:
        self.client = client
        self.user_id = user_id
        self.conversation_id = conversation_id
        self._memory = UserMemory(client, user_id, conversation_id)
        self._tasks: deque[str] = deque(maxlen=LATEST_TASKS)

    @property
    def messages(self) -> list[BaseMessage]:
        """The latest messages since the history was cleared, oldest first; none where
        the memory does not answer in time.
        """
        brief = self.client.with_options(longest=TURN_S, pauses=())
        rows: list[Json] = []
        with spared_turn(NOT_RECALLED):
            rows = brief.get(
                self.user_id, self.conversation_id, message_limit_number=MAX_MESSAGES
            )
        cleared = [place for place, row in enumerate(rows) if _is_marker(row)]
        rows = rows[cleared[-1] + 1 :] if cleared else rows
        return [_message(row["role"], row["content"]) for row in rows]

    def add_messages(self, messages: Sequence[BaseMessage]) -> None:
        """Store messages; those of user and assistant are remembered."""
        rows = [
            {"role": ROLES.get(message.type, "user"), "content": message.text}
            for message in messages
            if message.type in ("human", "ai") and message.text.strip()
        ]
        if task := self._memory.remember(rows):
            self._tasks.append(task.task_id)

    def clear(self) -> None:
        """Forget what was remembered of the conversation, and begin its history anew."""
        while self._tasks:  # one that still ran would bring its memories back
            self.client.wait_for(self._tasks.popleft())
        here = {"and": [{"conversation_id": self.conversation_id}]}
        self.client.delete(user_id=self.user_id, filter=here)
        marker = [{"role": "system", "content": CLEARED}]
        self.client.add(marker, self.user_id, self.conversation_id, wait=True)


def memory_tools(
    client: Client, user_id: str, conversation_id: str | None = None
) -> list[BaseTool]:
    """Tools for a model: recall_memories, remember_fact, forget_memory."""
    functions = UserMemory(client, user_id, conversation_id).tools()
    return [tool(function, parse_docstring=True) for function in functions]


def _is_marker(row: Json) -> bool:
    """Whether a history was cleared here. A user may well say the same words."""
    return bool(row["role"] == "system" and row["content"] == CLEARED)


def _message(role: str, content: Any) -> BaseMessage:
    return (AIMessage if role == "assistant" else HumanMessage)(content)
