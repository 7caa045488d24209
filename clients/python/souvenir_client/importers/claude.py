"""Claude's data export: conversations.json, and memories.json, what Claude itself had
noted of the user.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from souvenir_client.importers.contents import (
    Contents,
    Conversation,
    Json,
    SaidMessage,
    content_id,
    iso,
    memory_record,
    objects,
    present,
    texts_of,
)

NAME = "Claude"
ROLES = {"human": "user", "assistant": "assistant", "user": "user"}
MESSAGES, NOTES, PROJECT_NOTES = (
    "chat_messages",
    "conversations_memory",
    "project_memories",
)
_HEADING = re.compile(r"(?:#+\s*(.+?)|\*\*(.+?)\*\*:?)\s*")
"""A line of Markdown that is a heading and nothing else."""


def is_mine(document: Any) -> bool:
    """Whether it is a list of conversations or of notes, or one of them."""
    listed = _entries(document)
    return bool(listed) and all(MESSAGES in entry or NOTES in entry for entry in listed)


def read(document: Any) -> Contents:
    """Its conversations and notes; conversations without words are left out."""
    contents = Contents(NAME)
    for entry in _entries(document):
        if NOTES in entry:
            contents.records += _notes(entry)
            continue
        messages = tuple(_messages(entry))
        if not messages:
            contents.left_out["conversations without words"] += 1
            continue
        name = str(entry.get("uuid") or messages[0].id)
        title = str(entry.get("name") or "")
        contents.conversations.append(Conversation(f"claude-{name}", title, messages))
    return contents


def _entries(document: Any) -> list[Json]:
    if isinstance(document, dict) and isinstance(document.get("conversations"), list):
        document = document["conversations"]
    return objects(document if isinstance(document, list) else [document])


def _messages(conversation: Json) -> Iterator[SaidMessage]:
    for place, message in enumerate(objects(conversation.get(MESSAGES))):
        role = ROLES.get(str(message.get("sender")))
        text = _text(message)
        if role and text:
            at = message.get("created_at") or conversation.get("created_at")
            name = str(message.get("uuid") or f"{conversation.get('uuid')}-{place}")
            yield SaidMessage(name, role, text, iso(at))


def _text(message: Json) -> str:
    """What was said, and of attached files what was read of them."""
    said = texts_of(message.get("content")) or message.get("text")
    pieces = [said if isinstance(said, str) else ""]
    for attachment in objects(message.get("attachments")):
        extracted = attachment.get("extracted_content")
        if isinstance(extracted, str) and extracted.strip():
            name = attachment.get("file_name") or "a file"
            pieces.append(f"[{name}]\n{extracted.strip()}")
    return "\n\n".join(filter(None, (piece.strip() for piece in pieces)))


def _notes(entry: Json) -> list[Json]:
    """The paragraphs of Claude's notes, each a memory under its heading."""
    projects = entry.get(PROJECT_NOTES)
    texts = [("", entry.get(NOTES))]
    texts += projects.items() if isinstance(projects, dict) else ()
    return present(
        memory_record(
            paragraph,
            id=content_id(project, paragraph),
            title=heading,
            info={"project": project} if project else {},
        )
        for project, text in texts
        for heading, paragraph in _paragraphs(text if isinstance(text, str) else "")
    )


def _paragraphs(text: str) -> Iterator[tuple[str, str]]:
    heading = ""
    for block in re.split(r"\n\s*\n", text):
        lines = block.strip().split("\n")
        heading_line = _HEADING.fullmatch(lines[0].strip())
        if heading_line:
            heading = heading_line[1] or heading_line[2]
            lines = lines[1:]
        if any(line.strip() for line in lines):
            yield heading, "\n".join(lines)
