"""Files: pages a second of a large one, what it costs everybody else meanwhile, three
uploads at once, many small ones.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from tests.benchmarks import traffic
from tests.benchmarks.cloud_calls import CloudCalls, calls_of
from tests.benchmarks.report import Report, Table
from tests.benchmarks.sizes import Sizes
from tests.support.system import System

SMALL_FILES = 30
AT_ONCE = 3


def run(sizes: Sizes) -> Report:
    """Measure; one system for all of it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        System(Path(folder) / "data") as system,
        traffic.client_of(system) as client,
        calls_of(system) as cloud,
    ):
        calls = max(20, sizes.searches // 3)
        alone = traffic.latencies(client, calls, 0)
        beside = traffic.beside(system, client, calls, sizes.pages)
        uploads = _at_once(system, sizes.pages // 2 or 1)
        small = _small_files(cloud)
    pdf = beside["pdf"]
    speed = Table(("work", "status", "seconds", "a second"))
    speed.row(
        f"a PDF of {sizes.pages} pages",
        pdf["status"],
        pdf["seconds"],
        sizes.pages / pdf["seconds"],
    )
    for number, seconds in enumerate(uploads, 1):
        speed.row(
            f"upload {number} of {AT_ONCE} at once",
            "completed",
            seconds,
            sizes.pages / 2 / seconds,
        )
    speed.row(f"{SMALL_FILES} small files", "completed", small, SMALL_FILES / small)
    others = Table(
        ("call", "alone: p50 ms", "p95 ms", "beside the PDF: p50 ms", "p95 ms")
    )
    for kind, figures in alone.items():
        busy = beside["beside"][kind]
        others.row(kind, figures["p50"], figures["p95"], busy["p50"], busy["p95"])
    return Report(
        "files",
        "Files: speed, and what they cost others",
        [speed, others],
        figures={
            "pages_a_second": round(sizes.pages / pdf["seconds"], 1),
            "search_p95_beside_a_pdf_over_alone": round(
                beside["beside"]["search"]["p95"] / alone["search"]["p95"], 2
            ),
            "longest_of_three_uploads_over_shortest": round(
                uploads[-1] / uploads[0], 2
            ),
            "the_pdf_outlasted_the_calls": str(beside["pdf_outlasted_the_calls"]),
        },
    )


def _at_once(system: System, pages: int) -> list[float]:
    """Seconds of uploads of three users that come together, the shortest first."""
    uploads = [
        traffic.Watched(
            system, traffic.file_body(f"at once {n}", traffic.written_pages(pages, n))
        )
        for n in range(AT_ONCE)
    ]
    for upload in uploads:
        upload.join()
    return sorted(upload.seconds for upload in uploads)


def _small_files(cloud: CloudCalls) -> float:
    """Seconds until all are read."""
    began = time.perf_counter()
    tasks = []
    for number in range(SMALL_FILES):
        data = f"The spare key number {number} hangs behind the barometer.".encode()
        body = traffic.file_body(f"small {number}", data)
        tasks.append(cloud.post("add/message", **body)["task_id"])
    cloud.finish(tasks)
    return time.perf_counter() - began
