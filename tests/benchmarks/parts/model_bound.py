"""Work that waits for a language model: an endpoint on loopback that answers after 300 ms;
jobs a second with several workers of one call each, and with as many calls in one process.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from tests.benchmarks.cloud_calls import calls_of, more_workers
from tests.benchmarks.report import Report, Table
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.svg_plot import Plot
from tests.support.model_server import Body, ModelServer, Say
from tests.support.system import System

ANSWER_S = 0.3
TOWNS = ("Porto", "Lisbon", "Faro", "Braga", "Evora", "Sintra")
SAID = "Next week I will go to {} by train, seat {}."
USAGE = (900, 60)
"""Tokens that the endpoint says a call took: prompt, answer."""


def run(sizes: Sizes) -> Report:
    """Measure."""
    table = Table(
        (
            "at a time",
            "workers, jobs a second",
            "one process, jobs a second",
            "calls a job",
            "tokens a job",
        )
    )
    lines: dict[str, list[tuple[float, float]]] = {
        "workers": [],
        "one process": [],
        "linear": [],
    }
    for number in sizes.workers:
        by_workers, _ = _rate(sizes, workers=number, calls=1)
        in_one, calls = _rate(sizes, workers=1, calls=number)
        table.row(number, by_workers, in_one, calls, calls * sum(USAGE))
        lines["workers"].append((number, by_workers))
        lines["one process"].append((number, in_one))
        lines["linear"].append(
            (number, lines["workers"][0][1] * number / sizes.workers[0])
        )
    most, first = sizes.workers[-1], sizes.workers[0]
    figures = {
        f"{name}_{most}_of_linear": round(
            lines[name][-1][1] / (lines[name][0][1] * most / first), 2
        )
        for name in ("workers", "one process")
    }
    plot = Plot(
        "model-bound", "Jobs that wait for a model", "at a time", "jobs a second", lines
    )
    targets = dict.fromkeys(figures, ">= 0.8")
    title = f"Model-bound work: answers after {ANSWER_S * 1000:.0f} ms"
    return Report("model-bound", title, [table], [plot], figures, targets)


def _rate(sizes: Sizes, *, workers: int, calls: int) -> tuple[float, float]:
    """Jobs a second (the median of the runs), and calls of the model a job."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ModelServer(_answer()) as model,
        System(
            Path(folder) / "data",
            OPENAI_BASE_URL=model.url,
            SOUVENIR_EXTRACT_MODEL="m",
            SOUVENIR_EXTRACT_CALLS=str(calls),
        ) as system,
        ExitStack() as stack,
    ):
        stack.enter_context(more_workers(system, workers - 1))
        cloud = stack.enter_context(calls_of(system))
        cloud.finish(
            [cloud.add(f"warm {n}", SAID.format("Faro", n)) for n in range(4 * workers)]
        )
        asked, rates = len(model.requests), []
        for run in range(sizes.runs):
            began = time.perf_counter()
            tasks = [
                cloud.add(f"user {run} {n}", SAID.format(TOWNS[n % len(TOWNS)], n))
                for n in range(sizes.jobs)
            ]
            cloud.finish(tasks)
            rates.append(sizes.jobs / (time.perf_counter() - began))
        asked = len(model.requests) - asked
    return median(rates), round(asked / (sizes.jobs * sizes.runs), 2)


def _answer() -> Callable[[Body], Say]:
    """One fact about the town that is named."""

    def answer(body: Body) -> Say:
        said = str(body["messages"][-1])
        town = next((town for town in TOWNS if town in said), "")
        text = f"The user travels to {town} by train."
        entry = {
            "text": text,
            "title": text,
            "tags": [],
            "lasting": "long",
            "lines": [1],
        }
        made = {"facts": [entry] if town else [], "preferences": []}
        return Say(json.dumps(made), after_s=ANSWER_S, usage=USAGE)

    return answer
