"""What the network goes by that says which statements an order means."""

from __future__ import annotations

import numpy as np
import pytest

from shared.adapters.onnx.classifier import OnnxMessageReader
from shared.adapters.onnx.embedder import OnnxEmbedder
from tests.fakes.embedder import FakeEmbedder
from tests.unit.orders.test_obey import said
from tests.unit.pipeline.worker_bench import WorkerBench
from workers.pipeline.extract.builtin_extractor import BuiltInExtractor
from workers.pipeline.orders.likeness import likenesses
from workers.pipeline.orders.matching import Matcher
from workers.pipeline.orders.meant_network import (
    FEATURES,
    Likeness,
    fitted_for,
    meant_from,
    probabilities,
    table,
)
from workers.pipeline.orders.telling_words import named
from workers.pipeline.orders.wordings import language_of

SAID = (
    "I live at 12 Elm Street, and I've got two cats.",
    "My mother's address is 4 Oak Road.",
    "The gate code is 4471.",
)


async def _beside(name: str) -> list[Likeness]:
    thing = named(name, language_of("en"))
    return await likenesses(OnnxEmbedder(), OnnxMessageReader(), thing, SAID)


async def test_every_statement_has_every_feature() -> None:
    beside = await _beside("my address")
    assert table(beside).shape == (len(SAID), len(FEATURES))
    assert np.isfinite(table(beside)).all()


async def test_of_several_clauses_the_nearest_counts_too() -> None:
    home, mothers, code = await _beside("my address")
    assert home.clause != home.near
    assert (mothers.clause, code.clause) == (mothers.near, code.near)
    assert home.clauses and not code.clauses


async def test_words_digits_and_whose_it_is() -> None:
    home, mothers, code = await _beside("my address")
    assert home.is_mine and not home.has_all_words
    assert mothers.has_all_words and mothers.of_another > home.of_another
    assert code.has_digits and not code.is_number
    *_, code = await _beside("the gate code")
    assert code.is_number and code.has_all_words and not code.lacks_digits


async def test_the_nearest_is_behind_nothing() -> None:
    beside = await _beside("my address")
    assert max(one.behind for one in beside) == pytest.approx(0, abs=1e-6)
    assert all(one.behind <= 1e-6 for one in beside)


async def test_what_is_meant_is_likelier() -> None:
    home, mothers, code = probabilities(await _beside("my address"))
    assert home > max(mothers, code)
    assert 0 < meant_from() < 1


def test_the_network_is_of_the_embedder_that_comes_along() -> None:
    assert fitted_for(OnnxEmbedder().name)


async def test_with_vectors_of_another_embedder_words_decide() -> None:
    matcher = Matcher(FakeEmbedder(), OnnxMessageReader())
    thing = named("the gate code", language_of("en"))
    assert await matcher.about(thing, SAID) == [False, False, True]


async def test_a_store_of_another_embedder_forgets_by_meaning_too() -> None:
    reader = OnnxMessageReader()
    worker = WorkerBench(
        embedder_of_names=OnnxEmbedder(),
        extractor=BuiltInExtractor(reader),
        reader=reader,
    )
    await said(worker, "I live at 14 Birch Lane in Leeds.", 1)
    await said(worker, "I love hiking.", 2)
    await said(worker, "Forget my address.", 3)
    [left] = worker.texts()
    assert "hiking" in left
