"""Which texts are about what an order names: what goes must not take anything along ("my
birthday" is not my mother's).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shared.domain.message_reading import Utterance
from shared.language.lexical import without_date
from shared.ports import Embedder, MessageReader
from workers.pipeline.orders.likeness import as_said, is_person, likenesses
from workers.pipeline.orders.meant_network import meant_from, probabilities
from workers.pipeline.orders.telling_words import Named
from workers.pipeline.orders.topics import topics_of

ANOTHERS = 0.85
"""Probability from which a text is about another person."""
LOOSELY = 0.15
"""Probability from which a text shares the topic of what is named, meant or not."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """Finds texts that are about what is named."""

    embedder: Embedder
    reader: MessageReader

    async def is_of_person(self, named: Named) -> bool:
        """Whether what is named is a person, or a person's."""
        topics = await topics_of(self.embedder)
        query = np.array([await self.embedder.query(named.text)], np.float32)
        return is_person(topics.scores(query)[0])

    async def are_of_others(self, texts: Sequence[str]) -> list[bool]:
        """For each text whether it surely is about another person than the user."""
        said = [Utterance(as_said(plain(text))) for text in texts]
        readings = await self.reader.read(said)
        return [reading.about.get("other", 0.0) >= ANOTHERS for reading in readings]

    async def about(
        self, named: Named, texts: Sequence[str], *, loosely: bool = False
    ) -> list[bool]:
        """For each text whether it is about what is named; `loosely`: whether what only
        shares its topic counts, too.
        """
        least = LOOSELY if loosely else meant_from()
        return [likely >= least for likely in await self.likelihoods(named, texts)]

    async def likelihoods(self, named: Named, texts: Sequence[str]) -> list[float]:
        """For each text how likely it is meant."""
        if not texts:
            return []
        said = [plain(text) for text in texts]
        beside = await likenesses(self.embedder, self.reader, named, said)
        return [float(likely) for likely in probabilities(beside)]


def plain(text: str) -> str:
    """The words of a memory without its day and the label of its speaker."""
    for label in ("User: ", "用户："):
        text = text.removeprefix(label)
    return without_date(text)
