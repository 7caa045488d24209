"""An API key: which project it opens, for whom, and what it may be used for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from shared.domain.identity import computed_id
from shared.domain.scope import agent_user

DEFAULT_PROJECT = "default"
"""The project of the first key. Whoever administers it administers all others."""


class KeyScope(StrEnum):
    """What a key may be used for. They do not contain each other."""

    READ = "read"
    """To search, list, export and chat without remembering."""
    WRITE = "write"
    """To add, change, import and delete."""
    ADMIN = "admin"
    """To see and change the project itself: keys, quotas, settings, the audit log."""


_PROJECT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
ALL_SCOPES = tuple(KeyScope)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret, of which only the SHA-256 is kept. Times are epoch
    milliseconds.
    """

    id: str
    """Computed from its hash: a key that is rotated gets another one."""
    project: str
    hash: str = ""
    """SHA-256 of the secret, in hex."""
    name: str = ""
    """For people."""
    scopes: tuple[KeyScope, ...] = ALL_SCOPES
    user: str = ""
    """The only user whose memories it opens; empty for all users of the project."""
    agent: str = ""
    """Instead of a user: the only agent whose own memories it opens."""
    hint: str = ""
    """The last characters of the secret, to tell keys apart."""
    created_at: int = 0
    expires_at: int = 0
    """From then on it opens nothing; 0 for never."""
    last_used_at: int = 0
    """Some minutes late; 0 when it was never used."""

    @property
    def owner(self) -> str:
        """The user id under which all lies that it opens; empty for a whole project."""
        return agent_user(self.agent) if self.agent else self.user

    @property
    def is_operator(self) -> bool:
        """Whether it administers all projects."""
        is_admin = KeyScope.ADMIN in self.scopes and not self.owner
        return is_admin and self.project == DEFAULT_PROJECT

    def has_expired(self, at: int) -> bool:
        """Whether it opens nothing at a moment (epoch milliseconds)."""
        return bool(self.expires_at) and at >= self.expires_at


def is_project_name(text: str) -> bool:
    """Whether a new project may be named so."""
    return _PROJECT_NAME.fullmatch(text) is not None


def key_id(hash: str) -> str:
    """The id of a key by the hash of its secret."""
    return computed_id("key", hash)
