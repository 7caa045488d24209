"""Memories as mem0's clients read them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from services.gateway.mem0.entities import ids_of
from services.gateway.wire.presenters import expiration_date
from shared.domain.memory import Memory

Item = dict[str, Any]
NO_GRAPH = "enable_graph has no effect: no graph is kept"
SHOWN = (
    *("id", "memory", "user_id", "agent_id", "app_id", "run_id", "hash", "metadata"),
    *("categories", "created_at", "updated_at", "expiration_date", "score"),
)
"""The fields of a memory that is found; one that is listed has no score."""


def present(memory: Memory) -> Item:
    """A memory. Its categories are its tags, `created_at` is when it was said."""
    return {
        "id": memory.id,
        "memory": memory.text,
        **ids_of(memory.scope),
        "hash": hashlib.md5(memory.text.encode(), usedforsecurity=False).hexdigest(),
        "metadata": dict(memory.info) or None,
        "categories": list(memory.categories),
        "created_at": written(memory.said_at or memory.created_at),
        "updated_at": written(memory.updated_at),
        "expiration_date": expiration_date(memory),
    }


def written(moment: int) -> str:
    """Epoch milliseconds in ISO 8601, UTC."""
    return datetime.fromtimestamp(moment / 1000, UTC).isoformat()


def only(fields: Collection[str], item: Item) -> Item:
    """The fields that were asked for, and the id; all where none were."""
    if not fields:
        return item
    return {name: v for name, v in item.items() if name in fields or name == "id"}
