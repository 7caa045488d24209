"""What the MCP tools have in common: whom they ask, and whose memory a call is about."""

from __future__ import annotations

import hashlib
import os
from typing import Any

from souvenir_client import local_server
from souvenir_client.client import AsyncClient
from souvenir_client.values import Task

PATIENCE_S = 120.0
"""Seconds until a request counts as unanswered: an add may wait for its memories."""


def client() -> AsyncClient:
    """A client of the server that the environment names, else of this machine's."""
    url, key = local_server.server(
        os.environ.get("SOUVENIR_URL", ""), os.environ.get("SOUVENIR_API_KEY", "")
    )
    return AsyncClient(url or None, key, timeout=PATIENCE_S)


def begun(task: Task) -> dict[str, Any]:
    """What a tool answers that began a task, with the server's remarks."""
    answer: dict[str, Any] = {"task_id": task.task_id, "status": task.status}
    remarks = task.raw.get("remarks")
    return answer | ({"remarks": remarks} if remarks else {})


def user_of(user_id: str | None) -> str:
    """Whose memory a call is about."""
    return user_id or os.environ.get("SOUVENIR_USER") or "mcp"


def talk_of(
    user: str, conversation_id: str | None, first_message: str | None
) -> str | None:
    """The conversation of a call: named, or known by its first message, from which the
    MCP server that others publish makes the same id.
    """
    if conversation_id is not None or not first_message:
        return conversation_id
    seen = f"{user}\n{first_message}".encode()
    return hashlib.md5(seen, usedforsecurity=False).hexdigest()
