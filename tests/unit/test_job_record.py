"""Jobs that earlier releases stored are read, and stored again as they were."""

from __future__ import annotations

from typing import Any

import pytest

from shared.adapters.qdrant.job_record import JOB
from shared.domain.job import Checkpoint, ExtractedMemory, Job, State, WebhookDelivery
from shared.domain.job_payload import (
    AddPayload,
    DocumentPayload,
    ExtractPayload,
    FeedbackPayload,
    Payload,
    Queue,
    UnknownPayload,
)
from shared.domain.memory import Type


def stored(work: str, queue: str, body: dict[str, Any]) -> dict[str, Any]:
    """The payload of a job, key by key as release 0.1 wrote it."""
    return {
        "id": "0a89db3a-2061-4c97-a1b8-45700f8745bc",
        "scope": {
            "project": "one",
            "user": "ana",
            "conversation": "talk",
            "agent": "",
            "app": "",
        },
        "work": work,
        "queue": queue,
        "state": "running",
        "options": {
            "tags": ["music"],
            "info": {"scene": "x"},
            "public": False,
            "knowledge_bases": [],
        },
        "message_ids": ["m1"],
        "body": body,
        "created_at": 1_750_000_000_000,
        "updated_at": 1_750_000_000_500,
        "attempts": 2,
        "error_code": 50004,
        "error_message": "away",
        "files": [
            {
                "name": "a.pdf",
                "source": "sha",
                "media_type": "application/pdf",
                "pages": 3,
                "size": 4,
                "status": "completed",
                "code": 0,
                "message": "",
            }
        ],
        "receipts": [
            {
                "memory": "m",
                "outcome": "merged",
                "kind": "fact",
                "reason": "known",
                "other": "n",
                "view": "event",
            }
        ],
        "remarks": ["read by the built-in extractor"],
        "legacy_status": True,
        "webhook": "http://x",
        "notice": {"due_at": 7, "attempts": 2, "told_at": 5, "error": "500"},
    }


ADD_BODY = {
    "memory_views": ["preference"],
    "companions": ["other"],
    "fingerprint": "f",
    "extraction": ["sha1", "sha2"],
    "described": {"sha3": "A cat."},
    "answers": {"feedback": "{}"},
    "recalled": ["m7"],
    "stored": 32,
}
DOCUMENT_BODY = {
    "knowledge_base": "kb",
    "file": "file",
    "name": "",
    "source": "sha",
    "url": "",
    "kind": "document",
    "fingerprint": "f",
}
EXTRACTED = {
    "type": "UserMemory",
    "title": "t",
    "text": "tea",
    "tags": ["drink"],
    "reasoning": "said so",
}


@pytest.mark.parametrize(
    ("work", "queue", "body", "payload"),
    [
        ("add", "text", ADD_BODY, AddPayload(("preference",), ("m7",))),
        ("add", "text", {"fingerprint": "f"}, AddPayload()),
        (
            "document",
            "files",
            DOCUMENT_BODY,
            DocumentPayload("kb", "file", "", "sha", "", "document"),
        ),
        (
            "feedback",
            "text",
            {"memory_ids": ["m1"], "fingerprint": "f"},
            FeedbackPayload(("m1",)),
        ),
        (
            "extract",
            "text",
            {"fingerprint": "f", "extracted": [EXTRACTED]},
            ExtractPayload(),
        ),
        (
            "translate",
            "text",
            {"into": "fr", "fingerprint": "f", "stored": 1},
            UnknownPayload("translate", {"into": "fr"}),
        ),
    ],
)
def test_a_stored_job_is_read_and_written_back_unchanged(
    work: str, queue: str, body: dict[str, Any], payload: Payload
) -> None:
    before = stored(work, queue, body)
    job = JOB.value(before)
    assert (job.payload, job.work, job.queue) == (payload, work, Queue(queue))
    after = JOB.payload(job)
    assert after.pop("sequence") == 3_670_016_000_002_010_820
    assert after == before


def test_every_part_of_the_body_has_its_field() -> None:
    job = JOB.value(stored("add", "text", ADD_BODY))
    assert (job.fingerprint, job.companions) == ("f", ("other",))
    assert job.checkpoint == Checkpoint(
        ("sha1", "sha2"), {"sha3": "A cat."}, 32, {"feedback": "{}"}
    )
    assert job.delivery == WebhookDelivery(7, 2, 5, "500")
    extract = JOB.value(stored("extract", "text", {"extracted": [EXTRACTED]}))
    assert extract.extracted == (
        ExtractedMemory(Type.USER, "tea", "t", ("drink",), "said so"),
    )


def test_what_an_old_record_lacks_has_its_default() -> None:
    job = JOB.value({"id": "a", "scope": {"project": "one", "user": "ana"}})
    assert (job.payload, job.state, job.checkpoint) == (
        AddPayload(),
        State.QUEUED,
        Checkpoint(),
    )
    assert job == Job("a", job.scope)


def test_keys_that_are_read_no_more_are_dropped() -> None:
    body = {"extraction_types": ["preference"], "fingerprint": "f"}
    job = JOB.value(stored("extract", "text", body))
    assert JOB.payload(job)["body"] == {"fingerprint": "f"}
