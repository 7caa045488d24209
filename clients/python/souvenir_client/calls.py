"""Every request as a value: what to send and how to read the answer. Pure; shared by
the sync and the async client.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import quote

T = TypeVar("T")
Json = dict[str, Any]
Messages = str | Sequence[Mapping[str, Any]]
API = "/api/openmem/v1"


class ApiError(Exception):
    """The server said no: `code` is the contract's, `status` the HTTP status (0 when no
    answer came).
    """

    def __init__(self, code: int, message: str, status: int) -> None:
        super().__init__(f"{message} (code {code})")
        self.code, self.message, self.status = code, message, status


@dataclass(frozen=True, slots=True)
class Task:
    """A job on the server. `status` is running, completed or failed; the rest is known
    where the server tells it.
    """

    task_id: str
    status: str
    error_code: int = 0
    error_message: str = ""
    raw: Json = field(default_factory=dict)

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status != "running"


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave back: the contract's rows, best first."""

    memories: list[Json]
    preferences: list[Json]
    tools: list[Json]
    skills: list[Json]
    preference_note: str
    raw: Json


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One request: `read` turns the answer's `data` into the result, where `enveloped`,
    else the answer itself. The `body` of a GET is its query.

    `idempotent` marks what may be sent again unchanged even when it may have been carried out.
    """

    path: str
    body: Json
    read: Callable[[Any], T]
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    idempotent: bool = True
    enveloped: bool = True


def _clean(body: Mapping[str, Any]) -> Json:
    return {name: value for name, value in body.items() if value is not None}


def _same(data: Any) -> Any:
    return data


def task_of(data: Any) -> Task:
    """A task as the server shows it."""
    entry = data[0] if isinstance(data, list) else data
    return Task(
        entry.get("task_id", ""),
        entry["status"],
        entry.get("error_code") or 0,
        entry.get("error_message") or "",
        entry,
    )


def _found(data: Any) -> Found:
    rows = {
        name: data.get(f"{name}_detail_list") or []
        for name in ("memory", "preference", "tool_memory", "skill")
    }
    return Found(
        rows["memory"],
        rows["preference"],
        rows["tool_memory"],
        rows["skill"],
        data.get("preference_note") or "",
        data,
    )


def _success(data: Any) -> bool:
    return bool(data["success"])


def as_messages(messages: Messages) -> list[Json]:
    """Messages as the wire wants them; a plain string is one user message."""
    if isinstance(messages, str):
        return [{"role": "user", "content": messages}]
    return [dict(message) for message in messages]


def file_part(file: str | Path | bytes, name: str = "") -> Json:
    """A message part for a file: a path or bytes are sent along as base64, an http(s)
    URL is fetched by the server.
    """
    if isinstance(file, str) and file.startswith(("http://", "https://")):
        data = file
    elif isinstance(file, bytes):
        data = base64.b64encode(file).decode()
    else:
        data, name = (
            base64.b64encode(Path(file).read_bytes()).decode(),
            name or Path(file).name,
        )
    return {
        "type": "file",
        "file": {"file_data": data, **({"filename": name} if name else {})},
    }


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
    **more: Any,
) -> Call[Task]:
    """Remember messages. With `wait` the answer comes when the memories can be found;
    files, and what takes long, are answered `running` all the same: see `wait_for`.
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
        _clean(body),
        task_of,
        headers={"Idempotency-Key": uuid.uuid4().hex},
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
    """Remember a file (path, bytes or URL), with a word about it if you like."""
    parts = [{"type": "text", "text": text}] if text else []
    return add(
        [{"role": "user", "content": [*parts, file_part(file, name)]}],
        user_id,
        conversation_id,
        **more,
    )


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
    **more: Any,
) -> Call[Found]:
    """What is remembered about a question. `relativity` 0..1 is the threshold (default
    0.45; 0 cuts nothing).
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
        **more,
    }
    return Call("/search/memory", _clean(body), _found)


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
        "/get/message", _clean(body), lambda data: list(data["message_detail_list"])
    )


def chat(
    query: str, user_id: str, conversation_id: str | None = None, **more: Any
) -> Call[str]:
    """An answer that knows what is remembered."""
    body = {
        "query": query,
        "user_id": user_id,
        "conversation_id": conversation_id,
        **more,
    }
    return Call(
        "/chat", _clean(body), lambda data: str(data["response"]), idempotent=False
    )


def memories(
    user_id: str,
    *,
    page: int = 1,
    size: int = 10,
    include_preference: bool | None = None,
    include_tool_memory: bool | None = None,
    filter: Mapping[str, Any] | None = None,
    **more: Any,
) -> Call[Json]:
    """One page of everything remembered of a user, each kind by itself."""
    body = {
        "user_id": user_id,
        "page": page,
        "size": size,
        "include_preference": include_preference,
        "include_tool_memory": include_tool_memory,
        "filter": filter,
        **more,
    }
    return Call("/get/memory", _clean(body), _same)


def memory(memory_id: str) -> Call[Json]:
    """One memory with its sources."""
    return Call(f"/get/memory/{quote(memory_id, safe='')}", {}, _same, method="GET")


def status(task_id: str) -> Call[Task]:
    """How far a task is."""
    return Call("/get/status", {"task_id": task_id}, task_of)


def delete(
    memory_ids: Sequence[str] | None = None, *, user_id: str | None = None, **more: Any
) -> Call[bool]:
    """Forget memories by id, or everything of a user. Gone from every index when the answer comes."""
    return Call(
        "/delete/memory",
        _clean({"memory_ids": memory_ids, "user_id": user_id, **more}),
        _success,
        idempotent=False,
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
        _clean(query),
        lambda data: [task_of(entry) for entry in data],
        method="GET",
    )


def task(task_id: str) -> Call[Task]:
    """All about a task; `raw` holds its `receipts`: what became of every memory. Souvenir only."""
    return Call(_of_task(task_id), {}, task_of, method="GET")


def cancel(task_id: str) -> Call[Task]:
    """Call a waiting or running task off; one that has ended stays as it ended. Souvenir only."""
    return Call(_of_task(task_id, "cancel"), {}, task_of)


def replay(task_id: str) -> Call[Task]:
    """Try a failed or dead task again. Souvenir only."""
    return Call(_of_task(task_id, "replay"), {}, task_of, idempotent=False)


def dead_tasks(*, limit: int | None = None) -> Call[list[Task]]:
    """Tasks of the whole project that ran out of tries, the latest first. Souvenir only."""
    return Call(
        "/tasks/dead",
        _clean({"limit": limit}),
        lambda data: [task_of(entry) for entry in data],
        method="GET",
    )


def events(task_id: str) -> Call[None]:
    """The stream of a task: see `watch` of the clients. Souvenir only."""
    return Call(_of_task(task_id, "events"), {}, _same, method="GET")


def _of_task(task_id: str, what: str = "") -> str:
    return f"/tasks/{quote(task_id, safe='')}{f'/{what}' if what else ''}"


def update(
    memory_id: str, *, content: str | None = None, title: str | None = None, **more: Any
) -> Call[bool]:
    """Change the words of a memory."""
    return Call(
        "/update/memory",
        _clean({"memory_id": memory_id, "content": content, "title": title, **more}),
        _success,
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
        _clean(body),
        task_of,
        headers={"Idempotency-Key": uuid.uuid4().hex},
    )


def extract(
    messages: Messages, *, extraction_types: Sequence[str] | None = None
) -> Call[Json]:
    """What would be remembered of messages; nothing is stored."""
    return Call(
        "/extract/memory",
        _clean(
            {"messages": as_messages(messages), "extraction_types": extraction_types}
        ),
        _same,
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
    body = _clean(
        {"query": query, "documents": list(documents), "top_n": top_n, "model": model}
    )
    return Call(
        "/rerank", body, lambda answer: list(answer["results"]), enveloped=False
    )


def users() -> Call[list[str]]:
    """Everybody of whom the server keeps something. Souvenir only."""
    return Call("/list/user", {}, lambda data: list(data["user_id_list"]))


def export(
    user_id: str, *, after: str | None = None, size: int | None = None
) -> Call[Json]:
    """Some of a user's `records`, and `after` to ask for the next with; None at the
    end. See `transfer`. Souvenir only.
    """
    return Call(
        "/export/memory",
        _clean({"user_id": user_id, "after": after, "size": size}),
        _same,
    )


def bring_in(user_id: str, records: Sequence[Mapping[str, Any]]) -> Call[Json]:
    """Keep exported records under a user: how many `messages` and `memories` are new,
    how many of them were `known`. Souvenir only.
    """
    return Call(
        "/import/memory",
        {"user_id": user_id, "records": [dict(record) for record in records]},
        _same,
    )


def create_knowledgebase(
    knowledgebase_name: str, knowledgebase_description: str = ""
) -> Call[str]:
    """A new knowledge base; gives its id."""
    body = {
        "knowledgebase_name": knowledgebase_name,
        "knowledgebase_description": knowledgebase_description,
    }
    return Call(
        "/create/knowledgebase", body, lambda data: str(data["id"]), idempotent=False
    )


def delete_knowledgebase(knowledgebase_id: str) -> Call[bool]:
    """Remove a knowledge base with all its files and memories."""
    return Call(
        "/delete/knowledgebase",
        {"knowledgebase_id": knowledgebase_id},
        _success,
        idempotent=False,
    )


def add_knowledgebase_file(
    knowledgebase_id: str, files: Sequence[str | Path]
) -> Call[list[Json]]:
    """Put files (paths or URLs) into a knowledge base."""
    entries = [
        {
            "content": file_part(file)["file"]["file_data"],
            "name": str(file).rsplit("/", 1)[-1],
        }
        for file in files
    ]
    return Call(
        "/add/knowledgebase-file",
        {"knowledgebase_id": knowledgebase_id, "file": entries},
        list,
        idempotent=False,
    )


def get_knowledgebase_file(
    file_ids: Sequence[str] | None = None,
    *,
    knowledgebase_id: str | None = None,
    **more: Any,
) -> Call[list[Json]]:
    """The files of a knowledge base with their status."""
    body = {"file_ids": file_ids, "knowledgebase_id": knowledgebase_id, **more}
    return Call(
        "/get/knowledgebase-file",
        _clean(body),
        lambda data: list(data["file_detail_list"]),
    )


def delete_knowledgebase_file(file_ids: Sequence[str]) -> Call[bool]:
    """Remove files of knowledge bases with their memories."""
    return Call(
        "/delete/knowledgebase-file",
        {"file_ids": list(file_ids)},
        _success,
        idempotent=False,
    )
