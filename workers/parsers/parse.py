"""Bytes of a file -> a Document. `parse` runs here and now;
`workers.parsers.isolation.sandbox.parse_safely` in a limited process of its own.
"""

from __future__ import annotations

from workers.parsers.document import Document, Limits, Progress

__all__ = ["Document", "Limits", "Progress", "parse"]


def parse(
    data: bytes,
    name: str = "",
    limits: Limits = Limits(),
    progress: Progress | None = None,
) -> Document:
    """Read a file of any accepted kind, told by its content. `progress` gets (pages
    done, pages in all).

    Raises FileRejected: 40007 for a kind that is not accepted, 50104 for one too large,
    50107 for one that cannot be read.
    """
    from workers.parsers.dispatch import read
    from workers.parsers.document import build

    media_type, reading = read(data, limits, progress or _ignore, name)
    return build(reading, media_type, name)


def _ignore(done: int, total: int) -> None:
    """Nobody watches."""
