"""A job as a payload of Qdrant and back.

The stored form is older than the types in `shared.domain.job`. It stays as it is, so
that releases read each other's jobs:

    stored                              field of Job
    work, body[...]                     payload
    body["fingerprint"]                 fingerprint
    body["companions"]                  companions
    body["extraction"]                  checkpoint.extractions
    body["described"], ...              checkpoint
    body["extracted"]                   extracted
    body["waits"], body["usage"]        waits, usage
    body["redacted"], body["undo"]      redacted, undo
    body["left_out"]                    left_out
    notice, notice["told_at"]           delivery, delivery.delivered_at

Empty values are left out of `body`, as they always were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from shared.adapters.qdrant.records import Payload, derived
from shared.domain import job_payload as domain
from shared.domain.expiry import NEVER
from shared.domain.job import Job, WebhookDelivery
from shared.domain.model_answer import Usage

_TYPES: Mapping[str, type[domain.Payload]] = {
    domain.Work.ADD: domain.AddPayload,
    domain.Work.EXTRACT: domain.ExtractPayload,
    domain.Work.DOCUMENT: domain.DocumentPayload,
    domain.Work.FEEDBACK: domain.FeedbackPayload,
    domain.Work.REINDEX: domain.ReindexPayload,
}
_PAYLOADS = {work: TypeAdapter(type_) for work, type_ in _TYPES.items()}
_CHECKPOINT_KEYS = {
    "extractions": "extraction",
    "described": "described",
    "answers": "answers",
    "stored": "stored",
    "replies": "replies",
    "replaces": "replaces",
}
_COMMON_KEYS = (
    "fingerprint",
    "companions",
    "extracted",
    "waits",
    "usage",
    "redacted",
    "undo",
    "left_out",
)
_OWN_KEYS = (*_COMMON_KEYS, *_CHECKPOINT_KEYS.values())
"""Of `body` that are not the payload's."""
_DELIVERED_AT, _TOLD_AT = "delivered_at", "told_at"


class JobRecord:
    """How a job is stored."""

    def __init__(self) -> None:
        self._adapter = TypeAdapter(Job)

    def payload(self, job: Job) -> Payload:
        """What is stored of a job: JSON, with the derived fields."""
        stored: Payload = self._adapter.dump_python(job, mode="json")
        body: Payload = stored.pop("payload")
        if isinstance(job.payload, domain.UnknownPayload):
            body = dict(job.payload.values)
        elif not isinstance(job.payload, domain.DocumentPayload):
            body = {key: value for key, value in body.items() if value}
        common = {key: stored.pop(key) for key in _COMMON_KEYS}
        if job.usage == Usage():
            del common["usage"]
        if not job.options.instructions:
            del stored["options"]["instructions"]
        if job.options.expires_at == NEVER:
            del stored["options"]["expires_at"]
        checkpoint = stored.pop("checkpoint")
        common |= {key: checkpoint[name] for name, key in _CHECKPOINT_KEYS.items()}
        body |= {key: value for key, value in common.items() if value}
        del stored["delivery"]
        return (
            stored
            | {"work": job.work, "body": body}
            | delivery_payload(job.delivery)
            | derived(job)
        )

    def value(self, payload: Mapping[str, Any]) -> Job:
        """The job that a payload stands for."""
        body: Mapping[str, Any] = payload.get("body") or {}
        checkpoint = {
            name: body[key] for name, key in _CHECKPOINT_KEYS.items() if key in body
        }
        common = {key: body[key] for key in _COMMON_KEYS if key in body}
        delivery = dict(payload.get("notice") or {})
        if _TOLD_AT in delivery:
            delivery[_DELIVERED_AT] = delivery.pop(_TOLD_AT)
        work = payload.get("work", domain.Work.ADD)
        if work in _PAYLOADS:
            job_payload = _PAYLOADS[work].validate_python(body)
        else:
            other = {key: value for key, value in body.items() if key not in _OWN_KEYS}
            job_payload = domain.UnknownPayload(work, other)
        fields = {
            **payload,
            **common,
            "payload": job_payload,
            "checkpoint": checkpoint,
            "delivery": delivery,
        }
        return self._adapter.validate_python(fields)


JOB = JobRecord()


def delivery_payload(delivery: WebhookDelivery) -> Payload:
    """The part of a job's payload that says how far its webhook is."""
    values = asdict(delivery)
    values[_TOLD_AT] = values.pop(_DELIVERED_AT)
    return {"notice": values}
