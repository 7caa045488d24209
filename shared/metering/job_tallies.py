"""What is counted of jobs that have ended: by workers, in counters that all processes
share (`Tallies`), for the status service to show.

A name is some words with a blank between them: the figure, its label, and of a duration
`le` with the number of its bucket, or `ms` for the sum.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shared.domain.job import Job, Outcome, State
from shared.domain.job_payload import AddPayload

BUCKETS_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)
"""Upper ends of the buckets of a duration, seconds; one more holds what is longer."""
JOBS, RETRIES, MEMORIES = "jobs", "retries", "memories"
WITHOUT_MEMORY = "without_memory"
WAIT, RUN, STEP = "wait", "run", "step"
_REMEMBERED = (Outcome.STORED, Outcome.MERGED, Outcome.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class JobTimes:
    """How long a job took, seconds."""

    total: float
    """From its acceptance to its end."""
    waited: float | None = None
    """From its acceptance to its first try; None in a later try."""
    steps: Mapping[str, float] = field(default_factory=dict)
    """Of this try."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """How durations are spread."""

    buckets: tuple[int, ...]
    """How many fell into each of `BUCKETS_S`, and beyond."""
    seconds: float
    """All of them together."""


def end_tallies(job: Job, times: JobTimes) -> dict[str, int]:
    """The amounts to count for a job that has ended."""
    amounts = Counter({f"{JOBS} {job.work} {job.state}": 1})
    durations = [(RUN, job.work, times.total)]
    durations += [(STEP, step, seconds) for step, seconds in times.steps.items()]
    if times.waited is not None:
        durations.append((WAIT, job.queue, times.waited))
    for figure, label, seconds in durations:
        amounts[f"{figure} {label} le {bisect_left(BUCKETS_S, seconds)}"] += 1
        amounts[f"{figure} {label} ms"] += round(seconds * 1000)
    for receipt in job.receipts:
        amounts[f"{MEMORIES} {receipt.outcome}"] += 1
    if gave_no_memory(job):
        amounts[WITHOUT_MEMORY] += 1
    return dict(amounts)


def retry_tallies(job: Job) -> dict[str, int]:
    """The amounts to count for a job that waits for another try."""
    return {f"{RETRIES} {job.work}": 1}


def gave_no_memory(job: Job) -> bool:
    """Whether an add has ended well and nothing of it was worth remembering."""
    return (
        job.state is State.COMPLETED
        and isinstance(job.payload, AddPayload)
        and not any(receipt.outcome in _REMEMBERED for receipt in job.receipts)
    )


def labelled(totals: Mapping[str, int], figure: str) -> dict[tuple[str, ...], int]:
    """The counts of a figure, by its labels."""
    return {tuple(words[1:]): amount for words, amount in _words(totals, figure)}


def distributions(totals: Mapping[str, int], figure: str) -> dict[str, Distribution]:
    """The durations of a figure, by its label."""
    buckets: dict[str, list[int]] = {}
    milliseconds: Counter[str] = Counter()
    for words, amount in _words(totals, figure):
        _, label, kind, *number = words
        of_label = buckets.setdefault(label, [0] * (len(BUCKETS_S) + 1))
        if kind == "ms":
            milliseconds[label] = amount
        else:
            of_label[int(number[0])] = amount
    return {
        label: Distribution(tuple(counts), milliseconds[label] / 1000)
        for label, counts in buckets.items()
    }


def _words(totals: Mapping[str, int], figure: str) -> Iterable[tuple[list[str], int]]:
    for name, amount in totals.items():
        words = name.split(" ")
        if words[0] == figure:
            yield words, amount
