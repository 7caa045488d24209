"""Fast memories: each raw turn of an add, searchable at once by its words, until the
refined memories replace it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from shared.domain.identity import computed_id
from shared.domain.job import Job
from shared.domain.job_payload import AddPayload
from shared.domain.memory import Embedded, Memory, Origin, Type
from shared.domain.message import Message
from shared.jobs.clock import milliseconds
from shared.language.lexical import weigh

FAST = "mode:fast"
"""The tag of fast memories on the wire."""
_MOST_CHARACTERS = 2000
"""Characters of one fast memory: a pasted book must not come back whole."""
_SPEAKER = re.compile(r"^(?:user|assistant|tool): \[[^\]\n]*\]: ", re.MULTILINE)
"""Begins each line of a transcript, and is nothing to search for."""
_SENTENCE_ENDS = ("\n", "。", ". ", "！", "? ", "？", " ")
"""Where a long turn is cut, the best place first."""


def fast_memories(messages: Sequence[Message], job: Job) -> list[Embedded]:
    """One memory for each turn (a user's words and what is answered), or for each piece
    of a long one. Instructions and quoted memories are none, and an answer that was made
    of memories is none: it would be found before them.
    """
    recalled = isinstance(job.payload, AddPayload) and job.payload.recalled
    silent = ("system", "assistant") if recalled else ("system",)
    spoken = [
        message
        for message in messages
        if message.role not in silent and message.text.strip() and not message.quotes
    ]
    memories: list[Embedded] = []
    for turn in _turns(spoken):
        lines = []
        for message in turn:
            time = message.chat_time or message.spoken_at.isoformat(" ", "seconds")
            lines.append(f"{message.role}: [{time}]: {message.text}")
        for piece in _pieces("\n".join(lines)):
            memories.append(_memory(turn, piece, len(memories), job))
    return memories


def _turns(messages: Iterable[Message]) -> Iterator[list[Message]]:
    turn: list[Message] = []
    for message in messages:
        answered = any(earlier.role != "user" for earlier in turn)
        if message.role == "user" and answered:
            yield turn
            turn = []
        turn.append(message)
    if turn:
        yield turn


def _pieces(text: str) -> Iterator[str]:
    """Pieces of at most 2000 characters, cut after a sentence where there is one."""
    while len(text) > _MOST_CHARACTERS:
        cut = _MOST_CHARACTERS
        for end in _SENTENCE_ENDS:  # in the second half of the longest piece
            at = text.rfind(end, _MOST_CHARACTERS // 2, _MOST_CHARACTERS - 1)
            if at > 0:
                cut = at + len(end)
                break
        yield text[:cut].rstrip()
        text = text[cut:]
    if text.strip():
        yield text


def _memory(turn: Sequence[Message], text: str, position: int, job: Job) -> Embedded:
    memory = Memory(
        id=computed_id(job.id, "fast", position),
        scope=job.scope,
        type=Type.WORKING,
        text=text,
        title=text,
        tags=(FAST,),
        info=job.options.info,
        created_at=job.created_at,
        updated_at=job.created_at,
        happened_at=milliseconds(turn[0].spoken_at),
        origins=(Origin(message_ids=tuple(message.id for message in turn)),),
        job=job.id,
        fast=True,
        public=job.options.public,
        expires_at=job.options.expires_at,
    )
    return by_words(memory)


def by_words(memory: Memory) -> Embedded:
    """A fast memory as it is stored: found by its words alone."""
    return Embedded(memory, weigh(_SPEAKER.sub("", memory.text)))


def settled(memory: Memory) -> Memory:
    """A fast memory that no refined ones will replace: it stays as it is."""
    tags = tuple(tag for tag in memory.tags if tag != FAST)
    return replace(memory, fast=False, tags=tags)
