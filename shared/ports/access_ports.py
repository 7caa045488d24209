"""Who may do what, how often, and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from shared.domain.api_key import ApiKey
from shared.domain.audit import AuditEntry
from shared.domain.erasure import ErasureReceipt
from shared.domain.project_settings import ProjectSettings


class Keys(Protocol):
    """API keys, stored as hashes; a key belongs to one project."""

    async def find(self, secret: str) -> ApiKey | None:
        """The key with that secret, an expired one too; None for an unknown one."""
        ...

    async def put(self, key: ApiKey) -> None:
        """Write a key. There is one for each hash."""
        ...

    async def of_project(self, project: str) -> list[ApiKey]:
        """The keys of a project, oldest first (`created_at`, then id)."""
        ...

    async def delete(self, project: str, id: str) -> None:
        """Remove a key: it opens nothing any more."""
        ...

    async def expire(self, project: str, id: str, at: int) -> None:
        """Write `expires_at` and nothing else; a key that has been removed meanwhile
        stays removed.
        """
        ...

    async def mark_used(self, project: str, id: str, at: int) -> None:
        """Write `last_used_at` and nothing else; a key that has been removed meanwhile
        stays removed.
        """
        ...


class Projects(Protocol):
    """What the owners of projects have set."""

    async def get(self, project: str) -> ProjectSettings:
        """The settings of a project; empty ones where nothing is set."""
        ...

    async def put(self, settings: ProjectSettings) -> None:
        """Write them whole. Raises `BadRequest` for text that is not valid Unicode."""
        ...


class Rates(Protocol):
    """Amounts used per minute, by name, counted over a sliding window."""

    async def take(self, name: str, amount: int, limit: int) -> float:
        """Use an amount if all of the last minute together stays within `limit`:
        returns 0, or the seconds after which it would, and then nothing is used. An
        amount larger than the limit fits where nothing was used. Not idempotent.
        """
        ...

    async def give_back(self, name: str, amount: int) -> None:
        """Return an amount that was taken and not used. Not idempotent."""
        ...


class AuditTrail(Protocol):
    """What was done with the keys of each project, and what was refused them."""

    async def put(self, entries: Sequence[AuditEntry]) -> None:
        """Write entries. Raises ValueError for an id that is no UUID."""
        ...

    async def latest(
        self, project: str, limit: int, before: int = 0, user: str = "", key: str = ""
    ) -> list[AuditEntry]:
        """At most `limit` entries, newest first (`at`, then id): those before a moment,
        about a user, of a key, where they are given.
        """
        ...

    async def trim(self, project: str, most: int) -> None:
        """Remove all but the newest entries of a project, so that at most so many stay."""
        ...

    async def rename(self, project: str, user: str, alias: str) -> None:
        """Write `alias` wherever a user's id stands in the entries of a project."""
        ...

    async def forget(self, project: str, until: int) -> None:
        """Remove the entries of a project up to a moment, that one included."""
        ...


class Erasures(Protocol):
    """Receipts of deletions, which are all that is left of what was deleted."""

    async def put(self, receipt: ErasureReceipt) -> None:
        """Write a receipt."""
        ...

    async def latest(
        self, project: str, limit: int, subject: str = ""
    ) -> list[ErasureReceipt]:
        """Those of a project, newest first (`at`, then id); of one subject, where it is
        named.
        """
        ...
