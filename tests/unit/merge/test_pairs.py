"""Which memories are compared, and which pairs are judged."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.domain.memory import EVERY_ANSWER, Memory, Origin, Type
from shared.domain.scope import Scope
from tests.fakes.memories import FakeMemories
from workers.pipeline.merge.neighbours import NEIGHBOURS, Neighbour, nearest
from workers.pipeline.merge.pairs import (
    are_comparable,
    comparable_neighbours,
    of_same_speaker,
    older_and_newer,
    to_judge,
)

HERE, FAR = (1.0, 0.0), (0.0, 1.0)


def memory(text: str, said_at: int = 0, **more: Any) -> Memory:
    more = {"type": Type.WORKING, "scope": Scope("p", "ann"), **more}
    return Memory(id=text, text=text, said_at=said_at, **more)


def file(name: str) -> tuple[Origin, ...]:
    return (Origin(file=f"{name}.pdf", source=name),)


def judged(new: Memory, *others: Memory) -> list[tuple[str, str]]:
    near = [Neighbour(other, 0.5, HERE) for other in others]
    pairs = to_judge(new, HERE, comparable_neighbours(new, near), "letters")
    return [(older.text, newer.text) for older, newer, *_ in pairs]


A, B = memory("The user smokes."), memory("The user quit smoking.")


@pytest.mark.parametrize(
    "other",
    [
        replace(A, type=Type.TRAJECTORY),
        replace(A, type=Type.SCHEMA),
        replace(A, type=Type.SKILL),
        replace(A, scope=Scope("p", "ben")),
        replace(A, scope=Scope("p", "ann", agent="planner")),
        replace(A, scope=Scope("p", "ann", app="shop")),
        replace(A, info={"scene": "work"}),
        replace(A, public=True),
        replace(A, origins=file("a")),
    ],
)
def test_what_is_not_compared(other: Memory) -> None:
    assert not are_comparable(A, other) and not are_comparable(other, A)
    assert judged(B, other) == []


@pytest.mark.parametrize(
    "other",
    [
        A,
        replace(A, type=Type.EXPLICIT),
        replace(A, scope=Scope("p", "ann", "tuesday")),
        replace(A, origins=(Origin(message_ids=("m",)),)),
        replace(A, speaker="Ann"),
    ],
)
def test_what_is_compared(other: Memory) -> None:
    assert are_comparable(A, other) and are_comparable(other, A)
    assert judged(B, other) == [(A.text, B.text)]


def test_two_named_speakers_are_not_compared_and_an_unnamed_one_takes_no_place() -> (
    None
):
    ann, ben = replace(A, speaker="Ann"), replace(A, speaker="Ben")
    assert not are_comparable(ann, ben)
    assert not of_same_speaker(A, ann) and of_same_speaker(ann, ann)
    assert not of_same_speaker(A, memory("Assistant: The user smokes."))


def test_a_document_is_compared_with_itself_and_not_judged() -> None:
    own, same, other = (
        replace(A, id=id, origins=file(id[0])) for id in ("a1", "a2", "b")
    )
    assert are_comparable(own, same) and not are_comparable(own, other)
    assert judged(own, same) == []


def test_the_order_is_that_in_which_they_were_said() -> None:
    early, late = replace(A, said_at=1), replace(B, said_at=2)
    assert older_and_newer(late, early) == older_and_newer(early, late) == (early, late)
    assert older_and_newer(A, late) == (A, late)
    assert older_and_newer(late, replace(A, said_at=2)) == (late, replace(A, said_at=2))
    assert judged(early, late) == [(A.text, B.text)]


def test_a_memory_is_not_its_own_neighbour() -> None:
    assert judged(A, replace(A, said_at=3)) == []


def test_an_assistants_statement_is_judged_only_as_the_older_one() -> None:
    said = memory("Assistant: The user smokes a pipe.")
    assert judged(said, A) == []
    assert judged(A, said) == [(said.text, A.text)]


def test_the_same_words_are_judged_however_far_they_are() -> None:
    fillers = [memory(f"A filler of number {n}.") for n in range(4)]
    short = memory("The user has a dog named Rex.")
    fuller = memory("The user has a dog named Rex, and a cat.")
    assert (short.text, fuller.text) in judged(fuller, *fillers, short)
    chess, club = memory("The user plays chess."), memory("The chess club is closed.")
    assert (chess.text, club.text) not in judged(club, *fillers, chess)
    assert (chess.text, club.text) in judged(club, chess, *fillers), "it is the nearest"


def test_two_instructions_on_every_answer_are_judged_however_far_they_are() -> None:
    fillers = [memory(f"A filler of number {n}.") for n in range(4)]
    old, new = (
        memory(f"The user asks: {text}", type=Type.EXPLICIT, tags=(EVERY_ANSWER,))
        for text in ("Italian, please.", "Only Polish.")
    )
    assert (old.text, new.text) in judged(new, *fillers, old)
    assert (old.text, new.text) not in judged(replace(new, tags=()), *fillers, old)


async def near(*drafts: Memory) -> dict[str, list[str]]:
    vectors = {draft.id: HERE for draft in drafts}
    found = await nearest(drafts, vectors, "", FakeMemories())
    return {id: [other.memory.text for other in others] for id, others in found.items()}


async def test_drafts_are_compared_with_those_before_them() -> None:
    assert await near(A, B) == {A.id: [], B.id: [A.text]}
    assert await near(A, B, A) == {A.id: [B.text], B.id: [A.text]}
    assert await near(A) == {A.id: []}
    assert await near() == {}


async def test_tool_memories_have_no_neighbours_and_are_none() -> None:
    assert await near(replace(A, type=Type.TRAJECTORY), B) == {B.id: []}


async def test_of_many_drafts_the_nearest_are_taken_nearest_first() -> None:
    drafts = [memory(f"Statement {n}.") for n in range(NEIGHBOURS + 5)]
    last = drafts[-1]
    vectors = {draft.id: (n / 20, 1.0) for n, draft in enumerate(drafts)}
    vectors[last.id] = HERE
    found = await nearest(drafts, vectors, "", FakeMemories())
    cosines = [other.cosine for other in found[last.id]]
    assert len(cosines) == NEIGHBOURS and cosines == sorted(cosines, reverse=True)
    assert found[last.id][0].memory is drafts[-2]
