"""The systems that the faults are made in: each starts a whole Souvenir of its own on
free ports, with its own data, and whatever stands between its processes.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from services.launcher.child import die_with_parent
from services.launcher.network import free_ports
from services.launcher.programs import gateway_command, worker_command
from tests.faults.clock import ShiftedClock
from tests.faults.disks import disk
from tests.faults.proxy import Proxy
from tests.support.model_server import Body, ModelServer, Say
from tests.support.scripted_model import good
from tests.support.system import ROOT, System, descendants, until
from tests.support.valkey import Valkey, valkey
from tests.support.vector_node import VectorNode, vector_node

SWEEP_AFTER = {"SOUVENIR_SWEEP_AFTER_S": "2"}
"""Lost work is found after two seconds instead of thirty."""
INDEX_OPTIONS = ("--index-after", "300", "--quiet-s", "0.5")
DISK_MB = {"redis": 80, "vectors": 2000, "sources": 60}
_SENTENCE = re.compile(
    r"The archive box number \d+ is stored in the attic of house \d+\."
)


@dataclass
class Bench:
    """One running system, and what can be done to it."""

    system: System
    redis_proxy: Proxy | None = None
    qdrant_proxy: Proxy | None = None
    node: VectorNode | None = None
    valkey: Valkey | None = None
    model: FaultyModel | None = None
    disks: Mapping[str, Path] = field(default_factory=dict)
    clock: ShiftedClock | None = None

    def tree(self, name: str) -> set[int]:
        """A process of the system and all that it started."""
        pid = self.system.pids[name]
        return {pid, *descendants(pid)}

    def children(self, name: str) -> set[int]:
        """The processes of a worker's pool."""
        found = set[int]()
        for pid in descendants(self.system.pids[name]):
            try:
                if b"celery" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.add(pid)
            except OSError:
                continue
        return found

    @contextmanager
    def another(
        self, *command: str, **settings: str
    ) -> Iterator[subprocess.Popen[bytes]]:
        """One more process of this system, beside those that are supervised."""
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={
                **self.system.environment("gateway"),
                "PYTHONPATH": str(ROOT),
                **settings,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent(),
        )
        try:
            yield process
        finally:
            kill_all({process.pid, *descendants(process.pid)})
            process.wait()

    @contextmanager
    def another_worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """One more worker for text."""
        with self.another(*worker_command("text")) as process:
            until(lambda: len(descendants(process.pid)) > 0, "another worker")
            yield process

    @contextmanager
    def another_gateway(
        self, **settings: str
    ) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
        """One more gateway, ready; and its URL."""
        [port] = free_ports(1)
        with self.another(*gateway_command("127.0.0.1", port), **settings) as process:
            url = f"http://127.0.0.1:{port}"
            until(lambda: answers(f"{url}/ready"), "another gateway")
            yield process, url

    def ready(self) -> None:
        """Wait until the gateway says that all that it needs is there."""
        until(lambda: answers(f"{self.system.url}/ready"), "the system to be ready")

    def task(self, id: str) -> dict[str, Any]:
        """All that is known of a task."""
        answer = self.system.request("GET", f"/api/openmem/v1/tasks/{id}")
        data: dict[str, Any] = answer.raise_for_status().json()["data"]
        return data


class FaultyModel:
    """An endpoint that extracts what it is shown, and for some calls does what is asked
    for. `asked`: how often it was asked while it was broken.
    """

    def __init__(self) -> None:
        self.asked = 0
        self._fault = Say()
        self._well = self._broken = 0
        self._lock = threading.Lock()

    def break_after(self, well: int, fault: Say, times: int) -> None:
        """Answer so many calls well, then so many with the fault, then well again."""
        with self._lock:
            self._well, self._broken, self._fault, self.asked = well, times, fault, 0

    def answer(self, body: Body) -> Say:
        """As a language model that extracts every box."""
        with self._lock:
            if self._well > 0:
                self._well -= 1
            elif self.asked < self._broken:
                self.asked += 1
                return self._fault
        # Not what is known or was said before; also where it is asked a second time.
        asked = next(m["content"] for m in body["messages"] if m["role"] == "user")
        texts = _SENTENCE.findall(str(asked).rpartition('"lines"')[2])
        facts = [
            {"text": text, "title": text, "tags": [], "lasting": "long", "lines": [1]}
            for text in dict.fromkeys(texts)
        ]
        return good({"facts": facts, "preferences": []})


def answers(url: str) -> bool:
    """Whether a probe says yes."""
    try:
        return httpx.get(url, timeout=5).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def kill_all(pids: set[int], how: signal.Signals = signal.SIGKILL) -> None:
    """Send a signal to these; those that have gone are gone."""
    for pid in pids:
        try:
            os.kill(pid, how)
        except ProcessLookupError:
            continue


@contextmanager
def plain(folder: Path, **settings: str) -> Iterator[Bench]:
    """As `souvenir up` starts it."""
    with System(folder / "data", **SWEEP_AFTER, **settings) as system:
        yield Bench(system)


@contextmanager
def proxied(folder: Path) -> Iterator[Bench]:
    """Its stores are servers elsewhere, and there is something in between. The vector
    node indexes often.
    """
    (folder / "redis").mkdir(parents=True)
    with ExitStack() as stack:
        node = stack.enter_context(vector_node(folder / "vectors", *INDEX_OPTIONS))
        server = stack.enter_context(valkey(folder / "redis"))
        qdrant_proxy = stack.enter_context(Proxy(node.port))
        redis_proxy = stack.enter_context(Proxy(server.port))
        system = System(
            folder / "data",
            **SWEEP_AFTER,
            QDRANT_URL=f"http://127.0.0.1:{qdrant_proxy.port}",
            REDIS_URL=f"redis://127.0.0.1:{redis_proxy.port}/0",
        )
        stack.enter_context(system)
        yield Bench(system, redis_proxy, qdrant_proxy, node, server)


@contextmanager
def with_model(folder: Path) -> Iterator[Bench]:
    """A language model extracts."""
    model = FaultyModel()
    with ModelServer(model.answer) as server:
        settings = {
            "OPENAI_BASE_URL": server.url,
            "SOUVENIR_EXTRACT_MODEL": "m",
            "SOUVENIR_EXTRACT_TIMEOUT_S": "15",
        }
        with plain(folder, **settings) as bench:
            bench.model = model
            yield bench


@contextmanager
def with_own_clock(folder: Path) -> Iterator[Bench]:
    """All of its processes, the stores too, have a clock that can be set."""
    folder.mkdir(parents=True)
    clock = ShiftedClock(folder)
    with plain(folder, **clock.environment) as bench:
        bench.clock = clock
        yield bench


@contextmanager
def on_small_disks(folder: Path) -> Iterator[Bench]:
    """Redis, the vector node and Sources have a small disk each."""
    with ExitStack() as stack:
        data = folder / "data"
        places = {
            "redis": data / "redis",
            "vectors": data / "vectors",
            "sources": folder / "sources",
        }
        for name, place in places.items():
            place.mkdir(parents=True)
            image = folder / f"{name}.disk"
            stack.enter_context(disk(image, DISK_MB[name], place))
        settings = {"SOUVENIR_SOURCES": str(places["sources"])}
        bench = stack.enter_context(plain(folder, **settings))
        bench.disks = places
        yield bench
