"""Everything of a user as records, and back: a user moves to another server, or another
user, with nothing read anew.

A record that comes in keeps its id only where that is this user's already; else its id
is computed from the old one and the new owner. So nobody's memories can be overwritten,
importing twice is importing once, and memories still name the messages that they were
read from.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from services.gateway.context.request_context import RequestContext
from services.gateway.schemas.transfer import Export, Exported, Import, Imported
from services.gateway.wire.wire_times import now
from shared.domain.identity import computed_id
from shared.domain.memory import Embedded, Kind, Memory, Origin, Status
from shared.domain.message import Message
from shared.domain.scope import DEFAULT_CONVERSATION, Scope
from shared.errors import BadRequest
from shared.language.search_text import searched_text, searched_words

_MESSAGE, _MEMORY = TypeAdapter(Message), TypeAdapter(Memory)
_PARTS = ("message", *(kind.value for kind in Kind))
_SCOPE = {
    "user_id": "user",
    "conversation_id": "conversation",
    "agent_id": "agent",
    "app_id": "app",
}
_LATEST = (1 << 42) - 1
"""The last millisecond that can be kept, in the year 2109."""

Kept = TypeVar("Kept", Message, Memory)
Renamed = Callable[[str], str]


async def exported(context: RequestContext, request: Export) -> Exported:
    """The next records. Raises `BadRequest` for an `after` that was never answered."""
    part, offset = _place(request.after)
    records = await _records(context, request.user_id, part, offset, request.size)
    following = _PARTS[_PARTS.index(part) + 1 :]
    after = (
        f"{part}:{offset + request.size}"
        if len(records) == request.size
        else f"{following[0]}:0"
        if following
        else None
    )
    return Exported(records=records, after=after)


async def imported(context: RequestContext, request: Import) -> Imported:
    """Keep records as they are. Raises `BadRequest` naming the first that cannot be
    read; nothing is written then.
    """
    read = [
        _read(record, number, context.project, request.user_id)
        for number, record in enumerate(request.records)
    ]
    messages, memories = (
        [each for each in read if isinstance(each, Message)],
        [each for each in read if isinstance(each, Memory)],
    )
    renamed = await _renaming(context, request.user_id, messages, memories)
    unsaid = await _unsaid(
        context, [replace(message, id=renamed(message.id)) for message in messages]
    )
    await context.ports.messages.put(unsaid)
    fresh = await _fresh(context, [_moved(memory, renamed) for memory in memories])
    await context.ports.memories.put(fresh)
    return Imported(
        messages=len(unsaid),
        memories=len(fresh),
        known=len(read) - len(unsaid) - len(fresh),
    )


async def users(context: RequestContext) -> list[str]:
    """Everybody of whom something is kept."""
    said, remembered = await asyncio.gather(
        context.ports.messages.users(context.project),
        context.ports.memories.users(context.project),
    )
    return sorted({*said, *remembered})


def _place(after: str) -> tuple[str, int]:
    part, _, offset = (after or f"{_PARTS[0]}:0").partition(":")
    if (
        part not in _PARTS
        or not offset.isascii()
        or not offset.isdigit()
        or len(offset) > 9
    ):
        raise BadRequest("after: not from an answer of export/memory")
    return part, int(offset)


async def _records(
    context: RequestContext, user: str, part: str, offset: int, size: int
) -> list[dict[str, Any]]:
    if part == "message":
        return [
            _record("message", _MESSAGE, each)
            for each in await context.ports.messages.page(
                context.project, user, offset, size
            )
        ]
    return [
        _record("memory", _MEMORY, each)
        for each in (
            await context.ports.memories.page(
                context.project, user, Kind(part), offset, size
            )
        )[0]
    ]


def _record(what: str, adapter: TypeAdapter[Kept], kept: Kept) -> dict[str, Any]:
    fields = adapter.dump_python(kept, mode="json")
    scope = fields.pop("scope")
    return {
        "record": what,
        **{name: scope[key] for name, key in _SCOPE.items()},
        **fields,
    }


def _read(
    record: Mapping[str, Any], number: int, project: str, user: str
) -> Message | Memory:
    """A record understood, as this user's, with the id it had."""
    what = record.get("record")
    given = {name: value for name, value in record.items() if value is not None}
    labels = {key: str(given.get(name) or "") for name, key in _SCOPE.items()}
    scope = Scope(
        project,
        user,
        labels["conversation"][:100] or DEFAULT_CONVERSATION,
        labels["agent"],
        labels["app"],
    )
    try:
        if what == "message":
            return _message(given, scope)
        if what == "memory":
            return _memory(given, scope)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadRequest(
            f"records.{number}.{'.'.join(map(str, first['loc']))}: {first['msg']}"
        ) from error
    raise BadRequest(f'records.{number}.record: "message" or "memory" is expected')


