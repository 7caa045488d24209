"""Whose a remembered statement is: the user's, or another person's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.domain.message_reading import Utterance
from shared.ports import MessageReader

ANOTHERS = 0.85
"""Probability from which a statement is about another person."""
_FIRST_PERSON = (
    (re.compile(r"\bthe user['’]s\b", re.I), "my"),
    (re.compile(r"\bthe user (?:is|has been)\b", re.I), "I'm"),
    (re.compile(r"\bthe user has\b", re.I), "I have"),
    (re.compile(r"\bthe user\b", re.I), "I"),
    (re.compile("用户"), "我"),
)


async def of_others(reader: MessageReader, texts: Sequence[str]) -> list[float]:
    """For each statement how likely it is about another person than the user."""
    readings = await reader.read([Utterance(as_said(text)) for text in texts])
    return [reading.about.get("other", 0.0) for reading in readings]


def as_said(text: str) -> str:
    """A memory in the first person, as the reader knows what people say."""
    for written, said in _FIRST_PERSON:
        text = written.sub(said, text)
    return text
