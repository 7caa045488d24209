"""Models that compute what a text is once: for measurements that compare the same texts often."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.message_reading import Reading, Utterance
from shared.domain.searched_text import Searched
from shared.ports import Embedder, MessageReader


class RememberedVectors:
    """In front of an embedder."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name = embedder.name
        self.size = embedder.size
        self._queries: dict[str, tuple[float, ...]] = {}
        self._passages: dict[Searched, tuple[float, ...]] = {}

    async def query(self, text: str) -> tuple[float, ...]:
        """The vector of a query."""
        if text not in self._queries:
            self._queries[text] = await self._embedder.query(text)
        return self._queries[text]

    async def passages(self, texts: Sequence[Searched]) -> list[tuple[float, ...]]:
        """The vectors of texts."""
        new = [text for text in dict.fromkeys(texts) if text not in self._passages]
        if new:
            vectors = await self._embedder.passages(new)
            self._passages |= dict(zip(new, vectors, strict=True))
        return [self._passages[text] for text in texts]


class RememberedReadings:
    """In front of a reader of messages."""

    def __init__(self, reader: MessageReader) -> None:
        self._reader = reader
        self._readings: dict[Utterance, Reading] = {}

    async def read(
        self, messages: Sequence[Utterance], *, urgent: bool = False
    ) -> list[Reading]:
        """What each message is."""
        new = [said for said in dict.fromkeys(messages) if said not in self._readings]
        if new:
            readings = await self._reader.read(new, urgent=urgent)
            self._readings |= dict(zip(new, readings, strict=True))
        return [self._readings[said] for said in messages]
