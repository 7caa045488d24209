"""Knowledge bases and their files."""

from __future__ import annotations

from dataclasses import dataclass

DOCUMENT_FILE, SKILL_FILE = "document", "skill"
"""Values of `KnowledgeFile.kind`: a document is read for its facts, a skill is a
SKILL.md that becomes one memory.
"""


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """A project's named collection of documents; searched only when it is named."""

    id: str
    project: str
    name: str
    description: str = ""
    created_at: int = 0
    """Epoch milliseconds."""


@dataclass(frozen=True, slots=True)
class KnowledgeFile:
    """One document of a knowledge base."""

    id: str
    knowledge_base: str
    project: str
    name: str
    source: str = ""
    """Name of its bytes in Sources; empty until a file behind a URL has been fetched."""
    url: str = ""
    size: int = 0
    """Bytes; 0 when unknown."""
    status: str = "running"
    """running, completed or failed."""
    code: int = 0
    """0, or the contract's code of why it failed."""
    message: str = ""
    """Why it failed, for people."""
    job: str = ""
    """The job that reads it; a file that is sent again gets another one."""
    kind: str = DOCUMENT_FILE
    created_at: int = 0
    """Epoch milliseconds."""
