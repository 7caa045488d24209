"""How the work goes, for Prometheus: workers count in Redis, what waits stands there too,
the status service shows it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping
from heapq import nlargest

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from shared.domain.turn import Backlog, Lane
from shared.errors import Unavailable
from shared.metering.job_tallies import (
    BUCKETS_S,
    JOBS,
    MEMORIES,
    RETRIES,
    RUN,
    STEP,
    WAIT,
    WITHOUT_MEMORY,
    Distribution,
    distributions,
    labelled,
)
from shared.ports import Queue, Tallies

log = logging.getLogger(__name__)

PERIOD_S = 5.0
"""Between two looks."""
PROJECTS = 20
"""Projects that are shown by name: those with the most that waits."""
OTHERS = "(others)"
_QUEUES = ("text", "files")


class JobFigures(Collector):
    """Figures of all jobs, and of what waits."""

    def __init__(
        self, tallies: Tallies, queue: Queue, registry: CollectorRegistry
    ) -> None:
        self._tallies, self._queue = tallies, queue
        self._totals: Mapping[str, int] = {}
        self._backlog = Backlog()
        registry.register(self)

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            try:
                await self.look()
            except Unavailable as error:
                log.debug("job_figures_not_read", extra={"error": error.message})
            await asyncio.sleep(PERIOD_S)

    async def look(self) -> None:
        """Read the totals. Raises `Unavailable`."""
        self._totals = await self._tallies.totals()
        self._backlog = await self._queue.backlog()

    def collect(self) -> Iterator[Metric]:
        """Called by the registry for each exposition."""
        yield from self._waiting()
        yield self._counter(
            "souvenir_jobs", "Jobs that have ended", JOBS, "work", "state"
        )
        yield self._counter(
            "souvenir_job_retries", "Tries after which a job waits", RETRIES, "work"
        )
        yield self._counter(
            "souvenir_memories", "What became of memories", MEMORIES, "outcome"
        )
        without = self._totals.get(WITHOUT_MEMORY, 0)
        yield CounterMetricFamily(
            "souvenir_adds_without_memory",
            "Adds that ended well and gave no memory",
            value=without,
        )
        yield self._durations(
            "souvenir_job_seconds", "From acceptance to the end, s", RUN, "work"
        )
        yield self._durations(
            "souvenir_job_wait_seconds",
            "From acceptance to the first try, s",
            WAIT,
            "queue",
        )
        yield self._durations(
            "souvenir_step_seconds", "Time in a step, in the last try, s", STEP, "step"
        )

    def _waiting(self) -> Iterator[Metric]:
        waiting = GaugeMetricFamily(
            "souvenir_jobs_waiting", "Jobs that wait", labels=("queue", "lane")
        )
        for queue in _QUEUES:
            for lane in Lane:
                count = self._backlog.by_lane.get((queue, lane), 0)
                waiting.add_metric((queue, lane.value), count)
        yield waiting
        projects = GaugeMetricFamily(
            "souvenir_project_jobs_waiting",
            f"Jobs of a project that wait; of the {PROJECTS} with the most by name",
            labels=("project",),
        )
        for project, count in longest(self._backlog.by_project, PROJECTS):
            projects.add_metric((project,), count)
        yield projects

    def _counter(self, name: str, says: str, figure: str, *labels: str) -> Metric:
        family = CounterMetricFamily(name, says, labels=labels)
        for values, amount in labelled(self._totals, figure).items():
            family.add_metric(values, amount)
        return family

    def _durations(self, name: str, says: str, figure: str, label: str) -> Metric:
        family = HistogramMetricFamily(name, says, labels=(label,))
        for value, spread in distributions(self._totals, figure).items():
            family.add_metric((value,), cumulated(spread), spread.seconds)
        return family


def longest(waiting: Mapping[str, int], count: int) -> Iterable[tuple[str, int]]:
    """The projects with the most that waits, and all others together."""
    first = nlargest(count, waiting.items(), key=lambda item: item[1])
    rest = sum(waiting.values()) - sum(amount for _, amount in first)
    return [*first, (OTHERS, rest)] if rest else first


def cumulated(spread: Distribution) -> list[tuple[str, float]]:
    """Buckets as Prometheus has them: each holds all that are below."""
    ends = [*map(str, BUCKETS_S), "+Inf"]
    total, buckets = 0, []
    for end, count in zip(ends, spread.buckets, strict=True):
        total += count
        buckets.append((end, float(total)))
    return buckets
