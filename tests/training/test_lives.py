"""Lives: reading them, and where the words of a change lie in what is stored."""

from __future__ import annotations

import random
from typing import Any

import pytest

from training.data import DataError
from training.lives import (
    Life,
    Met,
    as_talk,
    changed_pairs,
    load_lives,
    read_life,
    stored,
    unchanged_places,
)

SAID: dict[str, Any] = {
    "language": "en",
    "said": [
        {"id": 1, "text": "I live in Leeds with my cat, and my rent is 900"},
        {"id": 2, "asked": "Any pets?", "text": "my cat died last week"},
        {"id": 3, "text": "Cats live 15 years.", "by_assistant": True},
    ],
    "changes": [
        {
            "old": 1,
            "was": "with my cat",
            "new": 2,
            "by": "my cat died",
            "relation": "ended",
        }
    ],
    "questions": [
        {"q": "Is it just me in the house?", "evidence": [2], "type": "update"},
        {"q": "How old was the cat?", "evidence": [], "type": "never"},
    ],
}


def life(**changed: str) -> Life:
    [change] = SAID["changes"]
    return read_life({**SAID, "changes": [{**change, **changed}]}, "here")


@pytest.mark.parametrize("seed", range(8))
def test_the_words_of_a_change_are_found_in_every_form(seed: int) -> None:
    [met] = changed_pairs(life(), random.Random(seed))
    assert told(met) == ("with my cat", True) or told(met)[0].endswith("cat")
    assert met.relation == "ended" and "(Any pets?)" in met.new


def told(met: Met) -> tuple[str, bool]:
    assert met.was and met.by
    [was], [by] = met.was, met.by
    return met.old[slice(*was)], "died" in met.new[slice(*by)]


def test_what_an_assistant_says_changes_nothing_and_has_its_name() -> None:
    assert list(unchanged_places(life())) == []
    assert stored(life().said[2], random.Random(1)) == "Assistant: Cats live 15 years."


def test_two_people_with_names_change_nothing_of_each_other() -> None:
    said = [
        {"id": number, "speaker": speaker, "text": f"{number} cats"}
        for number, speaker in enumerate(("Ana", "Bo", "Ana", "", "Ana"))
    ]
    talk = read_life({**SAID, "said": said, "changes": [], "questions": []}, "here")
    assert list(unchanged_places(talk)) == [
        (0, 2),
        (0, 3),
        (0, 4),
        (1, 3),
        (2, 3),
        (2, 4),
        (3, 4),
    ]


@pytest.mark.parametrize(
    "changed",
    [{"was": "with my dog"}, {"by": "sold it"}, {"relation": "detail"}],
)
def test_a_change_that_is_none_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(DataError, match="here"):
        life(**changed)


def test_a_life_is_something_to_find_answers_in() -> None:
    talk = as_talk(life(), random.Random(1))
    update, never = talk.questions
    [place] = update.evidence
    assert "my cat died" in talk.turns[place].text and not never.evidence


@pytest.mark.parametrize(
    "question",
    [
        {"q": "Is it just me?", "evidence": [9], "type": "update"},
        {"q": "Is it just me?", "evidence": [], "type": "update"},
        {"q": " ", "evidence": [2], "type": "update"},
        {"q": "Is it just me?", "evidence": [2], "type": "guess"},
    ],
)
def test_a_question_of_another_form_is_refused(question: dict[str, Any]) -> None:
    with pytest.raises((DataError, KeyError, ValueError)):
        read_life({**SAID, "questions": [question]}, "here")


def test_every_life_of_the_data_can_be_read() -> None:
    lives = load_lives()
    assert len(lives) >= 100
    assert all(life.changes for life in lives if not life.is_chat)
    assert sum(1 for life in lives if life.questions) > 700
    assert any(life.is_chat for life in lives)
