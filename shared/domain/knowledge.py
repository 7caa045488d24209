"""Knowledge bases and their files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """A project's named shelf of documents; searched only when it is named."""

    id: str
    project: str
    name: str
    description: str = ""
    created_at: int = 0


@dataclass(frozen=True, slots=True)
class KnowledgeFile:
    """One document on a shelf; `status` is running, completed or failed, `size` in bytes."""

    id: str
    knowledge_base: str
    project: str
    name: str
    source: str = ""
    url: str = ""
    size: int = 0
    status: str = "running"
    code: int = 0
    message: str = ""
    job: str = ""
    kind: str = "document"
    created_at: int = 0
