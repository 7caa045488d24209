"""The classifiers, with the models that are shipped."""

from __future__ import annotations

import pytest

from shared.adapters.onnx.classifier import (
    OnnxMessageReader,
    OnnxRelationJudge,
    Utterance,
)
from shared.adapters.onnx.model_folders import model_folder
from shared.adapters.onnx.session import GRAPH, EngineUnavailable
from shared.domain.judgement import mean_probability

needs_relation = pytest.mark.skipif(
    not (model_folder("relation") / GRAPH).exists(), reason="not trained yet"
)
needs_message = pytest.mark.skipif(
    not (model_folder("message") / GRAPH).exists(), reason="not trained yet"
)


@needs_relation
async def test_each_pair_gets_a_distribution() -> None:
    pairs = [("The user works at the clinic.", "I quit the clinic."), ("a", "b" * 999)]
    judged = await OnnxRelationJudge().judge(pairs)
    assert len(judged) == 2
    assert all(abs(sum(one.relations.values()) - 1) < 1e-3 for one in judged)
    assert judged[0].change > 0.5


@needs_relation
async def test_a_move_is_a_change() -> None:
    """Compared with what is none: how sure it is differs with every training."""
    home = "The user lives in Oslo."
    pairs = [(home, "The user now lives in Bergen."), (home, "The user likes jazz.")]
    moved, other = await OnnxRelationJudge().judge(pairs)
    assert moved.change > other.change + 0.3


@needs_relation
async def test_the_words_that_hold_no_more_are_told_from_the_rest() -> None:
    """By the place of each word in both texts."""
    old, new = "I have a dog, Rex, and I live in Oslo.", "I moved to Bergen in May."
    [judged] = await OnnxRelationJudge().judge([(old, new)])
    dog, oslo = old.index("dog"), old.index("Oslo")
    of_dog = mean_probability(judged.outdated, (dog, dog + 3))
    of_oslo = mean_probability(judged.outdated, (oslo, oslo + 4))
    assert of_oslo > of_dog
    assert [new[word.start : word.end] for word in judged.telling][-1].endswith(".")


@needs_message
async def test_a_fact_beside_a_question_is_kept() -> None:
    text = "I'm diabetic, can I have mango?"
    (classes,) = await OnnxMessageReader().read([Utterance(text)])
    assert classes.labels["fact"] > 0.5
    assert max(classes.about, key=classes.about.__getitem__) == "user"
    assert [text[part.start : part.end] for part in classes.parts] == ["I'm diabetic"]


@needs_message
async def test_a_question_is_labelled() -> None:
    message = Utterance("I'm diabetic, can I have mango?")
    (classes,) = await OnnxMessageReader().read([message])
    assert classes.labels["question"] > 0.5


@needs_message
async def test_mixed_lengths_and_previous_turns() -> None:
    messages = [
        Utterance("43.", previous="assistant: What is your shoe size?"),
        Utterance("word " * 900, "assistant"),
        Utterance(" "),
    ]
    found = await OnnxMessageReader().read(messages)
    assert len(found) == 3
    for message, judged in zip(messages, found, strict=True):
        assert all(
            0 <= part.start <= part.end <= len(message.text) for part in judged.parts
        )


async def test_a_missing_model_is_told(tmp_path: object) -> None:
    from pathlib import Path

    with pytest.raises(EngineUnavailable):
        await OnnxRelationJudge(Path(str(tmp_path))).judge([("a", "b")])
