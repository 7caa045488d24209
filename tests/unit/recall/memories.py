"""A small world to recall from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from services.gateway.recall.calibration import calibration_of
from services.gateway.recall.recall import Models, recall
from services.gateway.recall.recall_request import RecallRequest
from services.gateway.recall.scoring import ScoredMatch
from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.domain.identity import computed_id
from shared.domain.memory import Embedded, Kind, Memory, Type
from shared.domain.scope import Reach, Scope
from shared.language.lexical import weigh
from shared.language.search_text import searched_text, searched_words
from tests.fakes.memories import FakeMemories

NOON_OF_MAY_3 = 1_714_737_600_000
"""3 May 2024."""


@lru_cache(maxsize=1)
def embedder() -> OnnxEmbedder:
    """One for all tests: the model is loaded once."""
    return OnnxEmbedder()


class World:
    """The memories of one user, and questions to them."""

    def __init__(self) -> None:
        self.store = FakeMemories()

    async def remember(
        self,
        *texts: str,
        type: Type = Type.WORKING,
        conversation: str = "talk",
        **more: object,
    ) -> None:
        """One memory a text."""
        for text in texts:
            number = len(self.store.stored)
            memory = Memory(
                id=computed_id(number),
                scope=Scope("p", "ann", conversation),
                type=type,
                text=text,
                created_at=number,
                job="j",
            )
            memory = replace(memory, **more)  # type: ignore[arg-type]
            if memory.fast:
                await self.store.put([Embedded(memory, weigh(text))])
            else:
                await self.store.put(
                    [
                        Embedded(
                            memory,
                            searched_words(memory),
                            (await embedder().passages([searched_text(memory)]))[0],
                        )
                    ]
                )

    async def matches(
        self,
        query: str,
        kind: Kind = Kind.FACT,
        limit: int = 9,
        relativity: float = 0.0,
        **more: object,
    ) -> list[ScoredMatch]:
        """What comes back of one kind."""
        request = RecallRequest(
            Reach("p", "ann"),
            query,
            {kind: limit},
            relativity=relativity,
            now=NOON_OF_MAY_3,
        )
        return list((await self.all(replace(request, **more)))[kind])  # type: ignore[arg-type]

    async def all(self, request: RecallRequest) -> Mapping[Kind, list[ScoredMatch]]:
        """What comes back of every kind."""
        models = Models(embedder(), calibration_of(embedder().name))
        return (await recall(request, self.store, models)).matches

    async def texts(self, query: str, **more: object) -> list[str]:
        """The texts of the facts that come back."""
        return [match.memory.text for match in await self.matches(query, **more)]  # type: ignore[arg-type]
