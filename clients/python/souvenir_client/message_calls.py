"""Calls about messages: what is said, and what is said about memories; see `calls`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from souvenir_client.file_parts import file_part
from souvenir_client.values import Call, Json, Messages, Task, task_of, without_none


def as_messages(messages: Messages) -> list[Json]:
    """Messages as the wire wants them; a plain string is one user message."""
    if isinstance(messages, str):
        return [{"role": "user", "content": messages}]
    return [dict(message) for message in messages]


def add(
    messages: Messages,
    user_id: str,
    conversation_id: str | None = None,
    *,
    wait: bool = False,
    tags: Sequence[str] | None = None,
    info: Mapping[str, Any] | None = None,
    agent_id: str | None = None,
    app_id: str | None = None,
    allow_public: bool | None = None,
    allow_knowledgebase_ids: Sequence[str] | None = None,
    idempotency_key: str | None = None,
    **more: Any,
) -> Call[Task]:
    """Remember messages. With `wait` the answer comes when the memories can be found;
    files, and what takes long, are answered `running` all the same: see `wait_for`.
    Under one `idempotency_key` (default: a new one) they are stored once.
    """
    body = {
        "messages": as_messages(messages),
        "user_id": user_id,
        "conversation_id": conversation_id,
        "tags": tags,
        "info": info,
        "agent_id": agent_id,
        "app_id": app_id,
        "allow_public": allow_public,
        "allow_knowledgebase_ids": allow_knowledgebase_ids,
        "async_mode": not wait,
        **more,
    }
    return Call(
        "/add/message",
        without_none(body),
        task_of,
        headers=idempotency(idempotency_key),
    )


def upload_file(
    file: str | Path | bytes,
    user_id: str,
    conversation_id: str | None = None,
    *,
    name: str = "",
    text: str = "",
    **more: Any,
) -> Call[Task]:
    """Remember a file (path, bytes or URL), with a text about it if you like."""
    parts = [{"type": "text", "text": text}] if text else []
    return add(
        [{"role": "user", "content": [*parts, file_part(file, name)]}],
        user_id,
        conversation_id,
        **more,
    )


def get(
    user_id: str,
    conversation_id: str | None = None,
    *,
    message_limit_number: int | None = None,
    **more: Any,
) -> Call[list[Json]]:
    """The latest messages of a conversation, oldest first."""
    body = {
        "user_id": user_id,
        "conversation_id": conversation_id,
        "message_limit_number": message_limit_number,
        **more,
    }
    return Call(
        "/get/message",
        without_none(body),
        lambda data: list(data["message_detail_list"]),
    )


def feedback(
    feedback_content: str, user_id: str, conversation_id: str | None = None, **more: Any
) -> Call[Task]:
    """Correct or supplement what is remembered, in words."""
    body = {
        "feedback_content": feedback_content,
        "user_id": user_id,
        "conversation_id": conversation_id,
        **more,
    }
    return Call(
        "/add/feedback",
        without_none(body),
        task_of,
        headers=idempotency(),
    )


def idempotency(key: str | None = None) -> dict[str, str]:
    """A header by which the server recognises a request that is sent again."""
    return {"Idempotency-Key": key or uuid.uuid4().hex}