def _message(given: Mapping[str, Any], scope: Scope) -> Message:
    at = given.get("arrived_at", now())
    usual = {
        "id": "",
        "text": "",
        "content": None,
        "arrived_at": at,
        "spoken_at": at,
        "position": 0,
        "job": "",
    }
    message = _MESSAGE.validate_python({**usual, **given, "scope": scope})
    spoken_at = (
        message.spoken_at
        if message.spoken_at.tzinfo
        else message.spoken_at.replace(tzinfo=UTC)
    )
    return replace(
        message,
        id=message.id
        or computed_id(
            "said", message.role, message.text, message.arrived_at, message.position
        ),
        arrived_at=_moment(message.arrived_at),
        spoken_at=_sane(spoken_at),
        position=min(max(message.position, 0), 1 << 20),
    )


def _memory(given: Mapping[str, Any], scope: Scope) -> Memory:
    memory = _MEMORY.validate_python({"id": "", **given, "scope": scope})
    if not memory.text.strip():
        raise BadRequest("a memory without a text")
    created = _moment(memory.created_at) or now()
    return replace(
        memory,
        id=memory.id
        or computed_id("known", memory.type, memory.text, scope.conversation),
        title=memory.title or memory.text,
        status=Status.ACTIVATED,
        confidence=min(max(memory.confidence, 0.0), 1.0),
        created_at=created,
        updated_at=_moment(memory.updated_at) or created,
        happened_at=_moment(memory.happened_at),
        job="",
        fast=False,
        knowledge_base="",
        replaced=(),
    )


def _moment(at: int) -> int:
    return min(max(at, 0), _LATEST)


def _sane(at: datetime) -> datetime:
    """Within the years that can be counted in milliseconds, wherever the zone."""
    return at if 1 < at.year < 9998 else datetime.fromtimestamp(0, UTC)


async def _renaming(
    context: RequestContext,
    user: str,
    messages: Sequence[Message],
    memories: Sequence[Memory],
) -> Renamed:
    """What the ids become: those of this user stay."""
    named = [message.id for message in messages] + [
        id
        for memory in memories
        for origin in memory.origins
        for id in origin.message_ids
    ]
    said, remembered = await asyncio.gather(
        context.ports.messages.get(context.project, named),
        context.ports.memories.get(context.project, [memory.id for memory in memories]),
    )
    own = {message.id for message in said if message.scope.user == user} | {
        memory.id for memory in remembered if memory.scope.user == user
    }
    return lambda id: (
        id if id in own else computed_id("import", context.project, user, id)
    )


def _moved(memory: Memory, renamed: Renamed) -> Memory:
    origins = tuple(
        replace(origin, message_ids=tuple(map(renamed, origin.message_ids)))
        for origin in memory.origins
    )
    return replace(memory, id=renamed(memory.id), origins=_once(origins))


def _once(origins: Iterable[Origin]) -> tuple[Origin, ...]:
    return tuple(dict.fromkeys(origins))


async def _unsaid(
    context: RequestContext, messages: Sequence[Message]
) -> list[Message]:
    known = {
        message.id
        for message in await context.ports.messages.get(
            context.project, [message.id for message in messages]
        )
    }
    return [message for message in messages if message.id not in known]


async def _fresh(context: RequestContext, memories: Sequence[Memory]) -> list[Embedded]:
    """Those that the user does not have word for word, with their vectors."""
    if not memories:
        return []
    vectors = await context.ports.embedder.passages(
        [searched_text(memory) for memory in memories]
    )
    fresh = []
    for kind in Kind:
        asked = [
            (memory, dense)
            for memory, dense in zip(memories, vectors, strict=True)
            if memory.kind is kind
        ]
        near = (
            await context.ports.memories.similar(
                asked[0][0].scope, kind, [dense for _, dense in asked], 3
            )
            if asked
            else []
        )
        fresh += [
            Embedded(memory, searched_words(memory), dense)
            for (memory, dense), known in zip(asked, near, strict=True)
            if not any(_same(memory, candidate.memory) for candidate in known)
        ]
    return fresh


def _same(memory: Memory, known: Memory) -> bool:
    return (
        memory.text,
        memory.type,
        dict(memory.info),
        memory.scope,
        memory.public,
    ) == (known.text, known.type, dict(known.info), known.scope, known.public)
