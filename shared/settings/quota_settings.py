"""How much a project may ask and keep."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class QuotaSettings:
    """A part of `Settings`, where the fields are explained."""

    calls_per_minute: int = field(
        default=0,
        metadata={
            "env": "SOUVENIR_CALLS_PER_MINUTE",
            "says": "calls of a project in a minute; 0: any number",
        },
    )
    tokens_per_minute: int = field(
        default=0,
        metadata={
            "env": "SOUVENIR_TOKENS_PER_MINUTE",
            "says": "tokens sent by a project in a minute; 0: any number",
        },
    )
    max_memories: int = field(
        default=0,
        metadata={
            "env": "SOUVENIR_MAX_MEMORIES",
            "says": "memories of a project without a quota of its own; 0: any number",
        },
    )
    max_stored_mb: int = field(
        default=0,
        metadata={
            "env": "SOUVENIR_MAX_STORED_MB",
            "says": "the same of its messages and files, MB; 0: any number",
        },
    )
