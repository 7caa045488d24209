"""Whose memories: project, user, and optionally agent, app and conversation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

DEFAULT_CONVERSATION = "default_session"
"""The conversation of what is sent without one."""

RECORDS = "souvenir:records"
"""The app of records: what a program keeps word for word among a user's memories, until
it takes it away itself. What is said bears on no record, and searches give records only
where their filter names this app.
"""

_AGENT_PREFIX = "agent:"
_APP_PREFIX = "app:"
_RUN_PREFIX = "run:"
NO_USER_PREFIXES = (_AGENT_PREFIX, _APP_PREFIX, _RUN_PREFIX)
"""With these begin the user ids of what belongs to no user."""


def agent_user(agent: str) -> str:
    """The user id under which an agent keeps the memories that belong to no user
    (contract 1.1 and 1.2, `agent_id` without `user_id`).
    """
    return _AGENT_PREFIX + agent


def app_user(app: str) -> str:
    """The same for what is an app's alone: only mem0's clients add it."""
    return _APP_PREFIX + app


def run_user(conversation: str) -> str:
    """The same for what is a conversation's alone."""
    return _RUN_PREFIX + conversation


def is_of_user(user: str) -> bool:
    """Whether a user id is a user's, and not one of those above."""
    return not user.startswith(NO_USER_PREFIXES)


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
    as_of: int = 0
    """The moment (epoch milliseconds) as of which is searched: what held then, and not
    what holds now; 0 for now.
    """
