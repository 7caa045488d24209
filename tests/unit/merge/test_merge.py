"""Merge against stored memories: what is written, what is archived, and the receipt of each draft."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.domain.extraction import Draft
from shared.domain.job import Job, Options, Outcome
from shared.domain.job_payload import DocumentPayload
from shared.domain.memory import Memory, Status, ToolUse, Type
from shared.domain.scope import Scope
from shared.language.change_notes import with_news
from tests.fakes.memories import FakeMemories
from workers.pipeline.merge.merge_drafts import Merged, merge_drafts

JOB = Job(id="00000000-0000-0000-0000-000000000001", scope=Scope("p", "ann", "monday"))


@pytest.fixture(scope="module")
def embedder() -> OnnxEmbedder:
    return OnnxEmbedder()


class Store:
    """A user's memories, to which drafts are added as a worker does it."""

    def __init__(self, embedder: OnnxEmbedder) -> None:
        self.memories = FakeMemories()
        self.embedder = embedder
        self.now = 1_000_000

    async def add(self, *drafts: Draft, job: Job = JOB) -> Merged:
        self.now += 1_000
        merged = await merge_drafts(drafts, job, self.memories, self.embedder, self.now)
        await self.memories.put(merged.new)
        await self.memories.archive(merged.archived)
        await self.memories.update_detail(merged.annotated)
        return merged

    def texts(self, status: Status = Status.ACTIVATED) -> list[str]:
        """As they are shown."""
        known = {each.memory.id: each.memory for each in self.memories.stored.values()}
        return sorted(
            with_news(memory, known).text
            for memory in known.values()
            if memory.status is status
        )

    def one(self, text: str) -> Memory:
        return next(
            each.memory
            for each in self.memories.stored.values()
            if each.memory.text == text
        )


@pytest.fixture
def store(embedder: OnnxEmbedder) -> Store:
    return Store(embedder)


def fact(text: str, **more: object) -> Draft:
    return replace(Draft(Type.WORKING, text), **more)  # type: ignore[arg-type]


def wish(text: str, **more: object) -> Draft:
    return replace(Draft(Type.EXPLICIT, text), **more)  # type: ignore[arg-type]


def outcomes(merged: Merged) -> list[Outcome]:
    return [receipt.outcome for receipt in merged.receipts]


TALK = (
    fact("The user lives in Lyon.", subject="user.home"),
    fact("The user has a dog named Rex."),
    wish("The user prefers tea to coffee."),
    fact("The user moved from Lyon to Rome.", subject="user.home"),
    fact("用户的妹妹在杭州当护士"),
    fact("The user has a dog named Rex and a cat."),
)


async def test_new_memories_are_stored_with_both_vectors_and_their_scope(
    store: Store,
) -> None:
    merged = await store.add(
        fact("The user plays the cello.", tags=("music",), speaker="Ann", happened_at=5)
    )
    assert outcomes(merged) == [Outcome.STORED]
    kept = merged.new[0]
    assert (
        kept.memory.scope,
        kept.memory.tags,
        kept.memory.speaker,
        kept.memory.happened_at,
    ) == (JOB.scope, ("music",), "Ann", 5)
    assert kept.dense is not None and len(kept.dense) == 384 and kept.lexical.indices


async def test_the_same_talk_twice_adds_nothing(store: Store) -> None:
    await store.add(*TALK)
    before = store.texts(), store.texts(Status.ARCHIVED)
    again = await store.add(*TALK)
    assert (store.texts(), store.texts(Status.ARCHIVED)) == before
    assert (again.new, again.archived) == ([], [])
    assert len(again.receipts) == len(TALK) and set(outcomes(again)) == {Outcome.MERGED}


async def test_spacing_and_punctuation_make_no_other_memory(store: Store) -> None:
    await store.add(fact("The user plays the cello."))
    assert outcomes(await store.add(fact("the user plays  the cello!"))) == [
        Outcome.MERGED
    ]


