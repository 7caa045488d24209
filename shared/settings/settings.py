"""Every setting of Souvenir: the environment is read here and nowhere else.

`deploy/env.example` lists the same names with the same defaults; a test holds the two together.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, cast

from shared.domain.model_role import ModelRole
from shared.settings.deployment_settings import DeploymentSettings
from shared.settings.model_settings import ModelSettings
from shared.settings.quota_settings import QuotaSettings
from shared.settings.read_variable import read_role, read_setting
from shared.settings.request_settings import RequestSettings
from shared.settings.rules import quoted
from shared.settings.security_settings import SecuritySettings
from shared.settings.webhook_settings import WebhookSettings

BAD_SETTING = 2
"""The exit code of a program whose settings cannot be read."""


# The fields of the last base come first, and in this order they are listed.
@dataclass(frozen=True)
class Settings(
    SecuritySettings,
    QuotaSettings,
    WebhookSettings,
    RequestSettings,
    ModelSettings,
    DeploymentSettings,
):
    """Frozen; each field's metadata holds the environment variable it is read from and
    what it means.
    """

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read all settings; a value that cannot be read, and a key that can be guessed,
        raises ValueError naming its variable.
        """
        env = os.environ if env is None else env
        given: dict[str, Any] = {}
        for item in fields(cls):
            if item.type == "ModelRole":
                default = cast(ModelRole, item.default)
                given[item.name] = read_role(env, item.metadata["env"], default)
                continue
            value = read_setting(env, item)
            if value is not None:
                given[item.name] = value
        settings = cls(**given)
        _require_address(settings)
        return settings

    @classmethod
    def from_env_or_exit(cls) -> Settings:
        """The same for a program: a value that cannot be read ends it with one line and
        the exit code 2.
        """
        try:
            return cls.from_env()
        except ValueError as error:
            sys.stderr.write(f"souvenir: {error}\n")
            raise SystemExit(BAD_SETTING) from None

    @property
    def sources_url(self) -> str:
        """Where raw files wait."""
        return self.sources or str(self.data / "sources")

    @property
    def calibration_file(self) -> Path:
        """Where the numbers of embedders lie that do not come along."""
        return Path(self.calibration or self.data / "calibration.json").expanduser()


def _require_address(settings: Settings) -> None:
    """An embedding model is asked somewhere."""
    if settings.embed_model in ("", "builtin"):
        return
    if not settings.endpoint(settings.embed).base_url:
        raise ValueError(
            f"{quoted('SOUVENIR_EMBED_MODEL', settings.embed_model)} needs SOUVENIR_EMBED_BASE_URL "
            "or OPENAI_BASE_URL"
        )
