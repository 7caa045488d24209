"""A correction that does not say of what keeps what it corrects."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.domain.job import Outcome
from shared.domain.memory import EVERY_ANSWER
from tests.fakes.judge import ScriptedJudge
from tests.unit.merge.store import JOB, Store, fact, outcomes
from workers.pipeline.merge.identity import identity

MARCH, APRIL, MAY = 1_000, 2_000, 3_000
TUESDAY = replace(JOB, id="00000000-0000-0000-0000-000000000007")
FLIGHT = "The user's flight is at 7:40. (1 March 2025)"
CORRECTIONS = [
    (
        FLIGHT,
        "User: Sorry, 8:40 not 7:40. (2 March 2025)",
        "User: (The user's flight is at 7:40) Sorry, 8:40 not 7:40. (2 March 2025)",
    ),
    (
        "User: Mein Zug fährt um 7:40.",
        "User: Sorry, 8:40, nicht 7:40.",
        "User: (Mein Zug fährt um 7:40) Sorry, 8:40, nicht 7:40.",
    ),
    (
        "用户的航班是早上七点四十。",
        "用户：说错了，是八点四十。",
        "用户：（用户的航班是早上七点四十）说错了，是八点四十。",
    ),
    (
        "User: La reunión es el lunes (3 March 2025).",
        "User: Perdón, el martes, no el lunes.",
        "User: (La reunión es el lunes) Perdón, el martes, no el lunes.",
    ),
]


@pytest.mark.parametrize(("old", "new", "told"), CORRECTIONS)
async def test_what_a_correction_changes_stands_in_front_of_it(
    old: str, new: str, told: str
) -> None:
    judge = ScriptedJudge({("", new.partition(" (2")[0]): "correction"})
    store = Store(judge)
    await store.add(fact(old, MARCH, tags=("travel", EVERY_ANSWER)))
    [receipt] = (await store.add(fact(new, APRIL, corrects=True))).receipts
    assert receipt.outcome is Outcome.SUPERSEDED
    kept = next(m for m in store.texts() if m.startswith(told[:8]) and told in m)
    assert store.one(kept).tags == ("travel",)


@pytest.mark.parametrize(
    ("new", "corrects"),
    [
        ("User: The dentist expects Ida at 9, not at 8.", True),
        ("User: I mixed it up, the dentist expects Ida at 9.", True),
        ("User: Sorry, 9 not 8.", False),
    ],
)
async def test_what_says_of_what_and_what_is_no_correction_stays_as_it_was_said(
    new: str, corrects: bool
) -> None:
    store = Store(ScriptedJudge({("", new): "correction"}))
    await store.add(fact("User: The dentist expects Ida at 8.", MARCH))
    await store.add(fact(new, APRIL, corrects=corrects))
    assert new in store.texts()


async def test_a_correction_that_changes_nothing_known_stays_as_it_was_said() -> None:
    store = Store()
    await store.add(fact(FLIGHT, MARCH))
    await store.add(fact("User: I meant Rui, not Ines.", APRIL, corrects=True))
    assert "User: I meant Rui, not Ines." in store.texts()


async def test_a_correction_says_the_same_when_its_job_runs_again() -> None:
    new = "User: Sorry, 8:40 not 7:40."
    store = Store(ScriptedJudge({("", new): "correction"}))
    await store.add(fact(FLIGHT, MARCH))
    draft = fact(new, APRIL, corrects=True)
    await store.add(draft, job=TUESDAY)
    before = store.texts()
    again = await store.add(draft, job=TUESDAY)
    assert outcomes(again) == [Outcome.MERGED]
    assert store.texts() == before


@pytest.mark.parametrize("corrects", [True, False])
def test_the_same_words_correct_another_matter_in_another_conversation(
    corrects: bool,
) -> None:
    draft = fact("User: No, at 9.", corrects=corrects)
    scope = replace(JOB.scope, conversation="friday")
    ids = {identity(draft, job, "") for job in (JOB, replace(JOB, scope=scope))}
    assert (len(ids) == 2) is corrects


@pytest.mark.parametrize(
    ("old", "told"),
    [
        (
            "User: (My flight is at 7:40) No, at 8:40.",
            "User: (My flight is at …) No, at 9.",
        ),
        ("User: (When is the flight?) 7:40.", "User: (When is the flight?) No, at 9."),
    ],
)
async def test_what_was_corrected_or_answered_before_is_what_is_corrected(
    old: str, told: str
) -> None:
    new = "User: No, at 9."
    store = Store(ScriptedJudge({("", new): "correction"}))
    await store.add(fact(old, MARCH))
    await store.add(fact(new, APRIL, corrects=True))
    assert told in store.texts()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "User: My dose is 5 mg twice a day for 10 days.",
            "User: Correction: it's 2.5 mg.",
            "User: (My dose is … mg twice a day for 10 days) Correction: it's 2.5 mg.",
        ),
        (
            "User: Ida's train leaves at 21:40 from platform 9.",
            "User: Sorry, at 21:55.",
            "User: (Ida's train leaves at … from platform 9) Sorry, at 21:55.",
        ),
        (
            "User: Mein Zug fährt am 4. Mai um 8:12 von Gleis 9.",
            "User: Stimmt nicht, am 5. Mai.",
            "User: (Mein Zug fährt am …. Mai um 8:12 von Gleis 9) Stimmt nicht, am 5. Mai.",
        ),
        (
            "User: El vuelo sale a las 9:30 del 14 de mayo.",
            "User: No, a las 10:15.",
            "User: (El vuelo sale a las … del 14 de mayo) No, a las 10:15.",
        ),
        (
            "User: Le cours dure 45 minutes et coûte 30 euros.",
            "User: Non, 35 euros.",
            "User: (Le cours dure 45 minutes et coûte … euros) Non, 35 euros.",
        ),
        (
            "用户：药一次吃5毫克，吃10天。",
            "用户：说错了，是2毫克。",
            "用户：（药一次吃…毫克，吃10天）说错了，是2毫克。",
        ),
        (
            "User: The shift is from 9:30 to 17:30.",
            "User: No, at 10:15.",
            "User: (The shift is from 9:30 to 17:30) No, at 10:15.",
        ),
    ],
)
async def test_of_several_numbers_only_the_one_goes_that_is_corrected(
    old: str, new: str, told: str
) -> None:
    store = Store(ScriptedJudge({("", new): "correction"}))
    await store.add(fact(old, MARCH))
    await store.add(fact(new, APRIL, corrects=True))
    assert told in store.texts()
    assert not store.archived()


@pytest.mark.parametrize(
    ("old", "new", "archived"),
    [
        ("User: The dose is 5 mg for 10 days.", "User: The dose is 2.5 mg.", False),
        ("用户：药每次5毫克，吃10天。", "用户：药每次2毫克。", False),
        ("User: The dose is 5 mg.", "User: The dose is 2.5 mg.", True),
        ("User: The dose is 5 mg for 10 days.", "User: The dose is no more.", True),
    ],
)
async def test_what_gives_fewer_numbers_archives_none_that_gives_more(
    old: str, new: str, archived: bool
) -> None:
    store = Store(ScriptedJudge({("", new): "correction"}))
    await store.add(fact(old, MARCH))
    await store.add(fact(new, APRIL))
    assert store.archived() == ([old] if archived else [])
