"""Embed: the vectors of some drafts, made before anybody's lease is taken for merging them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from shared.domain.extraction import Draft
from shared.domain.memory import Memory
from shared.domain.scope import Scope
from shared.language.search_text import searched_text
from shared.ports import Embedder

Vector = tuple[float, ...]

AT_ONCE = 4
"""Passages between two looks at the world: about a second of work. (More at once are no
faster with an embedder that takes them one by one.)
"""


async def embed(
    drafts: Sequence[Draft], embedder: Embedder, told: Callable[[int], Awaitable[None]]
) -> Remembering:
    """An embedder that knows what will be asked when these drafts are merged. On the
    way `told` is given how many are done.

    Merging needs the vectors, and holds the lease of its user. A page takes seconds to
    embed, and a sentence of the same user must not wait for a book: so the book's
    vectors are made before.
    """
    known = Remembering(embedder)
    for start in range(0, len(drafts), AT_ONCE):
        if start:
            await told(start)
        await known.passages(
            [_searched_text(draft) for draft in drafts[start : start + AT_ONCE]]
        )
    return known


class Remembering:
    """The Embedder port on another one, with every passage embedded once."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.size = embedder.name, embedder.size
        self._embedder = embedder
        self._vectors: dict[str, Vector] = {}

    async def passages(self, texts: Sequence[str]) -> list[Vector]:
        """One unit vector a text, in order."""
        new = list(dict.fromkeys(text for text in texts if text not in self._vectors))
        if new:
            self._vectors.update(
                zip(new, await self._embedder.passages(new), strict=True)
            )
        return [self._vectors[text] for text in texts]

    async def query(self, text: str) -> Vector:
        """The unit vector of a question."""
        return await self._embedder.query(text)


def _searched_text(draft: Draft) -> str:
    return searched_text(
        Memory("", Scope("", ""), draft.type, draft.text, context=draft.context)
    )
