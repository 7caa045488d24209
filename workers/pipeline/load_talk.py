"""The messages of a job, and the files in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from shared.domain.job_payload import AddPayload, Payload
from shared.domain.message import Message
from shared.domain.passage import Talk
from workers.pipeline.files import FileToRead
from workers.pipeline.instructions import talk_instructions
from workers.pipeline.job_run import JobRun

ELSEWHERE = 2
"""Messages of another conversation that the first one of a conversation may correct."""


async def load_talk(run: JobRun) -> Talk:
    """The job's messages in order, and the last ones before them in the same
    conversation.
    """
    scope, ids = run.job.scope, run.job.message_ids
    store = run.context.messages
    messages = await store.get(scope.project, ids)
    unread = _unread(run.job.payload)
    messages = sorted(
        _without_words(messages, unread), key=lambda message: message.position
    )
    before: Sequence[Message] = ()
    if messages:
        before = await store.latest(
            scope.project,
            scope.user,
            scope.conversation,
            run.context.limits.messages_before,
            messages[0].arrived_at,
        )
    others = [message for message in before if message.id not in ids]
    return Talk(
        tuple(messages),
        tuple(others),
        run.job.options.tags,
        await talk_instructions(run),
        await _elsewhere(run, messages) if messages and not others else (),
    )


def _unread(payload: Payload) -> Collection[str]:
    return payload.unread if isinstance(payload, AddPayload) else ()


def _without_words(
    messages: Iterable[Message], unread: Collection[str]
) -> Iterator[Message]:
    """The messages; of those that are not to be read the files alone."""
    for message in messages:
        if message.id not in unread:
            yield message
        elif message.files:
            yield replace(message, text="", content=None, tool_calls=())


async def _elsewhere(run: JobRun, messages: Sequence[Message]) -> tuple[Message, ...]:
    """What the user said last before a conversation, in another one."""
    scope, ids = run.job.scope, run.job.message_ids
    arrived_at = messages[0].arrived_at
    last = await run.context.messages.latest(
        scope.project, scope.user, None, ELSEWHERE, arrived_at
    )
    return tuple(message for message in last if message.id not in ids)


def files_of(talk: Talk) -> list[FileToRead]:
    """The files in the messages, in order."""
    files = []
    for message in talk.messages:
        for part in message.files:
            source, url, name = part.source, part.url, part.name
            files.append(FileToRead(source, url, name, message.spoken_at, message.text))
    return files
