"""What a large file costs everybody else: latencies of text beside a 200-page PDF, its
own speed, and the memory that 100 MB need.

    python -m tests.benchmarks.traffic [--calls 100] [--pages 200] [--no-large] [--json]

One run: asynchronous adds, synchronous adds and searches alone; then the same while the
PDF is worked on, with a small file sent behind it; then a PDF of just under 100 MB,
sent as base64, with the peak memory of each process meanwhile. A system of its own on
fresh data. Times are of this machine on this day: compare alone with beside.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import random
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pymupdf

from tests.benchmarks.made_adds import body, milliseconds, post
from tests.support.system import System, descendants

WORDS = (
    "harbour lighthouse keeper granite lens winter ferry timber ledger "
    "storm signal museum village engine captain island rope "
    "anchor bridge market grain copper letter garden school railway "
    "bottle window river mountain orchard carpenter compass"
).split()
LARGE_MB = 99


def written_pages(pages: int, seed: int = 7) -> bytes:
    """A PDF of running text, about 2,300 characters a page, each sentence another."""
    chance = random.Random(seed)
    with pymupdf.open() as made:
        for number in range(1, pages + 1):
            page = made.new_page()
            page.insert_text((72, 60), f"Chapter {number}", fontsize=16)
            text = " ".join(
                f"{' '.join(chance.choices(WORDS, k=9)).capitalize()} {chance.randrange(1000, 9999)}."
                for _ in range(36)
            )
            page.insert_textbox(pymupdf.Rect(72, 80, 530, 780), text, fontsize=10)
        return bytes(made.tobytes(deflate=True))


def large_pdf(megabytes: int) -> bytes:
    """A PDF of pictures that do not compress, a line of text on each page."""
    chance = random.Random(7)
    with pymupdf.open() as made:
        for number in range(megabytes // 3):
            page = made.new_page()
            noise = pymupdf.Pixmap(
                pymupdf.csRGB, 1000, 1048, chance.randbytes(1000 * 1048 * 3), False
            )
            page.insert_image(
                pymupdf.Rect(72, 120, 520, 780), stream=noise.tobytes("png")
            )
            page.insert_text(
                (72, 90),
                f"Plate {number} of the collection shows the harbour in {1850 + number}, "
                f"before the bridge was built.",
            )
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()


def file_body(user: str, data: bytes) -> dict[str, Any]:
    """An add of one file."""
    part = {"type": "file", "file": {"file_data": base64.b64encode(data).decode()}}
    return {
        "user_id": user,
        "conversation_id": "files",
        "messages": [{"role": "user", "content": [part]}],
    }


def latencies(
    client: httpx.Client, calls: int, first: int
) -> dict[str, dict[str, float]]:
    """Adds and searches one after the other, mixed as they come in life, each kind on
    its own in the figures.
    """

    def search(number: int) -> Callable[[], object]:
        return lambda: post(
            client,
            "search/memory",
            {
                "user_id": f"bench-{number % 5}",
                "query": f"Who has something in Porto, number {number}?",
            },
        )

    adds = {
        kind: [
            (lambda n=n, late=late: post(client, "add/message", body(n, late)))
            for n in range(start, start + calls)
        ]
        for kind, late, start in (
            ("add async", True, first),
            ("add sync", False, first + calls),
        )
    }
    return {
        **{kind: milliseconds(made) for kind, made in adds.items()},
        "search": milliseconds(search(number) for number in range(calls)),
    }


class Watched:
    """One upload, its steps timed from a thread of its own as get/status tells them."""

    def __init__(self, system: System, given: dict[str, Any]) -> None:
        self.steps: dict[str, float] = {}
        self.told = 0
        self.last: dict[str, Any] = {}
        self.seconds = 0.0
        self._client = client_of(system)
        self._task = post(self._client, "add/message", given)["task_id"]
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it is not done yet."""
        return self._thread.is_alive()

    def join(self) -> None:
        """Wait for its end."""
        self._thread.join()

    def _watch(self) -> None:
        began = seen = time.monotonic()
        figures: Any = None
        while not self.last or self.last["status"] == "running":
            time.sleep(0.05)
            self.last = post(self._client, "get/status", {"task_id": self._task})
            now = time.monotonic()
            self.steps[self.last["step"]] = (
                self.steps.get(self.last["step"], 0.0) + now - seen
            )
            self.told += self.last["progress"] != figures
            figures, seen = self.last["progress"], now
        self.seconds = time.monotonic() - began

    def figures(self) -> dict[str, Any]:
        """Seconds in all and by step, what came of it, how often its progress moved."""
        steps = {step: round(seconds, 1) for step, seconds in self.steps.items()}
        memories = sum(self.last["counts"].values())
        return {
            "status": self.last["status"],
            "seconds": round(self.seconds, 1),
            "steps": steps,
            "memories": memories,
            "memories_per_s": round(memories / self.seconds, 2),
            "progress_moved": self.told,
        }


