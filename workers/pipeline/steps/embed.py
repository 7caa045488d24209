"""Embed: the vectors of a batch of drafts.

Merging needs the vectors and holds the lease of its user. A page takes seconds to
embed, and a sentence of the same user must not wait for a book: so vectors are made
before the lease is taken.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.extraction import Draft
from shared.domain.job import Step
from shared.domain.memory import Memory
from shared.domain.scope import Scope
from shared.domain.searched_text import Searched, SearchedText
from shared.language.search_text import searched_text
from shared.ports import Embedder
from workers.pipeline.job_run import JobRun
from workers.pipeline.merge.pairs import is_from_file
from workers.pipeline.merge.sentences_of import sentences_of

Vector = tuple[float, ...]


async def embed(
    run: JobRun, drafts: Sequence[Draft], *, done: int, total: int
) -> CachedEmbedder:
    """An embedder that has the vectors which merging these drafts will ask for. For the
    figures: `done` of the job's `total` drafts came before these.
    """
    embedder = CachedEmbedder(run.context.embedder)
    size = run.context.limits.embed_batch
    for start in range(0, len(drafts), size):
        await run.progress(Step.EMBED, memories=total, memories_done=done + start)
        texts: list[SearchedText] = []
        for draft in drafts[start : start + size]:
            memory = Memory(
                "",
                Scope("", ""),
                draft.type,
                draft.text,
                context=draft.context,
                detail=draft.detail,
                origins=draft.origins,
            )
            texts.append(searched_text(memory))
            if not is_from_file(memory):
                texts += sentences_of(memory)
        await embedder.passages(texts)
    return embedder


class CachedEmbedder:
    """The Embedder port on another one, with every passage embedded once."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.size = embedder.name, embedder.size
        self._embedder = embedder
        self._vectors: dict[Searched, Vector] = {}

    async def passages(self, texts: Sequence[Searched]) -> list[Vector]:
        """One unit vector a text, in order."""
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if new:
            vectors = await self._embedder.passages(new)
            self._vectors.update(zip(new, vectors, strict=True))
        return [self._vectors[text] for text in texts]

    async def query(self, text: str) -> Vector:
        """The unit vector of a question."""
        return await self._embedder.query(text)
