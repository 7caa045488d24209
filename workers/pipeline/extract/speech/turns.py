"""Turns: messages of which it is known who speaks."""

from __future__ import annotations

from dataclasses import dataclass

from shared.domain.message import Message
from workers.pipeline.extract.speech.patterns import NOT_A_SPEAKER, RECALLED, SPEAKER
from workers.pipeline.extract.speech.third_person import well_typed


@dataclass(frozen=True, slots=True)
class Turn:
    """One message taken apart: who speaks, and what they say."""

    message: Message
    speaker: str
    text: str


def read_turn(message: Message) -> Turn | None:
    """The turn of a message; None where nobody says anything new (tool results, system
    prompts, quoted memories, empty messages).
    """
    text = (
        well_typed(own_words(message.text))
        if message.role == "user"
        else own_words(message.text)
    )
    if message.role not in ("user", "assistant") or message.quotes or not text:
        return None
    named = SPEAKER.match(text) if not message.speaker else None
    if named is None or NOT_A_SPEAKER.search(named[1]):
        return Turn(message, message.speaker, text)
    return Turn(message, named[1], text[named.end() :].strip())


def turns_of(message: Message) -> list[Turn]:
    """The turns of a message: one, or none where nobody says anything new."""
    turn = read_turn(message)
    return [] if turn is None else [turn]


def is_persons(turn: Turn) -> bool:
    """Whether a person speaks: a user, or whoever has a name."""
    return turn.message.role == "user" or bool(turn.speaker)


def own_words(text: str) -> str:
    """The text without memories that were put into it: <memories> ... </memories>,
    <relevant-memories> ..., as agents hand them to a model.
    """
    return RECALLED.sub(" ", text).strip()