async def test_the_fuller_statement_is_kept(store: Store) -> None:
    await store.add(fact("The user has a dog named Rex."))
    merged = await store.add(fact("The user has a dog named Rex and a cat."))
    assert outcomes(merged) == [Outcome.SUPERSEDED]
    assert store.texts() == ["The user has a dog named Rex and a cat."]
    late = await store.add(fact("The user's dog is named Rex."))
    assert (outcomes(late), late.receipts[0].other) == (
        [Outcome.MERGED],
        merged.new[0].memory.id,
    )


async def test_a_change_archives_the_old_and_keeps_the_history(store: Store) -> None:
    await store.add(fact("The user lives in Lyon."))
    await store.add(fact("The user moved from Lyon to Rome."))
    old, new = (
        store.one("The user lives in Lyon."),
        store.one("The user moved from Lyon to Rome."),
    )
    assert (old.status, new.status, new.replaced) == (
        Status.ARCHIVED,
        Status.ACTIVATED,
        (old.id,),
    )
    await store.add(
        fact("The user lives in Oslo.", subject="user.home"),
        fact("The user lives in Bern.", subject="user.home"),
    )
    assert store.texts() == [
        "The user lives in Bern.",
        "The user moved from Lyon to Rome.",
    ]


async def test_history_grows_newest_first(store: Store) -> None:
    for city in ("Lyon", "Rome", "Oslo"):
        await store.add(fact(f"The user lives in {city}.", subject="user.home"))
    ids = [store.one(f"The user lives in {city}.").id for city in ("Rome", "Lyon")]
    assert store.one("The user lives in Oslo.").replaced == tuple(ids)


async def test_going_back_makes_the_old_memory_true_again(store: Store) -> None:
    for city in ("Lyon", "Rome", "Lyon"):
        await store.add(fact(f"The user lives in {city}.", subject="user.home"))
    assert (store.texts(), store.texts(Status.ARCHIVED)) == (
        ["The user lives in Lyon."],
        ["The user lives in Rome."],
    )


async def test_old_news_changes_nothing(store: Store) -> None:
    await store.add(
        fact("The user lives in Rome.", subject="user.home", happened_at=2_000)
    )
    merged = await store.add(
        fact("The user lives in Lyon.", subject="user.home", happened_at=1_000)
    )
    assert (outcomes(merged), store.texts()) == (
        [Outcome.DROPPED],
        ["The user lives in Rome."],
    )


async def test_a_change_that_happened_long_before_it_was_told_is_no_old_news(
    store: Store,
) -> None:
    await store.add(
        fact(
            "The user lives in Lyon.",
            subject="user.home",
            happened_at=2_000,
            said_at=2_000,
        )
    )
    merged = await store.add(
        fact(
            "The user moved to Rome last month.",
            subject="user.home",
            happened_at=1_000,
            said_at=3_000,
        )
    )
    assert [receipt.outcome for receipt in merged.receipts] == [Outcome.SUPERSEDED]
    assert [memory.text for memory in merged.archived] == ["The user lives in Lyon."]


async def test_a_fact_ends_a_preference(store: Store) -> None:
    await store.add(wish("用户吃素"))
    await store.add(fact("用户不再吃素了"))
    assert (store.texts(), store.texts(Status.ARCHIVED)) == (
        ["用户不再吃素了"],
        ["用户吃素"],
    )


async def test_a_fact_that_only_repeats_a_preference_is_dropped(store: Store) -> None:
    merged = await store.add(
        fact("The user prefers tea to coffee."), wish("The user prefers tea to coffee.")
    )
    assert outcomes(merged) == [Outcome.DROPPED, Outcome.STORED]


async def test_labels_keep_the_same_words_apart(store: Store) -> None:
    other = replace(
        JOB,
        scope=replace(JOB.scope, agent="planner"),
        options=Options(info={"scene": "work"}),
    )
    await store.add(fact("The user plays the cello."))
    await store.add(fact("The user plays the cello."), job=other)
    assert store.texts() == ["The user plays the cello."] * 2


