"""Turns of talks that answer a question, as messages of which something is kept."""

from __future__ import annotations

import pytest

from shared.adapters.onnx.classifier import OnnxMessageReader
from training.data import Question, Talk, Turn
from training.kept_turns import kept_turns

FRIENDS = Talk(
    "en",
    "friends",
    (
        Turn("Mara", "Ha, thanks! How was the trip?"),
        Turn(
            "Deniz", "Wet. I lost my camera in Bergen, though. Want to come next year?"
        ),
        Turn("Mara", "Gladly. My sister is marrying in June."),
    ),
    (Question("Where is the camera?", (1,), "single"),),
    "friends",
)


@pytest.fixture(scope="module")
def reader() -> OnnxMessageReader:
    return OnnxMessageReader()


def test_only_what_answers_is_taken_with_the_words_that_are_kept(
    reader: OnnxMessageReader,
) -> None:
    [message] = kept_turns([FRIENDS], reader)
    assert message.text == FRIENDS.turns[1].text
    assert (message.role, message.previous) == (
        "assistant",
        "user: Ha, thanks! How was the trip?",
    )
    kept = " ".join(message.text[part.start : part.end] for part in message.parts)
    assert "camera" in kept and "next year" not in kept


def test_the_same_ones_are_drawn_whatever_their_order(
    reader: OnnxMessageReader,
) -> None:
    asked = tuple(Question("?", (place,), "single") for place in (1, 2))
    talk = Talk("en", "friends", FRIENDS.turns, asked, "friends")
    turned = Talk("en", "friends", FRIENDS.turns, asked[::-1], "friends")
    drawn = kept_turns([talk], reader, 1)
    assert len(drawn) == 1 and drawn == kept_turns([turned], reader, 1)


def test_documents_and_notes_are_no_talk(reader: OnnxMessageReader) -> None:
    notes = Talk("en", "notes", FRIENDS.turns, FRIENDS.questions, "notes")
    assert kept_turns([notes], reader) == []
