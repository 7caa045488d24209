"""Every variable of the environment that a setting is read from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from shared.domain.model_role import ModelRole
from shared.settings.role_variables import ROLE_VARIABLES
from shared.settings.settings import Settings


def variables(settings: Settings) -> Iterator[tuple[str, str, Any]]:
    """Each environment variable, what it means, and its value in these settings."""
    for item in fields(Settings):
        value, name = getattr(settings, item.name), item.metadata["env"]
        if not isinstance(value, ModelRole):
            yield name, item.metadata["says"], value
            continue
        for field_name, (suffix, says) in ROLE_VARIABLES.items():
            if field_name in item.metadata.get("without", ()):
                continue
            meaning = f"{item.metadata['says']}: {says}"
            yield f"{name}_{suffix}", meaning, getattr(value, field_name)
