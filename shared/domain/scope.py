"""Whose memories: project, user, and optionally agent, app and conversation."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_CONVERSATION = "default_session"


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
