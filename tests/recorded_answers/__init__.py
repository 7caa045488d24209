"""Talks of three users, and what a good instruct model answers when it reads them: by
hand, with the prompt beside it. No real person and no model wrote a word of it.

Each file has `talks` in order (messages as role, time, text), the answer to each, and
`questions` about all of them, each with words that an answering memory holds. In an
answer "known" is not a number but words of the memory that is meant: whoever replays it
looks up the number in what the prompt shows, so that a memory which is not shown cannot
be named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
USERS = ("wei", "ana", "kai")
NOTHING: Mapping[str, Any] = {"facts": [], "preferences": [], "repeated": []}


@dataclass(frozen=True)
class Talk:
    """One request to add, and the answer of the model that reads it."""

    conversation: str
    messages: Sequence[Sequence[str]]
    answer: Mapping[str, Any]

    @property
    def wire(self) -> list[dict[str, str]]:
        """The messages as they are sent."""
        return [
            {"role": role, "chat_time": time, "content": text}
            for role, time, text in self.messages
        ]


@dataclass(frozen=True)
class User:
    """What a user says, and what is asked afterwards: (question, words)."""

    name: str
    talks: Sequence[Talk]
    questions: Sequence[tuple[str, Sequence[str]]]


def users() -> Iterator[User]:
    """All users."""
    for name in USERS:
        given = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
        talks = [
            Talk(talk["conversation"], talk["messages"], talk["answer"])
            for talk in given["talks"]
        ]
        yield User(name, talks, [tuple(each) for each in given["questions"]])


def answer_to(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The recorded answer to what a prompt shows: that of the talk whose first message
    stands in its lines, with the numbers of its known memories.
    """
    shown = " ".join(data.get("lines", ()))
    for user in users():
        for talk in user.talks:
            if " ".join(talk.messages[0][2].split()) in shown:
                return _numbered(talk.answer, data["known"])
    return NOTHING


def _numbered(value: Any, memories: Sequence[str]) -> Any:
    """An answer with numbers in the place of words; raises LookupError for a memory that
    is not shown, or not alone in it.
    """
    if isinstance(value, list):
        return [_numbered(entry, memories) for entry in value]
    if not isinstance(value, dict):
        return value
    numbered = {key: _numbered(entry, memories) for key, entry in value.items()}
    if isinstance(value.get("known"), str):
        fitting = [text for text in memories if value["known"] in text]
        if len(fitting) != 1:
            raise LookupError(f"{value['known']!r} stands in {fitting} of {memories}")
        match = re.match(r"\d+", fitting[0])
        assert match is not None
        numbered["known"] = int(match[0])
    return numbered
