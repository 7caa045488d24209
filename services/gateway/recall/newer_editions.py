"""Of a file that was uploaded again, what the newer edition says goes first: "the fee is 45"
before "the fee is 30", where the passages otherwise say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from services.gateway.recall.moving_up import moved_up
from services.gateway.recall.scoring import ScoredMatch
from shared.domain.memory import Memory
from shared.language.words import terms

_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic")
SHARED = 0.5
"""Share of the terms of two passages that both have, from which they are two editions of one:
the passages of one edition on like matters share less."""


def newer_editions_first(matches: Sequence[ScoredMatch]) -> list[ScoredMatch]:
    """The matches, best first, each passage before that of an older edition of its file."""
    return moved_up(matches, _is_newer_edition)


def _is_newer_edition(newer: ScoredMatch, older: ScoredMatch) -> bool:
    new, old = newer.memory, older.memory
    files = _files(new)
    if not files or new.created_at <= old.created_at or _sources(new) & _sources(old):
        return False
    if _place(new) != _place(old):
        return False
    return bool(files & _files(old)) and _are_alike(new.text, old.text)


def _place(memory: Memory) -> tuple[str, str]:
    """Whose it is, or of which knowledge base: files of one name elsewhere are others."""
    return memory.scope.user, memory.knowledge_base


def _files(memory: Memory) -> set[str]:
    """The names of the documents that it is from. A picture's name says little: many are
    called image.png, and one that was sent without a name is "file 1".
    """
    names = {origin.file for origin in memory.origins}
    return {name for name in names if _suffix(name) not in ("", *_PICTURES)}


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()


def _sources(memory: Memory) -> set[str]:
    return {origin.source for origin in memory.origins if origin.source}


def _are_alike(text: str, other: str) -> bool:
    said, also = frozenset(terms(text)), frozenset(terms(other))
    return len(said & also) >= SHARED * len(said | also)
