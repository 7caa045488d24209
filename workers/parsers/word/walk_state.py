"""What the walk through a DOCX carries along: where it is, and what it puts off."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from shared.errors import FileRejected
from workers.parsers.zip_package import Relation

MAX_DEPTH = 100
"""Of elements in each other."""


@dataclass(frozen=True, slots=True)
class Context:
    """Where the walk is."""

    relations: dict[str, Relation]
    """Of the part of the package that is walked through."""
    depth: int = 0

    def deeper(self) -> Context:
        """One element further in. Raises FileRejected."""
        if self.depth >= MAX_DEPTH:
            raise FileRejected("The DOCX is nested too deeply.")
        return replace(self, depth=self.depth + 1)


@dataclass(slots=True)
class PendingParts:
    """What was met in a paragraph and follows at its end."""

    boxes: list[Any] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    """(part with the notes, id)."""
    instruction: str = ""
    """Of the field that the walk is in."""
    drawings: list[Relation] = field(default_factory=list)
