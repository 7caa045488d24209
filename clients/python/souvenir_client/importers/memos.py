"""MemOS: the textual_memory.json of a cube's dump, plain or as a tree, and pages of the
cloud's get/memory.
"""

from __future__ import annotations

from typing import Any

from souvenir_client.importers.contents import (
    Contents,
    Json,
    memory_record,
    objects,
)

NAME = "MemOS"
TYPES = ("LongTermMemory", "UserMemory")
"""Types of memories that are stored under the same name; others become the first."""
PREFERENCES = ("explicit_preference", "implicit_preference")
LEFT_OUT = {"WorkingMemory": "working memory", "RawFileMemory": "raw files"}
"""What only repeats other memories, or holds none."""
PAGE_LISTS = {
    "memory_detail_list": "memory_value",
    "preference_detail_list": "preference",
}
"""The lists of get/memory and the field with the words."""
PERCENT = 1.0
"""Confidences above are of 100."""


def is_mine(document: Any) -> bool:
    """Whether it is a dump, or a page of get/memory."""
    if any(name in _page(document) for name in PAGE_LISTS):
        return True
    nodes = _nodes(document)
    return bool(nodes) and all(
        isinstance(node.get("memory"), str) and _has_metadata(node) for node in nodes
    )


def read(document: Any) -> Contents:
    """Its memories with their types, tags, times and status."""
    contents = Contents(NAME)
    page = _page(document)
    for name, field in PAGE_LISTS.items():
        for row in objects(page.get(name)):
            _take(contents, _row(row, field))
    if not page:
        for node in _nodes(document):
            metadata = node["metadata"]
            reason = LEFT_OUT.get(str(metadata.get("memory_type")))
            if metadata.get("status") == "deleted":
                reason = "deleted memories"
            if reason:
                contents.left_out[reason] += 1
            else:
                _take(contents, _node(node, metadata))
    return contents


def _take(contents: Contents, record: Json | None) -> None:
    if record is None:
        contents.left_out["memories without words"] += 1
    else:
        contents.records.append(record)


def _page(document: Any) -> Json:
    """The data of an answer of get/memory; {} for anything else."""
    data = document.get("data", document) if isinstance(document, dict) else {}
    is_page = isinstance(data, dict) and any(name in data for name in PAGE_LISTS)
    return data if is_page else {}


def _nodes(document: Any) -> list[Json]:
    """The items of a dump: of a tree its nodes, of a plain one what is stored with each
    vector.
    """
    listed = document.get("nodes") if isinstance(document, dict) else document
    return [
        entry["payload"] if isinstance(entry.get("payload"), dict) else entry
        for entry in objects(listed)
    ]


def _has_metadata(node: Json) -> bool:
    """mem0's entries have metadata too, but the words about them beside it."""
    metadata = node.get("metadata")
    names = ("memory_type", "status", "key", "visibility", "preference_type", "type")
    return isinstance(metadata, dict) and any(name in metadata for name in names)


def _node(node: Json, metadata: Json) -> Json | None:
    preference = metadata.get("preference_type")
    words = metadata.get("preference") if preference in PREFERENCES else None
    return memory_record(
        words or node.get("memory"),
        id=node.get("id"),
        created_at=metadata.get("created_at") or metadata.get("memory_time"),
        updated_at=metadata.get("updated_at"),
        type=_type(preference or metadata.get("memory_type")),
        title=metadata.get("key") or metadata.get("title"),
        tags=[str(tag) for tag in metadata.get("tags") or ()],
        info=metadata.get("info"),
        confidence=_confidence(metadata.get("confidence")),
        context=metadata.get("background"),
        conversation_id=metadata.get("session_id"),
        status="archived" if metadata.get("status") == "archived" else None,
        user_id=str(metadata.get("user_id") or ""),
    )


def _row(row: Json, field: str) -> Json | None:
    return memory_record(
        row.get(field),
        id=row.get("id"),
        created_at=row.get("create_time"),
        updated_at=row.get("update_time"),
        type=_type(row.get("preference_type") or row.get("memory_type")),
        title=row.get("memory_key"),
        reasoning=row.get("reasoning"),
        tags=[str(tag) for tag in row.get("tags") or ()],
        info=row.get("info"),
        confidence=_confidence(row.get("confidence")),
        conversation_id=row.get("conversation_id"),
        status="archived" if row.get("status") == "archived" else None,
        user_id=str(row.get("user_id") or ""),
    )


def _type(named: Any) -> str:
    return str(named) if named in (*TYPES, *PREFERENCES) else TYPES[0]


def _confidence(given: Any) -> float | None:
    if not isinstance(given, int | float) or isinstance(given, bool):
        return None
    return given / 100 if given > PERCENT else float(given)
