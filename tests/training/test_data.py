"""The training data: reading, splitting, checking."""

from __future__ import annotations

import json
import random
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from training.check import NEAR, Text, _pieces, check, near_duplicates
from training.data import (
    DataError,
    load_messages,
    load_pairs,
    load_talks,
    split,
    split_of,
)

TALK = {
    "lang": "en",
    "kind": "friends",
    "speakers": ["Mara", "Deniz"],
    "sessions": [
        {
            "time": "2025-03-02 10:00",
            "turns": [["Mara", "I work at the clinic"], ["Deniz", "ok"]],
        },
        {"time": "2025-04-02 10:00", "turns": [["Mara", "I quit"]]},
    ],
    "questions": [
        {"q": "What does she do now?", "evidence": [[1, 0], [0, 0]], "type": "multi"},
        {"q": "What is her dog called?", "evidence": [], "type": "never"},
    ],
}
PAIR = {
    "lang": "en",
    "old": "The user lives in Oslo.",
    "new": "I'm in Bergen now",
    "relation": "update",
}
SAYS = {
    "lang": "en",
    "role": "user",
    "text": "my dog is a dog",
    "labels": ["fact"],
    "about": "user",
    "parts": [
        {"text": "my dog", "kind": "fact"},
        {"text": "dog", "kind": "fact", "about": "other"},
    ],
}


def _write(root: Path, name: str, *items: dict[str, Any]) -> Path:
    (root / "one").mkdir(exist_ok=True)
    lines = "\n".join(json.dumps(item) for item in items)
    (root / "one" / name).write_text(lines + "\n")
    return root


def test_evidence_is_counted_over_all_sessions(tmp_path: Path) -> None:
    (talk,) = load_talks(_write(tmp_path, "talks.jsonl", TALK))
    assert [turn.text for turn in talk.turns] == [
        "I work at the clinic",
        "ok",
        "I quit",
    ]
    assert talk.questions[0].evidence == (0, 2)
    assert talk.questions[1].evidence == ()


@pytest.mark.parametrize(
    "question",
    [
        {"q": "?", "evidence": [[2, 0]], "type": "single"},
        {"q": "?", "evidence": [[0, -1]], "type": "single"},
        {"q": "?", "evidence": [], "type": "single"},
        {"q": "?", "evidence": [[0, 0]], "type": "never"},
        {"q": " ", "evidence": [[0, 0]], "type": "single"},
    ],
)
def test_a_wrong_question_is_named_with_its_line(
    tmp_path: Path, question: dict[str, Any]
) -> None:
    root = _write(tmp_path, "talks.jsonl", {**TALK, "questions": [question]})
    with pytest.raises(DataError, match=r"talks\.jsonl:1"):
        load_talks(root)


def test_a_part_lies_behind_the_one_before(tmp_path: Path) -> None:
    (message,) = load_messages(_write(tmp_path, "says.jsonl", SAYS))
    assert [(part.start, part.end, part.about) for part in message.parts] == [
        (0, 6, "user"),
        (12, 15, "other"),
    ]


def test_a_part_must_be_in_the_text(tmp_path: Path) -> None:
    wrong = {**SAYS, "parts": [{"text": "cat", "kind": "fact"}]}
    with pytest.raises(DataError, match="cat"):
        load_messages(_write(tmp_path, "says.jsonl", wrong))


def test_the_split_is_by_what_is_remembered(tmp_path: Path) -> None:
    items = [
        {**PAIR, "old": f"The user lives in street {n}.", "new": new}
        for n in range(200)
        for new in "ab"
    ]
    pairs = load_pairs(_write(tmp_path, "pairs.jsonl", *items))
    train, unseen = split(pairs)
    assert len(train) + len(unseen) == 400
    assert 20 <= len(unseen) <= 80
    assert not {pair.old for pair in train} & {pair.old for pair in unseen}
    assert all(split_of(pair) == "unseen" for pair in unseen)


def test_near_duplicates_are_found() -> None:
    texts = [
        "My sister works at the clinic in the old town.",
        "my sister works at the clinic in the old  town",
        "My brother sails on Sundays with his two dogs.",
        "43.",
        "43.",
    ]
    found = near_duplicates(
        [Text(str(n), text, "train") for n, text in enumerate(texts)]
    )
    assert [(a.source, b.source) for a, b, _ in found] == [("3", "4"), ("0", "1")]


def test_all_near_duplicates_of_a_planted_set_are_found() -> None:
    """The same as a comparison of every text with every other one finds."""
    dice = random.Random(7)
    words = [f"{dice.getrandbits(28):x}" for _ in range(60)]
    texts = [" ".join(dice.choices(words, k=dice.randint(1, 30))) for _ in range(150)]
    for text in texts[:100]:  # one in a few more words, and one with a few others
        texts.append(f"{text} {dice.choice(words)}")
        texts.append(
            " ".join(word if dice.random() < 0.95 else "x" for word in text.split())
        )
    found = near_duplicates(
        [Text(str(n), text, "train") for n, text in enumerate(texts)]
    )
    expected = {
        (str(a), str(b)): round(share, 3)
        for a, b in combinations(range(len(texts)), 2)
        if (share := common_share(texts[a], texts[b])) >= NEAR
    }
    assert {(a.source, b.source): share for a, b, share in found} == expected
    assert len(found) == len(expected) > 50
    assert NEAR <= min(expected.values()) < 0.85 < max(expected.values()) == 1


def common_share(one: str, other: str) -> float:
    """Jaccard's index of two texts' pieces."""
    a, b = _pieces(one), _pieces(other)
    return len(a & b) / len(a | b)


def test_what_is_in_too_many_texts_tells_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("training.check.MOST_COMMON", 2)
    same = "My sister works at the clinic in the old town."
    texts = [Text(str(n), same, "train") for n in range(3)]
    assert near_duplicates(texts) == []
    assert len(near_duplicates(texts[:2])) == 1


def test_the_check_tells_what_is_wrong(tmp_path: Path) -> None:
    _write(tmp_path, "pairs.jsonl", PAIR, PAIR, {**PAIR, "relation": "maybe"})
    found = check(tmp_path)
    assert found.failed
    assert "maybe" in found.errors[0]
    assert len(found.same) == 1


def test_our_own_data_is_in_order() -> None:
    assert len(load_talks()) > 100
    assert len(load_pairs()) > 500
    assert len(load_messages()) > 500
