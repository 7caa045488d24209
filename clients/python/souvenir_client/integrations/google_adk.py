"""Google ADK: `SouvenirMemoryService`, a memory service for its Runner.

A session may be handed over again and again while it grows: only what has come since the
last time is remembered, and what is handed over twice at once is stored once. A memory that
is away or full is logged and never ends a run: what it did not take goes with the next time.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

from google.adk.events import Event
from google.adk.memory import BaseMemoryService
from google.adk.memory.base_memory_service import SearchMemoryResponse
from google.adk.memory.memory_entry import MemoryEntry
from google.adk.sessions import Session
from google.genai.types import Content, Part

from souvenir_client.async_client import AsyncClient
from souvenir_client.integrations.user_memory import (
    NOT_REMEMBERED,
    TURN_S,
    AsyncUserMemory,
    spared_turn,
)
from souvenir_client.portions import portions
from souvenir_client.values import Json

SESSIONS = 10_000
"""Sessions of which is known how far they have been remembered, the latest ones."""

EVENT = "event"
SessionPlace = tuple[str, str, str]
"""App, user and session."""


class SouvenirMemoryService(BaseMemoryService):
    """Memories by app and user. With `wait` an add answers when they can be found."""

    def __init__(self, client: AsyncClient, *, wait: bool = False) -> None:
        self.client = client
        self.wait = wait
        self._latest: OrderedDict[SessionPlace, str] = OrderedDict()

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
        place = (app_name, user_id, session_id or "")
        fresh = after(events, self._latest.get(place))
        messages = [message_of(event) for event in fresh if words_of(event.content)]
        client = self.client
        client = client if self.wait else client.with_options(longest=TURN_S)
        with spared_turn(NOT_REMEMBERED):
            for portion, ended in with_ends(list(portions(messages))):
                await client.add(
                    [without_id(message) for message in portion],
                    user_id,
                    session_id,
                    wait=self.wait,
                    app_id=app_name,
                    info=dict(custom_metadata or {}),
                    idempotency_key=digest_of(*place, portion),
                )
                if ended:
                    self._has_come_to(place, ended)
            for event in fresh[-1:]:
                self._has_come_to(place, event.id)

    def _has_come_to(self, place: SessionPlace, event_id: str) -> None:
        """Keep the latest event of a session, of so many sessions."""
        self._latest[place] = event_id
        self._latest.move_to_end(place)
        if len(self._latest) > SESSIONS:
            self._latest.popitem(last=False)

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
        options = {"filter": of_app}
        memory = AsyncUserMemory(self.client, user_id, search_options=options)
        result = await memory.recall(query)
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


def after(events: Sequence[Event], latest: str | None) -> Sequence[Event]:
    """The events after the one with this id; all where it is not among them."""
    places = [place for place, event in enumerate(events) if event.id == latest]
    return events[places[-1] + 1 :] if places else events


def message_of(event: Event) -> Json:
    """What an event says, as the wire wants it, and which event says it."""
    role = "user" if event.author == "user" else "assistant"
    said_at = datetime.fromtimestamp(event.timestamp, UTC)
    return {
        EVENT: event.id,
        "role": role,
        "content": words_of(event.content),
        "chat_time": said_at.isoformat(timespec="seconds"),
    }


def with_ends(groups: Sequence[list[Json]]) -> Iterator[tuple[list[Json], str]]:
    """Portions, each with the latest event that ends in it; "" where none does."""
    for portion, later in zip_longest(groups, groups[1:]):
        goes_on = later[0][EVENT] if later else None
        events = [message[EVENT] for message in portion]
        ended = [event for event in events if event != goes_on]
        yield portion, ended[-1] if ended else ""


def without_id(message: Json) -> Json:
    """A message as the wire wants it."""
    return {name: value for name, value in message.items() if name != EVENT}


def digest_of(*values: Any) -> str:
    """The same for the same values, and short."""
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


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