async def test_users_and_projects_never_meet(store: Store) -> None:
    await store.add(fact("The user lives in Lyon.", subject="user.home"))
    for scope in (Scope("p", "ben"), Scope("q", "ann")):
        await store.add(
            fact("The user lives in Rome.", subject="user.home"),
            job=replace(JOB, scope=scope),
        )
    assert len(store.texts()) == 3


async def test_new_tags_are_added_to_a_known_memory(store: Store) -> None:
    await store.add(fact("It is 12 degrees in Shanghai.", tags=("weather",)))
    merged = await store.add(
        fact("It is 12 degrees in Shanghai.", tags=("temperature",))
    )
    assert store.one("It is 12 degrees in Shanghai.").tags == ("weather", "temperature")
    assert outcomes(merged) == [Outcome.MERGED]


async def test_a_tool_schema_is_updated_in_place(store: Store) -> None:
    first = Draft(
        Type.SCHEMA,
        '{"name": "book", "parameters": {}}',
        subject="tool_schema:book",
        detail={"name": "book"},
    )
    await store.add(first)
    assert outcomes(await store.add(first)) == [Outcome.MERGED]
    merged = await store.add(
        replace(first, text='{"name": "book", "parameters": {"seat": "string"}}')
    )
    assert outcomes(merged) == [Outcome.SUPERSEDED]
    assert store.texts() == ['{"name": "book", "parameters": {"seat": "string"}}']


async def test_runs_of_different_conversations_are_kept_each(store: Store) -> None:
    run = Draft(
        Type.TRAJECTORY,
        "User asked: book | book({}) -> ok",
        tools=(ToolUse("book", 1, 1.0),),
    )
    for conversation in ("a", "b", "a"):
        await store.add(
            run, job=replace(JOB, scope=replace(JOB.scope, conversation=conversation))
        )
    assert len(store.texts()) == 2


async def test_memories_go_to_the_named_knowledge_bases_too(store: Store) -> None:
    knowledge_base = "7d3c1c1e-6f0a-5c39-9d0e-2f8f3f6f5d11"
    await store.add(
        fact("The bridge opens at nine."),
        job=replace(
            JOB, options=Options(knowledge_bases=(knowledge_base,), public=True)
        ),
    )
    kept = [each.memory for each in store.memories.stored.values()]
    assert sorted((memory.knowledge_base, memory.public) for memory in kept) == [
        ("", True),
        (knowledge_base, False),
    ]


async def test_documents_belong_to_their_knowledge_base_only(store: Store) -> None:
    knowledge_base = "7d3c1c1e-6f0a-5c39-9d0e-2f8f3f6f5d11"
    await store.add(
        fact("The bridge opens at nine."),
        job=replace(
            JOB,
            payload=DocumentPayload(),
            options=Options(knowledge_bases=(knowledge_base,)),
        ),
    )
    assert [each.memory.knowledge_base for each in store.memories.stored.values()] == [
        knowledge_base
    ]


async def test_the_order_of_a_talk_can_be_told_by_the_times(store: Store) -> None:
    merged = await store.add(
        fact("One thing is blue."),
        fact("Another is of a darker green."),
        fact("The third has no colour."),
    )
    assert [
        kept.memory.created_at - merged.new[0].memory.created_at for kept in merged.new
    ] == [0, 1, 2]


async def test_nothing_to_merge_is_nothing(store: Store) -> None:
    assert await store.add() == Merged()


# What is partly outdated

TABLE = fact(
    "User: Rent is 940, internet 35, and the cat sitter takes 12. (3 March 2025)",
    said_at=1_741_000_000_000,
)
RAISED = fact(
    "The landlord raised the rent to 1,020. (10 April 2025)", said_at=1_744_300_000_000
)
RAISED_AGAIN = fact(
    "The landlord raised the rent to 1,100. (1 June 2025)", said_at=1_748_800_000_000
)
MARKED = (
    "User: Rent is 940 [changed 10 April 2025: The landlord raised the "
    "rent to 1,020], internet 35, and the cat sitter takes 12. (3 March "
    "2025)"
)


