"""Which model answers a chat, from the settings."""

from __future__ import annotations

from typing import Any

import pytest

from shared.domain.model_role import ModelRole
from shared.settings import Settings
from shared.wiring import chat_models, named_role

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


def test_each_role_may_have_an_endpoint_of_its_own() -> None:
    settings = Settings.from_env(
        {
            "OPENAI_BASE_URL": "https://models.test/v1",
            "OPENAI_API_KEY": "of-the-first",
            "SOUVENIR_EXTRACT_TIMEOUT_S": "600",
            "SOUVENIR_EXTRACT_EXTRA_BODY": '{"think": false}',
            "SOUVENIR_VISION_BASE_URL": "http://127.0.0.1:1/v1",
        }
    )
    extract, vision = map(settings.endpoint, (settings.extract, settings.vision))
    assert (extract.base_url, extract.api_key) == (
        "https://models.test/v1",
        "of-the-first",
    )
    assert (extract.timeout_s, extract.extra_body) == (600, {"think": False})
    assert (vision.base_url, vision.api_key) == ("http://127.0.0.1:1/v1", ""), (
        "a key goes to no other endpoint than its own"
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SOUVENIR_EXTRACT_CALLS", "many"),
        ("SOUVENIR_CHAT_EXTRA_BODY", "{think"),
        ("SOUVENIR_EXTRACT_FALLBACK", "hope"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=name):
        Settings.from_env({name: text})


def test_a_named_model_takes_the_limits_of_the_chat_where_it_names_none() -> None:
    named = {"slow": {"base_url": "http://127.0.0.1:1/v1", "timeout_s": 900}}
    settings = Settings(chat=ModelRole(calls=3), chat_models=named)
    role = named_role(settings, "slow")
    assert (role.timeout_s, role.calls, role.api_key) == (900, 3, "")


def test_a_named_model_with_an_unknown_setting_is_refused() -> None:
    settings = Settings(chat_models={"m": {"base_url": "http://x/v1", "colour": 1}})
    with pytest.raises(ValueError, match="colour"):
        chat_models(settings)
