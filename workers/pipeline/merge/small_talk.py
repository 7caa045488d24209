"""When what seems to be small talk is news of something known: "It's over between Mateo
and me.".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shared.domain.memory import EVERY_ANSWER, Memory
from workers.pipeline.merge.bearings import Bearing, Pair
from workers.pipeline.merge.comparison import is_newer

SURE = 0.9
"""Probability of a change from which what seems to be small talk is news. Of 20 greetings
and remarks beside 8 statements each none is above it, but beside instructions.
"""
SMALL_TALK = "small talk that changes nothing known"
"""Reason of a receipt."""


def surely_changes(
    memory: Memory, others: Iterable[Memory], bearings: Mapping[Pair, Bearing]
) -> bool:
    """Whether any of the others, that are known, holds no more by what is said.
    Instructions are left out: "Sounds good" looks like a new one to the judge.
    """
    older = (other for other in others if not is_newer(other, memory))
    judged = (
        bearings.get((other.id, memory.id))
        for other in older
        if EVERY_ANSWER not in other.tags
    )
    return any(bearing is not None and bearing.change >= SURE for bearing in judged)
