"""Which texts are about what an order names: what goes must not take anything along ("my
birthday" is not my mother's).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shared.language.lexical import without_date
from shared.ports import Embedder, MessageReader
from workers.pipeline.orders.likeness import is_person, likenesses
from workers.pipeline.orders.meant_network import fitted_for, meant_from, probabilities
from workers.pipeline.orders.telling_words import Named
from workers.pipeline.orders.topics import topics_of
from workers.pipeline.worker_context import WorkerContext

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

    async def about(self, named: Named, texts: Sequence[str]) -> list[bool]:
        """For each text whether it is about what is named."""
        return [is_meant(likely) for likely in await self.likelihoods(named, texts)]

    async def likelihoods(self, named: Named, texts: Sequence[str]) -> list[float]:
        """For each text how likely it is meant: by its words alone with an embedder that the
        network has not learned with.
        """
        if not texts:
            return []
        said = [plain(text) for text in texts]
        if not fitted_for(self.embedder.name):
            return [float(named.is_said_in(text)) for text in said]
        beside = await likenesses(self.embedder, self.reader, named, said)
        return [float(likely) for likely in probabilities(beside)]


def matcher_for(context: WorkerContext) -> Matcher:
    """That of a worker."""
    return Matcher(context.embedder_of_names or context.embedder, context.reader)


def is_meant(likely: float) -> bool:
    """Whether a text with this probability is about what is named."""
    return likely >= meant_from()


def shares_topic(likely: float) -> bool:
    """Whether it shares its topic at least."""
    return likely >= LOOSELY


def plain(text: str) -> str:
    """The words of a memory without its day and the label of its speaker."""
    for label in ("User: ", "用户："):
        text = text.removeprefix(label)
    return without_date(text)
