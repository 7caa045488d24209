"""Ids as the stores take them."""

from __future__ import annotations

from uuid import UUID


def canonical(id: str) -> str:
    """A UUID in its usual spelling; ValueError for anything else, as nothing else can be stored."""
    return str(UUID(id))


def looked_up(id: str) -> str:
    """The same for a look-up, which may be by anything a client sends: what is no UUID
    is not found.
    """
    try:
        return canonical(id)
    except ValueError:
        return ""
