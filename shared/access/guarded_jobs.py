"""The jobs that one request may touch."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from shared.access.access import Access
from shared.domain.job import Job, State
from shared.errors import Forbidden
from shared.ports import Jobs


class GuardedJobs:
    """`shared.ports.Jobs`. Those of others are as if they were not there."""

    def __init__(self, jobs: Jobs, access: Access) -> None:
        self._jobs, self._access = jobs, access

    async def put(self, job: Job) -> None:
        self._access.require_scope(job.scope)
        if job.options.public or job.options.knowledge_bases:
            self._access.require_whole_project(job.scope.project)
        await self._jobs.put(job)
        self._access.note([job.id])

    async def get(self, project: str | None, id: str) -> Job | None:
        self._access.require_project(project)
        job = await self._jobs.get(project, id)
        return job if job is not None and self._access.owns(job.scope) else None

    async def unfinished(
        self, older_than: int, limit: int, since: int = 0
    ) -> list[Job]:
        return self._own(await self._jobs.unfinished(older_than, limit, since))

    async def extractions(self, older_than: int, limit: int) -> list[Job]:
        raise Forbidden("that concerns every project")

    async def dead(self, project: str, limit: int) -> list[Job]:
        self._access.require_project(project)
        return self._own(await self._jobs.dead(project, limit))

    async def remarked(self, project: str, limit: int) -> list[Job]:
        self._access.require_project(project)
        return self._own(await self._jobs.remarked(project, limit))

    async def of_user(
        self, project: str, user: str, limit: int, states: Collection[State] = ()
    ) -> list[Job]:
        self._access.require_user(project, user)
        return await self._jobs.of_user(project, user, limit, states)

    async def latest(
        self, project: str, limit: int, states: Collection[State] = ()
    ) -> list[Job]:
        self._access.require_project(project)
        if self._access.owner:
            return await self._jobs.of_user(project, self._access.owner, limit, states)
        return await self._jobs.latest(project, limit, states)

    async def of_documents(
        self,
        project: str,
        knowledge_base: str,
        files: Sequence[str] = (),
        memories: Sequence[str] = (),
    ) -> list[Job]:
        self._access.require_project(project)
        return self._own(
            await self._jobs.of_documents(project, knowledge_base, files, memories)
        )

    async def naming_memories(
        self, project: str, user: str, memories: Collection[str]
    ) -> list[Job]:
        self._access.require_user(project, user)
        return await self._jobs.naming_memories(project, user, memories)

    async def with_files_to_read(self) -> list[Job]:
        raise Forbidden("that concerns every project")

    async def of_completed_documents(self, sources: Collection[str]) -> list[Job]:
        raise Forbidden("that concerns every project")

    async def due_deliveries(self, at: int, limit: int) -> list[Job]:
        raise Forbidden("that concerns every project")

    async def update_delivery(self, job: Job) -> None:
        self._access.require_scope(job.scope)
        await self._jobs.update_delivery(job)

    async def delete(self, project: str, ids: Sequence[str]) -> None:
        self._access.require_project(project)
        if self._access.owner:
            ids = [id for id in ids if await self.get(project, id) is not None]
        await self._jobs.delete(project, ids)

    async def delete_where(self, project: str, user: str) -> None:
        self._access.require_user(project, user)
        await self._jobs.delete_where(project, user)

    def _own(self, jobs: list[Job]) -> list[Job]:
        return [job for job in jobs if self._access.owns(job.scope)]
