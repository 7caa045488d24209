"""All faults by name, each with the set-up that it needs, and how one of them is made."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

from tests.faults import bench as benches
from tests.faults import clock, disks
from tests.faults import rows_models as models
from tests.faults import rows_processes as processes
from tests.faults import rows_stores as stores
from tests.faults.bench import Bench
from tests.faults.load import Load, Outcome

Setup = Callable[[Path], AbstractContextManager[Bench]]


@dataclass(frozen=True)
class Fault:
    """One row of the table. `make` starts the load and breaks something."""

    name: str
    setup: Setup
    make: Callable[[Bench, Load], None]
    files: bool = False
    fewest_jobs: int = 1
    lacking: Callable[[], str] = str
    """What is missing on this machine to make it; "" for nothing."""

    @property
    def says(self) -> str:
        """What is broken, in a line."""
        return " ".join((self.make.__doc__ or self.name).split())


@dataclass(frozen=True)
class Result:
    """What came of one fault; `problem` where it could not be made or something broke
    that is no count.
    """

    fault: Fault
    outcome: Outcome | None
    problem: str = ""

    @property
    def well(self) -> bool:
        """Nothing lost, nothing doubled, everything ended and known."""
        return not self.problem and self.outcome is not None and self.outcome.well


_few_tries = partial(benches.plain, SOUVENIR_MAX_ATTEMPTS="2")
_disks = partial(Fault, setup=benches.on_small_disks, lacking=disks.lacking)

FAULTS: Sequence[Fault] = (
    Fault("worker-child", benches.plain, processes.worker_child),
    Fault("worker", benches.plain, processes.worker),
    Fault("all-workers", benches.plain, processes.all_workers),
    Fault(
        "gateway",
        benches.plain,
        processes.gateway_between_writes,
        fewest_jobs=24,  # three for each write of an add
    ),
    Fault("status", benches.plain, processes.status),
    Fault("supervisor", benches.plain, processes.supervisor),
    Fault("roll-out", benches.plain, processes.roll_out),
    Fault("same-job", benches.plain, processes.same_job_twice),
    Fault("stopped", benches.plain, processes.stopped_past_its_lease),
    Fault("redis-killed", benches.plain, stores.redis_killed),
    Fault("redis-wiped", benches.plain, stores.redis_wiped),
    Fault("vectors-killed", benches.plain, stores.vectors_killed),
    Fault(
        "clock-forward",
        benches.with_own_clock,
        processes.clock_set_forward,
        lacking=clock.lacking,
    ),
    Fault(
        "clock-back",
        benches.with_own_clock,
        processes.clock_set_back,
        lacking=clock.lacking,
    ),
    Fault("all-workers-files", benches.plain, processes.all_workers, files=True),
    Fault("poison", _few_tries, processes.poison),
    Fault("vectors-indexing", benches.proxied, stores.vectors_killed_indexing),
    Fault("vectors-compacting", benches.proxied, stores.vectors_killed_compacting),
    Fault("qdrant-refusing", benches.proxied, stores.qdrant_refusing),
    Fault("qdrant-hanging", benches.proxied, stores.qdrant_hanging),
    _disks("redis-full", make=stores.redis_disk_full),
    _disks("vectors-full", make=stores.vectors_disk_full),
    _disks("sources-full", make=stores.sources_disk_full, files=True),
    Fault("model-hanging", benches.with_model, models.hanging),
    Fault("model-500", benches.with_model, models.failing),
    Fault("model-429", benches.with_model, models.busy),
    Fault("model-garbage", benches.with_model, models.garbage),
    Fault("model-half", benches.with_model, models.half_an_answer),
)


def run(faults: Sequence[Fault], jobs: int) -> Iterator[Result]:
    """Make the faults one after another; those of one set-up that stand together share a
    system.
    """
    for setup, group in groupby(faults, key=lambda fault: fault.setup):
        rows = list(group)
        if problem := rows[0].lacking():
            yield from (Result(row, None, problem) for row in rows)
            continue
        with (
            tempfile.TemporaryDirectory(prefix="souvenir-faults-") as folder,
            setup(Path(folder) / "system") as bench,
        ):
            yield from (make(row, bench, jobs) for row in rows)


def make(fault: Fault, bench: Bench, jobs: int) -> Result:
    """Make one fault in a running system, and count what is left."""
    load = Load(
        bench.system, fault.name, max(jobs, fault.fewest_jobs), files=fault.files
    )
    try:
        bench.ready()
        fault.make(bench, load)
        return Result(fault, load.outcome())
    except Exception as error:
        load.stop()
        return Result(fault, None, f"{type(error).__name__}: {error}")
