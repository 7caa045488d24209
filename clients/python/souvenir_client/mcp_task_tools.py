"""The tools about corrections, tasks and files. Their docstrings are what a model reads;
names and arguments are those of the server's own MCP address.
"""

from __future__ import annotations

import asyncio
import base64
from typing import Any, Literal

from mcp.server.mcpserver.exceptions import ToolError

from souvenir_client.mcp_calls import begun, client, user_of
from souvenir_client.message_calls import upload_file as upload_file_call

Result = dict[str, Any]


async def rate_memory(
    memory_ids: list[str],
    thumb: Literal["up", "down", "none"],
    query: str | None = None,
    reason: str | None = None,
) -> Result:
    """Say that memories were of use for a question (up), or of none (down): they come
    higher or lower for questions like it. none takes it back.
    """
    async with client() as connected:
        rated = await connected.rate(memory_ids, thumb, query=query, reason=reason)
    return {"rated": rated}


async def restore_memory(memory_id: str, version_id: str) -> Result:
    """Let an entry of a memory's history (see get_memory) be what it says again."""
    async with client() as connected:
        return await connected.restore(memory_id, version_id)


async def undo_task(task_id: str) -> Result:
    """Take back what a task has added, archived and changed, within a day."""
    async with client() as connected:
        return await connected.undo(task_id)


async def get_task(task_id: str) -> Result:
    """How far a task is that add_message, add_feedback or upload_file began: its status
    (running, completed or failed), the step, what is read.
    """
    async with client() as connected:
        return (await connected.status(task_id)).raw


async def list_tasks(
    state: str | None = None, limit: int = 20, user_id: str | None = None
) -> Result:
    """The user's latest tasks; state: only those queued, running, completed, failed,
    dead or cancelled.
    """
    async with client() as connected:
        tasks = await connected.tasks(user_of(user_id), state=state, limit=limit)
    return {"tasks": [task.raw for task in tasks]}


async def cancel_task(task_id: str) -> Result:
    """Call off a task that waits or runs."""
    async with client() as connected:
        return (await connected.cancel(task_id)).raw


async def upload_file(
    url: str | None = None,
    base64_data: str | None = None,
    name: str = "",
    text: str = "",
    conversation_id: str | None = None,
    user_id: str | None = None,
) -> Result:
    """Remember a file: an http(s) URL, or its bytes in base64 with a name; and a text
    about it. Returns the task that reads it: see get_task.
    """
    if (url is None) == (base64_data is None):
        raise ToolError("url or base64_data is expected")
    if url is not None and not url.startswith(("http://", "https://")):
        raise ToolError("url: an http(s) URL is expected")
    file = (
        url if url is not None else base64.b64decode(base64_data or "", validate=True)
    )
    return await _uploaded(file, name, text, user_id, conversation_id)


async def upload_path(
    file: str,
    text: str = "",
    conversation_id: str | None = None,
    user_id: str | None = None,
) -> Result:
    """Remember a file: a path on this machine or an http(s) URL; and a text about it.
    Returns the task that reads it: see get_task.
    """
    return await _uploaded(file, "", text, user_id, conversation_id)


async def _uploaded(
    file: str | bytes,
    name: str,
    text: str,
    user_id: str | None,
    conversation_id: str | None,
) -> Result:
    call = await asyncio.to_thread(
        upload_file_call,
        file,
        user_of(user_id),
        conversation_id,
        name=name,
        text=text,
    )
    async with client() as connected:
        task = await connected.send(call)
    return begun(task)


TASK_TOOLS = (
    rate_memory,
    restore_memory,
    undo_task,
    get_task,
    list_tasks,
    cancel_task,
)
"""All but upload_file, which depends on whether it may read files of this machine."""
