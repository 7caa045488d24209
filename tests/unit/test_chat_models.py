"""Which model answers a chat, from the settings."""

from __future__ import annotations

from typing import Any

import pytest

from shared.settings import Settings
from shared.wiring import chat_models

OUTSIDE = {"openai_base_url": "https://models.test/v1"}
NAMED = {
    "chat_models": {
        "here": {"base_url": "http://127.0.0.1:1/v1"},
        "there": {"base_url": "http://127.0.0.1:2/v1", "model": "large"},
    }
}


@pytest.mark.parametrize(
    ("given", "names", "default"),
    [
        ({}, set(), None),
        (OUTSIDE, set(), None),
        ({**OUTSIDE, "chat_model": "outside"}, {"", "outside"}, "outside"),
        (NAMED, {"", "here", "there"}, "here"),
        ({**NAMED, "chat_model": "there"}, {"", "here", "there"}, "there"),
        ({**NAMED, **OUTSIDE, "chat_model": "there"}, {"", "here", "there"}, "there"),
        (
            {**NAMED, **OUTSIDE, "chat_model": "outside"},
            {"", "here", "there", "outside"},
            "outside",
        ),
    ],
)
def test_a_name_in_the_list_comes_before_the_endpoint_of_all(
    given: dict[str, Any], names: set[str], default: str | None
) -> None:
    models = chat_models(Settings(**given))
    assert set(models) == names
    assert models.get("") is (models[default] if default else None)
