"""A process's ports, for one request."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from shared.access.access import Access
from shared.access.guarded_audit import GuardedAuditTrail
from shared.access.guarded_erasures import GuardedErasures
from shared.access.guarded_jobs import GuardedJobs
from shared.access.guarded_knowledge import (
    GuardedKnowledgeBases,
    GuardedProfileTemplates,
)
from shared.access.guarded_memories import GuardedMemories
from shared.access.guarded_messages import GuardedMessages
from shared.access.guarded_projects import (
    GuardedKeys,
    GuardedModelUsage,
    GuardedProjects,
)
from shared.access.guarded_webhooks import GuardedOutbox, GuardedWebhookEndpoints

P = TypeVar("P", bound=Any)

GUARDS = {
    "memories": GuardedMemories,
    "messages": GuardedMessages,
    "jobs": GuardedJobs,
    "knowledge_bases": GuardedKnowledgeBases,
    "profile_templates": GuardedProfileTemplates,
    "projects": GuardedProjects,
    "keys": GuardedKeys,
    "model_usage": GuardedModelUsage,
    "audit": GuardedAuditTrail,
    "erasures": GuardedErasures,
    "webhook_endpoints": GuardedWebhookEndpoints,
    "outbox": GuardedOutbox,
}
"""The guard of every port that holds data of projects, by its name among the ports."""

GUARDED_PROTOCOLS = {
    "memories": "Memories",
    "messages": "Messages",
    "jobs": "Jobs",
    "knowledge_bases": "KnowledgeBases",
    "profile_templates": "ProfileTemplates",
    "projects": "Projects",
    "keys": "Keys",
    "model_usage": "ModelUsage",
    "audit": "AuditTrail",
    "erasures": "Erasures",
    "webhook_endpoints": "WebhookEndpoints",
    "outbox": "Outbox",
}
"""The protocols of `shared.ports` that they stand for."""

UNGUARDED = {
    "sources": "bytes by their SHA-256, which only those know who have the bytes or a "
    "guarded record that names them",
    "progress_bus": "figures by the id of a job, which comes from a guarded record",
    "leases": "names that the server computes",
    "in_flight": "fingerprints of requests, computed from their project",
    "queue": "ids of jobs",
    "rates": "names that the server computes, with their project",
    "embedder": "no data",
    "spaces": "the whole store: only for the operator's key",
    "reranker": "no data",
    "chat_models": "no data",
    "webhooks": "no data",
    "signed_calls": "no data",
    "bounds": "no data",
    "tallies": "counters of all projects together",
    "heartbeats": "names of processes and ids of jobs, which are shown only where a "
    "guarded record has them",
    "points": "the whole store: numbers of what is about to be deleted, which the guards of "
    "the others refuse; all else is for the operator's key only",
}
"""The others, and why they need none."""


def guarded(ports: P, access: Access) -> P:
    """The same ports, which touch nothing but what `access` allows: everything else
    raises `Forbidden`, or is as if it were not there. Not every process has all of them.
    """
    guards = {
        name: guard(port, access)
        for name, guard in GUARDS.items()
        if (port := getattr(ports, name, None)) is not None
    }
    return replace(ports, **guards)
