"""The settings as they are in force, without what must stay secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from services.gateway.schemas.console import Setting
from shared.settings import Settings

SECRETS = frozenset(
    (
        "api_key",
        "qdrant_api_key",
        "openai_api_key",
        "webhook_secret",
        "redis_url",
        "qdrant_url",
        "sources",
        "chat_models",
        "webhook_url",
    )
)
"""Keys, and addresses that may hold one: only whether they are set is shown."""
_SECRET_WORDS = ("key", "secret", "password", "token")


def settings_view(settings: Settings) -> list[Setting]:
    """Every setting, in the order of its declaration."""
    defaults = Settings()
    return [
        Setting(
            name=item.metadata["env"],
            meaning=item.metadata["says"],
            value=value_of(item.name, getattr(settings, item.name)),
            default=getattr(settings, item.name) == getattr(defaults, item.name),
            secret=is_secret(item.name),
        )
        for item in fields(Settings)
    ]


def is_secret(name: str) -> bool:
    """Whether a setting is a secret, or may hold one. A name that looks like one is,
    so that a new setting is not shown by oversight; limits on tokens are none.
    """
    parts = name.split("_")
    return name in SECRETS or any(word in parts for word in _SECRET_WORDS)


def value_of(name: str, value: Any) -> str:
    """The value for people; of a secret one only "set", where it is."""
    if is_secret(name):
        return "set" if value else ""
    if isinstance(value, Mapping):
        return ", ".join(value)
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return str(value)
