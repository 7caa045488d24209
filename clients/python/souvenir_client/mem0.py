"""Memories exported from mem0, as records of Souvenir.

mem0 has no one format: `get_all` answers {"results": [...]} (an older release a list),
an export job whatever schema it was given, usually {"memories": [...]}; OpenMemory
writes one entry a line. In all of them an entry is one memory with its words, owner and
times.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from souvenir_client.importers.contents import epoch_ms

Json = dict[str, Any]
LISTS = ("results", "memories")
"""Fields that hold the entries of an export."""

TEXTS = ("memory", "data", "content", "text")
"""Fields that hold the text of an entry, the first that has one counts."""


def entries(document: Any) -> Iterator[Json]:
    """The entries of an export."""
    listed = [document]
    if isinstance(document, list):
        listed = document
    elif isinstance(document, Mapping):
        lists = [document[name] for name in LISTS if name in document]
        listed = next((value for value in lists if isinstance(value, list)), listed)
    yield from (entry for entry in listed if isinstance(entry, dict))


def record(entry: Mapping[str, Any]) -> Json | None:
    """An entry as a record; None for one without a text or that was deleted.
    `user_id` is empty where none is named.
    """
    texts = [entry.get(name) for name in TEXTS]
    written = [text for text in texts if isinstance(text, str) and text.strip()]
    text = written[0] if written else ""
    if not text or entry.get("state") == "deleted":
        return None
    owner = entry.get("user_id")
    if not owner and entry.get("agent_id"):
        owner = f"agent:{entry['agent_id']}"
    created = epoch_ms(entry.get("created_at"))
    fields = {
        "record": "memory",
        "id": entry.get("id"),
        "type": "LongTermMemory",
        "text": text,
        "user_id": str(owner or ""),
        "conversation_id": entry.get("run_id"),
        "agent_id": entry.get("agent_id"),
        "app_id": entry.get("app_id") or entry.get("app"),
        "created_at": created,
        "updated_at": epoch_ms(entry.get("updated_at")) or created,
        "happened_at": created,
        "tags": [str(tag) for tag in entry.get("categories") or ()],
        "info": dict(entry.get("metadata") or {}),
    }
    return {
        name: value for name, value in fields.items() if value not in (None, [], {})
    }
