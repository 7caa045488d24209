"""The values that go to and come from a server. Pure; shared by both clients."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Json = dict[str, Any]
Messages = str | Sequence[Mapping[str, Any]]


class ApiError(Exception):
    """The server refused or failed: `code` is the contract's, `status` the HTTP status
    (0 when no answer came), `message` is for people.
    """

    def __init__(self, code: int, message: str, status: int) -> None:
        super().__init__(f"{message} (code {code})")
        self.code = code
        self.message = message
        self.status = status


@dataclass(frozen=True, slots=True)
class Task:
    """A job on the server."""

    task_id: str

    status: str
    """running, completed or failed."""

    error_code: int = 0
    """The contract's code of a failed task; 0 of every other."""

    error_message: str = ""

    raw: Json = field(default_factory=dict)
    """All that the server says about it."""

    @property
    def ended(self) -> bool:
        """Whether its status will not change any more."""
        return self.status != "running"


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of a search: a list for each kind, the most relevant first."""

    memories: list[Json]
    preferences: list[Json]
    tools: list[Json]
    skills: list[Json]

    preference_note: str
    """How to use the preferences; empty when there are none."""

    raw: Json
    """The whole answer."""

    @property
    def remarks(self) -> list[str]:
        """What was not done as asked. Souvenir only."""
        return list(self.raw.get("remarks") or ())


@dataclass(frozen=True, slots=True)
class MemoryKind:
    """The names that one kind of memories has."""

    name: str
    """For people."""

    field: str
    """The field of `Found` with its memories."""

    wire_list: str
    """The list of a server's answer with its memories."""

    text: str
    """The field of a memory that holds its text, or an object with a `name`."""


KINDS = (
    MemoryKind("fact", "memories", "memory_detail_list", "memory_value"),
    MemoryKind("preference", "preferences", "preference_detail_list", "preference"),
    MemoryKind("tool", "tools", "tool_memory_detail_list", "tool_value"),
    MemoryKind("skill", "skills", "skill_detail_list", "skill_value"),
)
"""Every kind of memories; a new one gets its row here."""


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One request, and how to read its answer."""

    path: str

    body: Json
    """JSON; of a GET the query."""

    read: Callable[[Any], T]
    """Turns the answer's `data` (the whole answer where it has no envelope) into the result."""

    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)

    idempotent: bool = True
    """Whether it may be sent again unchanged even when it may have been carried out."""

    enveloped: bool = True
    """Whether the answer is an object with `code`, `message` and `data`."""


def without_none(body: Mapping[str, Any]) -> Json:
    """A body without the fields that are None: the server uses their defaults."""
    return {name: value for name, value in body.items() if value is not None}


def task_of(data: Any) -> Task:
    """A task from the server's JSON (of old servers a list of one)."""
    entry = data[0] if isinstance(data, list) else data
    return Task(
        entry.get("task_id", ""),
        entry["status"],
        entry.get("error_code") or 0,
        entry.get("error_message") or "",
        entry,
    )


def tasks_of(data: Any) -> list[Task]:
    """Tasks from the server's JSON."""
    return [task_of(entry) for entry in data]


def found_of(data: Any) -> Found:
    """The answer of a search from the server's JSON."""
    lists = {kind.field: data.get(kind.wire_list) or [] for kind in KINDS}
    note = data.get("preference_note") or ""
    return Found(**lists, preference_note=note, raw=data)


def success_of(data: Any) -> bool:
    """Whether the server did what it was asked for."""
    return bool(data["success"])


def unchanged(data: Any) -> Any:
    """The server's JSON as it is."""
    return data
