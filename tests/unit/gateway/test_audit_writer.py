"""What is noted of a project that is deleted meanwhile."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any
from uuid import uuid4

import pytest

from services.gateway.admin import audit_writer
from services.gateway.admin.audit_writer import AuditWriter
from shared.domain.audit import AuditEntry
from tests.fakes.audit_trail import FakeAuditTrail


def entry(project: str, at: int) -> AuditEntry:
    return AuditEntry(str(uuid4()), project, at, "POST /add/message", 200, "a-key")


async def test_nothing_of_a_deleted_project_is_written_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(audit_writer, "FLUSH_S", 0.0)
    monkeypatch.setattr(audit_writer, "SETTLED_S", 0.0)
    monkeypatch.setattr(audit_writer, "now", lambda: 10)
    trail, begun = FakeAuditTrail(), list[Coroutine[Any, Any, None]]()
    writer = AuditWriter(begun.append, 100)
    kept, again = entry("two", 1), entry("one", 11)

    for noted in (entry("one", 1), kept):
        writer.add(noted, lambda: trail)
    writer.forget("one", lambda: trail)
    await trail.put([entry("one", 10), again])
    for work in begun:
        await work

    assert list(trail.stored.values()) == [again, kept]
