"""Jobs in a dict."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from shared.domain.job import Job, State
from shared.domain.job_payload import DocumentPayload, ExtractPayload, Queue
from tests.fakes.ids import canonical, looked_up


class FakeJobs:
    """`shared.ports.Jobs`. `stored` shows what is kept, by id."""

    def __init__(self) -> None:
        self.stored: dict[str, Job] = {}

    async def put(self, job: Job) -> None:
        self.stored[canonical(job.id)] = job

    async def get(self, project: str | None, id: str) -> Job | None:
        job = self.stored.get(looked_up(id))
        return job if job is not None and project in (None, job.scope.project) else None

    async def unfinished(
        self, older_than: int, limit: int, since: int = 0
    ) -> list[Job]:
        waiting = [
            job
            for job in self.stored.values()
            if not job.state.final and since <= job.updated_at < older_than
        ]
        return sorted(waiting, key=lambda job: (job.updated_at, job.id))[:limit]

    async def extractions(self, older_than: int, limit: int) -> list[Job]:
        old = [
            job
            for job in self.stored.values()
            if isinstance(job.payload, ExtractPayload) and job.updated_at < older_than
        ]
        return sorted(old, key=lambda job: (job.updated_at, job.id))[:limit]

    async def dead(self, project: str, limit: int) -> list[Job]:
        dead = [
            job
            for job in self.stored.values()
            if job.state is State.DEAD and job.scope.project == project
        ]
        return sorted(dead, key=lambda job: (-job.updated_at, job.id))[:limit]

    async def remarked(self, project: str, limit: int) -> list[Job]:
        jobs = [
            job
            for job in self.stored.values()
            if job.scope.project == project
            and job.state is State.COMPLETED
            and job.remarks
        ]
        return sorted(jobs, key=lambda job: (-job.updated_at, job.id))[:limit]

    async def of_user(
        self, project: str, user: str, limit: int, states: Collection[State] = ()
    ) -> list[Job]:
        everybodys = await self.latest(project, len(self.stored), states)
        return [job for job in everybodys if job.scope.user == user][:limit]

    async def latest(
        self, project: str, limit: int, states: Collection[State] = ()
    ) -> list[Job]:
        jobs = [
            job
            for job in self.stored.values()
            if job.scope.project == project and (not states or job.state in states)
        ]
        return sorted(jobs, key=lambda job: (-job.created_at, job.id))[:limit]

    async def of_documents(
        self,
        project: str,
        knowledge_base: str,
        files: Sequence[str] = (),
        memories: Sequence[str] = (),
    ) -> list[Job]:
        named = set(memories)
        jobs = [
            job
            for job in self.stored.values()
            if job.scope.project == project
            and isinstance(job.payload, DocumentPayload)
            and job.payload.knowledge_base == knowledge_base
            and (not files or job.payload.file in files)
            and (not named or named & job.named_memories)
        ]
        return sorted(jobs, key=lambda job: (job.created_at, job.id))

    async def naming_memories(
        self, project: str, user: str, memories: Collection[str]
    ) -> list[Job]:
        named = set(memories)
        return [
            job
            for job in self.stored.values()
            if (job.scope.project, job.scope.user) == (project, user)
            and named & job.named_memories
        ]

    async def with_files_to_read(self) -> list[Job]:
        return [
            job
            for job in self.stored.values()
            if job.queue is Queue.FILES and (not job.state.final or job.is_replayable)
        ]

    async def of_completed_documents(self, sources: Collection[str]) -> list[Job]:
        return [
            job
            for job in self.stored.values()
            if isinstance(job.payload, DocumentPayload)
            and job.state is State.COMPLETED
            and not {job.payload.source, *(f.source for f in job.files)}.isdisjoint(
                sources
            )
        ]

    async def due_deliveries(self, at: int, limit: int) -> list[Job]:
        due = [job for job in self.stored.values() if 0 < job.delivery.due_at <= at]
        return sorted(due, key=lambda job: (job.delivery.due_at, job.id))[:limit]

    async def update_delivery(self, job: Job) -> None:
        record = self.stored.get(looked_up(job.id))
        if record is not None and record.updated_at == job.updated_at:
            self.stored[canonical(job.id)] = replace(record, delivery=job.delivery)

    async def delete(self, project: str, ids: Sequence[str]) -> None:
        gone = {canonical(id) for id in ids}
        self.stored = {
            id: job
            for id, job in self.stored.items()
            if job.scope.project != project or id not in gone
        }

    async def delete_where(self, project: str, user: str) -> None:
        if not project or not user:
            raise ValueError("delete_where needs a project and a user")
        self.stored = {
            id: job
            for id, job in self.stored.items()
            if (job.scope.project, job.scope.user) != (project, user)
        }
