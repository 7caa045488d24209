"""What is noted of calls, what is not kept, and which pages may call."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class SecuritySettings:
    """A part of `Settings`, where the fields are explained."""

    audit: str = field(
        default="changes",
        metadata={
            "env": "SOUVENIR_AUDIT",
            "says": "what the audit log holds: off, changes (and refusals), or all",
            "one_of": ("off", "changes", "all"),
        },
    )
    audit_entries: int = field(
        default=100_000,
        metadata={
            "env": "SOUVENIR_AUDIT_ENTRIES",
            "says": "entries of the audit log that stay, of one project",
        },
    )
    redact: tuple[str, ...] = field(
        default=(),
        metadata={
            "env": "SOUVENIR_REDACT",
            "says": "secrets that are taken out before storing (commas): keys, cards, passwords",
            "one_of": ("keys", "cards", "passwords"),
        },
    )
    cors_origins: tuple[str, ...] = field(
        default=(),
        metadata={
            "env": "SOUVENIR_CORS_ORIGINS",
            "says": "origins whose pages a browser lets call the API (commas); empty: none",
        },
    )
