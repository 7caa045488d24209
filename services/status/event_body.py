"""What a webhook of a project is sent: mem0's `event_details`, and the memory itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson

from shared.domain.memory import Memory
from shared.domain.scope import DEFAULT_CONVERSATION, is_of_user
from shared.domain.webhook_endpoint import MemoryEvent, OutboxEvent

_NAMES = {
    MemoryEvent.ADD: "ADD",
    MemoryEvent.UPDATE: "UPDATE",
    MemoryEvent.DELETE: "DELETE",
    MemoryEvent.CATEGORIZE: "CATEGORIZE",
}
"""mem0's names of what happened."""


def event_body(event: OutboxEvent, memory: Memory | None) -> bytes:
    """JSON. Of a memory that is in no list any more it has the id and whose it was."""
    data: dict[str, Any] = {"id": event.memory}
    if is_of_user(event.user):
        data["user_id"] = event.user
    if memory is not None and event.event is not MemoryEvent.DELETE:
        data |= _shown(memory)
    return orjson.dumps(
        {
            "type": event.event,
            "timestamp": _written(event.created_at),
            "project_id": event.project,
            "event_details": _details(event, memory, data.get("memory")),
            "data": data,
        }
    )


def _details(
    event: OutboxEvent, memory: Memory | None, text: str | None
) -> dict[str, Any]:
    """As mem0 documents them, those of a categorization in a form of their own."""
    name = _NAMES[event.event]
    if event.event is MemoryEvent.CATEGORIZE:
        categories = list(memory.categories) if memory is not None else []
        return {"event": name, "memory_id": event.memory, "categories": categories}
    return {"id": event.memory, "data": {"memory": text}, "event": name}


def _shown(memory: Memory) -> dict[str, Any]:
    scope = memory.scope
    labels = {
        "agent_id": scope.agent,
        "app_id": scope.app,
        "conversation_id": ""
        if scope.conversation == DEFAULT_CONVERSATION
        else scope.conversation,
    }
    return {
        "memory": memory.text,
        "memory_type": memory.type,
        **{name: value for name, value in labels.items() if value},
        "tags": list(memory.tags),
        "info": dict(memory.info),
        "created_at": _written(memory.created_at),
        "updated_at": _written(memory.updated_at),
    }


def _written(moment: int) -> str:
    at = datetime.fromtimestamp(moment / 1000, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
