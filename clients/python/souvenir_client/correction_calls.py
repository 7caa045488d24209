"""The requests that say which memories were of use, and that take changes back."""

from __future__ import annotations

from collections.abc import Sequence

from souvenir_client.values import Call, Json, unchanged, without_none


def restore(memory_id: str, version_id: str) -> Call[Json]:
    """Let an entry of a memory's `history` be current again: `memory_id` of the memory
    that says it now, its `text`, `archived_id` of what was current. Souvenir only.
    """
    body = {"memory_id": memory_id, "version_id": version_id}
    return Call("/restore/memory", body, unchanged)


def rate(
    memory_ids: str | Sequence[str],
    thumb: str,
    *,
    query: str | None = None,
    user_id: str | None = None,
    reason: str | None = None,
) -> Call[list[Json]]:
    """Say that memories were of use for a question (`up`), or of none (`down`): they come
    higher or lower for questions like `query`, without one a little for all; `none` takes
    it back. Of memories that others see too, `user_id` says in whose searches. Gives each
    memory with its `thumbs`. Souvenir only.
    """
    ids = [memory_ids] if isinstance(memory_ids, str) else list(memory_ids)
    body = {
        "memory_ids": ids,
        "thumb": thumb,
        "query": query,
        "user_id": user_id,
        "reason": reason,
    }
    return Call("/rate/memory", without_none(body), lambda data: list(data["rated"]))
