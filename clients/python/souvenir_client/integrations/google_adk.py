"""Google ADK: `SouvenirMemoryService`, a memory service for its Runner.

A session may be handed over again and again while it grows: only events that it has not
seen yet are remembered. Which those are it knows as long as it lives; a second service
that is handed the same session remembers it once more, where equal memories are merged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from google.adk.events import Event
from google.adk.memory import BaseMemoryService
from google.adk.memory.base_memory_service import SearchMemoryResponse
from google.adk.memory.memory_entry import MemoryEntry
from google.adk.sessions import Session
from google.genai.types import Content, Part

from souvenir_client.async_client import AsyncClient
from souvenir_client.values import Json


class SouvenirMemoryService(BaseMemoryService):
    """Memories by app and user. With `wait` an add answers when they can be found."""

    def __init__(self, client: AsyncClient, *, wait: bool = False) -> None:
        self.client = client
        self.wait = wait
        self._seen: set[str] = set()

    async def add_session_to_memory(self, session: Session) -> None:
        """Remember what has been said in a session since the last time."""
        await self.add_events_to_memory(
            app_name=session.app_name,
            user_id=session.user_id,
            events=session.events,
            session_id=session.id,
        )

    async def add_events_to_memory(
        self,
        *,
        app_name: str,
        user_id: str,
        events: Sequence[Event],
        session_id: str | None = None,
        custom_metadata: Mapping[str, object] | None = None,
    ) -> None:
        """Remember what is said in events."""
        fresh = [event for event in events if event.id not in self._seen]
        messages = [message_of(event) for event in fresh if words_of(event.content)]
        if messages:
            await self.client.add(
                messages,
                user_id,
                session_id,
                wait=self.wait,
                app_id=app_name,
                info=dict(custom_metadata or {}),
            )
        self._seen.update(event.id for event in fresh)

    async def add_memory(
        self,
        *,
        app_name: str,
        user_id: str,
        memories: Sequence[MemoryEntry],
        custom_metadata: Mapping[str, object] | None = None,
    ) -> None:
        """Remember entries as if the user had said them."""
        messages = [
            {"role": "user", "content": words_of(entry.content)} for entry in memories
        ]
        info = dict(custom_metadata or {})
        await self.client.add(
            messages, user_id, wait=self.wait, app_id=app_name, info=info
        )

    async def search_memory(
        self, *, app_name: str, user_id: str, query: str
    ) -> SearchMemoryResponse:
        """Facts and preferences of a user in an app, the most relevant first."""
        of_app = {"and": [{"app_id": app_name}]}
        result = await self.client.search(query, user_id, filter=of_app)
        entries = [
            *(entry_of(fact, "memory_value") for fact in result.memories),
            *(entry_of(wish, "preference") for wish in result.preferences),
        ]
        return SearchMemoryResponse(memories=entries)

    async def delete_memory(
        self, *, app_name: str, user_id: str, memory_id: str | None = None
    ) -> None:
        """Forget one memory. Raises ValueError without an id."""
        if memory_id is None:
            raise ValueError("memory_id: the id of a memory is expected")
        await self.client.delete([memory_id], user_id=user_id)


def message_of(event: Event) -> Json:
    """What an event says, as the wire wants it."""
    role = "user" if event.author == "user" else "assistant"
    said_at = datetime.fromtimestamp(event.timestamp, UTC)
    return {
        "role": role,
        "content": words_of(event.content),
        "chat_time": said_at.isoformat(timespec="seconds"),
    }


def words_of(content: Content | None) -> str:
    """The text of a content; a model's thoughts are left out."""
    parts = content.parts if content and content.parts else []
    return "\n".join(part.text for part in parts if part.text and not part.thought)


def entry_of(memory: Json, text_field: str) -> MemoryEntry:
    """A memory as an entry of the framework."""
    created: Any = memory.get("create_time")
    moment = (
        datetime.fromtimestamp(created / 1000, UTC)
        if isinstance(created, int)
        else None
    )
    return MemoryEntry(
        id=memory["id"],
        author="user",
        timestamp=moment.isoformat() if moment else None,
        content=Content(role="user", parts=[Part(text=str(memory[text_field]))]),
        custom_metadata={"relativity": memory.get("relativity")},
    )
