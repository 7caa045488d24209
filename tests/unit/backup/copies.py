"""A store on fakes, to be copied and restored into."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from shared.adapters.qdrant.job_record import JOB
from shared.adapters.qdrant.records import MEMORY
from shared.backup.manifest import Manifest
from shared.backup.restore_backup import Target, restore
from shared.backup.verify_backup import verified
from shared.backup.write_backup import Origin, backup
from shared.domain.identity import computed_id, digest
from shared.domain.job import Job, State
from shared.domain.memory import Memory, SparseVector, Type
from shared.domain.scope import Scope
from shared.domain.store_schema import SCHEMA
from shared.domain.stored_point import StoredPoint
from shared.domain.vector_space import VectorSpace
from shared.ports import Embedder
from tests.fakes.memories import FakeMemories
from tests.fakes.points import FakePoints
from tests.fakes.sources import FakeSources
from tests.fakes.store_state import FakeStoreState
from tests.fakes.vector_spaces import FakeVectorSpaces

ANA = Scope("p", "ana")
SPACE = VectorSpace("old", 4)


@dataclass
class Store:
    """All that lasts."""

    points: FakePoints = field(default_factory=FakePoints)
    sources: FakeSources = field(default_factory=FakeSources)
    state: FakeStoreState = field(default_factory=FakeStoreState)
    space: VectorSpace = SPACE

    def __post_init__(self) -> None:
        self.spaces = FakeVectorSpaces(FakeMemories(), self.space)

    def keep(self, collection: str, *points: StoredPoint) -> None:
        self.points.stored[collection] |= {point.id: point for point in points}


def memory_point(text: str, fast: bool = False) -> StoredPoint:
    memory = Memory(computed_id(text), ANA, Type.WORKING, text, fast=fast)
    dense = None if fast else (0.5, 0.5, 0.5, 0.5)
    lexical = SparseVector((1, 7), (0.25, 2.0))
    return StoredPoint(memory.id, MEMORY.payload(memory), dense, lexical)


def job_point(name: str, state: State, updated_at: int) -> StoredPoint:
    job = Job(computed_id(name), ANA, state=state, updated_at=updated_at, attempts=1)
    return StoredPoint(job.id, JOB.payload(job))


def filled(memories: int = 5) -> Store:
    store = Store()
    store.keep("memories", *(memory_point(f"fact {n}") for n in range(memories)))
    store.keep("memories", memory_point("raw", fast=True))
    store.keep("jobs", job_point("done", State.COMPLETED, 1))
    store.keep("projects", StoredPoint(computed_id("p"), {"project": "p"}))
    store.sources.stored[digest(b"bytes")] = b"bytes"
    return store


async def written(store: Store, file: Path, **origin: str) -> Manifest:
    with file.open("wb") as target:
        async for made in backup(store, Origin("1.0", SCHEMA, **origin)):
            target.write(made)
    return verified(file)


async def restored(
    store: Store, file: Path, *, embedder: Embedder | None = None, force: bool = False
) -> Manifest:
    async def load() -> Embedder:
        assert embedder is not None, "nothing is to be embedded anew"
        return embedder

    return await restore(store, Target(store.space, load), file, force=force)
