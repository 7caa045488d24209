"""Merge against stored memories: what is the same memory, where it goes, and the receipt
of each draft.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.domain.extraction import Draft
from shared.domain.job import Options, Outcome
from shared.domain.job_payload import DocumentPayload
from shared.domain.memory import Origin, ToolUse, Type
from shared.domain.scope import Scope
from tests.fakes.judge import ScriptedJudge
from tests.fakes.memories import FakeMemories
from tests.unit.merge.store import JOB, Store, fact, outcomes, wish
from workers.pipeline.merge.identity import earlier_identity, identity
from workers.pipeline.merge.merge_drafts import Merged

KNOWLEDGE_BASE = "7d3c1c1e-6f0a-5c39-9d0e-2f8f3f6f5d11"
DOCUMENT = replace(
    JOB, payload=DocumentPayload(), options=Options(knowledge_bases=(KNOWLEDGE_BASE,))
)


@pytest.fixture
def store() -> Store:
    return Store()


async def test_new_memories_are_stored_with_both_vectors_and_their_scope(
    store: Store,
) -> None:
    draft = fact(
        "The user plays the cello.", tags=("music",), speaker="Ann", happened_at=5
    )
    merged = await store.add(draft)
    assert outcomes(merged) == [Outcome.STORED]
    [new] = merged.new
    memory = new.memory
    assert (memory.scope, memory.tags, memory.speaker, memory.happened_at) == (
        JOB.scope,
        ("music",),
        "Ann",
        5,
    )
    assert memory.said_at == 5
    assert new.dense is not None and len(new.dense) == 384 and new.lexical.indices


async def test_spacing_and_punctuation_make_no_other_memory(store: Store) -> None:
    await store.add(fact("The user plays the cello."))
    merged = await store.add(fact("the user plays  the cello!"))
    assert outcomes(merged) == [Outcome.MERGED]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The user codes in C.", "The user codes in C++."),
        ("The rent is $900.", "The rent is €900."),
        ("It is 5 degrees.", "It is -5 degrees."),
        ("The discount is 5.", "The discount is 5%."),
        ("उसकी माँ बीमार है।", "उसका मामा बीमार है।"),
    ],
)
async def test_signs_make_another_memory(store: Store, one: str, other: str) -> None:
    await store.add(fact(one))
    await store.add(fact(other))
    assert store.texts() == sorted([one, other])


async def test_labels_keep_the_same_words_apart(store: Store) -> None:
    scope = replace(JOB.scope, agent="planner")
    other = replace(JOB, scope=scope, options=Options(info={"scene": "work"}))
    await store.add(fact("The user plays the cello."))
    await store.add(fact("The user plays the cello."), job=other)
    assert store.texts() == ["The user plays the cello."] * 2


async def test_a_fuller_statement_of_other_labels_takes_no_place(store: Store) -> None:
    other = replace(JOB, options=Options(info={"scene": "work"}))
    await store.add(fact("The user has a dog named Rex."))
    await store.add(fact("The user has a dog named Rex and a cat."), job=other)
    assert store.archived() == [] and len(store.texts()) == 2


async def test_users_and_projects_never_meet() -> None:
    store = Store(ScriptedJudge({("", ""): "update"}))
    store.judge.script[("The user lives in Lyon.", "")] = "update"
    await store.add(fact("The user lives in Lyon."))
    for scope in (Scope("p", "ben"), Scope("q", "ann")):
        await store.add(fact("The user lives in Rome."), job=replace(JOB, scope=scope))
    assert store.judge.asked == [] and len(store.texts()) == 3


async def test_new_tags_are_added_to_a_known_memory(store: Store) -> None:
    text = "It is 12 degrees in Shanghai."
    await store.add(fact(text, tags=("weather",)))
    merged = await store.add(fact(text, tags=("temperature",)))
    assert store.one(text).tags == ("weather", "temperature")
    assert outcomes(merged) == [Outcome.MERGED]


async def test_a_fact_that_only_repeats_a_preference_is_dropped(store: Store) -> None:
    merged = await store.add(
        fact("The user prefers tea to coffee."), wish("The user prefers tea to coffee.")
    )
    assert outcomes(merged) == [Outcome.DROPPED, Outcome.STORED]


async def test_a_tool_schema_is_updated_in_place(store: Store) -> None:
    first = Draft(
        Type.SCHEMA,
        '{"name": "book", "parameters": {}}',
        subject="tool_schema:book",
        detail={"name": "book"},
    )
    newer = replace(first, text='{"name": "book", "parameters": {"seat": "string"}}')
    await store.add(first)
    assert outcomes(await store.add(first)) == [Outcome.MERGED]
    assert outcomes(await store.add(newer)) == [Outcome.SUPERSEDED]
    assert store.texts() == [newer.text]


async def test_runs_of_different_conversations_are_kept_each(store: Store) -> None:
    text = "User asked: book | book({}) -> ok"
    run = Draft(Type.TRAJECTORY, text, tools=(ToolUse("book", 1, 1.0),))
    for conversation in ("a", "b", "a"):
        scope = replace(JOB.scope, conversation=conversation)
        await store.add(run, job=replace(JOB, scope=scope))
    assert len(store.texts()) == 2 and store.judge.asked == []


async def test_memories_go_to_the_named_knowledge_bases_too(store: Store) -> None:
    options = Options(knowledge_bases=(KNOWLEDGE_BASE,), public=True)
    merged = await store.add(
        fact("The bridge opens at nine."), job=replace(JOB, options=options)
    )
    memories = [entry.memory for entry in store.all()]
    assert sorted((memory.knowledge_base, memory.public) for memory in memories) == [
        ("", True),
        (KNOWLEDGE_BASE, False),
    ]
    assert outcomes(merged) == [Outcome.STORED] * 2


async def test_in_a_knowledge_base_nobody_outdates_what_another_user_said() -> None:
    store = Store(ScriptedJudge({("The user lives in Lyon.", ""): "update"}))
    options = Options(knowledge_bases=(KNOWLEDGE_BASE,))
    await store.add(fact("The user lives in Lyon."), job=replace(JOB, options=options))
    ben = replace(JOB, options=options, scope=Scope("p", "ben"))
    await store.add(fact("The user lives in Rome."), job=ben)
    assert store.archived() == [] and len(store.texts()) == 4


async def test_documents_belong_to_their_knowledge_base_only(store: Store) -> None:
    await store.add(fact("The bridge opens at nine."), job=DOCUMENT)
    assert [entry.memory.knowledge_base for entry in store.all()] == [KNOWLEDGE_BASE]


def passage(text: str, source: str = "a") -> Draft:
    return Draft(
        Type.LONG_TERM, text, origins=(Origin(file=f"{source}.pdf", source=source),)
    )


async def test_what_two_documents_say_is_stored_for_each(store: Store) -> None:
    for source in ("a", "b", "a"):
        await store.add(passage("The rent is 900 a month.", source), job=DOCUMENT)
    memories = [entry.memory for entry in store.all()]
    assert [memory.origins[0].source for memory in memories] == ["a", "b"]


async def test_what_an_earlier_release_stored_of_a_document_keeps_its_id(
    store: Store,
) -> None:
    [base], rent = DOCUMENT.options.knowledge_bases, passage("The rent is 900.")
    earlier = earlier_identity(rent, DOCUMENT, base)
    assert earlier != identity(rent, DOCUMENT, base)
    await store.add(rent, job=DOCUMENT)
    [entry] = store.all()
    await store.memories.delete("p", [entry.memory.id])
    await store.memories.put([replace(entry, memory=replace(entry.memory, id=earlier))])
    merged = await store.add(rent, passage("The rent is 900.", "b"), job=DOCUMENT)
    assert outcomes(merged) == [Outcome.MERGED, Outcome.STORED]
    assert [r.memory == earlier for r in merged.receipts] == [
        True,
        False,
    ]
    without = replace(DOCUMENT, left_out=DOCUMENT.leaving_out([earlier]).left_out)
    await store.memories.delete("p", [earlier])
    assert (await store.add(rent, job=without)).receipts == []


async def test_documents_archive_nothing_and_are_not_judged() -> None:
    store = Store(ScriptedJudge({("The rent is 900 a month.", ""): "update"}))
    await store.add(passage("The rent is 900 a month."), job=DOCUMENT)
    await store.add(
        passage("The rent is 950 a month."),
        passage("The rent is 900 a month, with heating."),
        job=DOCUMENT,
    )
    await store.add(passage("The rent is 900 a month; pets pay.", "b"), job=DOCUMENT)
    assert len(store.texts()) == 4 and store.archived() == []
    assert store.judge.asked == []


async def test_a_document_repeats_itself_once_and_is_not_hidden_by_another(
    store: Store,
) -> None:
    await store.add(passage("The old lift is closed, use the stairs."), job=DOCUMENT)
    merged = await store.add(
        passage("Use the stairs."),
        passage("The old lift is closed.", "a"),
        passage("The old lift is closed today, use the stairs.", "b"),
        job=DOCUMENT,
    )
    assert outcomes(merged)[1:] == [Outcome.MERGED, Outcome.STORED]


async def test_a_document_and_a_talk_say_nothing_of_each_other() -> None:
    store = Store(ScriptedJudge({("The rent is 900 a month.", ""): "update"}))
    await store.add(fact("The rent is 900 a month."))
    await store.add(passage("The rent is 900 a month, with heating."))
    await store.add(fact("The rent is 900 a month, with heating and water."))
    assert "The rent is 900 a month, with heating." in store.texts()


async def test_the_order_of_a_talk_can_be_told_by_the_times(store: Store) -> None:
    merged = await store.add(
        fact("One thing is blue."),
        fact("Another is of a darker green."),
        fact("The third has no colour."),
    )
    first = merged.new[0].memory.created_at
    assert [new.memory.created_at - first for new in merged.new] == [0, 1, 2]


async def test_nothing_to_merge_is_nothing(store: Store) -> None:
    assert await store.add() == Merged()


async def test_a_text_without_words_is_kept(store: Store) -> None:
    await store.add(fact("👍"))
    await store.add(fact("❤️"), fact(""))
    assert len(store.texts()) == 3


class WithoutVectors(FakeMemories):
    """A search that gives no vectors."""

    async def similar(self, *given, **named):  # type: ignore[no-untyped-def]
        near = await super().similar(*given, **named)
        return [[replace(match, vector=None) for match in matches] for matches in near]


async def test_a_neighbour_without_a_vector_is_judged() -> None:
    store = Store(
        ScriptedJudge({("The user smokes.", "The user quit smoking."): "ended"}),
        WithoutVectors(),
    )
    await store.add(fact("The user smokes."))
    await store.add(fact("The user quit smoking."))
    assert store.archived() == ["The user smokes."]


async def test_a_statement_is_not_lost_in_one_that_is_hidden_before_it(
    store: Store,
) -> None:
    until_then = replace(JOB, options=Options(expires_at=4_000_000_000_000))
    said = fact("The user plays the cello.")
    await store.add(said, job=until_then)
    again = await store.add(said, job=until_then)
    assert outcomes(again) == [Outcome.MERGED]
    for_ever = await store.add(said, fact("the user plays the cello"))
    assert Outcome.STORED in outcomes(for_ever)
    assert [embedded.memory.expires_at for embedded in for_ever.new] == [0]
