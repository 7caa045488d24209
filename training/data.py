"""The training data as objects: what is in `training/data`, and which of it no model ever sees.

What is unseen is decided by a hash of the content alone, so it stays the same whatever is added,
on every machine. A talk is split as a whole, a pair by its old statement, a message by its text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

DATA = Path(__file__).parent / "data"
UNSEEN_PERCENT = 12

TALK_KINDS = frozenset(
    "friends couple team assistant tutor coach support notes tools memories document".split()
)
QUESTION_TYPES = frozenset(
    "single multi temporal paraphrase preference request update other_person never".split()
)
RELATIONS = (
    "same",
    "detail",
    "update",
    "ended",
    "correction",
    "past",
    "elsewhere",
    "unrelated",
    "instruction_replaced",
    "instruction_added",
)
LABELS = (
    "fact",
    "preference",
    "instruction",
    "plan",
    "event",
    "question",
    "request",
    "small_talk",
    "order_remember",
    "order_forget",
    "correction",
    "thinking",
)
ABOUT = ("user", "other", "quoted", "world")
PART_KINDS = (
    "fact",
    "explicit_preference",
    "implicit_preference",
    "instruction",
    "plan",
    "event",
)

Split = Literal["train", "unseen"]


class DataError(ValueError):
    """An item is not of the form that `training/data/SPEC.md` describes."""


@dataclass(frozen=True)
class Turn:
    """Something said, noted or written."""

    speaker: str
    text: str
    before: str = ""
    """What somebody else said right before, in the same session: what a reply replies to."""


@dataclass(frozen=True)
class Question:
    """What somebody asks later; `evidence` are places in Talk.turns, none where nothing answers."""

    text: str
    evidence: tuple[int, ...]
    type: str


@dataclass(frozen=True)
class Talk:
    """A conversation, a notebook, a document or a list of memories, with questions."""

    language: str
    kind: str
    turns: tuple[Turn, ...]
    questions: tuple[Question, ...]
    source: str

    @property
    def identity(self) -> str:
        return "\n".join(turn.text for turn in self.turns)


@dataclass(frozen=True)
class Pair:
    """A remembered statement, what is said later, and how that bears on it."""

    language: str
    old: str
    new: str
    relation: str
    still_true: str
    source: str

    @property
    def identity(self) -> str:
        return self.old


@dataclass(frozen=True)
class Part:
    """A stretch worth keeping: text[start:end] of its message."""

    start: int
    end: int
    kind: str
    about: str


@dataclass(frozen=True)
class Message:
    """A message with what it is, whose matter it is, and what of it is worth keeping."""

    language: str
    role: str
    text: str
    previous: str
    labels: frozenset[str]
    about: str
    parts: tuple[Part, ...]
    source: str

    @property
    def identity(self) -> str:
        return self.text


class Identified(Protocol):
    """What is trained on or not as a whole."""

    @property
    def identity(self) -> str:
        """The words by whose hash that is decided."""


Item = TypeVar("Item", bound=Identified)


def split_of(item: Identified) -> Split:
    """Whether a model may be trained on the item."""
    plain = " ".join(item.identity.lower().split())
    number = int.from_bytes(hashlib.sha256(plain.encode()).digest()[:4], "big")
    return "unseen" if number % 100 < UNSEEN_PERCENT else "train"


def split(items: Iterable[Item]) -> tuple[list[Item], list[Item]]:
    """Those to train on and those never seen."""
    train: list[Item] = []
    unseen: list[Item] = []
    for item in items:
        (unseen if split_of(item) == "unseen" else train).append(item)
    return train, unseen


def load_talks(root: Path = DATA) -> list[Talk]:
    """All talks, by folder. Raises DataError with file and line."""
    return [
        read_at(source, read_talk, said) for source, said in lines(root, "talks.jsonl")
    ]


def load_pairs(root: Path = DATA) -> list[Pair]:
    """All pairs, by folder. Raises DataError with file and line."""
    return [
        read_at(source, read_pair, said) for source, said in lines(root, "pairs.jsonl")
    ]


def load_messages(root: Path = DATA) -> list[Message]:
    """All messages, by folder. Raises DataError with file and line."""
    return [
        read_at(source, read_message, said)
        for source, said in lines(root, "says.jsonl")
    ]


def lines(root: Path, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(where, object) for each line of the files of that name."""
    for path in sorted(root.glob(f"*/{name}")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if line.strip():
                yield f"{path.parent.name}/{name}:{number}", _object(line, path, number)


def _object(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except ValueError as error:
        raise DataError(f"{path}:{number}: no JSON: {error}") from error
    if not isinstance(said, dict):
        raise DataError(f"{path}:{number}: no object")
    return said


def read_at(
    source: str, read: Callable[[dict[str, Any], str], Item], said: dict[str, Any]
) -> Item:
    """The item that `read` makes of an object. Raises DataError with the place."""
    try:
        return read(said, source)
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise DataError(f"{source}: {type(error).__name__}: {error}") from error


def read_talk(said: dict[str, Any], source: str) -> Talk:
    turns: list[Turn] = []
    first_of_session: list[int] = []
    for session in said["sessions"]:
        first_of_session.append(len(turns))
        turns += _turns(session["turns"])
    lengths = [len(session["turns"]) for session in said["sessions"]]
    questions = [_question(q, first_of_session, lengths) for q in said["questions"]]
    kind = _one_of(said["kind"], TALK_KINDS)
    return Talk(_text(said["lang"]), kind, tuple(turns), tuple(questions), source)


def _turns(said: Sequence[Sequence[Any]]) -> list[Turn]:
    """The turns of a session, those that reply to another speaker with what they reply to."""
    turns: list[Turn] = []
    for speaker, text in said:
        is_reply = bool(turns) and turns[-1].speaker != speaker
        before = turns[-1].text if is_reply else ""
        turns.append(Turn(_text(speaker), _text(text), before))
    return turns


def _question(
    said: dict[str, Any], first_of_session: Sequence[int], lengths: Sequence[int]
) -> Question:
    places: list[int] = []
    for session, turn in said["evidence"]:
        if not (0 <= session < len(lengths) and 0 <= turn < lengths[session]):
            raise ValueError(f"no turn {[session, turn]} for {said['q']!r}")
        places.append(first_of_session[session] + turn)
    return read_question(said, places)


def read_question(said: Mapping[str, Any], places: Sequence[int]) -> Question:
    """A question with its type, its evidence at those places. Raises ValueError."""
    type = _one_of(said["type"], QUESTION_TYPES)
    if (type == "never") != (not places):
        raise ValueError(f"a question of type {type} with evidence {said['evidence']}")
    return Question(_text(said["q"]), tuple(sorted(set(places))), type)


def read_pair(said: dict[str, Any], source: str) -> Pair:
    relation = _one_of(said["relation"], RELATIONS)
    still_true = said.get("kept") or ""
    return Pair(
        _text(said["lang"]),
        _text(said["old"]),
        _text(said["new"]),
        relation,
        str(still_true),
        source,
    )


def read_message(said: dict[str, Any], source: str) -> Message:
    text, about = _text(said["text"]), _one_of(said["about"], ABOUT)
    labels = frozenset(_one_of(label, LABELS) for label in said["labels"])
    parts: list[Part] = []
    for part in said["parts"]:
        parts.append(_part(part, text, about, parts))
    role = _one_of(said.get("role", "user"), ("user", "assistant", "tool"))
    previous = said.get("previous") or ""
    return Message(
        _text(said["lang"]),
        role,
        text,
        str(previous),
        labels,
        about,
        tuple(parts),
        source,
    )


def _part(said: dict[str, Any], text: str, about: str, before: Sequence[Part]) -> Part:
    """A part's place: behind the parts before it if the words come there, else where they come."""
    words = _text(said["text"])
    start = text.find(words, before[-1].end if before else 0)
    if start < 0:
        start = text.find(words)
    if start < 0:
        raise ValueError(f"{words!r} is no part of the text")
    kind = _one_of(said["kind"], PART_KINDS)
    return Part(
        start, start + len(words), kind, _one_of(said.get("about", about), ABOUT)
    )


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"no text: {value!r}")
    return value


def _one_of(value: Any, allowed: Iterable[str]) -> str:
    if value not in allowed:
        raise ValueError(f"{value!r} is none of {sorted(allowed)}")
    return str(value)
