"""Lets what loads at first use load before it is used."""

from __future__ import annotations

from datetime import UTC, datetime

from shared.domain.message import Message
from shared.domain.passage import Talk
from shared.domain.scope import Scope
from shared.ports import Embedder, MessageReader, RelationJudge
from workers.pipeline.orders.topics import topics_of

_TEXT = "Two weeks ago I moved to a flat near the river."


async def warm_up(
    reader: MessageReader, judge: RelationJudge, embedder: Embedder | None
) -> None:
    """The models, the dates, the topics that orders are compared with: about two seconds.
    Not the dictionary of Chinese (32 MB, .2 s): with the first Chinese. Raises what the
    embedder raises.
    """
    from workers.pipeline.extract.builtin_extractor import BuiltInExtractor

    message = Message(
        id=_TEXT,
        scope=Scope("", ""),
        role="user",
        text=_TEXT,
        content=_TEXT,
        spoken_at=datetime.now(UTC),
        arrived_at=0,
        position=0,
        job="",
    )
    # Not the extractor of the worker: a language model would be asked, and paid.
    await BuiltInExtractor(reader).from_talk(Talk((message,)))
    await judge.judge([(_TEXT, _TEXT)])
    if embedder is not None:
        await embedder.passages([_TEXT])
        await topics_of(embedder)
