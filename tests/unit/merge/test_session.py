"""Merging by what the judge says: archive, mark, swing back, keep both."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.domain.job import Outcome
from shared.domain.memory import EVERY_ANSWER, Status
from shared.domain.memory_detail import CHANGES, LIKELY_CHANGES, NOTES
from shared.domain.scope import DEFAULT_CONVERSATION
from shared.language.lexical import without_written_dates
from tests.fakes.judge import ScriptedJudge
from tests.unit.merge.store import JOB, Store, fact, outcomes, wish

LYON, ROME = "The user lives in Lyon.", "The user lives in Rome now."
MOVES = {(LYON, ROME): "update", (ROME, LYON): "update"}
CELLO, VIOLA = "The user plays the cello.", "The user plays the viola."
LATER = "00000000-0000-0000-0000-000000000002"
MARCH, APRIL, JUNE = 1_741_000_000_000, 1_744_300_000_000, 1_748_800_000_000

TABLE = fact("User: Rent is 940, internet 35. (3 March 2025)", MARCH)
RAISED = fact("User: The rent is 1,020 now. (10 April 2025)", APRIL)
RAISED_AGAIN = fact("User: The rent is 1,100 now. (1 June 2025)", JUNE)
RENT = {
    ("User: Rent is 940, internet 35.", ""): "update",
    ("Rent is 940", ""): "update",
    ("User: The rent is 1,020 now.", "User: The rent is 1,100 now."): "update",
}
MARKED = (
    "User: Rent is 940 [changed 10 April 2025: The rent is 1,020 now], internet 35."
    " (3 March 2025)"
)


def living() -> Store:
    return Store(ScriptedJudge(MOVES))


def renting() -> Store:
    return Store(ScriptedJudge(RENT))


async def test_a_proven_change_archives_and_keeps_the_history() -> None:
    store = living()
    await store.add(fact(LYON, 1))
    merged = await store.add(fact(ROME, 2))
    old, new = store.one(LYON), store.one(ROME)
    assert (old.status, new.status) == (Status.ARCHIVED, Status.ACTIVATED)
    assert new.replaced == (old.id,)
    [receipt] = merged.receipts
    assert (receipt.outcome, receipt.other) == (Outcome.SUPERSEDED, old.id)
    assert receipt.reason == "fuller or newer than what was known"


@pytest.mark.parametrize(
    ("sure", "shown"),
    [
        (0.85, "The user plays the cello [changed later: The user plays the viola]."),
        (0.6, "The user plays the cello [later: The user plays the viola]."),
        (0.4, CELLO),
    ],
)
async def test_a_sure_change_marks_and_a_likely_one_is_noted(
    sure: float, shown: str
) -> None:
    store = Store(ScriptedJudge({(CELLO, VIOLA): ("update", sure)}))
    await store.add(fact(CELLO))
    await store.add(fact(VIOLA))
    assert store.texts() == sorted([shown, VIOLA])


@pytest.mark.parametrize(("beside", "noted"), [(0.4, False), (0.6, True), (0.92, True)])
async def test_beside_the_likeliest_change_another_is_only_noted(
    beside: float, noted: bool
) -> None:
    rent = without_written_dates(TABLE.text)
    script = {(CELLO, VIOLA): ("update", 0.95), (rent, VIOLA): ("update", beside)}
    judge = ScriptedJudge(script)
    judge.archive_from = 0.97
    store = Store(judge)
    await store.add(fact(CELLO, 1), TABLE)
    await store.add(fact(VIOLA, JUNE))
    viola, table = store.one(VIOLA), store.one(TABLE.text)
    assert [note["by"] for note in store.one(CELLO).detail[CHANGES]] == [viola.id]
    assert [key for key in NOTES if key in table.detail] == [LIKELY_CHANGES] * noted
    assert LIKELY_CHANGES not in viola.detail


async def test_what_is_archived_before_does_not_take_the_place_of_the_likeliest() -> (
    None
):
    again = "The user plays the cello"
    script = {(CELLO, VIOLA): ("update", 0.7), (again, VIOLA): ("update", 0.8)}
    store = Store(ScriptedJudge(script))
    await store.add(fact(CELLO, 1))
    await store.add(fact(again, 2), fact(VIOLA, 3))
    assert "[changed" in store.texts()[0]


@pytest.mark.parametrize(
    "relation", ["same", "detail", "past", "elsewhere", "unrelated"]
)
async def test_what_is_no_change_leaves_both_as_they_are(relation: str) -> None:
    store = Store(ScriptedJudge({(CELLO, VIOLA): relation}))
    await store.add(fact(CELLO))
    merged = await store.add(fact(VIOLA))
    assert outcomes(merged) == [Outcome.STORED]
    assert store.texts() == [CELLO, VIOLA]


@pytest.mark.parametrize("sure", [0.6, 0.96])
async def test_several_clauses_change_only_for_sure(sure: float) -> None:
    ended = "User: Rent and internet are paid by the office."
    store = Store(ScriptedJudge({("", ended): ("ended", sure)}))
    await store.add(TABLE)
    await store.add(fact(ended, JUNE))
    assert store.archived() == ([TABLE.text] if sure > 0.95 else [])
    assert len(store.texts()) == (1 if sure > 0.95 else 2)


async def test_history_grows_newest_first() -> None:
    oslo = "The user went to live in Oslo."
    store = Store(ScriptedJudge({(LYON, ROME): "update", (ROME, oslo): "update"}))
    for text in (LYON, ROME, oslo):
        await store.add(fact(text))
    assert store.one(oslo).replaced == (store.one(ROME).id, store.one(LYON).id)


async def test_a_fact_ends_a_preference() -> None:
    store = Store(ScriptedJudge({("用户吃素", "用户不再吃素了"): "ended"}))
    await store.add(wish("用户吃素"))
    await store.add(fact("用户不再吃素了"))
    assert (store.texts(), store.archived()) == (["用户不再吃素了"], ["用户吃素"])


# Going back


@pytest.mark.parametrize("times", [(1, 2, 3), (1, 1, 1), (0, 0, 0)])
async def test_going_back_within_a_job(times: tuple[int, int, int]) -> None:
    store = living()
    texts = (LYON, ROME, LYON)
    await store.add(*map(fact, texts, times))
    assert (store.texts(), store.archived()) == ([LYON], [ROME])


@pytest.mark.parametrize("times", [(1, 2, 3), (0, 0, 0)])
async def test_going_back_over_jobs(times: tuple[int, int, int]) -> None:
    store = living()
    for text, at in zip((LYON, ROME, LYON), times, strict=True):
        await store.add(fact(text, at))
    assert (store.texts(), store.archived()) == ([LYON], [ROME])
    assert store.one(LYON).replaced == (store.one(ROME).id,)


async def test_going_back_leaves_what_it_does_not_outdate() -> None:
    more = "The user has a dog named Rex and a cat."
    store = Store()
    dog = "The user has a dog named Rex."
    merged = await store.add(fact(dog, 1), fact(more, 2), fact(dog, 3))
    assert (store.texts(), store.archived()) == ([more], [dog])
    assert outcomes(merged)[-1] is Outcome.MERGED


async def test_the_same_words_resent_behind_a_change_do_not_undo_it() -> None:
    store = living()
    await store.add(fact(LYON, 1))
    await store.add(fact(ROME, 2), fact(LYON, 1))
    assert (store.texts(), store.archived()) == ([ROME], [LYON])


# The order in which it was said


async def test_an_older_statement_that_arrives_later_changes_nothing() -> None:
    store = living()
    await store.add(fact(ROME, 2_000))
    merged = await store.add(fact(LYON, 1_000))
    assert (outcomes(merged), store.texts()) == ([Outcome.DROPPED], [ROME])
    assert merged.receipts[0].reason == "something newer says otherwise"


async def test_an_older_statement_that_says_more_arrives_marked() -> None:
    store = renting()
    await store.add(RAISED)
    merged = await store.add(TABLE)
    assert outcomes(merged) == [Outcome.STORED]
    assert store.texts() == sorted([MARKED, RAISED.text])


async def test_when_it_was_said_counts_not_when_it_happened() -> None:
    store = living()
    await store.add(fact(LYON, 2_000, happened_at=2_000))
    await store.add(fact(ROME, 3_000, happened_at=1_000))
    assert store.archived() == [LYON]


async def test_what_is_said_again_is_as_new_as_that() -> None:
    store = living()
    await store.add(fact(LYON, 1))
    await store.add(fact(LYON, 5))
    merged = await store.add(fact(ROME, 3))
    assert (outcomes(merged), store.texts()) == ([Outcome.DROPPED], [LYON])


async def test_what_is_said_again_loses_older_marks_and_keeps_later_ones() -> None:
    store = renting()
    for draft in (TABLE, RAISED, RAISED_AGAIN):
        await store.add(draft)
    store.judge.script = {}
    await store.add(replace(TABLE, said_at=APRIL + 1))
    [table] = (text for text in store.texts() if "internet" in text)
    assert "1,100" in table and "1,020" not in table
    await store.add(replace(TABLE, said_at=JUNE + 1))
    assert TABLE.text in store.texts()


async def test_a_change_that_is_said_again_marks_once() -> None:
    store = renting()
    await store.add(TABLE)
    await store.add(RAISED)
    again = await store.add(replace(RAISED, said_at=JUNE))
    assert outcomes(again) == [Outcome.MERGED]
    assert store.texts() == sorted([MARKED, RAISED.text])


async def test_a_part_said_again_after_a_change_is_not_dropped() -> None:
    whole = fact("User: The rent is 940 a month, internet 35.", MARCH)
    part = fact("User: The rent is 940 a month.", JUNE)
    raised = fact("User: We pay 1,020 now.", APRIL)
    store = Store(
        ScriptedJudge(
            {(whole.text, raised.text): "update", (whole.text[6:32], ""): "update"}
        )
    )
    await store.add(whole)
    await store.add(raised)
    assert outcomes(await store.add(part)) == [Outcome.STORED]


# Parts


async def test_what_tells_more_than_what_changed_is_marked_and_stays() -> None:
    store = renting()
    await store.add(TABLE)
    merged = await store.add(RAISED)
    assert store.texts() == sorted([MARKED, RAISED.text])
    old, new = store.one(TABLE.text), store.one(RAISED.text)
    [receipt] = merged.receipts
    assert (receipt.outcome, receipt.other) == (Outcome.SUPERSEDED, old.id)
    assert receipt.reason == "newer than a part of what was known"
    assert merged.archived == [] and [each.id for each in merged.annotated] == [old.id]
    assert [entry.memory.id for entry in merged.new] == [new.id]


async def test_the_latest_change_is_the_mark() -> None:
    store = renting()
    for draft in (TABLE, RAISED, RAISED_AGAIN):
        await store.add(draft)
    [table] = (text for text in store.texts() if "internet" in text)
    assert table.count("[changed") == 1 and "1,100" in table
    assert store.archived() == [RAISED.text]


async def test_what_is_deleted_is_quoted_no_more() -> None:
    store = renting()
    await store.add(TABLE)
    await store.add(RAISED)
    await store.memories.delete("p", [store.one(RAISED.text).id])
    assert store.texts() == [TABLE.text]


# Fuller and within


DOG, BOTH = "The user has a dog named Rex.", "The user has a dog named Rex and a cat."


async def test_the_fuller_statement_is_kept() -> None:
    store = Store()
    await store.add(fact(DOG, 1))
    merged = await store.add(fact(BOTH, 2))
    assert outcomes(merged) == [Outcome.SUPERSEDED]
    assert (store.texts(), store.archived()) == ([BOTH], [DOG])


async def test_a_part_of_what_is_known_is_not_stored() -> None:
    store = Store()
    await store.add(fact(BOTH, 1))
    merged = await store.add(fact(DOG, 2))
    [receipt] = merged.receipts
    assert (receipt.outcome, receipt.other) == (Outcome.MERGED, store.one(BOTH).id)
    assert receipt.reason == "contained in what is known"


@pytest.mark.parametrize("relation", ["elsewhere", "past", "correction", "ended"])
@pytest.mark.parametrize(("first", "second"), [(DOG, BOTH), (BOTH, DOG)])
async def test_the_judge_can_veto_that(first: str, second: str, relation: str) -> None:
    store = Store(ScriptedJudge({(first, second): (relation, 0.6)}))
    await store.add(fact(first, 1))
    await store.add(fact(second, 2))
    assert store.one(DOG).status is store.one(BOTH).status is Status.ACTIVATED


async def test_a_fuller_older_statement_does_not_hide_a_newer_one() -> None:
    store = Store()
    await store.add(fact(DOG, 5))
    await store.add(fact(BOTH, 1))
    assert store.texts() == sorted([DOG, BOTH])


# Speakers


ASSISTANT = "Assistant: The user has a dog named Rex and a cat."


async def test_the_assistant_archives_and_swallows_nothing() -> None:
    rehearsal = "User: The rehearsal with Ines is on Tuesday."
    moved = "Assistant: The rehearsal with Ines has been moved to Thursday."
    store = Store(ScriptedJudge({(rehearsal, moved): "update"}))
    await store.add(fact(rehearsal, 1), fact(DOG, 1))
    await store.add(fact(moved, 2), fact(ASSISTANT, 2))
    await store.add(fact(BOTH, 3))
    assert (store.archived(), len(store.texts())) == ([DOG], 4)
    assert BOTH in store.texts() and rehearsal in store.texts()
    assert (rehearsal, moved) not in store.judge.asked


async def test_two_named_speakers_are_not_compared() -> None:
    store = Store(ScriptedJudge({("Ann: I smoke every day.", ""): "ended"}))
    await store.add(fact("Ann: I smoke every day.", 1, speaker="Ann"))
    await store.add(fact("Ben: I quit smoking.", 2, speaker="Ben"))
    assert len(store.texts()) == 2 and store.judge.asked == []


@pytest.mark.parametrize(("first", "second"), [("", "Ben"), ("Ben", "")])
async def test_whoever_has_a_name_archives_nothing_of_who_has_none(
    first: str, second: str
) -> None:
    store = Store(ScriptedJudge(MOVES))
    await store.add(fact(LYON, 1, speaker=first))
    await store.add(fact(ROME, 2, speaker=second))
    assert store.archived() == [] and len(store.texts()) == 2


# The same again


async def test_the_same_talk_twice_adds_nothing() -> None:
    talk = (
        fact(LYON, 1),
        fact(DOG, 1),
        wish("The user prefers tea to coffee.", 2),
        fact(ROME, 2),
        fact("用户的妹妹在杭州当护士", 3),
        fact(BOTH, 4),
    )
    store = living()
    await store.add(*talk)
    before = store.texts(), store.archived()
    assert before[1] == sorted([DOG, LYON])
    again = await store.add(*talk)
    assert (store.texts(), store.archived()) == before
    assert (again.new, again.archived, again.annotated) == ([], [], [])
    assert set(outcomes(again)) == {Outcome.MERGED}


@pytest.mark.parametrize("later", [0, 90_000_000_000])
async def test_marks_and_what_was_archived_stay_when_the_talk_is_sent_again(
    later: int,
) -> None:
    smokes, quits = (
        fact("The user smokes.", MARCH),
        fact("The user quit smoking.", JUNE),
    )
    script = {
        (TABLE.text, RAISED.text): "update",
        ("Rent is 940", RAISED.text): "update",
        (smokes.text, quits.text): "ended",
        (quits.text, smokes.text): "update",
    }
    script = {tuple(map(without_written_dates, k)): v for k, v in script.items()}
    store = Store(ScriptedJudge(script))
    talk = [TABLE, smokes, RAISED, quits]
    for draft in talk:
        await store.add(draft)
    before = store.texts(), store.archived()
    assert before[1] == [smokes.text]
    for draft in talk:
        await store.add(replace(draft, said_at=draft.said_at + later))
    assert (store.texts(), store.archived()) == before


async def test_a_further_batch_of_the_same_job_meets_the_first_one() -> None:
    store = living()
    await store.add(fact(LYON, 1), job=JOB)
    await store.add(fact(ROME, 2), job=JOB)
    assert (store.texts(), store.archived()) == ([ROME], [LYON])


async def test_a_draft_is_no_part_of_what_is_archived_and_only_sent_again() -> None:
    gone = "The user gave the dog and the cat away."
    store = Store(ScriptedJudge({(BOTH, gone): "ended"}))
    store.judge.script["The user has a dog named Rex", ""] = "ended"
    store.judge.script["and a cat", ""] = "ended"
    await store.add(fact(BOTH, 1))
    await store.add(fact(gone, 2))
    assert store.archived() == [BOTH]
    await store.add(fact(BOTH, 1), fact(DOG, 3))
    assert DOG in store.texts()


# Instructions and the gate


async def test_instructions_on_every_answer_are_judged_however_far() -> None:
    tags = (EVERY_ANSWER,)
    old, new = (
        "The user asks: Answer in Italian.",
        "The user asks: Answer only in Polish, please.",
    )
    store = Store(ScriptedJudge({(old, new): "instruction_replaced"}))
    await store.add(wish(old, tags=tags))
    fillers = [
        f"The user asks: Only in Polish shops, please, on day {n}." for n in range(5)
    ]
    await store.add(*map(wish, fillers))
    await store.add(wish(new, tags=tags))
    assert (old, new) in store.judge.asked and store.archived() == [old]


async def test_the_nearest_of_all_kinds_are_judged() -> None:
    oysters, no_more = "The user loves oysters.", "The user no longer loves oysters."
    store = Store(ScriptedJudge({(oysters, no_more): "ended"}))
    await store.add(wish(oysters))
    await store.add(
        fact("The cat of the neighbours is grey."), fact("A tram stops at the gate.")
    )
    await store.add(fact(no_more))
    assert store.archived() == [oysters]


FLAT = fact("The user looks for a flat with Priya.", MARCH)
OVER = fact("It's over between Priya and the user.", APRIL, only_as_change=True)


@pytest.mark.parametrize(
    ("relation", "outcome"),
    [
        (("ended", 0.97), Outcome.STORED),
        (("ended", 0.85), Outcome.DROPPED),
        ("detail", Outcome.DROPPED),
    ],
)
async def test_small_talk_is_kept_where_it_surely_changes_something_known(
    relation: tuple[str, float] | str, outcome: Outcome
) -> None:
    store = Store(ScriptedJudge({(FLAT.text, OVER.text): relation}))
    await store.add(FLAT)
    [receipt] = (await store.add(OVER)).receipts
    is_kept = receipt.outcome is not Outcome.DROPPED
    assert is_kept is (outcome is not Outcome.DROPPED)
    assert len(store.all()) == 1 + is_kept


async def test_small_talk_changes_no_standing_instruction() -> None:
    rule = wish("The user asks: Answer briefly.", MARCH, tags=(EVERY_ANSWER,))
    good = fact("User: Sounds good.", APRIL, only_as_change=True)
    store = Store(
        ScriptedJudge({(rule.text, good.text): ("instruction_replaced", 0.96)})
    )
    await store.add(rule)
    [receipt] = (await store.add(good)).receipts
    assert receipt.outcome is Outcome.DROPPED
    assert store.texts() == [rule.text]


DATE = fact("User: me caso con Marcos el 20 de septiembre en Valencia.", MARCH)
NEW_DATE = fact("User: Hemos cambiado la fecha: ahora es el 4 de octubre.", APRIL)


async def test_a_new_value_without_a_common_word_marks_and_archives_nothing() -> None:
    store = Store(ScriptedJudge({(DATE.text, NEW_DATE.text): ("update", 0.92)}))
    await store.add(DATE)
    await store.add(NEW_DATE)
    assert store.archived() == []
    [old] = [text for text in store.texts() if "Marcos" in text]
    assert "[changed" in old and "4 de octubre" in old


@pytest.mark.parametrize(
    ("minutes", "conversation", "noted"),
    [(10, "monday", False), (90, "monday", True), (10, DEFAULT_CONVERSATION, True)],
)
async def test_within_one_sitting_nothing_is_only_likely_changed(
    minutes: int, conversation: str, noted: bool
) -> None:
    job = replace(JOB, scope=replace(JOB.scope, conversation=conversation))
    store = Store(ScriptedJudge({(CELLO, VIOLA): ("update", 0.6)}))
    await store.add(fact(CELLO, MARCH), job=job)
    await store.add(fact(VIOLA, MARCH + minutes * 60_000), job=replace(job, id=LATER))
    assert (CELLO in store.texts()) is not noted


async def test_who_surely_takes_it_back_in_the_same_sitting_is_heard() -> None:
    store = Store(ScriptedJudge({(CELLO, VIOLA): ("update", 0.85)}))
    await store.add(fact(CELLO, MARCH))
    await store.add(fact(VIOLA, MARCH + 60_000))
    assert CELLO not in store.texts()
