"""Whose memories: project, user, and optionally agent, app and conversation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

DEFAULT_CONVERSATION = "default_session"
"""The conversation of what is sent without one."""

_AGENT_PREFIX = "agent:"


def agent_user(agent: str) -> str:
    """The user id under which an agent keeps the memories that belong to no user
    (contract 1.1 and 1.2, `agent_id` without `user_id`).
    """
    return _AGENT_PREFIX + agent


class Label(StrEnum):
    """The parts of a scope by which memories can be counted."""

    USER = "user"
    AGENT = "agent"
    APP = "app"
    CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a message came from and whom its memories belong to. A project never sees
    another's memories, a user only the public ones of others; conversation, agent and
    app are labels.
    """

    project: str
    user: str
    """Empty for the documents of a knowledge base."""
    conversation: str = DEFAULT_CONVERSATION
    agent: str = ""
    app: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """Which memories one query may see: the user's own, and those below."""

    project: str
    user: str
    knowledge_bases: tuple[str, ...] = ()
    """Ids of those whose memories are searched."""
    all_knowledge_bases: bool = False
    """Whether every knowledge base of the project is searched."""
    public: bool = True
    """Whether the project's public memories are searched."""
    everybody: bool = False
    """Whether the own memories of all users of the project are searched, and not only
    those of `user`.
    """
    expired: bool = False
    """Whether memories are searched although they have expired."""
