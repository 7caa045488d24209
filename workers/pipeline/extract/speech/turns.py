"""Turns: words of a message of which it is known who says them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from shared.domain.message import Message
from workers.pipeline.extract.speech.assistant_words import without_thoughts
from workers.pipeline.extract.speech.forms import readable
from workers.pipeline.extract.speech.patterns import RECALLED
from workers.pipeline.extract.speech.quoted_mail import stretches
from workers.pipeline.extract.speech.speakers import (
    Label,
    is_speaker,
    known_speakers,
    labels_of,
)

FEWEST_LINES = 3
"""Lines of a transcript from which one without a label is none of it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Words of a message, and who says them: "" for the user or the assistant, as the
    message's role tells. What is quoted is not the words of who sent it.
    """

    message: Message
    speaker: str
    text: str
    is_quoted: bool = False
    is_mixed: bool = False
    """Whether own words of who sent it may stand among those that are quoted: it is not
    known where the quotation ends, and all of it is what the sender said.
    """


def turns_of(message: Message, speakers: Iterable[str] | None = None) -> list[Turn]:
    """The turns of a message; none where nobody says anything new (tool results, system
    prompts, quoted memories, thoughts, empty messages). `speakers`: whom a plain label
    means, by `known_speakers` of the talk; else of this message alone.
    """
    if message.role not in ("user", "assistant") or message.quotes:
        return []
    names = known_speakers([message]) if speakers is None else frozenset(speakers)
    turns: list[Turn] = []
    if message.role == "assistant":
        return list(_spoken(message, readable(own_words(message)), names))
    for stretch in stretches(own_words(message)):
        text = readable(stretch.text)
        if stretch.is_quoted:
            writer = message.speaker if stretch.is_mixed else stretch.writer
            turns.append(Turn(message, writer, text, True, stretch.is_mixed))
        else:
            turns += _spoken(message, text, names)
    return turns


def is_persons(turn: Turn) -> bool:
    """Whether a person speaks for themselves: a user, or whoever has a name."""
    is_person = turn.message.role == "user" or bool(turn.speaker)
    return is_person and not turn.is_quoted


def own_words(message: Message) -> str:
    """The text without memories that were put into it: <memories> ... </memories>,
    <relevant-memories> ..., as agents hand them to a model; an assistant's without its
    thoughts.
    """
    text = RECALLED.sub(" ", message.text)
    return (without_thoughts(text) if message.role == "assistant" else text).strip()


def _spoken(message: Message, text: str, speakers: frozenset[str]) -> Iterator[Turn]:
    """A turn for each speaker that labels name, in order."""
    lines = text.split("\n")
    labels = {
        number: label
        for number, label in labels_of(text)
        if is_speaker(label, speakers) and (message.role == "user" or number == 0)
    }
    held: list[str] = []
    current: Label | None = None
    for number, line in enumerate(lines):
        label = labels.get(number)
        is_own = current is not None and _is_closing(lines, number, labels)
        if label is not None or is_own:
            yield from _turn(message, current, held)
            held, current = [], label
        held.append(line[label.end :] if label else line)
    yield from _turn(message, current, held)


def _is_closing(lines: list[str], number: int, labels: dict[int, Label]) -> bool:
    """Whether the sender's own words begin here: a paragraph behind a transcript whose
    lines follow each other without a gap, or a line without a label behind one whose
    lines all have theirs.
    """
    if max(labels) >= number or not lines[number].strip():
        return False
    if len(labels) >= FEWEST_LINES and number == max(labels) + 1:
        said = range(min(labels), max(labels))
        return all(line in labels for line in said if lines[line].strip())
    has_gap = any(not line.strip() for line in lines[min(labels) : max(labels)])
    return not lines[number - 1].strip() and not has_gap and len(labels) > 1


def _turn(message: Message, label: Label | None, lines: list[str]) -> Iterator[Turn]:
    text = "\n".join(lines).strip()
    if not text:
        return
    if label is None:
        yield Turn(message, message.speaker, text)
    elif label.role == "assistant":
        yield Turn(replace(message, role="assistant"), "", text)
    else:
        yield Turn(message, label.name or message.speaker, text)
