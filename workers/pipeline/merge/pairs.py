"""Which memories are compared, and in which order the two were said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from shared.domain.kinds import STATEMENTS
from shared.domain.memory import EVERY_ANSWER, Memory
from workers.pipeline.merge.change_gate import worth_judging
from workers.pipeline.merge.clauses import of_assistant
from workers.pipeline.merge.comparison import is_newer
from workers.pipeline.merge.duplicates import Overlap, overlap
from workers.pipeline.merge.neighbours import Neighbour, Vector


def older_and_newer(existing: Memory, memory: Memory) -> tuple[Memory, Memory]:
    """The two in the order in which they were said; in doubt the new one is newer."""
    if is_newer(existing, memory):
        return memory, existing
    return existing, memory


def are_comparable(memory: Memory, other: Memory) -> bool:
    """Only statements of the same labels are, and of the same speaker: a filter must find
    what it would have found. Documents say what they say, whatever is said later.
    """
    if memory.kind not in STATEMENTS or other.kind not in STATEMENTS:
        return False
    if memory.speaker and other.speaker and memory.speaker != other.speaker:
        return False
    if _from_file(memory) or _from_file(other):
        return _from_file(memory) and _from_file(other)
    return _labels(memory) == _labels(other)


def pairs_to_judge(
    fresh: Sequence[Memory],
    vectors: Mapping[str, Vector],
    near: dict[str, list[Neighbour]],
    embedder: str,
) -> Iterator[tuple[Memory, Memory]]:
    """The pairs (older, newer) whose relation matters: those that may be a change, and
    those whose words are the same. `near` is reduced to what can be compared.
    """
    for memory in fresh:
        others = [
            other
            for other in near.get(memory.id, ())
            if other.memory.id != memory.id and are_comparable(memory, other.memory)
        ]
        near[memory.id] = others
        may_change = worth_judging(
            embedder, vectors[memory.id], [other.vector for other in others]
        )
        for other, likely in zip(others, may_change, strict=True):
            if _judged(memory, other.memory, likely):
                yield older_and_newer(other.memory, memory)


def _judged(memory: Memory, other: Memory, likely: bool) -> bool:
    """What an assistant says changes nothing: it repeats, plans and gets things wrong."""
    if _from_file(memory):
        return False
    if overlap(memory.text, other.text) is not Overlap.NONE:
        return True
    if of_assistant(older_and_newer(other, memory)[1].text):
        return False
    both_instruct = EVERY_ANSWER in memory.tags and EVERY_ANSWER in other.tags
    return likely or both_instruct


def _from_file(memory: Memory) -> bool:
    return any(origin.file for origin in memory.origins)


def _labels(memory: Memory) -> tuple[object, ...]:
    return memory.scope.agent, memory.scope.app, dict(memory.info), memory.public
