"""What becomes of a known statement when some of it is outdated: it is marked, so that
what else it tells stays, or it is spent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from shared.domain.memory import Memory
from shared.domain.memory_detail import CHANGES
from shared.language.change_notes import TAIL
from shared.language.concepts import concepts
from shared.language.words import is_chinese, terms
from workers.pipeline.merge.claims import Claim, claims, names
from workers.pipeline.merge.outdated import Outdated, outdated, telling

BRIEF, BRIEF_ZH = 16, 28
"""Words up to which a statement of a single claim is spent with it."""


def marked_by(memory: Memory, id: str) -> bool:
    """Whether a memory is marked with what the memory of this id says."""
    return any(change["by"] == id for change in memory.detail.get(CHANGES, ()))


def made_outdated(by: Memory, memory: Memory) -> list[Outdated]:
    """What a newer memory makes outdated of another one of the same speaker."""
    if by.speaker != memory.speaker and by.speaker and memory.speaker:
        return []
    return outdated(by.text, _time(by), memory.text, _time(memory), memory.context)


def _time(memory: Memory) -> datetime:
    return datetime.fromtimestamp((memory.said_at or memory.created_at) / 1000, UTC)


def tells_more(memory: Memory, by: Memory) -> bool:
    """Whether a memory makes several claims of some weight, or gives beside a day or an
    amount a name that the newer one leaves out.
    """
    own = claims(memory.text)
    if any(claim.when or claim.amounts for claim in own) and _names(own) - set(
        re.findall(r"\w+", by.text)
    ):
        return True
    return sum(len(telling(claim.text)) > 1 for claim in own) > 1


def nearest(memory: Memory, by: Memory) -> Outdated:
    """The claim of a memory that a newer one, which is known to contradict it, is
    likeliest to mean: of the same things, else the last one.
    """
    about, words = concepts(by.text), telling(by.text)
    own = claims(memory.text)
    best = max(
        reversed(own),
        key=lambda claim: (
            len(concepts(claim.text) & about) + len(telling(claim.text) & words)
        ),
    )
    return Outdated(best, by.text, whole=False)


def spent(memory: Memory, found: Sequence[Outdated], by: Memory) -> bool:
    """Whether nothing would be lost with a memory: one claim, outdated, and no name in
    it that the newer one leaves out.
    """
    own = claims(memory.text)
    if not found or not all(one.whole for one in found) or len(own) > len(found):
        return False
    text = " ".join(claim.text for claim in own)
    return len(terms(text)) <= (BRIEF_ZH if is_chinese(text) else BRIEF) and not _names(
        own
    ) - set(re.findall(r"\w+", by.text))


def marked(memory: Memory, found: Sequence[Outdated], by: Memory, at: int) -> Memory:
    """The memory with a change noted behind what is outdated
    (`shared.language.change_notes`); its text stays as it was told.
    """
    end = max(one.claim.end for one in found)
    start = max(by.text.find(found[0].news), 0)
    change = {
        "by": by.id,
        "said_at": by.said_at,
        "end": end,
        "was": memory.text[:end][-TAIL:],
        "part": [start, start + len(found[0].news)],
    }
    return replace(
        memory,
        detail={**memory.detail, CHANGES: [*memory.detail.get(CHANGES, ()), change]},
        updated_at=at,
    )


def _names(own: Sequence[Claim]) -> set[str]:
    return {name for claim in own for name in names(claim.text)}
