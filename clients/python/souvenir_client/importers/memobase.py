"""Memobase: the answers of its API with a user's profile (`profiles`) and events
(`events`), with their envelope or without.
"""

from __future__ import annotations

from typing import Any

from souvenir_client.importers.contents import (
    Contents,
    Json,
    memory_record,
    objects,
    present,
)

NAME = "Memobase"
LISTS = ("profiles", "events")


def is_mine(document: Any) -> bool:
    """Whether it holds profile slots with a topic, or events."""
    return any(_is_slot(entry) or "event_data" in entry for entry in _entries(document))


def read(document: Any) -> Contents:
    """Each slot of a profile and each event as a memory."""
    contents = Contents(NAME)
    for entry in _entries(document):
        record = _event(entry) if "event_data" in entry else _slot(entry)
        if record is None:
            contents.left_out["entries without words"] += 1
        else:
            contents.records.append(record)
    return contents


def _entries(document: Any) -> list[Json]:
    data = document
    if isinstance(data, dict) and isinstance(data.get("data"), dict):
        data = data["data"]
    if isinstance(data, dict):
        entries = [entry for name in LISTS for entry in objects(data.get(name))]
        user = document.get("user_id") or data.get("user_id")
        return [{"user_id": user, **entry} for entry in entries]
    return objects(data)


def _is_slot(entry: Json) -> bool:
    attributes = entry.get("attributes")
    return (isinstance(attributes, dict) and "topic" in attributes) or (
        "topic" in entry and "sub_topic" in entry
    )


def _slot(entry: Json) -> Json | None:
    """E.g. "job title: nurse", under "work / job title"."""
    attributes = entry.get("attributes")
    names = attributes if isinstance(attributes, dict) else entry
    topic, sub_topic = (_words(names.get(name)) for name in ("topic", "sub_topic"))
    content = entry.get("content") or entry.get("memo")
    if not isinstance(content, str) or not content.strip():
        return None
    label = sub_topic or topic
    return memory_record(
        f"{label}: {content.strip()}" if label else content,
        id=entry.get("id"),
        created_at=entry.get("created_at"),
        updated_at=entry.get("updated_at"),
        title=" / ".join(filter(None, (topic, sub_topic))),
        tags=[topic] if topic else [],
        user_id=str(entry.get("user_id") or ""),
    )


def _event(entry: Json) -> Json | None:
    """The summary of an event; else what it changed in the profile."""
    data = entry.get("event_data")
    data = data if isinstance(data, dict) else {}
    tip = data.get("event_tip") or entry.get("event_tip")
    if not isinstance(tip, str) or not tip.strip():
        deltas = present(_slot(delta) for delta in objects(data.get("profile_delta")))
        tip = "; ".join(delta["text"] for delta in deltas)
    tags = [
        str(tag.get("value"))
        for tag in objects(data.get("event_tags"))
        if tag.get("value")
    ]
    return memory_record(
        tip,
        id=entry.get("id"),
        created_at=entry.get("created_at"),
        updated_at=entry.get("updated_at"),
        tags=tags,
        user_id=str(entry.get("user_id") or ""),
    )


def _words(name: Any) -> str:
    return str(name or "").replace("_", " ").strip()
