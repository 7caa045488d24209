"""Zep and Graphiti: the answers of their API with edges (facts), nodes and messages.

A fact that has ended is archived, so that it is not recalled as if it were still true.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from souvenir_client.importers.contents import (
    Contents,
    Conversation,
    Json,
    SaidMessage,
    content_id,
    epoch_ms,
    iso,
    memory_record,
    objects,
    present,
)

NAME = "Zep"
ROLES = {
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "ai": "assistant",
}
LISTS = ("edges", "facts", "nodes", "messages", "episodes")


def is_mine(document: Any) -> bool:
    """Whether it holds facts with the nodes that they connect, nodes with summaries, or
    messages with a `role_type`.
    """
    return any(
        _is_edge(entry) or _is_node(entry) or "role_type" in entry
        for entry in _entries(document)
    )


def read(document: Any) -> Contents:
    """Facts and summaries as memories, messages as conversations."""
    contents = Contents(NAME)
    talks: dict[str, list[Json]] = {}
    user = str(document.get("user_id") or "") if isinstance(document, dict) else ""
    for entry in _entries(document):
        if _is_edge(entry):
            contents.records += present([_fact(entry, user)])
        elif _is_node(entry):
            contents.records += present([_summary(entry, user)])
        elif entry.get("role_type") or entry.get("role"):
            session = entry.get("session_id") or entry.get("thread_id")
            talks.setdefault(str(session or _session(document)), []).append(entry)
        else:
            contents.left_out["other entries"] += 1
    for session, entries in talks.items():
        messages = tuple(_messages(entries))
        if messages:
            contents.conversations.append(
                Conversation(f"zep-{session}", session, messages, user)
            )
    return contents


def _entries(document: Any) -> list[Json]:
    if isinstance(document, dict):
        entries = [entry for name in LISTS for entry in objects(document.get(name))]
        return entries or [document]
    return objects(document)


def _session(document: Any) -> str:
    named = document if isinstance(document, dict) else {}
    return str(named.get("session_id") or named.get("thread_id") or "messages")


def _is_edge(entry: Json) -> bool:
    is_linked = "source_node_uuid" in entry or "valid_at" in entry
    return isinstance(entry.get("fact"), str) and is_linked


def _is_node(entry: Json) -> bool:
    return "summary" in entry and "name" in entry and "labels" in entry


def _fact(edge: Json, user: str) -> Json | None:
    ends = (epoch_ms(edge.get(name)) for name in ("invalid_at", "expired_at"))
    now = datetime.now(UTC).timestamp() * 1000
    has_ended = any(end is not None and end <= now for end in ends)
    began = epoch_ms(edge.get("valid_at"))
    return memory_record(
        edge["fact"],
        id=edge.get("uuid"),
        created_at=edge.get("created_at"),
        **({"happened_at": began} if began else {}),
        tags=[_words(edge["name"])] if edge.get("name") else [],
        status="archived" if has_ended else None,
        user_id=user or str(edge.get("user_id") or ""),
    )


def _summary(node: Json, user: str) -> Json | None:
    summary = node.get("summary")
    if not isinstance(summary, str) or not summary.strip():
        return None
    name = str(node["name"])
    text = summary if name.lower() in summary.lower() else f"{name}: {summary}"
    return memory_record(
        text,
        id=node.get("uuid"),
        created_at=node.get("created_at"),
        title=name,
        user_id=user,
    )


def _messages(entries: list[Json]) -> Iterator[SaidMessage]:
    for entry in sorted(
        entries, key=lambda entry: epoch_ms(entry.get("created_at")) or 0
    ):
        spoken = str(entry.get("role_type") or entry.get("role") or "").lower()
        text = entry.get("content")
        if spoken in ROLES and isinstance(text, str) and text.strip():
            at = iso(entry.get("created_at"))
            name = str(entry.get("uuid") or content_id(at, spoken, text))
            yield SaidMessage(name, ROLES[spoken], text.strip(), at)


def _words(name: Any) -> str:
    return str(name).replace("_", " ").lower()
