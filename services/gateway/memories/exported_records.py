"""The records of export/memory and import/memory: a message or a memory as JSON, with
the wire's names for its scope.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from services.gateway.memories.imported_detail import imported_detail
from services.gateway.memories.stored_times import clamped_time, storable_moment
from services.gateway.wire.wire_times import now
from shared.domain.identity import computed_id
from shared.domain.knowledge import KnowledgeBase, KnowledgeFile
from shared.domain.memory import Lapse, LastChange, Memory, Status
from shared.domain.message import Message
from shared.domain.scope import DEFAULT_CONVERSATION, Scope
from shared.domain.thumb import MOST_THUMBS, Thumb
from shared.errors import BadRequest

Record = dict[str, Any]
Exportable = Message | Memory | KnowledgeBase | KnowledgeFile

MESSAGE, MEMORY = TypeAdapter(Message), TypeAdapter(Memory)
FILE = TypeAdapter(KnowledgeFile)

SCOPE_FIELDS = {
    "user_id": "user",
    "conversation_id": "conversation",
    "agent_id": "agent",
    "app_id": "app",
}
"""The wire's names of the parts of a scope."""

BASE = "knowledge_base"
"""What a record of a knowledge base itself says that it is."""

BASE_ID = "knowledgebase_id"
"""The field with the knowledge base of a record, where it has one."""

MAX_CONVERSATION_ID = 100
"""Characters of a conversation id (contract 0.1, 40011)."""

MAX_POSITION = 1 << 20
"""The last place of a message within its request that can be stored."""


def as_record(stored: Exportable) -> Record:
    """What is stored as a record."""
    match stored:
        case Message():
            return message_record(stored)
        case Memory():
            return memory_record(stored)
        case KnowledgeBase():
            return base_record(stored)
        case KnowledgeFile():
            return file_record(stored)


def message_record(message: Message) -> Record:
    """A message as a record."""
    return _record("message", MESSAGE.dump_python(message, mode="json"))


def memory_record(memory: Memory) -> Record:
    """A memory as a record: without what undoing its last task takes."""
    memory = replace(memory, last_change=LastChange())
    fields = MEMORY.dump_python(memory, mode="json")
    base = fields.pop("knowledge_base")
    record = _record("memory", fields)
    return {**record, "knowledgebase_id": base} if base else record


def base_record(base: KnowledgeBase) -> Record:
    """A knowledge base as a record."""
    return {
        "record": BASE,
        "knowledgebase_id": base.id,
        "name": base.name,
        "description": base.description,
        "created_at": base.created_at,
    }


def file_record(file: KnowledgeFile) -> Record:
    """A file of a knowledge base as a record, without its bytes."""
    fields = FILE.dump_python(file, mode="json")
    for name in ("knowledge_base", "project", "job"):
        del fields[name]
    return {
        "record": "knowledge_file",
        "knowledgebase_id": file.knowledge_base,
        **fields,
    }


def _record(record_type: str, fields: Record) -> Record:
    scope = fields.pop("scope")
    labels = {name: scope[key] for name, key in SCOPE_FIELDS.items()}
    return {"record": record_type, **labels, **fields}


def read_record(
    record: Mapping[str, Any], number: int, project: str, user: str
) -> Message | Memory:
    """A record as the message or memory of a user, with the id that it had. Raises
    `BadRequest`, naming the record by its `number` (from 0).
    """
    given = {name: value for name, value in record.items() if value is not None}
    conversation = str(given.get("conversation_id") or "")[:MAX_CONVERSATION_ID]
    scope = Scope(
        project,
        user,
        conversation or DEFAULT_CONVERSATION,
        str(given.get("agent_id") or ""),
        str(given.get("app_id") or ""),
    )
    try:
        match record.get("record"):
            case "message":
                return read_message(given, scope, number)
            case "memory":
                return read_memory(given, scope)
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(map(str, problem["loc"]))
        raise BadRequest(f"records.{number}.{field}: {problem['msg']}") from error
    raise BadRequest(f'records.{number}.record: "message" or "memory" is expected')


