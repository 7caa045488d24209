"""A world whose talks go through the worker's own pipeline: every line is a fact, and a
script says how a newer one bears on an older one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shared.domain.extraction import Extraction
from shared.domain.job import Job, State
from shared.domain.memory import Memory
from shared.domain.passage import Talk
from tests.api.world import World
from tests.fakes.extractor import FakeExtractor
from tests.fakes.judge import ScriptedJudge
from tests.unit.pipeline.worker_bench import WorkerBench
from workers.pipeline.worker_context import Limits


class _DatedExtractor(FakeExtractor):
    """It knows when a line was said."""

    async def from_talk(self, talk: Talk) -> Extraction:
        read = await super().from_talk(talk)
        drafts = tuple(replace(d, said_at=d.happened_at) for d in read.drafts)
        return replace(read, drafts=drafts)


class ReadWorld:
    """What is said is merged with what is known, and stored, as a running system does it."""

    def __init__(self, world: World, script: Mapping[tuple[str, str], str]) -> None:
        """`script`: (older, newer) to their relation."""
        embedder: Any = world.embedder
        self.world = world
        self.leases = world.app.state.ports.leases
        self._worker = WorkerBench(
            memories=world.memories,
            messages=world.messages,
            jobs=world.jobs,
            knowledge_bases=world.knowledge_bases,
            profile_templates=world.profile_templates,
            sources=world.sources,
            progress_bus=world.progress_bus,
            leases=self.leases,
            tallies=world.tallies,
            embedder=embedder,
            extractor=_DatedExtractor(),
            judge=ScriptedJudge(script),
            limits=Limits(lease=600.0),
        )

    async def say(self, text: str, day: str = "", user: str = "ann") -> str:
        """A message of a user on a day; the id of its task."""
        message = {"role": "user", "content": text}
        if day:
            message["chat_time"] = f"{day} 12:00:00"
        body = {"user_id": user, "conversation_id": text[:60], "messages": [message]}
        return await self._worked_off("add/message", body)

    async def correct(self, text: str, user: str = "ann") -> str:
        """Feedback of a user; the id of its task."""
        body = {"user_id": user, "conversation_id": "talk", "feedback_content": text}
        return await self._worked_off("add/feedback", body)

    async def _worked_off(self, route: str, body: dict[str, Any]) -> str:
        task = str((await self.world.post(route, body)).data["task_id"])
        await self.work_off(self.world.jobs.stored[task])
        return task

    async def begin(self, job: Job) -> None:
        """What a worker does for a job, however it ends."""
        assert await self._worker.run(job) is None

    async def work_off(self, job: Job) -> None:
        """What a worker does for a job."""
        await self.begin(job)
        assert self.world.jobs.stored[job.id].state is State.COMPLETED
        self.world.queue.wipe()

    async def found(self, query: str, user: str = "ann", **more: Any) -> list[str]:
        """The texts of the facts and preferences that a search gives."""
        body = {"user_id": user, "query": query, "relativity": 0, **more}
        data = (await self.world.post("search/memory", body)).data
        facts = [row["memory_value"] for row in data["memory_detail_list"]]
        return facts + [row["preference"] for row in data["preference_detail_list"]]

    async def listed(self, user: str = "ann", **more: Any) -> list[str]:
        """The texts of the facts and preferences of a list."""
        body = {"user_id": user, "size": 50, **more}
        data = (await self.world.post("get/memory", body)).data
        facts = [row["memory_value"] for row in data["memory_detail_list"]]
        return facts + [row["preference"] for row in data["preference_detail_list"]]

    def memories(self) -> list[Memory]:
        """All that are stored, archived ones too."""
        return [entry.memory for entry in self.world.memories.stored.values()]

    def one(self, words: str) -> Memory:
        """The stored memory that has these words."""
        (memory,) = [memory for memory in self.memories() if words in memory.text]
        return memory
