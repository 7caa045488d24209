"""Fast memories: each raw turn of an add, searchable at once by its words, until the
refined memories replace it (contract 1.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from services.gateway.wire.wire_times import milliseconds
from shared.domain.identity import computed_id
from shared.domain.job import Job
from shared.domain.memory import Embedded, Memory, Origin, Type
from shared.domain.message import Message
from shared.language.lexical import weigh

FAST = "mode:fast"
_LONGEST = 2000  # characters of one fast memory: a pasted book must not come back whole
_SPEAKER = re.compile(
    r"^(?:user|assistant|tool): \[[^\]\n]*\]: ", re.MULTILINE
)  # stands in a transcript and is nothing to search for
_ENDS = ("\n", "。", ". ", "！", "? ", "？", " ")


def fast_memories(messages: Sequence[Message], job: Job) -> list[Embedded]:
    """One memory for each turn (a user's words and what is answered), or for each piece
    of a long one. Instructions and quoted memories are none.
    """
    spoken = [
        message
        for message in messages
        if message.role != "system" and message.text.strip() and not message.quotes
    ]
    pieces = [
        (turn, piece) for turn in _turns(spoken) for piece in _pieces(_transcript(turn))
    ]
    return [
        _memory(turn, piece, position, job)
        for position, (turn, piece) in enumerate(pieces)
    ]


def _turns(messages: Iterable[Message]) -> Iterator[list[Message]]:
    turn: list[Message] = []
    for message in messages:
        if message.role == "user" and any(earlier.role != "user" for earlier in turn):
            yield turn
            turn = []
        turn.append(message)
    if turn:
        yield turn


def _transcript(turn: Iterable[Message]) -> str:
    """The lines `role: [time]: text`."""
    return "\n".join(
        f"{message.role}: [{_time(message)}]: {message.text}" for message in turn
    )


def _time(message: Message) -> str:
    return message.chat_time or message.spoken_at.isoformat(" ", "seconds")


def _pieces(text: str) -> Iterator[str]:
    """Pieces of at most 2000 characters, cut after a sentence where there is one."""
    while len(text) > _LONGEST:
        cut = next(
            (
                at + len(end)
                for end in _ENDS
                if (at := text.rfind(end, _LONGEST // 2, _LONGEST - 1)) > 0
            ),
            _LONGEST,
        )
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
    )
    return Embedded(memory, weigh(_SPEAKER.sub("", text)))
