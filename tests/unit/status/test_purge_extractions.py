"""Extractions go when nobody can ask for them any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from services.status.purge_extractions import AFTER_MS, PurgeExtractions
from shared.domain.identity import computed_id
from shared.domain.job import Checkpoint, FileReport, State
from shared.domain.job_payload import ExtractPayload, Queue
from shared.domain.message import Message
from shared.jobs.clock import now
from tests.unit.status.status_bench import StatusBench

KEPT = ExtractPayload(is_kept=True)


async def test_only_extractions_that_nobody_can_ask_for_any_more_go() -> None:
    bench = StatusBench()
    old, recent = now() - AFTER_MS - 1000, now() - AFTER_MS + 60_000
    for days in (2, 40):
        at = now() - days * AFTER_MS
        await bench.job(f"old {days}", payload=KEPT, updated_at=at)
    await bench.job("left behind", project="two", payload=ExtractPayload())
    await bench.job("add", updated_at=old, state=State.COMPLETED)
    await bench.job("recent", payload=KEPT, updated_at=recent)
    await PurgeExtractions(bench.ports).purge_in_turn()
    left = {job.id for job in bench.jobs.stored.values()}
    assert left == {computed_id("add"), computed_id("recent")}


async def test_their_files_answers_and_messages_go_with_them() -> None:
    bench = StatusBench()
    sources, messages = bench.ports.sources, bench.ports.messages
    file, answer = await sources.put(b"My salary is 4711."), await sources.put(b"{}")
    job = await bench.job(
        payload=KEPT,
        queue=Queue.FILES,
        state=State.DEAD,
        message_ids=(computed_id("message"),),
        files=(FileReport("a.txt", file),),
        checkpoint=Checkpoint(replies={"asked": answer}),
    )
    message = Message(
        id=job.message_ids[0],
        scope=job.scope,
        role="user",
        text="My salary",
        content="My salary",
        spoken_at=datetime.now(UTC),
        arrived_at=1,
        position=0,
        job=job.id,
    )
    other = replace(message, id=computed_id("other"), job="")
    await messages.put([message, other])
    await PurgeExtractions(bench.ports).purge_in_turn()
    assert [name async for name in sources.names()] == []
    assert await messages.get("one", [message.id, other.id]) == [other]
