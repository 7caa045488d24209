"""Bytes of a file -> a Document. `parse` runs in this process;
`workers.parsers.isolation.sandbox.parse_safely` in a limited process of its own.
"""

from __future__ import annotations

from workers.parsers.dispatch import parse_bytes
from workers.parsers.document import Document, FileLimits, Progress, build_document

__all__ = ["Document", "FileLimits", "Progress", "parse"]


def parse(
    data: bytes,
    name: str = "",
    limits: FileLimits = FileLimits(),
    progress: Progress | None = None,
) -> Document:
    """Parse a file of any accepted type, which is recognised by its content. `progress`
    gets (pages done, pages in all).

    Raises FileRejected: 40007 for a type that is not accepted, 50104 for a file too
    large, 50107 for one that cannot be read.
    """
    on_progress = progress or (lambda done, total: None)
    parsed = parse_bytes(data, limits, on_progress, name)
    return build_document(parsed, name)
