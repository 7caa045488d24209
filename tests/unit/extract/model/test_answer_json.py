"""The JSON in an answer is read however a model wraps it, and half an entry never."""

from __future__ import annotations

import json

import pytest

from tests.unit.extract.model.answers import fact, memories, preference, relation
from workers.pipeline.extract.model.answer_json import Unreadable, object_in

LISTS = ("facts", "preferences", "repeated")
GOOD = memories(
    fact("The user moved to Rome.", relations=[relation(1, "updates")]),
    fact('The user says: "{no} braces [here]".'),
    preference("The user avoids sugar."),
)
TEXT = json.dumps(GOOD)


@pytest.mark.parametrize(
    "wrap",
    [
        "{}",
        '<think>hm {{"facts": []}} no</think>{}',
        'I think {{"facts": []}}.</think>{}',
        "```json\n{}\n```",
        "```\n{}\n```\nIs that right?",
        "Sure! Here you are:\n{}\nAnything else?",
        "Here is the JSON {{as requested}}:\n```json\n{}\n```",
        "Here is the JSON {{as requested}}: {}",
        "[1] shows that {}",
        "[{}]",
    ],
)
def test_an_answer_is_read_however_it_is_wrapped(wrap: str) -> None:
    value, is_cut = object_in(wrap.format(TEXT), LISTS)
    assert not is_cut
    assert value["facts"] == GOOD["facts"]
    assert value["preferences"] == GOOD["preferences"]


def test_a_list_of_entries_is_read_as_lists_of_their_kinds() -> None:
    value, _ = object_in(json.dumps([*GOOD["preferences"], *GOOD["facts"]]), LISTS)
    assert value == {"facts": GOOD["facts"], "preferences": GOOD["preferences"]}


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "I cannot do that.",
        "[1, 2]",
        '{"memories": []}',
        "<think>for ever and ever",
        '{"facts": [{"text": "The user never works on Wedne',
    ],
)
def test_what_holds_no_entry_is_unreadable(answer: str) -> None:
    with pytest.raises(Unreadable):
        object_in(answer, LISTS)


@pytest.mark.parametrize("place", range(30, len(TEXT) - 1, 7))
def test_of_a_cut_answer_only_whole_entries_are_read(place: int) -> None:
    try:
        value, is_cut = object_in(TEXT[:place], LISTS)
    except Unreadable:
        assert place < len('{"facts": [' + json.dumps(GOOD["facts"][0]))
        return
    assert is_cut
    for name in ("facts", "preferences"):
        entries = value.get(name, [])
        assert entries == GOOD[name][: len(entries)]


def test_a_comma_too_many_is_repaired() -> None:
    value, _ = object_in('{"facts": [{"text": "A", "lines": [1],},]}', LISTS)
    assert value == {"facts": [{"text": "A", "lines": [1]}]}
