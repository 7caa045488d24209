"""Jobs: the truth about every one of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.collection_client import Table
from shared.adapters.qdrant.collections import DOCUMENT_BASE, DOCUMENT_FILE, JOBS, named
from shared.adapters.qdrant.filters import any_of, both, either, equal, with_ids
from shared.adapters.qdrant.job_record import JOB, delivery_payload
from shared.adapters.qdrant.records import REMARKED, point_id
from shared.domain.job import Job, State
from shared.domain.job_payload import Queue, Work

_DUE = "notice.due_at"
_UNFINISHED = [state.value for state in State if not state.final]
_RUN_AGAIN = [*_UNFINISHED, State.FAILED.value, State.DEAD.value]
_NAMED = ("receipts[].memory", "receipts[].other")
_SOURCES = ("body.source", "files[].source")


class QdrantJobs:
    """`shared.ports.Jobs`."""

    def __init__(self, client: AsyncQdrantClient, prefix: str) -> None:
        self._table = Table(client, named(prefix, JOBS))

    async def put(self, job: Job) -> None:
        """Write a job; the last one to do so is right."""
        await self._table.put(
            [q.PointStruct(id=point_id(job.id), vector={}, payload=JOB.payload(job))]
        )

    async def get(self, project: str | None, id: str) -> Job | None:
        """A job by id, of one project or, with None, of any."""
        for payload in await self._table.get([id]):
            job = JOB.value(payload)
            return job if project in (None, job.scope.project) else None
        return None

    async def unfinished(
        self, older_than: int, limit: int, since: int = 0
    ) -> list[Job]:
        """Jobs of all projects that have not ended and were last touched before a
        moment (epoch milliseconds), and not before another, longest waiting first.
        """
        where = both(
            any_of("state", _UNFINISHED),
            q.FieldCondition(key="updated_at", range=q.Range(gte=since, lt=older_than)),
        )
        payloads = await self._table.ordered(
            "updated_at", q.Direction.ASC, where, limit
        )
        return sorted(
            map(JOB.value, payloads), key=lambda job: (job.updated_at, job.id)
        )

    async def extractions(self, older_than: int, limit: int) -> list[Job]:
        """Extractions of all projects that were last touched before a moment (epoch
        milliseconds), longest untouched first.
        """
        where = both(
            equal("work", Work.EXTRACT),
            q.FieldCondition(key="updated_at", range=q.Range(lt=older_than)),
        )
        payloads = await self._table.ordered(
            "updated_at", q.Direction.ASC, where, limit
        )
        return sorted(
            map(JOB.value, payloads), key=lambda job: (job.updated_at, job.id)
        )

    async def dead(self, project: str, limit: int) -> list[Job]:
        """Jobs that ran out of tries, the last to do so first."""
        where = both(equal("scope.project", project), equal("state", State.DEAD))
        payloads = await self._table.ordered(
            "updated_at", q.Direction.DESC, where, limit
        )
        return sorted(
            map(JOB.value, payloads), key=lambda job: (-job.updated_at, job.id)
        )

    async def remarked(self, project: str, limit: int) -> list[Job]:
        """Completed jobs with remarks, the last to end first."""
        where = both(equal("scope.project", project), equal("replayable", REMARKED))
        payloads = await self._table.ordered(
            "updated_at", q.Direction.DESC, where, limit
        )
        return sorted(
            map(JOB.value, payloads), key=lambda job: (-job.updated_at, job.id)
        )

    async def of_user(
        self, project: str, user: str, limit: int, states: Collection[State] = ()
    ) -> list[Job]:
        """A user's jobs, newest first; only those in some states, where any are given."""
        own = [equal("scope.project", project), equal("scope.user", user)]
        return await self._newest(own, limit, states)

    async def latest(
        self, project: str, limit: int, states: Collection[State] = ()
    ) -> list[Job]:
        """The same of all users of a project."""
        return await self._newest([equal("scope.project", project)], limit, states)

    async def of_documents(
        self,
        project: str,
        knowledge_base: str,
        files: Sequence[str] = (),
        memories: Sequence[str] = (),
    ) -> list[Job]:
        """The jobs that read documents of a knowledge base, oldest first."""
        where = [
            equal("scope.project", project),
            equal(DOCUMENT_BASE, knowledge_base),
        ]
        if files:
            where.append(any_of(DOCUMENT_FILE, list(files)))
        if memories:
            where.append(_naming(memories))
        payloads = await self._table.all(both(*where))
        return sorted(
            map(JOB.value, payloads), key=lambda job: (job.created_at, job.id)
        )

    async def naming_memories(
        self, project: str, user: str, memories: Collection[str]
    ) -> list[Job]:
        """A user's jobs whose receipts name one of the memories, in no order."""
        if not memories:
            return []
        own = both(
            equal("scope.project", project),
            equal("scope.user", user),
            _naming(memories),
        )
        return [JOB.value(payload) for payload in await self._table.all(own)]

    async def with_files_to_read(self) -> list[Job]:
        """Those in the queue of files that have not ended, or may be run again."""
        where = both(
            equal("queue", Queue.FILES),
            either([any_of("state", _RUN_AGAIN), equal("replayable", REMARKED)]),
        )
        return [JOB.value(payload) async for payload in self._table.payloads(where)]

    async def of_completed_documents(self, sources: Collection[str]) -> list[Job]:
        """Those that have read a document in one of these Sources."""
        names = list(sources)
        where = both(
            equal("work", Work.DOCUMENT),
            equal("state", State.COMPLETED),
            either([any_of(field, names) for field in _SOURCES]),
        )
        return [JOB.value(payload) async for payload in self._table.payloads(where)]

    async def due_deliveries(self, at: int, limit: int) -> list[Job]:
        """Jobs of all projects whose webhooks are due at a moment (epoch milliseconds),
        longest due first.
        """
        where = both(q.FieldCondition(key=_DUE, range=q.Range(gt=0, lte=at)))
        payloads = await self._table.ordered(_DUE, q.Direction.ASC, where, limit)
        return sorted(
            map(JOB.value, payloads), key=lambda job: (job.delivery.due_at, job.id)
        )

    async def update_delivery(self, job: Job) -> None:
        """Write down how far a job's webhook is and nothing else, unless the job has
        changed meanwhile: it was replayed, or deleted.
        """
        unchanged = q.FieldCondition(
            key="updated_at", match=q.MatchValue(value=job.updated_at)
        )
        await self._table.set([(job.id, unchanged, delivery_payload(job.delivery))])

    async def _newest(
        self, conditions: list[q.Condition], limit: int, states: Collection[State]
    ) -> list[Job]:
        if states:
            words = [state.value for state in states]
            conditions = [*conditions, any_of("state", words)]
        payloads = await self._table.ordered(
            "sequence", q.Direction.DESC, both(*conditions), limit
        )
        return sorted(
            map(JOB.value, payloads), key=lambda job: (-job.created_at, job.id)
        )

    async def delete(self, project: str, ids: Sequence[str]) -> None:
        """Remove jobs by id."""
        if ids:
            in_project = equal("scope.project", project)
            await self._table.delete(both(in_project, with_ids(ids)))

    async def delete_where(self, project: str, user: str) -> None:
        """Remove all jobs of a user. Raises ValueError when one of them is missing."""
        if not project or not user:
            raise ValueError("delete_where needs a project and a user")
        await self._table.delete(
            both(equal("scope.project", project), equal("scope.user", user))
        )


def _naming(memories: Collection[str]) -> q.Condition:
    """That one of the receipts names one of the memories."""
    return either([any_of(field, list(memories)) for field in _NAMED])
