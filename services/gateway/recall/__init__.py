"""Recall: the memories that answer a question, best first.

One round trip for all kinds: lexical and dense scores of the engine (`candidates`), put on one scale and summed (`fusion`), what
the question says beyond its words (`question`, `boosts`), near-duplicates once (`spread`), and at last how sure we are (`relativity`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.gateway.recall.ranking import rank
from services.gateway.recall.reading import read
from shared.domain.filter import Filters
from shared.domain.memory import Kind, Match
from shared.domain.scope import Reach
from shared.language.lexical import ask
from shared.ports import Embedder, Memories

DEPTH = 100
"""Memories that each search brings up: enough that a good one on a single scale is among them, few enough to be scored in a millisecond."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `limits` says how many of which kind; `relativity` is the threshold (0: none), `now` epoch milliseconds.

    `conversation` prefers that conversation's memories and hides no others.
    """

    reach: Reach
    query: str
    limits: Mapping[Kind, int]
    conversation: str = ""
    relativity: float = 0.45
    filters: Filters = field(default_factory=Filters)
    now: int = 0


@dataclass(frozen=True, slots=True)
class Recalled:
    """The matches of each kind that was asked for, best first."""

    matches: Mapping[Kind, list[Match]]


async def recall(question: Question, memories: Memories, embedder: Embedder) -> Recalled:
    """The best memories of each kind, at most as many as its limit, none below the threshold."""
    wanted = {kind: DEPTH for kind, limit in question.limits.items() if limit > 0}
    reading = read(question.query)
    if not wanted or not reading.text:
        return Recalled({kind: [] for kind in question.limits})
    vector = await embedder.query(reading.text)
    found = await memories.candidates(question.reach, wanted, ask(reading.text), vector, question.filters)
    return Recalled({
        kind: rank(found.get(kind, []), reading, question.conversation, limit, question.relativity)
        for kind, limit in question.limits.items()
    })
