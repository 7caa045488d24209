"""A user's memories, to which drafts are added as a worker does it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC

from shared.domain.extraction import Draft
from shared.domain.job import Job, Outcome
from shared.domain.memory import Memory, Status, Type
from shared.domain.scope import Scope
from shared.language.change_notes import with_news
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.judge import ScriptedJudge
from tests.fakes.memories import FakeMemories
from workers.pipeline.merge.merge_drafts import Merged, merge_drafts

JOB = Job(id="00000000-0000-0000-0000-000000000001", scope=Scope("p", "ann", "monday"))


@dataclass
class Store:
    """Memories and a judge. Every addition has a job of its own, unless one is given."""

    judge: ScriptedJudge = field(default_factory=ScriptedJudge)
    memories: FakeMemories = field(default_factory=FakeMemories)
    embedder: FakeEmbedder = field(default_factory=FakeEmbedder)
    now: int = 1_000_000

    async def add(self, *drafts: Draft, job: Job | None = None) -> Merged:
        self.now += 1_000
        job = job or replace(JOB, id=f"00000000-0000-0000-0000-{self.now:012}")
        merged = await merge_drafts(
            drafts, job, self.memories, self.embedder, self.judge, self.now
        )
        await self.memories.put(merged.new)
        await self.memories.archive(merged.archived)
        await self.memories.update_detail(merged.annotated)
        return merged

    def texts(self, status: Status = Status.ACTIVATED) -> list[str]:
        """As they are shown."""
        by_id = {entry.memory.id: entry.memory for entry in self.all()}
        return sorted(
            with_news(memory, by_id, UTC).text
            for memory in by_id.values()
            if memory.status is status
        )

    def archived(self) -> list[str]:
        return self.texts(Status.ARCHIVED)

    def all(self) -> list:  # type: ignore[type-arg]
        return list(self.memories.stored.values())

    def one(self, text: str) -> Memory:
        return next(entry.memory for entry in self.all() if entry.memory.text == text)


def fact(text: str, said_at: int = 0, **more: object) -> Draft:
    return replace(Draft(Type.WORKING, text), said_at=said_at, **more)  # type: ignore[arg-type]


def wish(text: str, said_at: int = 0, **more: object) -> Draft:
    return replace(Draft(Type.EXPLICIT, text), said_at=said_at, **more)  # type: ignore[arg-type]


def outcomes(merged: Merged) -> list[Outcome]:
    return [receipt.outcome for receipt in merged.receipts]
