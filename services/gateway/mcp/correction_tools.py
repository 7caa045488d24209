"""The tools that say which memories were of use, and that take changes back. Their
docstrings are what a model reads.
"""

from __future__ import annotations

from typing import Any, Literal

from mcp.server.mcpserver import Context

from services.gateway.mcp.mcp_calls import post, segment

Result = dict[str, Any]


async def rate_memory(
    context: Context,
    memory_ids: list[str],
    thumb: Literal["up", "down", "none"],
    query: str | None = None,
    reason: str | None = None,
) -> Result:
    """Say that memories were of use for a question (up), or of none (down): they come
    higher or lower for questions like it. none takes it back. Without a query it counts
    a little for every question.
    """
    body = {"memory_ids": memory_ids, "thumb": thumb, "query": query, "reason": reason}
    rated: Result = await post(context, "/rate/memory", **body)
    return rated


async def restore_memory(context: Context, memory_id: str, version_id: str) -> Result:
    """Let an entry of a memory's history (see get_memory) be what it says again. What it
    says now goes into the history.
    """
    body = {"memory_id": memory_id, "version_id": version_id}
    restored: Result = await post(context, "/restore/memory", **body)
    return restored


async def undo_task(context: Context, task_id: str) -> Result:
    """Take back what a task has added, archived and changed, within a day; the answer
    names what stays, and why.
    """
    undone: Result = await post(context, f"/tasks/{segment(task_id)}/undo")
    return undone


CORRECTION_TOOLS = (rate_memory, restore_memory, undo_task)