def client_of(system: System) -> httpx.Client:
    """Calls the system's Cloud routes."""
    return httpx.Client(
        base_url=system.base_url,
        headers={"Authorization": f"Token {system.key}"},
        timeout=300,
    )


def beside(
    system: System, client: httpx.Client, calls: int, pages: int
) -> dict[str, Any]:
    """Latencies while a PDF is worked on, and how a small file behind it fares."""
    pdf = Watched(system, file_body("reader", written_pages(pages)))
    time.sleep(1.0)
    small = Watched(
        system,
        file_body(
            "other", b"The spare key of the boat house hangs behind the barometer."
        ),
    )
    found = latencies(client, calls, 50_000)
    covered = pdf.running
    pdf.join()
    small.join()
    return {
        "beside": found,
        "pdf_outlasted_the_calls": covered,
        "pdf": pdf.figures(),
        "small_file_behind_it": small.figures(),
    }


def large(system: System) -> dict[str, Any]:
    """Peak resident memory, MB, of the gateway and of the files worker with all its
    children, for one file of nearly 100 MB.
    """
    data = large_pdf(LARGE_MB)
    pids = {
        name: {system.pids[name]} | descendants(system.pids[name])
        for name in ("gateway", "worker-files")
    }
    before = {
        name: {pid: resident(pid, "VmRSS") for pid in some}
        for name, some in pids.items()
    }
    for some in pids.values():
        for pid in some:
            Path(f"/proc/{pid}/clear_refs").write_text("5")  # forgets the peak so far
    upload = Watched(system, file_body("large", data))
    upload.join()
    peaks = {
        name: {
            pid: resident(pid, "VmHWM") for pid in some | descendants(system.pids[name])
        }
        for name, some in pids.items()
    }
    return {
        "file_mb": round(len(data) / 1024**2),
        "upload": upload.figures(),
        "mb_before": _sizes(before),
        "mb_peak": _sizes(peaks),
    }


def _sizes(found: dict[str, dict[int, int]]) -> dict[str, list[int]]:
    return {name: sorted(sizes.values(), reverse=True) for name, sizes in found.items()}


def resident(pid: int, what: str) -> int:
    """A figure of /proc/PID/status, MB; 0 for a process that has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except FileNotFoundError:
        return 0
    return next(
        (int(line.split()[1]) // 1024 for line in lines if line.startswith(what)), 0
    )


def run(calls: int, pages: int, with_large: bool) -> dict[str, Any]:
    """All of it on a fresh system."""
    with (
        tempfile.TemporaryDirectory() as folder,
        System(Path(folder) / "data") as system,
        client_of(system) as client,
    ):
        latencies(client, 10, 90_000)
        figures = {
            "alone": latencies(client, calls, 0),
            **beside(system, client, calls, pages),
        }
        return figures | (large(system) if with_large else {})


def main() -> None:
    """Print a table and the rest as JSON."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--calls", type=int, default=100)
    options.add_argument("--pages", type=int, default=200)
    options.add_argument("--no-large", action="store_true")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    figures = run(given.calls, given.pages, not given.no_large)
    if not given.json:
        alone, busy = figures.pop("alone"), figures.pop("beside")
        print("| ms | alone p50 | p95 | beside p50 | p95 |\n|---|---|---|---|---|")
        for kind in alone:
            print(
                f"| {kind} | {alone[kind]['p50']} | {alone[kind]['p95']} | {busy[kind]['p50']} "
                f"| {busy[kind]['p95']} |"
            )
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
