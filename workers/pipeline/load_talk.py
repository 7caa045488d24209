"""The messages of a job, and the files in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from shared.domain.identity import computed_id
from shared.domain.job import Job
from shared.domain.job_payload import AddPayload, FeedbackPayload, Payload
from shared.domain.message import Message
from shared.domain.passage import Talk
from workers.pipeline.files import FileToRead
from workers.pipeline.instructions import talk_instructions
from workers.pipeline.job_run import JobRun

ELSEWHERE = 2
"""Messages of another conversation that the first one of a conversation may correct."""


async def load_talk(run: JobRun) -> Talk:
    """The job's messages in order, and the last ones before them in the same
    conversation: the stored ones, which an order may mean, else those sent along.
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
    if not others:
        others = sent_before(run.job)
    return Talk(
        tuple(messages),
        tuple(others),
        run.job.options.tags,
        await talk_instructions(run),
        await _elsewhere(run, messages) if messages and not others else (),
    )


def sent_before(job: Job) -> list[Message]:
    """The conversation that was sent along with a feedback. Its messages are stored
    nowhere else.
    """
    payload = job.payload
    sent = payload.said_before if isinstance(payload, FeedbackPayload) else ()
    return [
        Message(
            id=computed_id(job.id, "before", position),
            scope=job.scope,
            role="assistant" if said.role == "assistant" else "user",
            text=said.text,
            content=said.text,
            spoken_at=datetime.fromtimestamp(said.spoken_at / 1000, UTC),
            arrived_at=said.spoken_at,
            position=position,
            job=job.id,
        )
        for position, said in enumerate(sent)
    ]


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
