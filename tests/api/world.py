"""A gateway and the status service on fakes of the ports, and a worker with the
simplest extraction there is.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

import httpx

from services.gateway.app import build_app
from services.status.app import build_app as build_status
from shared.domain.identity import computed_id
from shared.domain.job import (
    ExtractedMemory,
    Job,
    Outcome,
    Progress,
    Receipt,
    State,
)
from shared.domain.job_payload import ExtractPayload
from shared.domain.memory import Embedded, Memory, Origin, Type
from shared.domain.message import Message
from shared.domain.scope import Scope
from shared.domain.turn import QueueBounds, Turn
from shared.domain.vector_space import VectorSpace
from shared.errors import Unavailable
from shared.language.lexical import weigh
from shared.ports import Embedder, Reranker, Webhooks
from shared.settings import Settings
from shared.webhooks.announced_memories import announced
from shared.webhooks.endpoint_cache import EndpointCache
from shared.wiring import GatewayPorts
from tests.fakes.audit_trail import FakeAuditTrail
from tests.fakes.erasures import FakeErasures
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
from tests.fakes.vector_spaces import FakeVectorSpaces
from tests.fakes.webhook_endpoints import FakeOutbox, FakeWebhookEndpoints
from tests.fakes.webhooks import FakeWebhooks

KEY, OTHER_KEY, FIRST_KEY = "mpg-one", "mpg-other", "mpg-first"
CLOUD = "/api/openmem/v1"


class World:
    """A gateway and what stands around it. `working`: a worker takes every job as soon
    as it is enqueued.
    """

    def __init__(
        self,
        embedder: Embedder,
        *,
        working: bool = True,
        webhooks: Webhooks | None = None,
        reranker: Reranker | None = None,
        **settings: Any,
    ) -> None:
        self.memories, self.messages, self.jobs, self.knowledge_bases = (
            FakeMemories(),
            FakeMessages(),
            FakeJobs(),
            FakeKnowledgeBases(),
        )
        self.sources, self.progress_bus, self.in_flight = (
            FakeSources(),
            FakeProgressBus(),
            FakeInFlight(),
        )
        self.rates, self.webhooks = FakeRates(), webhooks
        self.profile_templates = FakeProfileTemplates()
        self.tallies = FakeTallies()
        self.projects, self.model_usage = FakeProjects(), FakeModelUsage()
        self.audit, self.heartbeats = FakeAuditTrail(), FakeHeartbeats()
        self.keys = FakeKeys({KEY: "one", OTHER_KEY: "other"})
        self.queue = _TakenQueue(self) if working else FakeQueue()
        self.settings = replace(Settings(api_key=FIRST_KEY), **settings)
        self.embedder, self.reranker = embedder, reranker
        self.bounds = QueueBounds()
        self.erasures = FakeErasures()
        self.webhook_endpoints, self.outbox = FakeWebhookEndpoints(), FakeOutbox()
        self.signed_calls = FakeWebhooks()
        self.spaces = FakeVectorSpaces(
            self.memories, VectorSpace(embedder.name, embedder.size)
        )
        status = httpx.ASGITransport(build_status(self.settings, self.ports))
        self.app = build_app(
            self.settings,
            self.ports,
            httpx.AsyncClient(transport=status, base_url="http://status"),
        )
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),
            base_url="http://gateway",
            headers={"Authorization": f"Token {KEY}"},
        )

    @property
    def ports(self) -> GatewayPorts:
        endpoints = EndpointCache(self.webhook_endpoints, 0)
        return GatewayPorts(
            announced(self.memories, endpoints, self.outbox),
            self.messages,
            self.jobs,
            self.knowledge_bases,
            self.keys,
            self.projects,
            self.sources,
            self.progress_bus,
            FakeLeases(),
            self.in_flight,
            self.queue,
            self.rates,
            self.profile_templates,
            self.model_usage,
            self.tallies,
            self.embedder,
            spaces=self.spaces,
            bounds=self.bounds,
            reranker=self.reranker,
            webhooks=self.webhooks,
            audit=self.audit,
            heartbeats=self.heartbeats,
            erasures=self.erasures,
            webhook_endpoints=self.webhook_endpoints,
            outbox=self.outbox,
            signed_calls=self.signed_calls,
        )

    async def __aenter__(self) -> World:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.client.aclose()

    async def post(self, path: str, body: Any = None, **more: Any) -> Answer:
        """POST below the Cloud's prefix, or at a path from the root."""
        return Answer(await self.client.post(_url(path), json=body, **more))

    async def get(self, path: str, **more: Any) -> Answer:
        return Answer(await self.client.get(_url(path), **more))

    async def remember(self, text: str, user: str = "ann", **more: Any) -> Memory:
        """A memory that is simply there."""
        memory = Memory(
            id=computed_id(user, text, more.get("knowledge_base", "")),
            scope=more.pop("scope", None) or _scope(user),
            type=more.pop("type", Type.WORKING),
            text=text,
            title=more.pop("title", text[:12]),
            created_at=1_765_376_340_736,
            updated_at=1_765_376_340_737,
            **more,
        )
        dense = (await self.embedder.passages([text]))[0]
        await self.memories.put([Embedded(memory, weigh(text), dense)])
        return memory

    async def work_off(self) -> None:
        """A worker does everything that waits in the queue."""
        for job, _ in self.queue.waiting:
            await work(self, job)
        self.queue.wipe()


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, taken apart."""

    response: httpx.Response

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def body(self) -> Any:
        return self.response.json()

    @property
    def code(self) -> int:
        return int(self.body["code"])

    @property
    def message(self) -> str:
        return str(self.body["message"])

    @property
    def data(self) -> Any:
        """The data of a good answer."""
        assert self.status == 200, (self.status, self.response.text)
        return self.body["data"]


def _url(path: str) -> str:
    return path if path.startswith(("/", "http://")) else f"{CLOUD}/{path}"


def _scope(user: str) -> Scope:
    return Scope("one", user, "monday")


class _TakenQueue(FakeQueue):
    """A queue from which a worker takes at once."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world
        self._tasks: set[asyncio.Task[None]] = set()

    async def enqueue(self, job: str, queue: str, turn: Turn = Turn()) -> None:
        await super().enqueue(job, queue, turn)
        task = asyncio.create_task(work(self._world, job))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def work(world: World, id: str) -> None:
    """What a worker does, with the simplest extraction there is: every user's message is a fact."""
    job = await world.jobs.get(None, id)
    assert job is not None
    made = [
        _fact(job, message)
        for message in await world.messages.get(job.scope.project, job.message_ids)
        if message.role == "user"
    ]
    made = [memory for memory in made if memory.text]
    done = job.ended(State.COMPLETED, job.created_at + 1)
    if isinstance(job.payload, ExtractPayload):
        extracted = [
            ExtractedMemory(memory.type, memory.text, memory.title) for memory in made
        ]
        done = replace(done, extracted=tuple(extracted))
    else:
        dense = (
            await world.embedder.passages([memory.text for memory in made])
            if made
            else []
        )
        await world.ports.memories.put(
            [
                Embedded(memory, weigh(memory.text), vector)
                for memory, vector in zip(made, dense, strict=True)
            ]
        )
        await world.memories.delete_where(job.scope.project, fast_of_job=job.id)
        done = replace(
            done,
            receipts=tuple(
                Receipt(memory.id, Outcome.STORED, memory.kind.value) for memory in made
            ),
        )
    await world.jobs.put(done)
    await world.progress_bus.publish(Progress(job.id, State.COMPLETED))


def _fact(job: Job, message: Message) -> Memory:
    return Memory(
        id=computed_id(job.scope.project, job.scope.user, message.text),
        scope=job.scope,
        type=Type.WORKING,
        text=message.text,
        title=message.text[:12],
        info=job.options.info,
        tags=job.options.tags,
        created_at=job.created_at,
        updated_at=job.created_at,
        origins=(Origin(message_ids=(message.id,)),),
        job=job.id,
        public=job.options.public,
        expires_at=job.options.expires_at,
        said_at=int(message.spoken_at.timestamp() * 1000),
    )


class Broken:
    """Any port whose service does not answer."""

    def __getattr__(self, name: str) -> Any:
        async def raises(*_: Any, **__: Any) -> Any:
            raise Unavailable(f"{name} does not answer")

        return raises
