"""Which memories are compared, and in which order the two were said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from shared.domain.expiry import outlives
from shared.domain.kinds import STATEMENTS
from shared.domain.memory import EVERY_ANSWER, Memory
from shared.domain.scope import DEFAULT_CONVERSATION
from workers.pipeline.extract.speech.announced_words import announces_others
from workers.pipeline.merge.change_gate import worth_judging
from workers.pipeline.merge.clauses import of_assistant
from workers.pipeline.merge.comparison import is_newer
from workers.pipeline.merge.duplicates import Overlap, overlap
from workers.pipeline.merge.neighbours import Neighbour, Vector

ALIKE = 0.5
"""Cosine from which two statements are likely about one matter."""


SITTING_MS = 3_600_000
"""Milliseconds within which two statements of one conversation belong to one sitting. *Trial:*
of 283 such pairs of everyday talks that the gate let pass 2 were a change, of 842 others
209; of those that the judge held for likely 2 of 56 and 182 of 307.
"""


def of_one_sitting(memory: Memory, other: Memory) -> bool:
    """Whether two statements were made in one conversation, one soon after the other: who
    goes on telling seldom takes back what was just said, and says so who does.
    """
    conversation = memory.scope.conversation
    return (
        conversation == other.scope.conversation != DEFAULT_CONVERSATION
        and min(memory.said_at, other.said_at) > 0
        and abs(memory.said_at - other.said_at) < SITTING_MS
    )


def older_and_newer(existing: Memory, memory: Memory) -> tuple[Memory, Memory]:
    """The two in the order in which they were said; in doubt the new one is newer."""
    if is_newer(existing, memory):
        return memory, existing
    return existing, memory


def are_comparable(memory: Memory, other: Memory) -> bool:
    """Only statements of the same labels are, and not of two named speakers: a filter
    must find what it would have found. A document is compared with itself alone: it
    says what it says, whatever is said elsewhere.
    """
    if memory.kind not in STATEMENTS or other.kind not in STATEMENTS:
        return False
    if memory.speaker and other.speaker and memory.speaker != other.speaker:
        return False
    return _labels(memory) == _labels(other) and _sources(memory) == _sources(other)


def of_same_speaker(memory: Memory, other: Memory) -> bool:
    """Whether one may take the other's place: what somebody else says, named or not, or
    the assistant, hides nobody's statement, nor does what a clause announces as another's.
    """
    return memory.speaker == other.speaker and (
        of_assistant(memory.text) is of_assistant(other.text)
        and announces_others(memory.text) is announces_others(other.text)
    )


def is_from_file(memory: Memory) -> bool:
    """Whether it was read in a document."""
    return any(origin.file or origin.source for origin in memory.origins)


def comparable_neighbours(memory: Memory, near: Sequence[Neighbour]) -> list[Neighbour]:
    """Those of the neighbours that a memory is compared with: none that is hidden
    before it, in which it would be lost.
    """
    return [
        other
        for other in near
        if other.memory.id != memory.id
        and are_comparable(memory, other.memory)
        and not outlives(memory.expires_at, other.memory.expires_at)
    ]


class Comparison(NamedTuple):
    """An older and a newer memory whose relation matters."""

    older: Memory
    newer: Memory
    is_alike: bool = False
    """Whether they are likely about one matter, whatever their words."""


def to_judge(
    memory: Memory, vector: Vector, near: Sequence[Neighbour], embedder: str
) -> Iterator[Comparison]:
    """The comparisons of a memory with its comparable neighbours, nearest first, that
    matter: those that may be a change by their vectors, those that say the same by their
    words, instructions on every answer, and the nearest one: it may say the same in other
    words.
    """
    if is_from_file(memory):
        return
    pairs = [older_and_newer(other.memory, memory) for other in near]
    vectors = [
        (vector, [other.vector] if other.vector else [])
        if older is memory
        else (other.vector, [vector, *([other.sentence] if other.sentence else [])])
        for (older, _), other in zip(pairs, near, strict=True)
    ]
    likely = worth_judging(embedder, vectors)
    for place, (older, newer) in enumerate(pairs):
        is_alike = near[place].cosine >= ALIKE
        if _matters(older, newer, likely[place] or (place == 0 and is_alike)):
            yield Comparison(older, newer, is_alike)


def _matters(older: Memory, newer: Memory, may_change: bool) -> bool:
    """What an assistant says changes nothing: it repeats, plans and gets things wrong."""
    if overlap(newer.text, older.text) is not Overlap.NONE:
        return True
    if of_assistant(newer.text):
        return False
    return may_change or (EVERY_ANSWER in newer.tags and EVERY_ANSWER in older.tags)


def _labels(memory: Memory) -> tuple[object, ...]:
    """What filters and walls ask for; in a knowledge base also whose it is."""
    scope = memory.scope
    return scope.user, scope.agent, scope.app, dict(memory.info), memory.public


def _sources(memory: Memory) -> frozenset[tuple[str, str]]:
    """The documents that it was read in."""
    return frozenset(
        (origin.source, origin.file)
        for origin in memory.origins
        if origin.source or origin.file
    )
