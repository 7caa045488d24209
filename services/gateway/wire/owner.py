"""Whose memories: a user's, or an agent's own."""

from __future__ import annotations

_AGENT = "agent:"


def agents_own(agent: str) -> str:
    """The user under whom an agent keeps the memories that are nobody else's (contract
    1.1 and 1.2, `agent_id` without `user_id`).
    """
    return _AGENT + agent
