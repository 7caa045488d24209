"""Every file of a folder through the running system, one message a file, as a client
sends it: base64 without a name or type.

    python -m tests.benchmarks.corpus FOLDER [--lanes 2] [--patience 900] [--url
    http://... --key ...]

Starts a system of its own unless it is given one. Counts how they ended: completed,
failed by code, crashed (a parser or a worker that died, an internal error, a job out of
tries; must be 0), hung (not ended within the patience, seconds; must be 0). Exit 1 when
any did.
"""

from __future__ import annotations

import argparse
import base64
import concurrent.futures
import math
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.support.system import System

BASE = "/api/openmem/v1"
CRASHED = frozenset({50000, 50002})
"""Codes of failures that are ours: internal errors, work that was called off."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How one file fared: `how` is completed, failed CODE, crashed or hung."""

    path: Path
    how: str
    seconds: float
    memories: int = 0
    pages: int = 0
    message: str = ""


class Caller:
    """Sends one file after the other and waits for its end."""

    def __init__(self, url: str, key: str, patience: float) -> None:
        self._client = httpx.Client(
            base_url=url + BASE, headers={"Authorization": f"Token {key}"}, timeout=120
        )
        self._patience = patience

    def send(self, path: Path) -> Ended:
        """Add the file for a user of its own; wait for the end of its task."""
        began = time.monotonic()
        part = {
            "type": "file",
            "file": {"file_data": base64.b64encode(path.read_bytes()).decode()},
        }
        task = self._post(
            "add/message",
            user_id=f"corpus-{path.name[:60]}",
            conversation_id="corpus",
            messages=[{"role": "user", "content": [part]}],
        )["task_id"]
        while time.monotonic() - began < self._patience:
            status = self._post("get/status", task_id=task)
            if status["status"] != "running":
                return _ended(path, status, time.monotonic() - began)
            time.sleep(0.1)
        return Ended(
            path,
            "hung",
            time.monotonic() - began,
            message=f"step {status['step']}, {status['progress']}",
        )

    def _post(self, route: str, **body: Any) -> Any:
        answer = self._client.post(f"/{route}", json=body)
        answer.raise_for_status()
        return answer.json()["data"]


def _ended(path: Path, status: dict[str, Any], seconds: float) -> Ended:
    code, message = (
        int(status.get("error_code") or 0),
        str(status.get("error_message") or ""),
    )
    if status["status"] == "completed":
        how = "completed"
    elif status["state"] == "dead" or code in CRASHED or "broke its parser" in message:
        how = "crashed"
    else:
        how = f"failed {code}"
    pages = sum(file["pages"] for file in status["files"])
    return Ended(path, how, seconds, sum(status["counts"].values()), pages, message)


def run(folder: Path, caller: Caller, lanes: int) -> list[Ended]:
    """Every file of a folder, `lanes` at a time; those that did not complete are printed at once."""
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "LICENSE"
    ]
    ended = []
    with concurrent.futures.ThreadPoolExecutor(lanes) as callers:
        for result in callers.map(caller.send, files):
            ended.append(result)
            if result.how != "completed":
                name = result.path.relative_to(folder)
                print(f"{result.how}: {name}: {result.message}", flush=True)
    return ended


def report(ended: Sequence[Ended], seconds: float) -> None:
    """Print one line a kind of file and the counts."""
    print(
        "| kind | files | completed | memories | seconds p50 | p95 | longest |\n|---|---|---|---|---|---|---|"
    )
    for kind in sorted({result.path.suffix for result in ended}):
        results = [result for result in ended if result.path.suffix == kind]
        times = sorted(result.seconds for result in results)
        completed = sum(result.how == "completed" for result in results)
        memories = sum(result.memories for result in results)
        p95 = times[math.ceil(0.95 * len(times)) - 1]
        print(
            f"| {kind} | {len(results)} | {completed} | {memories}"
            f" | {statistics.median(times):.1f} | {p95:.1f} | {times[-1]:.1f} |"
        )
    counts = {"crashed": 0, "hung": 0} | Counter(result.how for result in ended)
    print(
        ", ".join(f"{how}: {count}" for how, count in sorted(counts.items()))
        + f"; {seconds:.0f} s in all"
    )


@contextmanager
def served(url: str, key: str) -> Iterator[tuple[str, str]]:
    """The system that was given, or one of our own on fresh data."""
    if url:
        yield url.rstrip("/"), key
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        System(Path(folder) / "data") as system,
    ):
        before = system.pids
        yield system.url, system.key
        died = [name for name, pid in system.pids.items() if before.get(name) != pid]
        if died:
            raise SystemExit(f"processes that died: {', '.join(died)}")


def main() -> None:
    """Run it on a folder."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folder", type=Path)
    options.add_argument("--lanes", type=int, default=2)
    options.add_argument("--patience", type=float, default=900.0)
    options.add_argument("--url", default="")
    options.add_argument("--key", default="")
    given = options.parse_args()
    began = time.monotonic()
    with served(given.url, given.key) as (url, key):
        ended = run(given.folder, Caller(url, key, given.patience), given.lanes)
    report(ended, time.monotonic() - began)
    raise SystemExit(
        1 if any(result.how in ("crashed", "hung") for result in ended) else 0
    )


if __name__ == "__main__":
    main()
