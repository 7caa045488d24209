"""Memories exported from mem0, as records of ours.

mem0 has no one format: `get_all` answers {"results": [...]} (an older release a list),
an export job whatever schema it was given, usually {"memories": [...]}; OpenMemory
writes one entry a line. In all of them an entry is one memory with its words, owner and
times.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
LISTS = ("results", "memories")
WORDS = ("memory", "data", "content", "text")


def entries(document: Any) -> Iterator[Json]:
    """The entries of an export."""
    if isinstance(document, Mapping):
        within = next(
            (document[name] for name in LISTS if isinstance(document.get(name), list)),
            [document],
        )
    else:
        within = document if isinstance(document, list) else []
    yield from (entry for entry in within if isinstance(entry, dict))


def record(entry: Mapping[str, Any]) -> Json | None:
    """An entry as a record; None for what holds no words or was deleted. `user_id` is
    empty where nobody is named.
    """
    text = next(
        (
            words
            for name in WORDS
            if isinstance(words := entry.get(name), str) and words.strip()
        ),
        "",
    )
    if not text or entry.get("state") == "deleted":
        return None
    created = _milliseconds(entry.get("created_at"))
    kept = {
        "record": "memory",
        "id": entry.get("id"),
        "type": "LongTermMemory",
        "text": text,
        "user_id": _owner(entry),
        "conversation_id": entry.get("run_id"),
        "agent_id": entry.get("agent_id"),
        "app_id": entry.get("app_id") or entry.get("app"),
        "created_at": created,
        "updated_at": _milliseconds(entry.get("updated_at")) or created,
        "happened_at": created,
        "tags": [str(each) for each in entry.get("categories") or ()],
        "info": dict(entry.get("metadata") or {}),
    }
    return {name: value for name, value in kept.items() if value not in (None, [], {})}


def _owner(entry: Mapping[str, Any]) -> str:
    if entry.get("user_id"):
        return str(entry["user_id"])
    return f"agent:{entry['agent_id']}" if entry.get("agent_id") else ""


def _milliseconds(at: Any) -> int | None:
    """Epoch milliseconds of ISO 8601, or of epoch seconds or milliseconds; None for anything else."""
    if isinstance(at, int | float) and not isinstance(at, bool):
        return int(at if at > 1e11 else at * 1000)
    try:
        moment = datetime.fromisoformat(str(at))
    except ValueError:
        return None
    return round(
        (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000
    )
