"""The newest truth comes first: no outdated memory stands above the newer one that
changed it, however much nearer it is to the question, and nothing of the past above what
is so now, unless it is asked for. What changed a part of a memory that the question is
not about stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from services.gateway.recall.newer_editions import newer_editions_first
from services.gateway.recall.renewed_values import renewed_first
from services.gateway.recall.scoring import ScoredMatch
from shared.domain.memory import Kind, Memory, Status
from shared.domain.memory_detail import CHANGES, LIKELY_CHANGES, PRESENT
from shared.language.words import terms

ABOVE = 1e-3
"""By how much what changed a memory of another kind stands above it."""
NEAR = 0.5
"""Share of the relativity of a memory from which what changed a part of it is likely what
is asked for: "Pixel died" answers less to "What is my address?" than "lives at 12 Elm
Road with their cat Pixel".
"""
EQUALLY = 0.9
"""The same for a memory that it likely changed: every third of those is no change, and a
message of several things is raised above the one answer that holds (four sets of everyday
talks, found first at .6: .861, .771, .729, .838; at .9: .875, .785, .757, .852).
"""
_KANA = re.compile(r"[\u3041-\u30fa]")
_JAPANESE = re.compile(r"[\u30a1-\u30fa\u30fc]{2,}|[\u3400-\u9fff]+")


def newest_first(
    matches: Mapping[Kind, Sequence[ScoredMatch]],
    newer: Mapping[str, Memory],
    limits: Mapping[Kind, int],
    query: str = "",
) -> dict[Kind, list[ScoredMatch]]:
    """The matches of each kind, best first, each behind what has changed it; at most as
    many as its limit. `newer`: the memories that changed others, by id: one that the
    query did not bring up comes with the memory that it changed. A memory whose part
    that still holds is asked for stays where it is.
    """
    asked = _words(query)
    raised = _raised_across_kinds(matches, newer, asked)
    ordered: dict[Kind, list[ScoredMatch]] = {}
    for kind, of_kind in raised.items():
        by_id = {match.memory.id: match for match in of_kind}
        placed: dict[str, ScoredMatch] = {}
        for match in of_kind:
            _place(match, by_id, newer, placed, asked)
        renewed = renewed_first(list(placed.values()), query)
        ordered[kind] = newer_editions_first(renewed)[: limits[kind]]
    return ordered


def asks_for_the_rest(
    asked: frozenset[str], memory: Memory, change: Mapping[str, Any], by: Memory
) -> bool:
    """Whether a question has more words of what still holds in a memory than of what
    the newer one changed.
    """
    start, end = change.get("start", 0), change.get("end", len(memory.text))
    outdated = _words(memory.text[start:end])
    rest = _words(f"{memory.text[:start]} {memory.text[end:]}")
    changed = (outdated - rest) & _words(by.text)
    return len(asked & (rest - outdated)) > len(asked & changed)


def _raised_across_kinds(
    matches: Mapping[Kind, Sequence[ScoredMatch]],
    newer: Mapping[str, Memory],
    asked: frozenset[str],
) -> dict[Kind, list[ScoredMatch]]:
    """The matches with what changed one of another kind rated above it: whoever reads
    facts and preferences together goes by the relativity.
    """
    raised = {
        kind: {m.memory.id: m for m in of_kind} for kind, of_kind in matches.items()
    }
    for match in chain.from_iterable(matches.values()):
        for by in _changed_by(match, newer, asked, raised):
            if by.kind is match.memory.kind or by.kind not in raised:
                continue
            first = raised[by.kind].get(by.id) or replace(match, memory=by)
            rating = max(first.relativity, min(1.0, match.relativity + ABOVE))
            raised[by.kind][by.id] = replace(first, relativity=rating)
        _raise_present(match, raised, asked)
    return {
        kind: sorted(of_kind.values(), key=lambda match: -match.relativity)
        for kind, of_kind in raised.items()
    }


def _raise_present(
    match: ScoredMatch,
    raised: Mapping[Kind, dict[str, ScoredMatch]],
    asked: frozenset[str],
) -> None:
    """Rates what is so now above what a memory of another kind tells of the past."""
    memory = match.memory
    others = [of_kind for kind, of_kind in raised.items() if kind is not memory.kind]
    for id in _present(memory):
        for of_kind in others:
            now = of_kind.get(id)
            if now is None or not _goes_before(now, match, asked):
                continue
            rating = max(now.relativity, min(1.0, match.relativity + ABOVE))
            of_kind[id] = replace(now, relativity=rating)


def _changed_by(
    match: ScoredMatch,
    newer: Mapping[str, Memory],
    asked: frozenset[str],
    by_kind: Mapping[Kind, Mapping[str, ScoredMatch]],
) -> Iterator[Memory]:
    """The active memories that changed what is asked for, the latest first."""
    memory = match.memory
    for change in reversed(memory.detail.get(CHANGES, ())):
        by = newer.get(change["by"])
        if by is None or by.status is not Status.ACTIVATED:
            continue
        if asks_for_the_rest(asked, memory, change, by):
            continue
        own = by_kind.get(by.kind, {}).get(by.id)
        rating = own.relativity if own else 0.0
        is_near = rating >= NEAR * match.relativity
        start, end = change.get("start", 0), change.get("end", len(memory.text))
        changed = _words(by.text) | _words(memory.text[start:end])
        if is_near or not change.get("says_more") or asked & changed:
            yield by


def _place(
    match: ScoredMatch,
    by_id: Mapping[str, ScoredMatch],
    newer: Mapping[str, Memory],
    placed: dict[str, ScoredMatch],
    asked: frozenset[str],
    behind: frozenset[str] = frozenset(),
) -> None:
    """Enters a match behind those that go before it. `behind`: the memories that wait for
    this one to be placed, so that those which name each other in a circle end somewhere.
    """
    memory = match.memory
    if memory.id in placed:
        return
    waiting = behind | {memory.id}
    for first in _before(match, by_id, newer, asked):
        if first.memory.id not in waiting:
            rated = _raised(first, match)
            _place(rated, by_id, newer, placed, asked, waiting)
    placed[memory.id] = match


def _before(
    match: ScoredMatch,
    by_id: Mapping[str, ScoredMatch],
    newer: Mapping[str, Memory],
    asked: frozenset[str],
) -> Iterator[ScoredMatch]:
    """What goes before a match: what changed it, and what is so now of what it tells."""
    memory = match.memory
    for by in _changed_by(match, newer, asked, {memory.kind: by_id}):
        if by.kind is memory.kind:
            yield by_id.get(by.id) or replace(match, memory=by)
    for id in _present(memory):
        now = by_id.get(id)
        if now is not None and _goes_before(now, match, asked):
            yield now


def _present(memory: Memory) -> Iterator[str]:
    """The memories that say what is so now, of what this one tells of the past, and those
    that likely changed it.
    """
    yield from memory.detail.get(PRESENT, ())
    for change in memory.detail.get(LIKELY_CHANGES, ()):
        yield change["by"]


def _goes_before(now: ScoredMatch, match: ScoredMatch, asked: frozenset[str]) -> bool:
    """Whether a memory that says what is so now stands above one that names it: above one
    that tells of the past unless that is asked for, above one that it likely changed if
    it answers about as well.
    """
    if now.memory.id in match.memory.detail.get(PRESENT, ()):
        return not asked & _own_words(match.memory, now.memory)
    is_later = now.memory.said_at > match.memory.said_at
    return is_later and now.relativity >= EQUALLY * match.relativity


def _raised(first: ScoredMatch, match: ScoredMatch) -> ScoredMatch:
    """A match that goes before another one, and answers no less."""
    return replace(first, relativity=max(first.relativity, match.relativity))


def _own_words(memory: Memory, other: Memory) -> frozenset[str]:
    """The words of a memory that another one does not have."""
    return _words(memory.text) - _words(other.text)


def _words(text: str) -> frozenset[str]:
    """The index terms; of Japanese, which has none without an ending, the runs of
    characters that carry the meaning.
    """
    if _KANA.search(text):
        return frozenset(_JAPANESE.findall(text))
    return frozenset(terms(text))
