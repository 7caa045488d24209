"""Entries of a model's answer become drafts; what is wrong in them loses nothing."""

from __future__ import annotations

from typing import Any

import pytest

from shared.domain.extraction import Bears, Draft, Relation
from shared.domain.memory import EVERY_ANSWER, Memory, Type
from shared.domain.memory_detail import ABOUT, ASPECT, CHANGES, TOPIC, UNTIL
from shared.jobs.clock import milliseconds
from tests.unit.extract.model.answers import fact, memories, preference, relation
from tests.unit.extract.talks import NOON, SCOPE, talk
from workers.pipeline.extract.model.lines import lines_of
from workers.pipeline.extract.model.read_memories import read_memories

LINES = lines_of(
    talk(
        ("user", "I moved to Rome and left Nordlys."),
        ("user", "I avoid sugar, my son cannot have nuts."),
        ("user", "In June we go to Porto."),
        ("assistant", "Graham's Lodge has a tasting for 28 euros."),
    ).messages
)
HOME = Memory("m-home", SCOPE, Type.USER, "The user lives in Milan.", said_at=1)
SAID_AT = milliseconds(NOON)


def drafts(*entries: dict[str, Any], repeated: Any = ()) -> list[Draft]:
    read = read_memories(memories(*entries, repeated=repeated), LINES, [HOME])
    return read.drafts


@pytest.mark.parametrize(
    ("numbers", "place"),
    [([1], 0), (["2"], 1), (["line 3"], 2), ([2.0], 1), ("2", 1), ([9], 1), ([], 1)],
)
def test_a_memory_keeps_the_line_that_it_was_read_in(
    numbers: object, place: int
) -> None:
    [draft] = drafts(fact("The user avoids sugar.", lines=numbers))
    assert draft.origins == (LINES[place].origin,)


def test_a_model_that_counts_from_zero_is_understood() -> None:
    first, last = drafts(fact("Moved.", lines=[0]), fact("Porto.", lines=[2]))
    assert first.origins == (LINES[0].origin,)
    assert last.origins == (LINES[2].origin,)


def test_what_was_read_nowhere_is_dropped_and_counted() -> None:
    answer = memories(
        fact("A dragon sleeps in the cave.", lines=[9]),
        fact("very " * 900),
        fact(""),
        fact("The user moved to Rome."),
        fact("The user moved to Rome."),
    )
    read = read_memories(answer, LINES, [])
    assert [draft.text for draft in read.drafts] == ["The user moved to Rome."]
    assert read.dropped == 3


def test_a_fact_says_of_whom_it_is_and_when() -> None:
    [draft] = drafts(
        fact(
            "The user's son moves to Porto in June 2024.",
            3,
            kind="profile",
            about="the user's son",
            attribute="Home city",
            **{"from": "2024-06", "to": ""},
        )
    )
    assert draft.type is Type.USER
    assert draft.subject == "the user's son.home_city"
    assert draft.detail[ASPECT] == "profile"
    assert draft.detail[ABOUT] == "the user's son"
    assert draft.happened_at == milliseconds(NOON.replace(month=6, day=1))
    assert draft.detail[UNTIL] == milliseconds(NOON.replace(month=6, day=30))
    assert draft.said_at == SAID_AT


@pytest.mark.parametrize("day", ["", "soon", "2024-13-40", "0000"])
def test_no_day_is_the_day_that_it_was_said_on(day: str) -> None:
    [draft] = drafts(fact("The user moved.", **{"from": day, "to": day}))
    assert draft.happened_at == SAID_AT
    assert UNTIL not in draft.detail


def test_a_preference_is_the_users_or_a_fact() -> None:
    own, others = drafts(
        preference("The user wants short answers.", 2, every_answer=True, topic="form"),
        preference("The user's son likes pears.", 2, holder="Leo", explicit=False),
    )[::-1][::-1]
    assert own.type is Type.EXPLICIT
    assert own.tags == (EVERY_ANSWER,)
    assert own.detail[TOPIC] == "form"
    assert others.type is Type.LONG_TERM


def test_relations_name_what_was_shown() -> None:
    [draft] = drafts(
        fact(
            "The user moved from Milan to Rome.",
            relations=[
                relation(1, "updates", whole=True),
                relation(7, "ends"),
                relation(1, "hates"),
            ],
        )
    )
    assert draft.relations == (Relation(Bears.UPDATES, "m-home", whole=True),)
    assert draft.compared == ("m-home",)


def test_an_assistant_changes_nothing_and_repeats_nothing() -> None:
    echo = fact("The user lives in Milan.", 4, relations=[relation(1, "same")])
    change = fact("Rome it is.", 4, relations=[relation(1, "updates", whole=True)])
    [draft] = drafts(echo, change, repeated=[{"known": 1, "lines": [4]}])
    assert draft.text == "Rome it is."
    assert draft.relations == ()


def test_what_a_person_says_again_is_the_known_memory() -> None:
    marked = Memory(
        "m-2", SCOPE, Type.EXPLICIT, "No sugar.", detail={CHANGES: [], TOPIC: "food"}
    )
    answer = memories(repeated=[{"known": 1, "lines": [2]}, {"known": 5, "lines": [1]}])
    [draft] = read_memories(answer, LINES, [marked]).drafts
    assert (draft.type, draft.text) == (Type.EXPLICIT, "No sugar.")
    assert draft.relations == (Relation(Bears.SAME, "m-2"),)
    assert draft.detail == {TOPIC: "food"}
    assert draft.said_at == SAID_AT
