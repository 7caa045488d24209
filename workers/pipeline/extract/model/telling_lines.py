"""Which lines have something to remember, as the small reader of the program sees it:
without any, no model is asked; those of which a model remembers nothing are named.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from shared.domain.memory import Origin
from shared.domain.message_reading import Reading, Utterance
from shared.language.token_estimate import tokens
from shared.ports import MessageReader
from workers.pipeline.extract.model.lines import Line

NOTHING_TOKENS = 12
"""Tokens up to which a line may be one of no content: "OK, thanks a lot!"."""
SMALL_TALK = 0.9
"""Probability from which such a line is small talk; "yes" to a question is none."""
WORTHLESS = 0.1
"""Probability of being worth keeping up to which it is."""
TELLING = 0.95
"""Probability from which a line has something to remember."""


async def say_nothing(
    lines: Sequence[Line], before: Sequence[Line], reader: MessageReader
) -> bool:
    """Whether all lines are greetings, thanks and the like: short, and small talk behind
    what was said before.
    """
    if any(tokens(line.said) > NOTHING_TOKENS for line in lines):
        return False
    readings = await reader.read(_utterances((*before, *lines)))
    return all(map(_is_nothing, readings[len(before) :]))


async def without_memory(
    lines: Sequence[Line], covered: Collection[Origin], reader: MessageReader
) -> list[Line]:
    """The lines of persons with something to remember of which nothing was read."""
    readings = await reader.read(_utterances(lines))
    return [
        line
        for line, reading in zip(lines, readings, strict=True)
        if line.is_persons
        and line.origin not in covered
        and reading.parts
        and reading.likely("worth_keeping") >= TELLING
    ]


def _is_nothing(reading: Reading) -> bool:
    is_small_talk = reading.likely("small_talk") >= SMALL_TALK
    is_worthless = reading.likely("worth_keeping") <= WORTHLESS
    return is_small_talk and is_worthless and not reading.parts


def _utterances(lines: Sequence[Line]) -> list[Utterance]:
    """The lines, each with the one that it follows."""
    roles = ["user" if line.is_persons else "assistant" for line in lines]
    before = [""] + [
        f"{role}: {line.said}" for role, line in zip(roles, lines, strict=True)
    ]
    return [
        Utterance(line.said, role, previous)
        for line, role, previous in zip(lines, roles, before, strict=False)
    ]
