"""What users wanted forgotten is deleted when it cannot be brought back any more."""

from __future__ import annotations

from dataclasses import replace

from services.status.purge_forgotten import AFTER_MS, PurgeForgotten
from shared.domain.memory import UNDO_MS, Embedded, Memory, SparseVector, Status, Type
from shared.domain.scope import Scope
from shared.jobs.clock import now
from tests.unit.status.status_bench import StatusBench


def forgotten(number: int, ago: int) -> Memory:
    id = f"00000000-0000-4000-8000-{number:012}"
    made = Memory(id, Scope("p", "ann"), Type.WORKING, f"text {number}")
    return replace(made, status=Status.FORGOTTEN, updated_at=now() - ago)


async def test_only_what_can_no_longer_be_brought_back_goes() -> None:
    bench = StatusBench()
    memories = bench.ports.memories
    old, recent = forgotten(1, AFTER_MS + 1000), forgotten(2, UNDO_MS - 1000)
    await memories.put([Embedded(m, SparseVector((), ())) for m in (old, recent)])
    purge = PurgeForgotten(bench.ports)
    await purge.purge_in_turn()
    assert await memories.get("p", [old.id, recent.id]) == [recent]


async def test_replicas_take_turns() -> None:
    bench = StatusBench()
    await PurgeForgotten(bench.ports).purge_in_turn()
    late = forgotten(3, AFTER_MS + 1000)
    await bench.ports.memories.put([Embedded(late, SparseVector((), ()))])
    await PurgeForgotten(bench.ports).purge_in_turn()
    assert await bench.ports.memories.get("p", [late.id]) == [late]
