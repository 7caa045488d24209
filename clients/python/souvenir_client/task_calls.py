"""Calls about tasks. Only Souvenir has them; see `calls`."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from souvenir_client.values import (
    Call,
    Json,
    Task,
    task_of,
    tasks_of,
    unchanged,
    without_none,
)


def tasks(
    user_id: str, *, state: str | Sequence[str] | None = None, limit: int | None = None
) -> Call[list[Task]]:
    """The latest tasks of a user, the latest first; `state`: only those queued,
    running, completed, failed, dead or cancelled. Souvenir only.
    """
    query = {"user_id": user_id, "state": state, "limit": limit}
    return Call(
        "/tasks",
        without_none(query),
        tasks_of,
        method="GET",
    )


def task(task_id: str) -> Call[Task]:
    """All about a task; `raw` holds its `receipts`: what became of every memory. Souvenir only."""
    return Call(task_path(task_id), {}, task_of, method="GET")


def cancel(task_id: str) -> Call[Task]:
    """Call a waiting or running task off; one that has ended stays as it ended. Souvenir only."""
    return Call(task_path(task_id, "cancel"), {}, task_of)


def replay(task_id: str) -> Call[Task]:
    """Try a failed or dead task again. Souvenir only."""
    return Call(task_path(task_id, "replay"), {}, task_of, idempotent=False)


def undo(task_id: str) -> Call[Json]:
    """Undo a task within a day: the ids of the memories that are `removed`, of those that
    are `restored`, and what is `left` because it was changed since, with the reason.
    Souvenir only.
    """
    return Call(task_path(task_id, "undo"), {}, unchanged)


def reindex() -> Call[Task]:
    """Embed all memories anew by the embedder that the server's settings name, or watch
    that being done. Needs a key of the project `default`. Souvenir only.
    """
    return Call("/reindex", {}, task_of)


def dead_tasks(*, limit: int | None = None) -> Call[list[Task]]:
    """Tasks of the whole project that ran out of tries, the latest first. Souvenir only."""
    return Call(
        "/tasks/dead",
        without_none({"limit": limit}),
        tasks_of,
        method="GET",
    )


def events(task_id: str) -> Call[None]:
    """The stream of a task: see `watch` of the clients. Souvenir only."""
    return Call(task_path(task_id, "events"), {}, unchanged, method="GET")


def task_path(task_id: str, action: str = "") -> str:
    """The path of a task, or of an action on it."""
    path = f"/tasks/{quote(task_id, safe='')}"
    return f"{path}/{action}" if action else path
