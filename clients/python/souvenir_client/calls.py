"""Every request as a value: what to send and how to read the answer. Pure; shared by
the sync and the async client.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from souvenir_client.admin_calls import (
    audit,
    backup,
    create_key,
    keys,
    quota,
    revoke_key,
    rotate_key,
    set_quota,
)
from souvenir_client.correction_calls import rate, restore
from souvenir_client.file_parts import file_part
from souvenir_client.knowledge_calls import (
    add_knowledgebase_file,
    create_knowledgebase,
    delete_knowledgebase,
    delete_knowledgebase_file,
    get_knowledgebase_file,
    knowledgebases,
)
from souvenir_client.message_calls import add, as_messages, feedback, get, upload_file
from souvenir_client.task_calls import (
    cancel,
    dead_tasks,
    events,
    reindex,
    replay,
    task,
    tasks,
    undo,
)
from souvenir_client.values import (
    ApiError,
    Call,
    Found,
    Json,
    Messages,
    Task,
    found_of,
    success_of,
    task_of,
    unchanged,
    without_none,
)

__all__ = [
    "API",
    "ApiError",
    "Call",
    "Found",
    "Json",
    "Messages",
    "Task",
    "add",
    "add_knowledgebase_file",
    "as_messages",
    "audit",
    "backup",
    "bring_in",
    "cancel",
    "chat",
    "create_key",
    "create_knowledgebase",
    "dead_tasks",
    "delete",
    "delete_knowledgebase",
    "delete_knowledgebase_file",
    "events",
    "export",
    "extract",
    "feedback",
    "file_part",
    "get",
    "get_knowledgebase_file",
    "import_",
    "keys",
    "knowledgebases",
    "memories",
    "memory",
    "quota",
    "rate",
    "reindex",
    "replay",
    "rerank",
    "restore",
    "revoke_key",
    "rotate_key",
    "search",
    "set_quota",
    "status",
    "task",
    "task_of",
    "tasks",
    "undo",
    "update",
    "upload_file",
    "users",
]

API = "/api/openmem/v1"
"""The path of the API on a server that is named without one."""


def search(
    query: str,
    user_id: str,
    conversation_id: str | None = None,
    *,
    memory_limit_number: int | None = None,
    include_preference: bool | None = None,
    preference_limit_number: int | None = None,
    include_tool_memory: bool | None = None,
    tool_memory_limit_number: int | None = None,
    include_skill: bool | None = None,
    skill_limit_number: int | None = None,
    relativity: float | None = None,
    filter: Mapping[str, Any] | None = None,
    knowledgebase_ids: Sequence[str] | None = None,
    as_of: str | int | None = None,
    **more: Any,
) -> Call[Found]:
    """What is remembered about a question. `relativity` 0..1 is the threshold (default
    0.45; 0 cuts nothing). `as_of`: what held on a day (YYYY-MM-DD) or at a moment (epoch
    milliseconds, ISO 8601). Souvenir only.
    """
    body = {
        "query": query,
        "user_id": user_id,
        "conversation_id": conversation_id,
        "memory_limit_number": memory_limit_number,
        "include_preference": include_preference,
        "preference_limit_number": preference_limit_number,
        "include_tool_memory": include_tool_memory,
        "tool_memory_limit_number": tool_memory_limit_number,
        "include_skill": include_skill,
        "skill_limit_number": skill_limit_number,
        "relativity": relativity,
        "filter": filter,
        "knowledgebase_ids": knowledgebase_ids,
        "as_of": as_of,
        **more,
    }
    return Call("/search/memory", without_none(body), found_of)


def chat(
    query: str,
    user_id: str,
    conversation_id: str | None = None,
    *,
    as_of: str | int | None = None,
    **more: Any,
) -> Call[str]:
    """An answer that knows what is remembered; with `as_of` from what held on that day
    (Souvenir only).
    """
    body = {
        "query": query,
        "user_id": user_id,
        "conversation_id": conversation_id,
        "as_of": as_of,
        **more,
    }
    return Call(
        "/chat",
        without_none(body),
        lambda data: str(data["response"]),
        idempotent=False,
    )


def memories(
    user_id: str,
    *,
    page: int = 1,
    size: int = 10,
    include_preference: bool | None = None,
    include_tool_memory: bool | None = None,
    filter: Mapping[str, Any] | None = None,
    as_of: str | int | None = None,
    **more: Any,
) -> Call[Json]:
    """One page of everything remembered of a user, each kind by itself; with `as_of` of
    what held on that day (Souvenir only).
    """
    body = {
        "user_id": user_id,
        "page": page,
        "size": size,
        "include_preference": include_preference,
        "include_tool_memory": include_tool_memory,
        "filter": filter,
        "as_of": as_of,
        **more,
    }
    return Call("/get/memory", without_none(body), unchanged)


def memory(memory_id: str) -> Call[Json]:
    """One memory with its sources."""
    return Call(f"/get/memory/{quote(memory_id, safe='')}", {}, unchanged, method="GET")


def status(task_id: str) -> Call[Task]:
    """How far a task is."""
    return Call("/get/status", {"task_id": task_id}, task_of)


def delete(
    memory_ids: Sequence[str] | None = None, *, user_id: str | None = None, **more: Any
) -> Call[bool]:
    """Forget memories by id, or everything of a user. Gone from every index when the answer comes."""
    return Call(
        "/delete/memory",
        without_none({"memory_ids": memory_ids, "user_id": user_id, **more}),
        success_of,
        idempotent=False,
    )


def update(
    memory_id: str, *, content: str | None = None, title: str | None = None, **more: Any
) -> Call[bool]:
    """Change the words of a memory."""
    return Call(
        "/update/memory",
        without_none(
            {"memory_id": memory_id, "content": content, "title": title, **more}
        ),
        success_of,
    )


def extract(
    messages: Messages, *, extraction_types: Sequence[str] | None = None
) -> Call[Json]:
    """What would be remembered of messages; nothing is stored."""
    return Call(
        "/extract/memory",
        without_none(
            {"messages": as_messages(messages), "extraction_types": extraction_types}
        ),
        unchanged,
    )


def rerank(
    query: str,
    documents: Sequence[str],
    *,
    top_n: int | None = None,
    model: str | None = None,
) -> Call[list[Json]]:
    """Texts in the order of their relevance to a question, each with its `index` and
    `relevance_score`.
    """
    body = without_none(
        {"query": query, "documents": list(documents), "top_n": top_n, "model": model}
    )
    return Call(
        "/rerank", body, lambda answer: list(answer["results"]), enveloped=False
    )


def users() -> Call[list[str]]:
    """Everybody of whom the server keeps something. Souvenir only."""
    return Call("/list/user", {}, lambda data: list(data["user_id_list"]))


def export(
    user_id: str | None = None,
    *,
    knowledgebase_id: str | None = None,
    superseded: bool | None = None,
    after: str | None = None,
    size: int | None = None,
) -> Call[Json]:
    """Some `records` of a user or of a knowledge base, and `after` to ask for the next
    with; None at the end. With `superseded` also memories that newer ones took the place
    of. See `transfer`. Souvenir only.
    """
    body = {
        "user_id": user_id,
        "knowledgebase_id": knowledgebase_id,
        "superseded": superseded,
        "after": after,
        "size": size,
    }
    return Call("/export/memory", without_none(body), unchanged)


def import_(user_id: str, records: Sequence[Mapping[str, Any]]) -> Call[Json]:
    """Store exported records under a user. Gives how many `messages` and `memories` are
    new, and how many records the user had already (`known`). Souvenir only.
    """
    return Call(
        "/import/memory",
        {"user_id": user_id, "records": [dict(record) for record in records]},
        unchanged,
    )


bring_in = import_
"""The former name of `import_`; it goes on working."""
