"""Letta's agent files (.af): memory blocks, and the messages of each agent.

A block is text that the agent edits; each of its paragraphs becomes a memory. The block
`persona` says who the agent is, not who the user is: it is left out, as are system
messages and tool calls.
"""

from __future__ import annotations

import json
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

NAME = "Letta"
PERSONA = "persona"
ROLES = ("user", "assistant")
SPOKEN_TYPES = ("user_message", "send_message")
SPEAKING_TOOL = "send_message"
"""The tool by which agents of older releases speak."""


def is_mine(document: Any) -> bool:
    """Whether it is an agent file, of today or of before agents and blocks were apart."""
    if not isinstance(document, dict):
        return False
    is_file = isinstance(document.get("agents"), list) and "blocks" in document
    return is_file or ("core_memory" in document and "agent_type" in document)


def read(document: Any) -> Contents:
    """Blocks as memories, messages as conversations."""
    contents = Contents(NAME)
    agents = objects(document.get("agents")) or [document]
    blocks = objects(document.get("blocks")) or objects(document.get("core_memory"))
    for block in blocks:
        if block.get("label") == PERSONA:
            contents.left_out["blocks about the agent itself"] += 1
        else:
            contents.records += _memories(block, document.get("created_at"))
    for agent in agents:
        messages = tuple(_messages(agent))
        if messages:
            name = str(agent.get("name") or agent.get("id") or "agent")
            contents.conversations.append(
                Conversation(
                    f"letta-{content_id(name, messages[0].id)}", name, messages
                )
            )
    return contents


def _memories(block: Json, at: Any) -> list[Json]:
    value, label = block.get("value"), str(block.get("label") or "")
    paragraphs = re.split(r"\n\s*\n", value) if isinstance(value, str) else ()
    return present(
        memory_record(
            paragraph,
            id=content_id(label, paragraph),
            created_at=block.get("created_at") or at,
            title=label,
            tags=[label] if label else [],
        )
        for paragraph in paragraphs
    )


def _messages(agent: Json) -> Iterator[SaidMessage]:
    for place, message in enumerate(objects(agent.get("messages"))):
        role = message.get("role")
        text, at = _said(message)
        if role in ROLES and text:
            name = str(message.get("id") or content_id(agent.get("name"), place, text))
            yield SaidMessage(
                name, str(role), text, iso(message.get("created_at") or at)
            )


def _said(message: Json) -> tuple[str, Any]:
    """The words of a message, and when they were said where they say so themselves:
    Letta packs what a user says into JSON, and agents speak by a tool.
    """
    text = texts_of(message.get("content") or message.get("text")).strip()
    for call in objects(message.get("tool_calls")):
        function = call.get("function")
        if isinstance(function, dict) and function.get("name") == SPEAKING_TOOL:
            arguments = _json_object(function.get("arguments"))
            return str(arguments.get("message") or "").strip(), None
    packed = _json_object(text)
    if not packed:
        return text, None
    if packed.get("type") not in SPOKEN_TYPES:  # a heartbeat, a login ...
        return "", None
    return str(packed.get("message") or "").strip(), packed.get("time")


def _json_object(text: Any) -> Json:
    try:
        value = json.loads(text)
    except (TypeError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
