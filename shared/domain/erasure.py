"""That something was deleted: what a deletion leaves behind, without anything of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shared.domain.identity import digest


class Erased(StrEnum):
    """What was deleted."""

    USER = "user"
    MEMORIES = "memories"
    KNOWLEDGE_BASE = "knowledge_base"
    FILES = "files"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class ErasureReceipt:
    """One deletion."""

    id: str
    project: str
    """Of whoever asked for it."""
    at: int
    """Epoch milliseconds."""
    what: Erased
    subject: str
    """The digest of the id that was deleted (`subject_of`): the id itself is gone, and who
    knows it can ask whether it was deleted. "" where there was no one id.
    """
    by: str = ""
    """The last characters of the API key."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many of what."""


def subject_of(project: str, id: str) -> str:
    """What a receipt has of the id of a user, a knowledge base or a project."""
    return (
        digest(f"erased\x1f{project}\x1f{id}".encode("utf-8", "replace")) if id else ""
    )
