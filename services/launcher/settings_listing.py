"""`souvenir settings`: every setting, what it means and its default, as a file that a
shell or docker compose can read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.settings import Settings
from shared.settings.variables import variables

HEAD = (
    "# Every setting and its default; empty means not set. "
    "Made by `souvenir settings > deploy/env.example`."
)


def env_example() -> str:
    """The text of deploy/env.example."""
    defaults = Settings()
    blocks = [
        f"# {says}\n{name}={as_text(value)}"
        for name, says, value in variables(defaults)
    ]
    return "\n\n".join([HEAD, *blocks])


def as_text(value: Any) -> str:
    """The value as the environment would hold it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str() | int() | float() | Path():
            return str(value)
        case tuple():
            return ",".join(value)
        case Mapping():
            return json.dumps(dict(value)) if value else ""
    raise TypeError(f"no setting is a {type(value).__name__}")