def read_base(record: Mapping[str, Any], id: str, project: str) -> KnowledgeBase:
    """A knowledge base under a new id."""
    created_at = record.get("created_at")
    return KnowledgeBase(
        id=id,
        project=project,
        name=str(record.get("name") or id),
        description=str(record.get("description") or ""),
        created_at=clamped_time(created_at) if isinstance(created_at, int) else now(),
    )


def read_file_record(
    record: Mapping[str, Any], number: int, base: KnowledgeBase
) -> KnowledgeFile:
    """A file of a knowledge base, with an id computed from what it holds. Raises
    `BadRequest`, naming the record by its `number`.
    """
    given = {name: value for name, value in record.items() if value is not None}
    names = {"id": "", "knowledge_base": base.id, "project": base.project, "job": ""}
    try:
        file = FILE.validate_python({"name": "", **given, **names})
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(map(str, problem["loc"]))
        raise BadRequest(f"records.{number}.{field}: {problem['msg']}") from error
    content = file.source or file.url
    # An unfinished one is read by nobody here: its bytes are not in an export.
    status = file.status if file.status in ("completed", "failed") else "failed"
    return replace(
        file,
        id=computed_id("file", base.project, base.id, file.name, content),
        status=status,
        created_at=clamped_time(file.created_at),
    )


def read_message(given: Mapping[str, Any], scope: Scope, number: int) -> Message:
    """A message; what is missing gets a default, what cannot be stored is clamped. Its
    `number` is its place where it has none, so that the same words said twice are two
    messages, in their order.
    """
    arrived_at = given.get("arrived_at", now())
    defaults = {
        "id": "",
        "text": "",
        "content": None,
        "arrived_at": arrived_at,
        "spoken_at": arrived_at,
        "position": number,
        "job": "",
    }
    message = MESSAGE.validate_python({**defaults, **given, "scope": scope})
    content_id = computed_id(
        "said",
        message.role,
        message.text,
        message.arrived_at,
        message.position,
        *_labels(scope),
    )
    return replace(
        message,
        id=message.id or content_id,
        arrived_at=clamped_time(message.arrived_at),
        spoken_at=storable_moment(message.spoken_at),
        position=min(max(message.position, 0), MAX_POSITION),
    )


def read_memory(given: Mapping[str, Any], scope: Scope) -> Memory:
    """A memory of no knowledge base or job, archived where it says so and else activated.
    Raises `BadRequest` for one without a text.
    """
    memory = MEMORY.validate_python({"id": "", **given, "scope": scope})
    if not memory.text.strip():
        raise BadRequest("a memory without a text")
    created_at = clamped_time(memory.created_at) or now()
    info = json.dumps(memory.info, sort_keys=True, default=str)
    content_id = computed_id(
        "known", memory.type, memory.text, info, memory.public, *_labels(scope)
    )
    return replace(
        memory,
        id=memory.id or content_id,
        title=memory.title or memory.text,
        status=Status.ARCHIVED
        if memory.status is Status.ARCHIVED
        else Status.ACTIVATED,
        detail=imported_detail(memory.detail),
        confidence=min(max(memory.confidence, 0.0), 1.0),
        created_at=created_at,
        updated_at=clamped_time(memory.updated_at) or created_at,
        happened_at=clamped_time(memory.happened_at),
        said_at=clamped_time(memory.said_at),
        expires_at=clamped_time(memory.expires_at),
        valid_from=clamped_time(memory.valid_from),
        valid_until=0,
        lapses=tuple(map(_clamped_lapse, memory.lapses)),
        last_change=LastChange(),
        thumbs=tuple(map(_clamped_thumb, memory.thumbs[-MOST_THUMBS:])),
        recalled_at=clamped_time(memory.recalled_at),
        job="",
        fast=False,
        knowledge_base="",
    )


def _clamped_lapse(lapse: Lapse) -> Lapse:
    return Lapse(clamped_time(lapse.since), clamped_time(lapse.until))


def _clamped_thumb(thumb: Thumb) -> Thumb:
    return replace(thumb, at=clamped_time(thumb.at), user="")


def _labels(scope: Scope) -> tuple[str, ...]:
    """What tells apart records of one user that say the same."""
    return scope.conversation, scope.agent, scope.app
