"""Values as payloads and back: the only place that knows what is stored.

A payload is the value field by field, plus what is derived from it for the engine to
compare, sort and narrow by (`derived` fields). Fields that an older release did not
write get their defaults, those that a newer one added are passed over.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import TypeAdapter

from shared.domain.api_key import ApiKey
from shared.domain.audit import AuditEntry
from shared.domain.job import Job, State
from shared.domain.knowledge import KnowledgeBase, KnowledgeFile
from shared.domain.memory import LastChange, Memory
from shared.domain.message import Message
from shared.domain.project_settings import ProjectSettings

V = TypeVar("V")
Payload = dict[str, Any]

OWN, PUBLIC, SHELF, RECORD = "own", "public", "shelf", "record"
"""Values of `place`: where a memory is found, with its user, with everybody of the
project, in a knowledge base, or among the records of its user.
"""
REMARKED = "remarked"
"""Value of `replayable` of a job that went less well than it could have."""
DERIVED = ("kind", "place", "marks", "comparable", "fast_of", "sequence")
"""Keys of a payload that are no fields of its value."""

_MAY_LACK = frozenset(
    """title info context reasoning experience tools detail origins speaker job fast
    public replaced valid_from valid_until lapses marks""".split()
)
"""Keys of a memory that mean the same missing as empty, to `value` and to every filter."""

_TIME_BITS, _INDEX_BITS = 42, 21
"""Of a `sequence`; together they fit a signed 64-bit integer."""
_MAX_TIME, _MAX_INDEX = (1 << _TIME_BITS) - 1, (1 << _INDEX_BITS) - 1
_UUID_BITS = 128

Scalar = str | int | float | bool


class Record(Generic[V]):
    """How one kind of value is stored."""

    def __init__(self, kind: type[V]) -> None:
        self._adapter = TypeAdapter(kind)

    def payload(self, value: V) -> Payload:
        """What is stored of a value: JSON, with the derived fields."""
        stored: Payload = self._adapter.dump_python(value, mode="json")
        return stored | derived(value)

    def value(self, payload: Mapping[str, Any]) -> V:
        """The value that a payload stands for."""
        return self._adapter.validate_python(payload)


class MemoryRecord(Record[Memory]):
    """What a memory does not have is not stored: every key takes its bytes in each."""

    def payload(self, value: Memory) -> Payload:
        stored = super().payload(value)
        if value.last_change == LastChange():
            del stored["last_change"]
        return {
            key: said for key, said in stored.items() if said or key not in _MAY_LACK
        }

    def fields(self, value: Memory, names: Iterable[str]) -> Payload:
        """Some of the fields to be set, those too that it does not have (any more)."""
        stored = super().payload(value)
        return {name: stored[name] for name in names}


MEMORY = MemoryRecord(Memory)
MESSAGE = Record(Message)
SHELF_RECORD = Record(KnowledgeBase)
FILE = Record(KnowledgeFile)
PROJECT = Record(ProjectSettings)
KEY = Record(ApiKey)
AUDIT_ENTRY = Record(AuditEntry)


def derived(value: object) -> Payload:
    """What the engine needs beside the fields themselves."""
    match value:
        case Memory():
            return _of_memory(value)
        case Message():
            return {"sequence": sequence(value.arrived_at, value.position)}
        case Job():
            own: Payload = {
                "sequence": sequence(value.created_at, _descending(value.id))
            }
            if value.state is State.COMPLETED and value.remarks:
                own["replayable"] = REMARKED
            return own
    return {}


def point_id(id: str) -> str:
    """A UUID in its usual spelling; ValueError for anything else, as nothing else can be stored."""
    return str(UUID(id))


def point_ids(ids: Iterable[str]) -> list[str]:
    """The UUIDs among what a client may have sent, each once, in order: what is none
    cannot be found.
    """
    distinct: dict[str, None] = {}
    for id in ids:
        with suppress(ValueError):
            distinct[point_id(id)] = None
    return list(distinct)


def memory_sequence(created_at: int, id: str) -> int:
    """The `sequence` of a memory."""
    return sequence(created_at, _descending(id))


def sequence(at: int, index: int) -> int:
    """A number that sorts by time (epoch milliseconds, until the year 2109) and then by
    an index of at most 21 bits.
    """
    time, index = min(max(at, 0), _MAX_TIME), min(max(index, 0), _MAX_INDEX)
    return time << _INDEX_BITS | index


def mark(key: str, value: object) -> str:
    """A key of `info` with one of its values, as one word to be looked up: 1 and 1.0
    are the same, 1 and "1" are not.
    """
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        value = int(value)
    return json.dumps([key, value], ensure_ascii=False, separators=(",", ":"))


def path_of_info(key: str) -> str:
    """Where `comparable` keeps a key of `info`, as a JSON path: quoted, and without a
    quotation mark inside.
    """
    return f'comparable.info."{_quotable(key)}"'


def _place(memory: Memory) -> str:
    if memory.knowledge_base:
        return SHELF
    if memory.is_record:
        return RECORD
    return PUBLIC if memory.public else OWN


def _of_memory(memory: Memory) -> Payload:
    marks: list[str] = []
    info: Payload = {}
    for key, value in memory.info.items():
        scalars = _scalars(value)
        marks += [mark(key, scalar) for scalar in scalars]
        info[_quotable(key)] = [_folded(scalar) for scalar in scalars]
    fields = {
        "agent_id": memory.scope.agent,
        "app_id": memory.scope.app,
        "conversation": memory.scope.conversation,
        "tags": memory.tags,
        "text": memory.text,
    }
    comparable: Payload = {"info": info}
    for name, value in fields.items():
        comparable[name] = [_folded(scalar) for scalar in _scalars(value)]
    return {
        "kind": memory.kind.value,
        "place": _place(memory),
        "marks": marks,
        "comparable": comparable,
        "fast_of": memory.job if memory.fast else "",
        "sequence": memory_sequence(memory.created_at, memory.id),
    }


def _scalars(value: object) -> list[Scalar]:
    """What of a value can be compared: itself or, of a list, its elements."""
    values = value if isinstance(value, list | tuple) else [value]
    return [entry for entry in values if isinstance(entry, Scalar)]


def _folded(value: Scalar) -> Scalar:
    """Texts are compared without case."""
    return value.casefold() if isinstance(value, str) else value


def _quotable(key: str) -> str:
    return key.replace("%", "%25").replace('"', "%22")


def _descending(id: str) -> int:
    """The first bits of an id, inverted: among records of one moment the lower id comes
    first in a descending order.
    """
    return _MAX_INDEX - (UUID(id).int >> (_UUID_BITS - _INDEX_BITS))
