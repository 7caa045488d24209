"""Adds with `infer` false: each message becomes one memory, word for word, at once.

As on mem0's platform, messages of the system and what is no text make none, and exact
repeats in the same place are kept once. Of a content in parts the texts are kept; files
are remarked, since nobody reads them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from services.gateway.context.request_context import RequestContext
from services.gateway.context.storage_quota import require_room
from services.gateway.ingest.add_messages import expiry_remarks, read_in_thread
from services.gateway.ingest.inbound import MOST_REMARKS
from services.gateway.mem0.adding import as_cloud_request, entities_of
from services.gateway.memories.store_as_given import says_the_same, store_as_given
from services.gateway.schemas.add import AddMessage
from services.gateway.schemas.mem0 import AddMemories
from services.gateway.schemas.messages import MessageIn, TextPart, has_files
from shared.domain.identity import computed_id
from shared.domain.job import Job, Outcome, Receipt, State
from shared.domain.memory import Memory, Origin, Type
from shared.domain.message import Message
from shared.domain.scope import Scope
from shared.jobs.clock import milliseconds

_SYSTEM = "system"


async def add_as_given(context: RequestContext, request: AddMemories) -> Job:
    """A job that has ended already, with a receipt for each memory. Raises `BadRequest`,
    `TooMany`, `Forbidden` 40304 where the quota is used up.
    """
    entities = entities_of(request)
    scope = entities.scope(context.project)
    cloud = await as_cloud_request(context, request, entities)
    context.remarks.extend([*cloud.remarks(), *expiry_remarks(cloud)])
    context.remarks.extend(_of_files(cloud.messages))
    inbound = await read_in_thread(context, [*map(_without_files, cloud.messages)])
    context.remarks.extend(inbound.remarks)
    await context.meter.tokens(inbound.tokens)
    at = context.arrivals.next()
    job = Job(
        id=computed_id("as given", context.project, scope.user, at),
        scope=scope,
        created_at=at,
        updated_at=at,
        options=cloud.options,
    )
    said = [m for m in inbound.messages_for(scope, job.id) if m.text.strip()]
    memories = [
        _memory(message, scope, cloud, at + message.position)
        for message in said
        if message.role != _SYSTEM
    ]
    await require_room(context, inbound.stored_bytes, memories=len(memories))
    memories = await _under_free_ids(context, memories)
    _, stored = await store_as_given(context, said, memories)
    receipts = tuple(
        Receipt(memory.id, Outcome.STORED, memory.kind.value) for memory in stored
    )
    ended = replace(
        job.ended(State.COMPLETED, at),
        message_ids=tuple(message.id for message in said),
        receipts=receipts,
    )
    await context.ports.jobs.put(ended)
    return ended


def _of_files(messages: Sequence[MessageIn]) -> Iterator[str]:
    """A remark for each message with files."""
    for position, message in enumerate(messages[:MOST_REMARKS]):
        if has_files(message):
            yield f"messages.{position}: its files are not read with infer false"


def _without_files(message: MessageIn) -> MessageIn:
    """The message with the texts of its parts alone."""
    if not isinstance(message.content, list):
        return message
    texts = [part for part in message.content if isinstance(part, TextPart)]
    return message.model_copy(update={"content": texts})


async def _under_free_ids(
    context: RequestContext, memories: Sequence[Memory]
) -> list[Memory]:
    """The memories, under other ids where theirs is that of a memory which was changed
    or archived since: that stays, with its history.
    """
    ids = [memory.id for memory in memories]
    entries = await context.ports.memories.get(context.project, ids)
    stored = {memory.id: memory for memory in entries}
    return [
        memory
        if says_the_same(memory, stored.get(memory.id, memory))
        else replace(memory, id=computed_id(memory.id, memory.created_at))
        for memory in memories
    ]


def _memory(message: Message, scope: Scope, cloud: AddMessage, at: int) -> Memory:
    """A message as a memory."""
    options = cloud.options
    place = (scope.project, scope.user, scope.conversation, scope.agent, scope.app)
    labels = sorted(map(str, options.info.items()))
    said_at = milliseconds(message.spoken_at)
    return Memory(
        id=computed_id("as given", message.text, *place, *labels),
        scope=scope,
        type=Type.LONG_TERM,
        text=message.text,
        title=message.text,
        info=options.info,
        created_at=at,
        updated_at=at,
        happened_at=said_at,
        said_at=said_at,
        origins=(Origin(message_ids=(message.id,)),),
        speaker=message.speaker,
        expires_at=options.expires_at,
    )
