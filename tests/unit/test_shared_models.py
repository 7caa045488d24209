"""Which models a worker loads before it forks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shared.settings import Settings
from shared.wiring import models_to_share


def test_all_that_come_along() -> None:
    models = models_to_share(Settings())
    assert models is not None
    assert models.embedder is not None


def test_no_embedder_where_an_endpoint_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def loaded(*_: Any, **__: Any) -> None:
        raise AssertionError("nobody would use it")

    monkeypatch.setattr("shared.adapters.onnx.embedder.OnnxEmbedder", loaded)
    given = {"OPENAI_BASE_URL": "http://shared/v1", "SOUVENIR_EMBED_MODEL": "m"}
    models = models_to_share(Settings.from_env(given))
    assert models is not None
    assert models.embedder is None


def test_none_where_one_cannot_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each process finds it out, and says so."""
    where = "shared.adapters.onnx.classifier.model_folder"
    monkeypatch.setattr(where, lambda _name: tmp_path)
    assert models_to_share(Settings()) is None
