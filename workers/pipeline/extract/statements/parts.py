"""Parts that a reader keeps, against the sentences of the text."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.message_reading import KeptPart, Reading

LEAST_SHARE = 0.25
"""Share of a sentence's characters that must be worth keeping for it to be kept."""
ENOUGH = 4
"""Characters of them that are enough in a long one."""
WORTH_KEEPING = "worth_keeping"


def overlaps(part: KeptPart, start: int, end: int) -> bool:
    """Whether a part has characters in a stretch."""
    return part.start < end and part.end > start


def parts_within(reading: Reading, start: int, end: int) -> list[KeptPart]:
    """The kept parts of a sentence, none where they are too little of it."""
    parts = [part for part in reading.parts if overlaps(part, start, end)]
    covered = sum(min(part.end, end) - max(part.start, start) for part in parts)
    enough = LEAST_SHARE * (end - start)
    return parts if parts and covered >= min(enough, ENOUGH) else []


def whole(reading: Reading, start: int, end: int, kind: str = "") -> KeptPart:
    """A sentence of a message that may be worth keeping, though no part of it stands out."""
    if not kind:
        kind = "event" if reading.likely("event") > reading.likely("fact") else "fact"
    return KeptPart(
        start, end, reading.likely(WORTH_KEEPING), {kind: 1.0}, reading.about
    )


def with_parts(reading: Reading, added: Sequence[KeptPart]) -> tuple[KeptPart, ...]:
    """The parts in order, the added ones instead of those that they overlap."""
    inside = (
        part
        for part in reading.parts
        if not any(overlaps(part, new.start, new.end) for new in added)
    )
    return tuple(sorted((*inside, *added), key=lambda part: part.start))
