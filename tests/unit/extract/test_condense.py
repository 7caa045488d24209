"""The gist of long answers: what is asked for again stays, the talk around it goes."""

from __future__ import annotations

from shared.language.words import word_count
from workers.pipeline.extract.facts.condense import (
    LONG,
    closing,
    condense,
    without_code,
)

ANSWER = "\n".join(
    [
        "Here are the trails around the lake that you asked for, "
        "sorted by how hard they are to walk with a small child on the back.",
        *[
            f"{number}. Trail {number} begins at the mill, "
            + "winds along the shore and through the old forest " * 6
            for number in range(1, 9)
        ],
        "All of them are open. They are well kept by the village. Signs "
        "stand at each fork. Benches are rare. The path is wide. "
        "The season ends on 4 October. "
        "Dogs are welcome. Please stay on the path.",
        "Shall I book the ferry for you?",
    ]
)


def test_a_short_answer_stays_as_it_is() -> None:
    assert (
        condense("The mill opens at nine. Bring cash.")
        == "The mill opens at nine. Bring cash."
    )


def test_of_a_long_answer_every_entry_every_figure_and_the_question_stay() -> None:
    kept = condense(ANSWER)
    assert word_count(ANSWER) > LONG and word_count(kept) < 0.7 * word_count(ANSWER)
    assert all(
        f"{number}. Trail {number} begins at the mill" in kept for number in range(1, 9)
    )
    assert (
        "4 October" in kept
        and "Shall I book the ferry" in kept
        and "Please stay" not in kept
    )


def test_of_code_stays_what_it_defines() -> None:
    said = (
        "Use this:\n```python\nimport os\n\ndef walk(path):\n    return os.listdir(path)\n"
        "\nclass Walker:\n    pass\n```\nIt lists files."
    )
    assert (
        without_code(said)
        == "Use this:\n[python: def walk, class Walker]\n\nIt lists files."
    )
    assert "SELECT" not in without_code("```\nSELECT 1\n```")


def test_a_reply_replies_to_the_end_of_a_long_text() -> None:
    assert closing("Short one.") == "Short one."
    assert (
        closing(ANSWER).endswith("Shall I book the ferry for you?")
        and word_count(closing(ANSWER)) <= 60
    )
