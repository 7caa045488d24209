"""The talks and lives of `training/data` that no model was trained on, as examples for
calibrate.py.

    python -m tests.benchmarks.unseen_talks FILE

Each talk is told to the real extractor and merge in this process, as one user; passages,
statements in the third person and those of lives, in one of the forms in which they may be
stored, are stored as they are. A question's relevant
memories are those that were read in the turns that answer it.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.gateway.ingest.inbound import read_messages
from services.gateway.schemas.messages import MessageIn
from shared.adapters.onnx.classifier import best_judge, best_reader
from shared.adapters.onnx.embedder import OnnxEmbedder, best_embedder
from shared.domain.identity import computed_id
from shared.domain.job import Job
from shared.domain.memory import Memory
from shared.domain.scope import Scope
from shared.ports import Embedder, MessageReader, RelationJudge
from tests.unit.pipeline.worker_bench import WorkerBench
from training.data import Talk, Turn, load_talks, split
from training.lives import load_lives, with_lives
from workers.pipeline.extract.builtin_extractor import BuiltInExtractor
from workers.pipeline.worker_context import Limits

USER = "user"
READY_MADE = frozenset({"memories", "document", "life"})
"""Kinds of talks whose turns are memories already."""
NOT_TOLD = frozenset({"tools"})
"""Kinds that are told by other messages than text."""
MAIN = ("en", "zh")
BEGAN = datetime(2026, 3, 1, 10, tzinfo=UTC)
NO_LIMIT = 100_000
"""Tokens of a message."""


@dataclass(frozen=True)
class Stored:
    """A memory, as calibrate.py takes it, and the turns that it was read in."""

    fields: dict[str, str]
    turns: frozenset[int]


async def main(path: Path) -> None:
    """Write the file."""
    talks, lives = split(load_talks())[1], split(load_lives())[1]
    unseen = with_lives(talks, lives, random.Random(1))
    embedder, judge = OnnxEmbedder(), best_judge()
    reader = best_reader(embedder)
    lines: list[str] = []
    for number, talk in enumerate(unseen):
        if talk.kind not in NOT_TOLD:
            stored = await remembered(talk, embedder, reader, judge)
            lines += examples(f"unseen-{number}", talk, stored)
    path.write_text("\n".join(lines) + "\n", "utf-8")


async def remembered(
    talk: Talk, embedder: Embedder, reader: MessageReader, judge: RelationJudge
) -> list[Stored]:
    """What is remembered of a talk."""
    if talk.kind in READY_MADE:
        return [
            Stored({"text": turn.text}, frozenset({place}))
            for place, turn in enumerate(talk.turns)
        ]
    worker = WorkerBench(
        embedder=embedder,  # type: ignore[arg-type]
        extractor=BuiltInExtractor(reader, best_embedder()),
        reader=reader,
        judge=judge,
        limits=Limits(),
    )
    at = int(BEGAN.timestamp() * 1000)
    scope, id = Scope("unseen", USER, "talk"), computed_id(talk.identity)
    sent = [message(turn, place, talk) for place, turn in enumerate(talk.turns)]
    said = read_messages(sent, at, "UTC", NO_LIMIT).messages_for(scope, id)
    await worker.messages.put(said)
    ids = [message.id for message in said]
    job = Job(id=id, scope=scope, message_ids=tuple(ids), created_at=at, updated_at=at)
    await worker.jobs.put(job)
    await worker.run(job)
    places = {id: place for place, id in enumerate(ids)}
    return [as_stored(memory, places) for memory in worker.remembered(USER)]


def message(turn: Turn, place: int, talk: Talk) -> MessageIn:
    """A turn as it is sent: people with names stand before their words."""
    at = (BEGAN + timedelta(minutes=place)).strftime("%Y-%m-%d %H:%M:%S")
    if turn.speaker in ("user", "assistant"):
        return MessageIn(role=turn.speaker, content=turn.text, chat_time=at)
    role = "user" if turn.speaker == talk.turns[0].speaker else "assistant"
    return MessageIn(role=role, content=f"{turn.speaker}: {turn.text}", chat_time=at)


def as_stored(memory: Memory, places: dict[str, int]) -> Stored:
    """`places`: of each message its place in the talk."""
    fields = {
        "text": memory.text,
        "context": memory.context,
        "speaker": memory.speaker,
        "kind": memory.kind.value,
        "conversation": memory.scope.conversation,
    }
    turns = {places[id] for origin in memory.origins for id in origin.message_ids}
    return Stored(fields, frozenset(turns))


def examples(store: str, talk: Talk, stored: Sequence[Stored]) -> Iterator[str]:
    """The lines of a talk; none for a question whose answer was not stored."""
    memories = [memory.fields for memory in stored]
    yield json.dumps({"store": store, "memories": memories}, ensure_ascii=False)
    language = talk.language if talk.language in MAIN else "other"
    for question in talk.questions:
        relevant = [
            place
            for place, memory in enumerate(stored)
            if memory.turns & set(question.evidence)
        ]
        if relevant or not question.evidence:
            kind = "request" if question.type == "request" else "unseen"
            group = f"{language} {kind}"
            line = {"store": store, "query": question.text}
            line |= {"relevant": relevant, "group": group}
            yield json.dumps(line, ensure_ascii=False)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
