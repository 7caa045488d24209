"""What Souvenir needs of the world: one protocol for each kind of store or service, with
no type of an SDK in a signature.

What holds for all of them:

- Everything is async but computation. Every async method raises `Unavailable` when its
  service does not answer; the methods name only what they raise besides.
- A write is visible to every reader when it returns.
- Writing the same value again changes nothing: ids are computed, and a value replaces
  the one of the same id. So everything may be tried again.
- A delete of what is not there does nothing.
- Times are epoch milliseconds, durations seconds.
- `project` is a wall: a method returns and changes only what belongs to it. An id of
  another project, or a text that is no id at all, is as one that does not exist.

The same tests run on every adapter and on the fakes: tests/contract.
"""

from __future__ import annotations

from shared.ports.access_ports import AuditTrail, Erasures, Keys, Projects, Rates
from shared.ports.memory_ports import (
    Memories,
    MemoryReader,
    MemoryWriter,
    Points,
    VectorSpaces,
)
from shared.ports.model_ports import (
    ChatModel,
    Embedder,
    Extractor,
    ExtractorCall,
    MessageReader,
    RelationJudge,
    Reranker,
)
from shared.ports.operation_ports import Heartbeats, ModelUsage, StoreState, Tallies
from shared.ports.source_ports import (
    KnowledgeBases,
    Messages,
    ProfileTemplates,
    Sources,
)
from shared.ports.webhook_ports import Outbox, WebhookEndpoints, Webhooks
from shared.ports.work_ports import InFlight, Jobs, Leases, ProgressBus, Queue

__all__ = [
    "AuditTrail",
    "ChatModel",
    "Embedder",
    "Erasures",
    "Extractor",
    "ExtractorCall",
    "Heartbeats",
    "InFlight",
    "Jobs",
    "Keys",
    "KnowledgeBases",
    "Leases",
    "Memories",
    "MemoryReader",
    "MemoryWriter",
    "MessageReader",
    "Messages",
    "ModelUsage",
    "Outbox",
    "Points",
    "ProfileTemplates",
    "ProgressBus",
    "Projects",
    "Queue",
    "Rates",
    "RelationJudge",
    "Reranker",
    "Sources",
    "StoreState",
    "Tallies",
    "VectorSpaces",
    "WebhookEndpoints",
    "Webhooks",
]
