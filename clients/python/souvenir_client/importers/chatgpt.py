"""ChatGPT's data export: conversations.json, or conversations-000.json and so on.

A conversation is a tree of nodes, since an answer can be asked for again; the branch
that ends in `current_node` is the one that the user saw last. Only what the user and
the assistant said to each other is taken: no system texts, tools or hidden messages.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from souvenir_client.importers.contents import (
    Contents,
    Conversation,
    Json,
    SaidMessage,
    iso,
    objects,
)

NAME = "ChatGPT"
ROLES = ("user", "assistant")
TEXT_TYPES = ("text", "multimodal_text")
EVERYBODY = "all"
"""The recipient of what is said and not sent to a tool."""


def is_mine(document: Any) -> bool:
    """Whether it is a list of conversations with a `mapping`, or one of them."""
    listed = objects(document if isinstance(document, list) else [document])
    return bool(listed) and all(
        isinstance(entry.get("mapping"), dict) for entry in listed
    )


def read(document: Any) -> Contents:
    """Its conversations; those without words are left out."""
    contents = Contents(NAME)
    for entry in objects(document if isinstance(document, list) else [document]):
        messages = tuple(_messages(entry))
        name = str(entry.get("conversation_id") or entry.get("id") or "")
        if not messages:
            contents.left_out["conversations without words"] += 1
            continue
        title = str(entry.get("title") or "")
        contents.conversations.append(
            Conversation(f"chatgpt-{name or messages[0].id}", title, messages)
        )
    return contents


def _messages(conversation: Json) -> Iterator[SaidMessage]:
    began = conversation.get("create_time")
    for key, node in _branch(conversation):
        message = node.get("message")
        if not isinstance(message, dict) or not _is_said(message):
            continue
        text = _text(message.get("content") or {})
        if text:
            at = message.get("create_time") or began
            role = message["author"]["role"]
            yield SaidMessage(str(message.get("id") or key), role, text, iso(at))


def _branch(conversation: Json) -> list[tuple[str, Json]]:
    """The nodes from the root to `current_node`; to the newest leaf where that is not
    named.
    """
    mapping: dict[str, Any] = conversation["mapping"]
    at = conversation.get("current_node")
    if at not in mapping:
        leaves = [key for key, node in mapping.items() if not _children(node)]
        at = leaves[-1] if leaves else None
    nodes: list[tuple[str, Json]] = []
    seen: set[str] = set()
    while isinstance(at, str) and at in mapping and at not in seen:
        seen.add(at)
        node = mapping[at]
        if not isinstance(node, dict):
            break
        nodes.append((at, node))
        at = node.get("parent")
    return nodes[::-1]


def _children(node: Any) -> Any:
    return node.get("children") if isinstance(node, dict) else None


def _is_said(message: Json) -> bool:
    author, metadata = message.get("author"), message.get("metadata")
    if not isinstance(author, dict) or author.get("role") not in ROLES:
        return False
    is_hidden = isinstance(metadata, dict) and metadata.get(
        "is_visually_hidden_from_conversation"
    )
    return not is_hidden and message.get("recipient") in (None, EVERYBODY)


def _text(content: Any) -> str:
    """The words of a message; pictures and the like have none."""
    if not isinstance(content, dict) or content.get("content_type") not in TEXT_TYPES:
        return ""
    parts = content.get("parts")
    words = [part for part in parts or () if isinstance(part, str)]
    return "\n".join(words).strip()
