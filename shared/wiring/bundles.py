"""What each process is connected to, as ports."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from shared.domain.turn import QueueBounds
from shared.ports import (
    AuditTrail,
    ChatModel,
    Embedder,
    Erasures,
    Heartbeats,
    InFlight,
    Jobs,
    Keys,
    KnowledgeBases,
    Leases,
    Memories,
    MessageReader,
    Messages,
    ModelUsage,
    Outbox,
    Points,
    ProfileTemplates,
    ProgressBus,
    Projects,
    Queue,
    Rates,
    RelationJudge,
    Reranker,
    Sources,
    StoreState,
    Tallies,
    VectorSpaces,
    WebhookEndpoints,
    Webhooks,
)


@dataclass(frozen=True, slots=True)
class Ports:
    """What every process is connected to: storage and coordination."""

    memories: Memories
    messages: Messages
    jobs: Jobs
    knowledge_bases: KnowledgeBases
    keys: Keys
    projects: Projects
    sources: Sources
    progress_bus: ProgressBus
    leases: Leases
    in_flight: InFlight
    queue: Queue
    rates: Rates
    profile_templates: ProfileTemplates
    model_usage: ModelUsage
    tallies: Tallies
    audit: AuditTrail = field(kw_only=True)
    heartbeats: Heartbeats = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class GatewayPorts(Ports):
    """The gateway recalls and chats."""

    embedder: Embedder
    spaces: VectorSpaces | None = None
    """None: the embedder never changes."""
    bounds: QueueBounds = field(default_factory=QueueBounds)
    """How many jobs may wait."""
    reranker: Reranker | None = None
    chat_models: Mapping[str, ChatModel] = field(default_factory=dict)
    """By name, the default one under ""; empty without a model."""
    webhooks: Webhooks | None = None
    """To check the URLs of requests; None without a secret."""
    webhook_endpoints: WebhookEndpoints | None = None
    """Webhooks of projects; None: there are none."""
    outbox: Outbox | None = None
    """Events that wait to be delivered to them."""
    signed_calls: Webhooks | None = None
    """To check their URLs: each has a secret of its own."""
    points: Points | None = None
    """To copy everything, and to delete a project; None: this set-up cannot."""
    erasures: Erasures | None = None
    """Receipts of deletions; None: there are none."""


@dataclass(frozen=True, slots=True)
class StatusPorts(Ports):
    """The status service delivers webhooks."""

    webhooks: Webhooks | None = None
    """None without a secret: then none are sent."""
    webhook_endpoints: WebhookEndpoints | None = None
    """Webhooks of projects; None: there are none."""
    outbox: Outbox | None = None
    """Events that wait to be delivered to them."""
    signed_calls: Webhooks | None = None
    """To call them: each has a secret of its own."""


@dataclass(frozen=True, slots=True)
class WorkerPorts(Ports):
    """Workers extract, describe pictures and embed."""

    embedder: Embedder
    reader: MessageReader
    judge: RelationJudge
    embedder_of_names: Embedder | None = None
    """By which what an order names is compared; None: by that of the store."""
    spaces: VectorSpaces | None = None
    """None: the embedder never changes."""
    extract_model: ChatModel | None = None
    """None: the built-in extractor reads."""
    vision_model: ChatModel | None = None
    """None: pictures are not described."""


@dataclass(frozen=True, slots=True)
class SharedModels:
    """The models of a worker that come along, loaded before it forks."""

    reader: MessageReader
    judge: RelationJudge
    embedder: Embedder | None
    """None: the settings name an endpoint."""


@dataclass(frozen=True, slots=True)
class StorePorts:
    """Backup and restore copy what lasts, whatever it means."""

    points: Points
    sources: Sources
    spaces: VectorSpaces
    state: StoreState
    embedder: Callable[[], Awaitable[Embedder]]
    """Loads that of the store."""
    migrate: Callable[[], Awaitable[None]]
    """Brings the store to this release's schema."""
