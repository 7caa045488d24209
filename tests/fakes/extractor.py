"""An Extractor that takes every line for a fact."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.extraction import Draft, Extraction
from shared.domain.memory import Origin, Type
from shared.domain.message import Message
from shared.domain.passage import Passage, Talk
from shared.ports import ExtractorCall


class FakeExtractor:
    """The Extractor port. `talks` and `passages` hold what it was given; `remark` comes
    with every extraction.
    """

    is_cheap = False

    def __init__(self, remark: str = "") -> None:
        self.talks: list[Talk] = []
        self.passages: list[Passage] = []
        self._remarks = (remark,) if remark else ()

    def talk_calls(self, talk: Talk) -> Sequence[ExtractorCall]:
        return (lambda earlier: self.from_talk(talk),)

    async def from_talk(self, talk: Talk) -> Extraction:
        self.talks.append(talk)
        drafts = []
        for message in talk.messages:
            lines = [line for line in message.text.splitlines() if line.strip()]
            drafts += [_fact(line, message) for line in lines]
        return Extraction(tuple(drafts), self._remarks)

    async def from_passages(self, passages: Sequence[Passage]) -> Extraction:
        self.passages.extend(passages)
        drafts = []
        for passage in passages:
            file, source, page = passage.file, passage.source, passage.page
            draft = Draft(
                type=Type.LONG_TERM,
                text=passage.text,
                title=passage.heading,
                tags=passage.tags,
                origins=(Origin(file=file, source=source, page=page),),
            )
            drafts.append(draft)
        return Extraction(tuple(drafts), self._remarks)


def _fact(line: str, message: Message) -> Draft:
    return Draft(
        type=Type.LONG_TERM,
        text=line,
        title=line[:40],
        origins=(Origin(message_ids=(message.id,)),),
        happened_at=int(message.spoken_at.timestamp() * 1000),
    )
