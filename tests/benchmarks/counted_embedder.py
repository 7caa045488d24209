"""An embedder that counts the tokens of the texts it is given."""

from __future__ import annotations

from collections.abc import Sequence

from shared.adapters.onnx.session import text_tools
from shared.domain.searched_text import Searched, before_of, words_of
from shared.ports import Embedder

Vector = tuple[float, ...]


def token_count(text: str) -> int:
    """Tokens of a text by the vocabulary of the embedders, without start and end."""
    return len(text_tools().tokenizer.ids(text))


class CountedEmbedder:
    """The Embedder port on another one. `texts` and `queries` are what it was asked."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.size = embedder.name, embedder.size
        self._embedder = embedder
        self.texts: list[str] = []
        self.queries: list[str] = []

    @property
    def tokens(self) -> int:
        """Tokens of all passages and queries so far."""
        return sum(map(token_count, (*self.texts, *self.queries)))

    async def passages(self, texts: Sequence[Searched]) -> list[Vector]:
        """As the other one."""
        self.texts += [f"{before_of(text)}{words_of(text)}" for text in texts]
        return await self._embedder.passages(texts)

    async def query(self, text: str) -> Vector:
        """As the other one."""
        self.queries.append(text)
        return await self._embedder.query(text)
