"""The lease that whoever compares and writes an owner's memories holds meanwhile."""

from __future__ import annotations

from shared.domain.identity import computed_id


def owner_lease(project: str, user: str, knowledge_base: str = "") -> str:
    """Its name: of a knowledge base, where one is named, else of a user. Not the ids
    themselves: a name stays in Redis for a day, deleted or not.
    """
    if knowledge_base:
        return f"shelf:{computed_id(knowledge_base)}"
    return f"user:{computed_id(project, user)}"
