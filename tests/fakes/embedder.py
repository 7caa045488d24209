"""An Embedder that counts letters: the same words have the same vector, similar words
similar ones. No model is loaded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from zlib import crc32

from shared.domain.searched_text import Searched, words_of

_SIZE = 384


class FakeEmbedder:
    """The Embedder port. `read` holds every text that was embedded, in order."""

    name = "letters"
    size = _SIZE

    def __init__(self) -> None:
        self.read: list[str] = []

    async def passages(self, texts: Sequence[Searched]) -> list[tuple[float, ...]]:
        words = list(map(words_of, texts))
        self.read.extend(words)
        return list(map(_vector, words))

    async def query(self, text: str) -> tuple[float, ...]:
        return _vector(text)


def _vector(text: str) -> tuple[float, ...]:
    """Its triples of letters, counted into places that their hash chooses."""
    counts = [0.0] * _SIZE
    padded = f"  {' '.join(text.lower().split())} "
    for start in range(len(padded) - 2):
        counts[crc32(padded[start : start + 3].encode("utf-8", "replace")) % _SIZE] += (
            1.0
        )
    length = math.hypot(*counts) or 1.0
    return tuple(count / length for count in counts)
