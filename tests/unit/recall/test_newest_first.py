"""Outdated memories stand behind what changed them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.gateway.recall.newest_first import newest_first
from services.gateway.recall.scoring import Score, ScoredMatch
from shared.domain.memory import Memory, Status, Type
from shared.domain.memory_detail import CHANGES
from shared.domain.scope import Scope


def memory(id: str, *changed_by: str, **fields: Any) -> Memory:
    detail = {CHANGES: [{"by": by} for by in changed_by]}
    return Memory(id, Scope("p", "u"), Type.USER, id, detail=detail, **fields)


def match(of: Memory, relativity: float) -> ScoredMatch:
    return ScoredMatch(of, relativity, Score())


def ids(matches: list[ScoredMatch]) -> list[str]:
    return [found.memory.id for found in matches]


def test_a_newer_one_further_down_moves_up() -> None:
    new = memory("new")
    found = [match(memory("old", "new"), 0.9), match(memory("x"), 0.7), match(new, 0.5)]
    ordered = newest_first(found, {"new": new}, 9)
    assert ids(ordered) == ["new", "old", "x"]
    assert ordered[0].relativity == 0.9


def test_one_that_was_not_found_comes_along() -> None:
    found = [match(memory("old", "new"), 0.9), match(memory("x"), 0.7)]
    ordered = newest_first(found, {"new": memory("new")}, 2)
    assert ids(ordered) == ["new", "old"]


def test_chains_and_circles_end() -> None:
    chain = {"b": memory("b", "c"), "c": memory("c")}
    assert ids(newest_first([match(memory("a", "b"), 0.9)], chain, 9)) == [
        "c",
        "b",
        "a",
    ]
    circle = {"a": memory("a", "b"), "b": memory("b", "a")}
    assert ids(newest_first([match(circle["a"], 0.9)], circle, 9)) == ["b", "a"]


def test_archived_and_unknown_ones_change_nothing() -> None:
    gone = replace(memory("new"), status=Status.ARCHIVED)
    found = [match(memory("old", "new", "lost"), 0.9)]
    assert ids(newest_first(found, {"new": gone}, 9)) == ["old"]