async def test_what_tells_more_than_what_changed_is_marked_and_stays(
    store: Store,
) -> None:
    await store.add(TABLE)
    merged = await store.add(RAISED)
    assert store.texts() == sorted([MARKED, RAISED.text])
    old, new = store.one(TABLE.text), store.one(RAISED.text)
    assert [(change["by"], change["end"]) for change in old.detail["changes"]] == [
        (new.id, len("User: Rent is 940"))
    ]
    assert [
        (receipt.outcome, receipt.other, receipt.reason) for receipt in merged.receipts
    ] == [(Outcome.SUPERSEDED, old.id, "newer than a part of what was known")]
    assert (
        merged.archived,
        [memory.id for memory in merged.annotated],
        [each.memory.id for each in merged.new],
    ) == ([], [old.id], [new.id])


async def test_the_latest_change_is_the_mark(store: Store) -> None:
    for draft in (TABLE, RAISED, RAISED_AGAIN):
        await store.add(draft)
    (marked,) = (text for text in store.texts() if "internet" in text)
    assert marked.count("[changed") == 1 and "1,100" in marked and "1,020" not in marked
    assert "1,020" not in " ".join(store.texts())


@pytest.mark.parametrize("later", [0, 9_000_000_000])
async def test_marks_and_what_was_archived_stay_when_the_talk_is_told_again(
    store: Store, later: int
) -> None:
    smokes, quit = (
        fact("The user smokes.", said_at=1_741_000_000_000),
        fact("The user quit smoking.", said_at=1_744_000_000_000),
    )
    talk = [TABLE, smokes, RAISED, quit]
    for draft in talk:
        await store.add(draft)
    before = store.texts(), store.texts(Status.ARCHIVED)
    assert before[1] == ["The user smokes."]
    for draft in talk:
        await store.add(replace(draft, said_at=draft.said_at + later))
    assert (store.texts(), store.texts(Status.ARCHIVED)) == before
    again = await store.add(*talk)
    assert (again.new, again.archived, again.annotated, set(outcomes(again))) == (
        [],
        [],
        [],
        {Outcome.MERGED},
    )


async def test_a_change_that_arrives_first_marks_what_arrives_after_it(
    store: Store,
) -> None:
    await store.add(RAISED)
    await store.add(TABLE)
    assert store.texts() == sorted([MARKED, RAISED.text])


async def test_one_claim_without_a_name_that_is_lost_is_archived(store: Store) -> None:
    await store.add(
        fact(
            "User: (What is your take-home pay?) 2,300 (3 March 2025)",
            said_at=1_741_000_000_000,
        )
    )
    await store.add(
        fact("Their take-home pay is now 2,500.", said_at=1_744_000_000_000)
    )
    assert store.texts() == ["Their take-home pay is now 2,500."]
    await store.add(
        fact("The recital is on 14 June, at Dovers Hall.", said_at=1_741_000_000_000)
    )
    await store.add(fact("用户：体检约在9月22号。", said_at=1_741_000_000_000))
    await store.add(
        fact("The recital was moved to 21 June.", said_at=1_744_000_000_000),
        fact("用户：体检改到10月8号了", said_at=1_744_000_000_000),
    )
    assert [
        text for text in store.texts() if "Dovers" in text or "9月22号" in text
    ] == [
        "The recital is on 14 June [changed 7 April 2025: The recital was moved to 21 June], at Dovers Hall."
    ]


async def test_what_is_deleted_is_quoted_no_more(store: Store) -> None:
    await store.add(TABLE)
    await store.add(RAISED)
    await store.memories.delete("p", [store.one(RAISED.text).id])
    assert store.texts() == [TABLE.text]


async def test_the_assistant_changes_nothing(store: Store) -> None:
    await store.add(fact("The rehearsal with Ines is on Tuesday."))
    await store.add(
        fact("Assistant: The rehearsal with Ines has been moved to Thursday.")
    )
    assert store.texts(Status.ARCHIVED) == [] and len(store.texts()) == 2
