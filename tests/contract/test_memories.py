"""Memories: written into every index at once, recalled within one's reach, gone when deleted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Any
from uuid import uuid4

import pytest

from shared.domain.filter import Condition, Filters, Group
from shared.domain.identity import computed_id
from shared.domain.memory import (
    Candidate,
    Embedded,
    Kind,
    Memory,
    Origin,
    SparseVector,
    Status,
    Thumb,
    ToolUse,
    Type,
)
from shared.domain.memory_detail import VERSION_OF
from shared.domain.scope import RECORDS, Reach, Scope
from tests.contract.conftest import Stores

SIZE = 384
NO_WORDS = SparseVector((), ())
ALL = Filters()


def vector(*start: float) -> tuple[float, ...]:
    return tuple(start) + (0.0,) * (SIZE - len(start))


def words(*ids: int, weight: float = 1.0) -> SparseVector:
    return SparseVector(tuple(ids), (weight,) * len(ids))


def memory(
    project: str,
    text: str,
    *,
    user: str = "ann",
    type: Type = Type.LONG_TERM,
    conversation: str = "c1",
    agent: str = "",
    **more: Any,
) -> Memory:
    return Memory(
        computed_id(project, user, text, more.get("knowledge_base", "")),
        Scope(project, user, conversation, agent),
        type,
        text,
        **more,
    )


def embedded(
    memory: Memory, *ids: int, dense: Sequence[float] | None = (1.0,)
) -> Embedded:
    return Embedded(
        memory, words(*(ids or (1,))), None if dense is None else vector(*dense)
    )


def texts(results: Sequence[Memory] | Sequence[Candidate]) -> list[str]:
    return [
        entry.memory.text if isinstance(entry, Candidate) else entry.text
        for entry in results
    ]


async def recalled(stores: Stores, reach: Reach, filters: Filters = ALL) -> set[str]:
    """The texts within reach, whichever search brings them up."""
    results = await stores.memories.candidates(
        reach, {Kind.FACT: 100}, words(1), vector(1.0), filters
    )
    memories = [candidate.memory for candidate in results[Kind.FACT]]
    ids = [entry.id for entry in memories]
    assert await stores.memories.reached(reach, ids, filters) == memories
    cosines = {
        candidate.memory.id: pytest.approx(candidate.dense)
        for candidate in results[Kind.FACT]
        if candidate.dense is not None
    }
    kinds = {Kind.FACT: 100}
    found = await stores.memories.cosines(reach, kinds, vector(1.0), filters)
    assert found == cosines
    return set(texts(memories))


async def test_cosines_are_of_the_nearest_of_each_kind_alone(
    stores: Stores, project: str
) -> None:
    near, far = memory(project, "near"), memory(project, "far")
    await stores.memories.put(
        [embedded(near, dense=[1.0]), embedded(far, dense=[0.0, 1.0])]
    )
    reach, asked = Reach(project, "ann"), vector(1.0)
    one = await stores.memories.cosines(reach, {Kind.FACT: 1}, asked, ALL)
    assert one == {near.id: pytest.approx(1.0, rel=1e-4)}
    other = await stores.memories.cosines(reach, {Kind.SKILL: 9}, asked, ALL)
    nobody = await stores.memories.cosines(reach, {Kind.FACT: 9}, (), ALL)
    assert other == nobody == {}


# Writing and reading by id


async def test_a_memory_comes_back_as_it_was(stores: Stores, project: str) -> None:
    whole = Memory(
        id=str(uuid4()),
        scope=Scope(project, "ann", "c", "agent", "app"),
        type=Type.TRAJECTORY,
        text="说了 something",
        title="t",
        status=Status.ARCHIVED,
        confidence=0.5,
        tags=("天气", "b"),
        created_at=1_760_000_000_123,
        updated_at=2,
        happened_at=3,
        info={
            "scene": "x",
            "list": ["a", 1, 2.5, True],
            "no": None,
            'od"d.key[]': {"deep": [1]},
            "": "empty",
        },
        context="around",
        reasoning="because",
        experience="learned",
        tools=(ToolUse("search", 3, 0.5, "timeout", "slow"),),
        detail={"n": {"a": []}},
        origins=(Origin(("m1", "m2"), "a.pdf", "sha", 7), Origin()),
        speaker="assistant",
        job=str(uuid4()),
        fast=True,
        public=True,
        knowledge_base=str(uuid4()),
        replaced=(str(uuid4()),),
        expires_at=4_102_444_800_000,
    )
    await stores.memories.put([embedded(whole)])
    assert await stores.memories.get(project, [whole.id]) == [whole]


async def test_memories_by_id_come_in_the_order_asked_for(
    stores: Stores, project: str
) -> None:
    a, b, c = (memory(project, text) for text in "abc")
    await stores.memories.put([embedded(entry) for entry in (a, b, c)])
    assert texts(
        await stores.memories.get(
            project, [c.id, str(uuid4()), "nonsense", "", a.id, c.id]
        )
    ) == ["c", "a"]
    assert await stores.memories.get(project, []) == []
    assert await stores.memories.get("another project", [a.id]) == []


async def test_putting_again_replaces_memory_and_vectors(
    stores: Stores, project: str
) -> None:
    first = memory(project, "a")
    await stores.memories.put([embedded(first, 1, dense=[1.0])])
    await stores.memories.put([embedded(replace(first, title="new"), 2, dense=None)])
    results = await stores.memories.candidates(
        Reach(project, "ann"), {Kind.FACT: 9}, words(1), vector(1.0), ALL
    )
    assert results == {Kind.FACT: []}
    results = await stores.memories.candidates(
        Reach(project, "ann"), {Kind.FACT: 9}, words(2), vector(1.0), ALL
    )
    assert [(entry.memory.title, entry.dense) for entry in results[Kind.FACT]] == [
        ("new", None)
    ]


async def test_an_id_must_be_a_uuid(stores: Stores, project: str) -> None:
    with pytest.raises(ValueError, match="UUID"):
        await stores.memories.put([embedded(replace(memory(project, "a"), id="m1"))])


async def test_more_memories_than_fit_one_request(stores: Stores, project: str) -> None:
    many = [memory(project, str(number), created_at=number) for number in range(600)]
    await stores.memories.put([embedded(entry) for entry in many])
    assert (await stores.memories.page(project, "ann", Kind.FACT, 0, 1))[1] == 600
    assert len(await stores.memories.get(project, [entry.id for entry in many])) == 600


async def test_words_that_are_no_unicode_are_kept_all_the_same(
    stores: Stores, project: str
) -> None:
    broken = replace(
        memory(project, ""), text="half \ud83d of a pair", info={"k\ud83d": ["\ude00"]}
    )
    await stores.memories.put([embedded(broken)])
    (results,) = await stores.memories.get(project, [broken.id])
    assert results.text.startswith("half ")
    assert results.text.endswith(" of a pair")


# Archiving and deleting


async def test_an_archived_memory_is_kept_and_not_recalled(
    stores: Stores, project: str
) -> None:
    old, new = memory(project, "old", updated_at=5), memory(project, "new")
    await stores.memories.put([embedded(old), embedded(new)])
    await stores.memories.archive(
        [replace(old.archived(77), replaced=(new.id,), text="not written")]
    )
    assert await recalled(stores, Reach(project, "ann")) == {"new"}
    assert texts((await stores.memories.page(project, "ann", Kind.FACT, 0, 10))[0]) == [
        "new"
    ]
    assert texts(
        (
            await stores.memories.similar(
                Scope(project, "ann"), Kind.FACT, [vector(1.0)], 9
            )
        )[0]
    ) == ["new"]
    assert await stores.memories.get(project, [old.id]) == [
        replace(old, status=Status.ARCHIVED, updated_at=77, replaced=(new.id,))
    ]


async def test_what_was_forgotten_long_ago_is_deleted(
    stores: Stores, project: str
) -> None:
    early, late, other = (memory(project, name) for name in ("early", "late", "other"))
    await stores.memories.put([embedded(early), embedded(late), embedded(other)])
    forgotten = [
        replace(early, status=Status.FORGOTTEN, updated_at=70),
        replace(late, status=Status.FORGOTTEN, updated_at=80),
    ]
    await stores.memories.archive([*forgotten, other.archived(70)])
    assert await recalled(stores, Reach(project, "ann")) == set()
    await stores.memories.delete_forgotten(before=80)
    left = await stores.memories.get(project, [early.id, late.id, other.id])
    assert [found.id for found in left] == [late.id, other.id]


async def test_what_is_noted_on_a_memory_leaves_its_words_alone(
    stores: Stores, project: str
) -> None:
    old = memory(project, "old", updated_at=5)
    await stores.memories.put([embedded(old)])
    noted = replace(old, detail={"changes": [{"by": "x", "end": 3}]}, updated_at=77)
    await stores.memories.update_detail(
        [
            replace(noted, title="not written", text="not written"),
            memory(project, "gone"),
        ]
    )
    assert await stores.memories.get(project, [old.id]) == [noted]
    assert await recalled(stores, Reach(project, "ann")) == {"old"}
    await stores.memories.update_detail(
        [replace(noted, scope=Scope("another", "ann"), detail={})]
    )
    assert await stores.memories.get(project, [old.id]) == [noted]


async def test_what_is_thought_of_a_memory_and_its_recall_are_written_alone(
    stores: Stores, project: str
) -> None:
    old = memory(project, "old")
    await stores.memories.put([embedded(old)])
    rated = replace(old, thumbs=(Thumb(up=False, query="what?", at=5),))
    await stores.memories.update_thumbs(
        [
            replace(rated, text="not written"),
            memory(project, "gone"),
            replace(rated, scope=Scope("another", "ann"), thumbs=()),
        ]
    )
    assert await stores.memories.get(project, [old.id]) == [rated]
    ids = [old.id, memory(project, "gone").id, "no id at all"]
    await stores.memories.mark_recalled(project, ids, 7)
    await stores.memories.mark_recalled("another", [old.id], 8)
    assert await stores.memories.get(project, ids) == [replace(rated, recalled_at=7)]
    assert await recalled(stores, Reach(project, "ann")) == {"old"}


async def test_archiving_touches_neither_the_deleted_nor_the_foreign(
    stores: Stores, project: str
) -> None:
    mine, gone = memory(project, "mine"), memory(project, "gone")
    await stores.memories.put([embedded(mine)])
    foreign = replace(mine, scope=Scope("another", "ann"))
    await stores.memories.archive([foreign.archived(1), gone.archived(1)])
    await stores.memories.archive([])
    assert await stores.memories.get(project, [mine.id, gone.id]) == [mine]


async def test_deleted_is_gone_from_everywhere(stores: Stores, project: str) -> None:
    gone, stored = memory(project, "gone"), memory(project, "kept")
    await stores.memories.put([embedded(gone), embedded(stored)])
    await stores.memories.delete("another", [gone.id])
    await stores.memories.delete(project, [])
    await stores.memories.delete(project, ["nonsense"])
    assert len(await stores.memories.get(project, [gone.id, stored.id])) == 2
    await stores.memories.delete(project, [gone.id, str(uuid4())])
    assert await stores.memories.get(project, [gone.id, stored.id]) == [stored]
    assert await recalled(stores, Reach(project, "ann")) == {"kept"}
    assert await stores.memories.page(project, "ann", Kind.FACT, 0, 10) == ([stored], 1)
    assert texts(
        (
            await stores.memories.similar(
                Scope(project, "ann"), Kind.FACT, [vector(1.0)], 9
            )
        )[0]
    ) == ["kept"]


async def test_earlier_versions_go_with_their_memory(
    stores: Stores, project: str
) -> None:
    def of_kind(name: str, **more: Any) -> list[Memory]:
        said_by = [memory(project, name, tags=(name,), **more)]
        for place in (0, 0, 1, 3):  # the first two are its own, the others of those
            said = {
                "status": Status.ARCHIVED,
                "detail": {VERSION_OF: said_by[place].id},
            }
            said_by.append(memory(project, f"{name} {len(said_by)}", **said))
        return said_by

    gone = {
        "by id": of_kind("by id"),
        "by filter": of_kind("by filter"),
        "by source": of_kind("by source", origins=(Origin(source="sha"),)),
        "forgotten": of_kind("forgotten", status=Status.FORGOTTEN, updated_at=7),
    }
    kept = of_kind("kept")
    foreign = memory(f"{project}-2", "x", detail={VERSION_OF: gone["by id"][0].id})
    every = [*chain.from_iterable(gone.values()), *kept]
    await stores.memories.put([embedded(entry) for entry in [*every, foreign]])
    await stores.memories.delete(project, [gone["by id"][0].id])
    await stores.memories.delete_where(
        project, filter=Condition("tags", "contains", "by filter")
    )
    await stores.memories.delete_where(project, source="sha")
    await stores.memories.delete_forgotten(before=8)
    left = await stores.memories.get(project, [entry.id for entry in every])
    assert left == kept
    assert await stores.memories.get(f"{project}-2", [foreign.id]) == [foreign]


async def test_memories_that_say_to_be_versions_of_each_other_go_too(
    stores: Stores, project: str
) -> None:
    one, other = memory(project, "one"), memory(project, "other")
    both = [
        replace(one, detail={VERSION_OF: other.id}),
        replace(other, detail={VERSION_OF: one.id}),
    ]
    await stores.memories.put([embedded(entry) for entry in both])
    await stores.memories.delete(project, [one.id])
    assert await stores.memories.get(project, [one.id, other.id]) == []


KB, JOB = str(uuid4()), str(uuid4())
DELETED = {
    "a user": (
        {"user": "ann"},
        {"plain", "fast", "file", "tagged", "ann's on a shelf"},
    ),
    "a shelf": ({"knowledge_base": KB}, {"ann's on a shelf", "bob's on a shelf"}),
    "a source": ({"source": "sha1"}, {"file", "bob's on a shelf"}),
    "a fast job": ({"fast_of_job": JOB}, {"fast"}),
    "a filter": (
        {"filter": Condition("tags", "contains", "x")},
        {"tagged", "bob's tagged"},
    ),
    "a user and a filter": (
        {"user": "ann", "filter": Condition("tags", "contains", "x")},
        {"tagged"},
    ),
    "a shelf and a source": (
        {"knowledge_base": KB, "source": "sha1"},
        {"bob's on a shelf"},
    ),
    "an unknown user": ({"user": "nobody"}, set[str]()),
}


@pytest.mark.parametrize("name", DELETED)
async def test_what_fits_is_deleted_and_nothing_else(
    stores: Stores, project: str, name: str
) -> None:
    selectors, expected = DELETED[name]
    job = memory(project, "fast", job=JOB, fast=True)
    all_of = [
        memory(project, "plain", job=JOB),
        job,
        memory(project, "file", origins=(Origin(source="sha0"), Origin(source="sha1"))),
        memory(project, "tagged", tags=("x",)),
        memory(project, "ann's on a shelf", knowledge_base=KB),
        memory(
            project,
            "bob's on a shelf",
            user="bob",
            knowledge_base=KB,
            origins=(Origin(source="sha1"),),
        ),
        memory(project, "bob's tagged", user="bob", tags=("x", "y")),
        memory(project, "bob's fast", user="bob", job=str(uuid4()), fast=True),
    ]
    foreign = [
        replace(
            entry, id=str(uuid4()), scope=replace(entry.scope, project=f"{project}-2")
        )
        for entry in all_of
    ]
    await stores.memories.put([embedded(entry) for entry in (*all_of, *foreign)])
    await stores.memories.delete_where(project, **selectors)
    left = texts(await stores.memories.get(project, [entry.id for entry in all_of]))
    assert {entry.text for entry in all_of} - set(left) == expected
    assert (
        await stores.memories.get(f"{project}-2", [entry.id for entry in foreign])
        == foreign
    )


@pytest.mark.parametrize(
    "selectors", [{"project": "p"}, {"project": "", "user": "ann"}]
)
async def test_a_whole_project_is_never_deleted_by_mistake(
    stores: Stores, selectors: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match="needs a project and something else"):
        await stores.memories.delete_where(**selectors)


# Recall


async def test_candidates_carry_the_scores_of_both_searches(
    stores: Stores, project: str
) -> None:
    await stores.memories.put(
        [
            embedded(memory(project, "both"), 1, 2, dense=[0.6, 0.8]),
            embedded(memory(project, "words"), 1, 3, dense=[0.0, -1.0]),
            embedded(memory(project, "meaning"), 4, dense=[1.0]),
            embedded(memory(project, "fast", fast=True), 2, dense=None),
        ]
    )
    results = await stores.memories.candidates(
        Reach(project, "ann"), {Kind.FACT: 3}, words(1, 2, 9), vector(0.6, 0.8), ALL
    )
    scores = {
        entry.memory.text: (entry.lexical, entry.dense) for entry in results[Kind.FACT]
    }
    half = math.log(1 + (4 - 2 + 0.5) / (2 + 0.5))
    assert scores == {
        "both": (pytest.approx(2 * half, abs=1e-5), pytest.approx(1.0, abs=1e-5)),
        "words": (pytest.approx(half, abs=1e-5), pytest.approx(-0.8, abs=1e-5)),
        "meaning": (None, pytest.approx(0.6, abs=1e-5)),
        "fast": (pytest.approx(half, abs=1e-5), None),
    }


async def test_candidates_are_whole_memories(stores: Stores, project: str) -> None:
    whole = memory(
        project,
        "a",
        tags=("x",),
        info={"n": 1},
        origins=(Origin(("m",), page=2),),
        created_at=5,
        happened_at=6,
    )
    await stores.memories.put([embedded(whole)])
    for asked, dense in (
        (words(1), vector(1.0)),
        (words(1), ()),
        (NO_WORDS, vector(1.0)),
    ):
        results = await stores.memories.candidates(
            Reach(project, "ann"), {Kind.FACT: 3}, asked, dense, ALL
        )
        assert [entry.memory for entry in results[Kind.FACT]] == [whole]


async def test_each_kind_has_its_own_limit(stores: Stores, project: str) -> None:
    kinds = {Type.LONG_TERM: 2, Type.IMPLICIT: 1, Type.SCHEMA: 3, Type.SKILL: 0}
    await stores.memories.put(
        [
            embedded(
                memory(project, f"{type} {place}", type=type), dense=[1.0, place / 10]
            )
            for type in kinds
            for place in range(4)
        ]
    )
    limits = {Kind.FACT: 2, Kind.PREFERENCE: 1, Kind.TOOL: 3, Kind.SKILL: 0}
    results = await stores.memories.candidates(
        Reach(project, "ann"), limits, NO_WORDS, vector(1.0), ALL
    )
    expected = {
        type: [f"{type} {place}" for place in range(limit)]
        for type, limit in kinds.items()
    }
    assert {kind: sorted(texts(entry)) for kind, entry in results.items()} == {
        Kind.FACT: expected[Type.LONG_TERM],
        Kind.PREFERENCE: expected[Type.IMPLICIT],
        Kind.TOOL: expected[Type.SCHEMA],
        Kind.SKILL: [],
    }
    assert list(
        await stores.memories.candidates(
            Reach(project, "ann"), {Kind.SKILL: 1}, words(1), (), ALL
        )
    ) == [Kind.SKILL]


async def test_the_best_by_each_search_come_within_the_limit(
    stores: Stores, project: str
) -> None:
    await stores.memories.put(
        [
            embedded(memory(project, "all words"), 1, 2, 3, dense=[0.0, 1.0]),
            embedded(memory(project, "one word"), 1, dense=[0.1, 1.0]),
            embedded(memory(project, "nearest"), 9, dense=[1.0]),
            embedded(memory(project, "near"), 9, dense=[0.5, 0.5]),
        ]
    )
    results = await stores.memories.candidates(
        Reach(project, "ann"), {Kind.FACT: 1}, words(1, 2, 3), vector(1.0), ALL
    )
    assert set(texts(results[Kind.FACT])) == {"all words", "nearest"}


async def test_nothing_is_asked_and_nothing_comes(stores: Stores, project: str) -> None:
    await stores.memories.put([embedded(memory(project, "a"))])
    assert await stores.memories.candidates(
        Reach(project, "ann"), {Kind.FACT: 5}, NO_WORDS, (), ALL
    ) == {Kind.FACT: []}
    assert (
        await stores.memories.candidates(
            Reach(project, "ann"), {}, words(1), vector(1.0), ALL
        )
        == {}
    )


async def test_rarity_is_that_of_ones_own_memories(
    stores: Stores, project: str
) -> None:
    """Word 1 is in all of bob's many and in one of ann's two: to ann it is as telling
    as word 2. A filter does not change that.
    """
    await stores.memories.put(
        [
            embedded(memory(project, f"bob's {number}", user="bob"), 1)
            for number in range(20)
        ]
    )
    await stores.memories.put(
        [
            embedded(memory(project, "first", tags=("x",)), 1),
            embedded(memory(project, "second"), 2),
        ]
    )
    filters = Filters(user=Condition("tags", "eq", "x"))
    once_in_two = pytest.approx(math.log(2), abs=1e-5)
    for given, expected in (
        (ALL, {"first": once_in_two, "second": once_in_two}),
        (filters, {"first": once_in_two}),
    ):
        results = await stores.memories.candidates(
            Reach(project, "ann"), {Kind.FACT: 5}, words(1, 2), (), given
        )
        assert {
            entry.memory.text: entry.lexical for entry in results[Kind.FACT]
        } == expected


# Reach

K1, K2 = str(uuid4()), str(uuid4())
EVERYWHERE = [
    "ann's",
    "ann's public",
    "bob's",
    "bob's public",
    "shelf 1",
    "shelf 2",
    "ann's public on shelf 2",
]
REACHES = {
    "alone": (Reach("", "ann", public=False), {"ann's", "ann's public"}),
    "with the public": (Reach("", "ann"), {"ann's", "ann's public", "bob's public"}),
    "one shelf": (
        Reach("", "ann", (K1,), public=False),
        {"ann's", "ann's public", "shelf 1"},
    ),
    "two shelves": (
        Reach("", "ann", (K1, K2)),
        {
            "ann's",
            "ann's public",
            "bob's public",
            "shelf 1",
            "shelf 2",
            "ann's public on shelf 2",
        },
    ),
    "all shelves": (
        Reach("", "ann", all_knowledge_bases=True, public=False),
        {"ann's", "ann's public", "shelf 1", "shelf 2", "ann's public on shelf 2"},
    ),
    "an unknown shelf": (
        Reach("", "ann", (str(uuid4()), "", "nonsense"), public=False),
        {"ann's", "ann's public"},
    ),
    "a stranger": (Reach("", "carol"), {"ann's public", "bob's public"}),
    "nobody": (Reach("", "", public=False), set[str]()),
    "everybody": (
        Reach("", "", public=False, everybody=True),
        {"ann's", "ann's public", "bob's", "bob's public"},
    ),
    "a stranger with a shelf": (
        Reach("", "carol", (K2,), public=False),
        {"shelf 2", "ann's public on shelf 2"},
    ),
}


def places(project: str, **more: Any) -> list[Memory]:
    """A memory in every place of a project."""
    shared = {"knowledge_base": K2, "public": True, **more}
    return [
        memory(project, "ann's", **more),
        memory(project, "ann's public", public=True, **more),
        memory(project, "bob's", user="bob", **more),
        memory(project, "bob's public", user="bob", public=True, **more),
        memory(project, "shelf 1", user="bob", knowledge_base=K1, **more),
        memory(project, "shelf 2", user="", knowledge_base=K2, **more),
        memory(project, "ann's public on shelf 2", **shared),
    ]


async def put_everywhere(stores: Stores, project: str, **more: Any) -> None:
    await stores.memories.put([embedded(entry) for entry in places(project, **more)])


@pytest.mark.parametrize("name", REACHES)
async def test_what_a_question_may_see(stores: Stores, project: str, name: str) -> None:
    await put_everywhere(stores, project)
    await put_everywhere(stores, f"{project}-2")
    reach, expected = REACHES[name]
    reach = replace(reach, project=project)
    results = await stores.memories.candidates(
        reach, {Kind.FACT: 100}, words(1), vector(1.0), ALL
    )
    assert set(texts(results[Kind.FACT])) == expected
    assert {entry.memory.scope.project for entry in results[Kind.FACT]} <= {project}
    ids = [entry.id for place in (f"{project}-2", project) for entry in places(place)]
    reached = await stores.memories.reached(reach, [*ids, "nonsense"], ALL)
    assert set(texts(reached)) == expected
    assert {entry.scope.project for entry in reached} <= {project}


async def test_each_place_has_its_own_filter(stores: Stores, project: str) -> None:
    await put_everywhere(stores, project, tags=("x",))
    reach = Reach(project, "ann", all_knowledge_bases=True)
    yes, no = Condition("tags", "eq", "x"), Condition("tags", "eq", "y")
    places = {
        "user": {"ann's"},
        "public": {"ann's public", "bob's public"},
        "knowledge_base": {"shelf 1", "shelf 2", "ann's public on shelf 2"},
    }
    everything = set().union(*places.values())
    assert await recalled(stores, reach, Filters(yes, yes, yes)) == everything
    assert await recalled(stores, reach, Filters(no, no, no)) == set()
    for place, results in places.items():
        assert (
            await recalled(stores, reach, Filters(**{place: no}))
            == everything - results
        )
        assert (
            await recalled(stores, reach, replace(Filters(no, no, no), **{place: yes}))
            == results
        )
        assert (
            await recalled(stores, reach, replace(Filters(no, no, no), **{place: None}))
            == results
        )


async def test_conversation_agent_and_app_are_labels_not_walls(
    stores: Stores, project: str
) -> None:
    await stores.memories.put(
        [
            embedded(memory(project, "a", conversation="c1", agent="x")),
            embedded(memory(project, "b", conversation="c2")),
        ]
    )
    assert await recalled(stores, Reach(project, "ann")) == {"a", "b"}


# Similar ones


async def test_similar_ones_are_the_users_own_of_that_kind(
    stores: Stores, project: str
) -> None:
    await put_everywhere(stores, project)
    await put_everywhere(stores, f"{project}-2")
    await stores.memories.put(
        [
            embedded(memory(project, "a wish", type=Type.EXPLICIT)),
            embedded(memory(project, "fast"), dense=None),
        ]
    )
    results = await stores.memories.similar(
        Scope(project, "ann"), Kind.FACT, [vector(1.0)], 10
    )
    assert [set(texts(entry)) for entry in results] == [{"ann's", "ann's public"}]
    results = await stores.memories.similar(
        Scope(project, "ann"), Kind.FACT, [vector(1.0)], 10, knowledge_base=K2
    )
    assert [set(texts(entry)) for entry in results] == [
        {"shelf 2", "ann's public on shelf 2"}
    ]


async def test_records_are_found_only_where_a_filter_names_them(
    stores: Stores, project: str
) -> None:
    said = memory(project, "said")
    record = replace(memory(project, "record"), scope=replace(said.scope, app=RECORDS))
    await stores.memories.put([embedded(said), embedded(record)])
    similar = await stores.memories.similar(said.scope, Kind.FACT, [vector(1.0)], 10)
    assert texts(similar[0]) == ["said"], "nothing that is said is compared with it"
    named = Condition("app_id", "in", (RECORDS, ""))
    elsewhere = Group("not", (Condition("app_id", "eq", RECORDS),))
    for filter, found in (
        (None, {"said"}),
        (elsewhere, {"said"}),
        (named, {"said", "record"}),
        (Group("and", (named, Condition("app_id", "eq", RECORDS))), {"record"}),
    ):
        by_kind = await stores.memories.candidates(
            Reach(project, "ann"),
            {Kind.FACT: 10},
            words(1),
            vector(1.0),
            Filters(filter, filter, filter),
        )
        assert set(texts(by_kind[Kind.FACT])) == found
    page, total = await stores.memories.page(project, "ann", Kind.FACT, 0, 10)
    assert (set(texts(page)), total) == ({"said", "record"}, 2), "lists show everything"


async def test_similar_ones_come_for_each_vector_nearest_first(
    stores: Stores, project: str
) -> None:
    await stores.memories.put(
        [
            embedded(memory(project, "east"), dense=[1.0]),
            embedded(memory(project, "northeast"), dense=[0.8, 0.6]),
            embedded(memory(project, "north"), dense=[0.0, 1.0]),
        ]
    )
    results = await stores.memories.similar(
        Scope(project, "ann"),
        Kind.FACT,
        [vector(1.0), vector(0.0, 1.0), vector(0.0, -1.0)],
        2,
    )
    assert [texts(entry) for entry in results] == [
        ["east", "northeast"],
        ["north", "northeast"],
        ["east", "northeast"],
    ]
    assert [entry.dense for entry in results[0]] == pytest.approx([1.0, 0.8], abs=1e-5)
    assert [entry.lexical for entry in results[0]] == [None, None]
    assert await stores.memories.similar(Scope(project, "ann"), Kind.FACT, [], 2) == []
    assert await stores.memories.similar(
        Scope(project, "ann"), Kind.FACT, [vector(1.0)], 0
    ) == [[]]


# Pages


async def test_pages_newest_first(stores: Stores, project: str) -> None:
    await stores.memories.put(
        [
            embedded(memory(project, str(at), created_at=1_760_000_000_000 + at))
            for at in (3, 1, 4, 2, 5)
        ]
    )
    pages = [
        await stores.memories.page(project, "ann", Kind.FACT, offset, 2)
        for offset in (0, 2, 4, 6)
    ]
    assert [(texts(results), total) for results, total in pages] == [
        (["5", "4"], 5),
        (["3", "2"], 5),
        (["1"], 5),
        ([], 5),
    ]
    assert await stores.memories.page(project, "ann", Kind.FACT, 0, 0) == ([], 5)


async def test_pages_of_one_moment_neither_repeat_nor_leave_out(
    stores: Stores, project: str
) -> None:
    many = [
        memory(project, str(number), created_at=1_760_000_000_000)
        for number in range(60)
    ]
    for entry in many:
        await stores.memories.put([embedded(entry)])
    seen = [
        entry.id
        for offset in range(0, 60, 7)
        for entry in (await stores.memories.page(project, "ann", Kind.FACT, offset, 7))[
            0
        ]
    ]
    assert seen == sorted(entry.id for entry in many)


async def test_pages_show_what_is_the_users(stores: Stores, project: str) -> None:
    await put_everywhere(stores, project)
    await stores.memories.put(
        [
            embedded(memory(project, "a wish", type=Type.EXPLICIT)),
            embedded(memory(project, "fast", fast=True), dense=None),
        ]
    )
    results, total = await stores.memories.page(project, "ann", Kind.FACT, 0, 10)
    assert (set(texts(results)), total) == ({"ann's", "ann's public", "fast"}, 3)
    results, total = await stores.memories.page(project, "ann", Kind.PREFERENCE, 0, 10)
    assert (texts(results), total) == (["a wish"], 1)


async def test_pages_can_be_filtered(stores: Stores, project: str) -> None:
    await stores.memories.put(
        [
            embedded(
                memory(
                    project,
                    str(at),
                    created_at=at,
                    tags=("even",) if at % 2 == 0 else (),
                )
            )
            for at in range(10)
        ]
    )
    results, total = await stores.memories.page(
        project, "ann", Kind.FACT, 1, 2, Condition("tags", "contains", "even")
    )
    assert (texts(results), total) == (["6", "4"], 5)


async def test_the_users_of_a_project(stores: Stores, project: str) -> None:
    await put_everywhere(stores, project)
    await stores.memories.put(
        [
            embedded(memory(project, "gone", user="dora", status=Status.ARCHIVED)),
            embedded(memory(f"{project}-2", "other", user="carl")),
        ]
    )
    assert await stores.memories.users(project) == ["ann", "bob"]


async def test_memories_are_counted_by_user_and_kind(
    stores: Stores, project: str
) -> None:
    await put_everywhere(stores, project)
    await stores.memories.put(
        [
            embedded(memory(project, "a wish", type=Type.EXPLICIT)),
            embedded(memory(project, "gone", user="dora", status=Status.ARCHIVED)),
            embedded(memory(f"{project}-2", "other", user="carl")),
        ]
    )
    assert await stores.memories.counts(project) == {
        "ann": {Kind.FACT: 2, Kind.PREFERENCE: 1},
        "bob": {Kind.FACT: 2},
    }


async def test_archived_ones_have_pages_of_their_own(
    stores: Stores, project: str
) -> None:
    await stores.memories.put(
        [
            embedded(memory(project, "here")),
            embedded(memory(project, "gone", status=Status.ARCHIVED)),
        ]
    )
    results, total = await stores.memories.page(
        project, "ann", Kind.FACT, 0, 10, status=Status.ARCHIVED
    )
    assert (texts(results), total) == (["gone"], 1)


async def test_memories_come_with_their_vectors(stores: Stores, project: str) -> None:
    await put_everywhere(stores, project)
    await stores.memories.put(
        [embedded(memory(project, "fast", fast=True, job="j1"), dense=None)]
    )
    results = await stores.memories.with_vectors(project, "ann", 10)
    assert {each.memory.text for each in results} == {"ann's", "ann's public"}
    assert all(each.vector and len(each.vector) == SIZE for each in results)
    assert len(await stores.memories.with_vectors(project, "ann", 1)) == 1
