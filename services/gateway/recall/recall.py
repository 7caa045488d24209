"""Recall: the memories that answer a question, best first.

A query is read (`reading`): chatter off, several questions apart. One round trip for
all kinds brings up what the engine finds by words and by meaning; both scores are
summed (`scores`), what else speaks for a memory is added (`boosts`), each thing comes
once and the questions of a query take turns (`ranking`); at last `relativity` says how
sure we are, and the threshold and the limits cut.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, islice

from services.gateway.memories.annotate_changes import annotate_changes
from services.gateway.recall.query_parser import Asked, read, words_of
from services.gateway.recall.ranking import in_turns, rank
from services.gateway.recall.relativity import Calibration, calibration_of, relativity
from services.gateway.recall.standing_instructions import with_standing
from shared.domain.filter import Filters
from shared.domain.memory import Candidate, Kind, Match
from shared.domain.scope import Reach
from shared.language.lexical import ask
from shared.ports import Embedder, Memories

DEPTH = 60
"""Memories that each search brings up: enough that a good one on a single scale is
among them, few enough to be scored in milliseconds.
"""

Found = Mapping[Kind, Sequence[Candidate]]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `limits` says how many of which kind; `relativity` is the
    threshold (0: none), `now` epoch milliseconds.

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


async def recall(
    question: Question, memories: Memories, embedder: Embedder
) -> Recalled:
    """The best memories of each kind, at most as many as its limit, none below the threshold."""
    parts = read(question.query)
    found = await asyncio.gather(
        *(_found(asked, question, memories, embedder) for asked in parts)
    )
    calibration = calibration_of(embedder.name)
    matches = {
        kind: _matches(kind, limit, parts, found, question, calibration)
        for kind, limit in question.limits.items()
    }
    shown = iter(
        await annotate_changes(
            [match.memory for of_kind in matches.values() for match in of_kind],
            question.reach.project,
            memories,
        )
    )
    return Recalled(
        {
            kind: [replace(match, memory=next(shown)) for match in of_kind]
            for kind, of_kind in matches.items()
        }
    )


async def _found(
    asked: Asked, question: Question, memories: Memories, embedder: Embedder
) -> tuple[Found, Found]:
    """The candidates for a question, and for the rest of it where it describes what it asks about."""
    searches = [_candidates(asked.text, asked.words, question, memories, embedder)]
    if asked.rest:
        searches.append(
            _candidates(
                asked.rest,
                words_of(asked.rest, asked.chinese),
                question,
                memories,
                embedder,
            )
        )
    whole, *rest = await asyncio.gather(*searches)
    return whole, rest[0] if rest else {}


async def _candidates(
    text: str, words: str, question: Question, memories: Memories, embedder: Embedder
) -> Found:
    kinds = {kind: DEPTH for kind, limit in question.limits.items() if limit > 0}
    if not kinds:
        return {}
    return await memories.candidates(
        question.reach, kinds, ask(words), await embedder.query(text), question.filters
    )


def _matches(
    kind: Kind,
    limit: int,
    parts: Sequence[Asked],
    found: Iterable[tuple[Found, Found]],
    question: Question,
    calibration: Calibration,
) -> list[Match]:
    lists = [
        rank(
            asked,
            whole.get(kind, ()),
            rest.get(kind, ()),
            calibration.unit,
            question.conversation,
            question.now,
        )
        for asked, (whole, rest) in zip(parts, found, strict=True)
    ]
    rated = (
        (one.memory, relativity(one, calibration))
        for one in islice(in_turns(lists), 2 * limit)
    )
    about = list(
        islice(
            (
                (memory, rating)
                for memory, rating in rated
                if rating >= question.relativity
            ),
            limit,
        )
    )
    kept = with_standing(
        about,
        (one.memory for ranked in lists for one in ranked),
        limit,
        question.relativity,
    )
    shown = _descending([rating for _, rating in kept])
    return [
        Match(memory, rating) for (memory, _), rating in zip(kept, shown, strict=True)
    ]


def _descending(ratings: Sequence[float]) -> list[float]:
    """The ratings in the order of the list, none below a later one: the list's order is
    the better judgement, and callers read it so.
    """
    return list(accumulate(reversed(ratings), max))[::-1]


__all__ = ["DEPTH", "Question", "Recalled", "recall"]
