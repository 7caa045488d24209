"""A worker context on fakes, and jobs to run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from shared.adapters.without_models import CautiousJudge, KeepingReader
from shared.domain.identity import computed_id
from shared.domain.job import Job, Options
from shared.domain.memory import Embedded, Memory, Origin, Status, Type
from shared.domain.message import FilePart, Message
from shared.domain.scope import Scope
from shared.errors import FileRejected
from shared.language.lexical import weigh
from shared.ports import ChatModel, Embedder, MessageReader, RelationJudge
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.extractor import FakeExtractor
from tests.fakes.jobs import FakeJobs
from tests.fakes.knowledge import FakeKnowledgeBases
from tests.fakes.leases import FakeLeases
from tests.fakes.memories import FakeMemories
from tests.fakes.messages import FakeMessages
from tests.fakes.profile_templates import FakeProfileTemplates
from tests.fakes.progress_bus import FakeProgressBus
from tests.fakes.queue import FakeQueue
from tests.fakes.sources import FakeSources
from tests.fakes.tallies import FakeTallies
from tests.fakes.vision import FakeVision
from workers.parsers.parse_file import FileLimits, parse
from workers.pipeline.runner import run_job
from workers.pipeline.worker_context import (
    Document,
    InstructionSource,
    Limits,
    WorkerContext,
)

SCOPE = Scope("project", "ana", "talk")
ARRIVED = 1_750_000_000_000


@dataclass(frozen=True)
class FakeFile:
    data: bytes
    name: str


@dataclass
class WorkerBench:
    """The fakes, each by its port's name, and the context made of them. `web` is what
    can be fetched.
    """

    memories: FakeMemories = field(default_factory=FakeMemories)
    messages: FakeMessages = field(default_factory=FakeMessages)
    jobs: FakeJobs = field(default_factory=FakeJobs)
    knowledge_bases: FakeKnowledgeBases = field(default_factory=FakeKnowledgeBases)
    profile_templates: FakeProfileTemplates = field(
        default_factory=FakeProfileTemplates
    )
    sources: FakeSources = field(default_factory=FakeSources)
    progress_bus: FakeProgressBus = field(default_factory=FakeProgressBus)
    leases: FakeLeases = field(default_factory=FakeLeases)
    queue: FakeQueue = field(default_factory=FakeQueue)
    tallies: FakeTallies = field(default_factory=FakeTallies)
    embedder: FakeEmbedder = field(default_factory=FakeEmbedder)
    embedder_of_names: Embedder | None = None
    extractor: Any = field(default_factory=FakeExtractor)
    reader: MessageReader = field(default_factory=KeepingReader)
    judge: RelationJudge = field(default_factory=CautiousJudge)
    limits: Limits = field(
        default_factory=lambda: Limits(
            attempts=3, passage_batch=2, draft_batch=4, back_off=1.0
        )
    )
    web: dict[str, FakeFile] = field(default_factory=dict)
    parsed: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    vision: FakeVision | None = None
    extract_model: ChatModel | None = None
    instructions: InstructionSource | None = None
    redact: tuple[str, ...] = ()
    parse_error: Exception | None = None
    """Raised in place of every parsing."""

    @property
    def context(self) -> WorkerContext:
        return WorkerContext(
            memories=self.memories,
            messages=self.messages,
            jobs=self.jobs,
            knowledge_bases=self.knowledge_bases,
            profile_templates=self.profile_templates,
            sources=self.sources,
            progress_bus=self.progress_bus,
            leases=self.leases,
            queue=self.queue,
            tallies=self.tallies,
            embedder=self.embedder,
            embedder_of_names=self.embedder_of_names,
            extractor=self.extractor,
            reader=self.reader,
            judge=self.judge,
            parse=self._parse,
            fetch=self._fetch,
            limits=self.limits,
            vision=self.vision,
            extract_model=self.extract_model,
            instructions=self.instructions,
            redact=self.redact,
        )

    async def run(self, job: Job) -> float | None:
        return await run_job(job.id, self.context)

    def job(self, job: Job) -> Job:
        """The job as it is kept by now."""
        return self.jobs.stored[job.id]

    async def accepted(
        self,
        *texts: str,
        files: tuple[FilePart, ...] = (),
        name: str = "job",
        scope: Scope = SCOPE,
        arrived: int = ARRIVED,
        options: Options | None = None,
        **job: Any,
    ) -> Job:
        """A job as the gateway leaves it: messages, the record, and a fast memory of the text."""
        id = computed_id(name)
        parts = [(text, ()) for text in texts] + ([("", files)] if files else [])
        messages = [
            Message(
                id=computed_id(id, position),
                scope=scope,
                role="user",
                text=text,
                content=text,
                spoken_at=datetime.fromtimestamp(arrived / 1000, UTC),
                arrived_at=arrived,
                position=position,
                job=id,
                files=sent,
            )
            for position, (text, sent) in enumerate(parts)
        ]
        await self.messages.put(messages)
        accepted = Job(
            **{
                "id": id,
                "scope": scope,
                "options": options or Options(),
                "created_at": arrived,
                "updated_at": arrived,
                "message_ids": tuple(message.id for message in messages),
                **job,
            }
        )
        await self.jobs.put(accepted)
        await self.memories.put(
            [_fast(message, accepted) for message in messages if message.text]
        )
        return accepted

    async def file(self, data: bytes, name: str = "") -> FilePart:
        """A part whose bytes wait in Sources."""
        return FilePart("file", source=await self.sources.put(data), name=name)

    def remembered(self, user: str = "ana", knowledge_base: str = "") -> list[Memory]:
        """What a search could bring up for a user, or in a knowledge base, in the order
        in which it was stored."""
        return [
            entry.memory
            for entry in self.memories.stored.values()
            if entry.memory.status is Status.ACTIVATED
            and entry.memory.knowledge_base == knowledge_base
            and (knowledge_base or entry.memory.scope.user == user)
        ]

    def texts(self, user: str = "ana", knowledge_base: str = "") -> list[str]:
        return [memory.text for memory in self.remembered(user, knowledge_base)]

    async def _parse(
        self, data: bytes, name: str, pages: int, progress: Callable[[int, int], None]
    ) -> Document:
        self.parsed.append(name)
        if self.parse_error:
            raise self.parse_error
        return parse(
            data,
            name,
            FileLimits(pages=pages, described_pictures=8 if self.vision else 0),
            progress,
        )

    async def _fetch(self, url: str) -> FakeFile:
        self.fetched.append(url)
        if url not in self.web:
            raise FileRejected("The file is not there.", code=40001)
        return self.web[url]


def _fast(message: Message, job: Job) -> Embedded:
    memory = Memory(
        id=computed_id(message.id, "fast"),
        scope=job.scope,
        type=Type.WORKING,
        text=f"user: {message.text}",
        fast=True,
        job=job.id,
        origins=(Origin((message.id,)),),
    )
    return Embedded(memory, weigh(memory.text))
