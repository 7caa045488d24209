"""Names of things to forget: read as they are written, and kept from the embedder where they
are there to measure with.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.data import DataError, load_talks, split
from training.named_things import load_named, load_unlearned, name_in

LINE = {
    "language": "en",
    "said": ["User: I moved to Leeds.", "The user pays 940 a month.", "User: I run."],
    "named": [{"name": "my address", "meant": [0]}, {"name": "我的房租", "meant": [1]}],
}


def _written(folder: Path, line: object) -> Path:
    (folder / "some").mkdir()
    (folder / "some/named.jsonl").write_text(json.dumps(line), "utf-8")
    return folder


def test_a_line_is_a_talk_whose_questions_are_the_names(tmp_path: Path) -> None:
    [talk] = load_named(_written(tmp_path, LINE))
    assert [turn.text for turn in talk.turns] == LINE["said"]
    assert [(q.text, q.evidence) for q in talk.questions] == [
        ("my address", (0,)),
        ("我的房租", (1,)),
    ]


@pytest.mark.parametrize("meant", [[], [3], [-1], [0, 7]])
def test_a_name_means_statements_that_are_there(
    tmp_path: Path, meant: list[int]
) -> None:
    line = LINE | {"named": [{"name": "my address", "meant": meant}]}
    with pytest.raises(DataError, match=r"some/named.jsonl:1.*my address"):
        load_named(_written(tmp_path, line))


def test_what_is_measured_with_is_not_learned() -> None:
    learned, _ = split([*load_talks(), *load_named()])
    known = {
        turn.text for talk in learned if talk.kind == "named" for turn in talk.turns
    }
    unlearned = load_unlearned()
    assert len(unlearned) > 100
    assert not known & {turn.text for talk in unlearned for turn in talk.turns}


@pytest.mark.parametrize(
    ("name", "spoken", "is_mine"),
    [
        ("my address", "zh", True),
        ("我的房租", "en", True),
        ("meine Adresse", "en", True),
        ("Tom's door code", "en", False),
        ("メールのパスワード", "ja", False),
    ],
)
def test_a_name_is_taken_apart_in_its_own_language(
    name: str, spoken: str, is_mine: bool
) -> None:
    assert name_in(name, spoken).is_mine is is_mine
