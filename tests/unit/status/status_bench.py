"""A status service on fakes."""

from __future__ import annotations

from typing import Any

import httpx

from services.status.app import build_app
from shared.domain.identity import computed_id
from shared.domain.job import Job
from shared.domain.scope import Scope
from shared.settings import Settings
from shared.wiring import StatusPorts
from tests.fakes.audit_trail import FakeAuditTrail
from tests.fakes.heartbeats import FakeHeartbeats
from tests.fakes.inflight import FakeInFlight
from tests.fakes.jobs import FakeJobs
from tests.fakes.keys import FakeKeys
from tests.fakes.knowledge import FakeKnowledgeBases
from tests.fakes.leases import FakeLeases
from tests.fakes.memories import FakeMemories
from tests.fakes.messages import FakeMessages
from tests.fakes.model_usage import FakeModelUsage
from tests.fakes.profile_templates import FakeProfileTemplates
from tests.fakes.progress_bus import FakeProgressBus
from tests.fakes.projects import FakeProjects
from tests.fakes.queue import FakeQueue
from tests.fakes.rates import FakeRates
from tests.fakes.sources import FakeSources
from tests.fakes.tallies import FakeTallies


def client_on(ports: StatusPorts) -> httpx.AsyncClient:
    """A client of a status service on these ports."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(build_app(Settings(), ports)),
        base_url="http://status",
    )


class StatusBench:
    """The fakes, and the service on them."""

    def __init__(self) -> None:
        self.memories, self.jobs, self.knowledge_bases = (
            FakeMemories(),
            FakeJobs(),
            FakeKnowledgeBases(),
        )
        self.progress_bus, self.leases, self.queue, self.in_flight = (
            FakeProgressBus(),
            FakeLeases(),
            FakeQueue(),
            FakeInFlight(),
        )
        self.tallies = FakeTallies()
        self.ports = StatusPorts(
            self.memories,
            FakeMessages(),
            self.jobs,
            self.knowledge_bases,
            FakeKeys(),
            FakeProjects(),
            FakeSources(),
            self.progress_bus,
            self.leases,
            self.in_flight,
            self.queue,
            FakeRates(),
            FakeProfileTemplates(),
            FakeModelUsage(),
            self.tallies,
            audit=FakeAuditTrail(),
            heartbeats=FakeHeartbeats(),
        )
        self.client = client_on(self.ports)

    async def job(
        self, name: str = "job", project: str = "one", user: str = "ana", **more: Any
    ) -> Job:
        job = Job(
            **{
                "id": computed_id(name),
                "scope": Scope(project, user),
                "created_at": 1,
                "updated_at": 1,
                **more,
            }
        )
        await self.jobs.put(job)
        return job

    async def get(self, path: str, project: str = "one", **query: Any) -> Any:
        answer = await self.client.get(path, params={"project": project, **query})
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    async def post(self, path: str, project: str = "one") -> Any:
        answer = await self.client.post(path, params={"project": project})
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    async def refused(
        self, method: str, path: str, project: str = "one"
    ) -> tuple[int, int]:
        """(HTTP status, code) of an answer that is none."""
        answer = await self.client.request(method, path, params={"project": project})
        return answer.status_code, answer.json()["code"]
