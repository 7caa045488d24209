"""An Extractor that takes every line for a fact."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.extraction import Draft, Extraction
from shared.domain.memory import Origin, Type
from shared.domain.passage import Passage, Talk


class FakeExtractor:
    """The Extractor port. `talks` and `passages` hold what it was asked to read;
    `remark` is said of every reading.
    """

    def __init__(self, remark: str = "") -> None:
        self.talks: list[Talk] = []
        self.passages: list[Passage] = []
        self._remarks = (remark,) if remark else ()

    async def from_talk(self, talk: Talk) -> Extraction:
        self.talks.append(talk)
        return Extraction(
            tuple(
                Draft(
                    type=Type.LONG_TERM,
                    text=line,
                    title=line[:40],
                    origins=(Origin(message_ids=(message.id,)),),
                    happened_at=int(message.spoken_at.timestamp() * 1000),
                )
                for message in talk.messages
                for line in message.text.splitlines()
                if line.strip()
            ),
            self._remarks,
        )

    async def from_passages(self, passages: Sequence[Passage]) -> Extraction:
        self.passages.extend(passages)
        return Extraction(
            tuple(
                Draft(
                    type=Type.LONG_TERM,
                    text=passage.text,
                    title=passage.heading,
                    tags=passage.tags,
                    origins=(
                        Origin(
                            file=passage.file, source=passage.source, page=passage.page
                        ),
                    ),
                )
                for passage in passages
            ),
            self._remarks,
        )
