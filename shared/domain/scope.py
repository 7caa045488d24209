"""Whose memories: project, user, and optionally agent, app and conversation."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_CONVERSATION = "default_session"
"""The conversation of what is sent without one."""

_AGENT_PREFIX = "agent:"


def agent_user(agent: str) -> str:
    """The user id under which an agent keeps the memories that belong to no user
    (contract 1.1 and 1.2, `agent_id` without `user_id`).
    """
    return _AGENT_PREFIX + agent


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a source came from and where its memories belong. Project and user are
    walls, the rest are labels.
    """

    project: str
    user: str
    conversation: str = DEFAULT_CONVERSATION
    agent: str = ""
    app: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """What one question may see.

    The user's own memories, the project's public ones, and those of the named knowledge bases
    (`all_knowledge_bases` for every one of the project).
    """

    project: str
    user: str
    knowledge_bases: tuple[str, ...] = ()
    all_knowledge_bases: bool = False
    public: bool = True
