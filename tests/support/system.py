"""A whole Souvenir for tests: `souvenir up` on a free port, with a data folder of its own.

    with System(tmp_path / "data") as system:
        system.post("add/message", user_id="u", messages=[...], async_mode=False)

Nothing of the environment of the test run reaches it but what is named in KEPT, so a
REDIS_URL or a model's key on the machine changes nothing.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis

from services.launcher.child import die_with_parent
from services.launcher.network import free_ports

ROOT = Path(__file__).parents[2]
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
PATIENCE_S = 240.0
"""For things that must happen: long, so that a busy machine fails nothing; no test
asserts on time.
"""

Seen = TypeVar("Seen")


def until(look: Callable[[], Seen], what: str = "something") -> Seen:
    """Look again and again until there is something to see (anything true); fails past
    the patience.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not (seen := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.1)
    return seen


def alive(pid: int) -> bool:
    """Whether the process runs; one that ended and was not fetched yet does not."""
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        )
    except (FileNotFoundError, ProcessLookupError):
        return False


def descendants(pid: int) -> set[int]:
    """All processes that this one started, and theirs."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int(
                    (entry / "stat").read_text().rpartition(")")[2].split()[1]
                )
            except (FileNotFoundError, ProcessLookupError):
                continue
    ids, edge = set[int](), {pid}
    while edge:
        edge = {child for child, parent in parents.items() if parent in edge} - ids
        ids |= edge
    return ids


@contextmanager
def halted(system: System, name: str) -> Iterator[None]:
    """A process and all that it started stand still meanwhile."""
    tree = {system.pids[name], *descendants(system.pids[name])}
    for pid in tree:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in tree:
            with suppress(ProcessLookupError):  # it was killed meanwhile
                os.kill(pid, signal.SIGCONT)


class System:
    """One running Souvenir. As a context it is started and stopped; `settings` are
    environment variables.
    """

    def __init__(self, data: Path, **settings: str) -> None:
        self.data = data
        self.port = int(settings.pop("SOUVENIR_PORT", "") or free_ports(1)[0])
        self.settings = settings
        self._output = data.parent / f"{data.name}.out"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> System:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where the gateway listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """What a client of the hosted service is given."""
        return f"{self.url}/api/openmem/v1"

    @property
    def key(self) -> str:
        """The API key: given, or made at the first start."""
        return (
            self.settings.get("SOUVENIR_API_KEY")
            or (self.data / "api_key").read_text().strip()
        )

    @property
    def pid(self) -> int:
        """The launcher's."""
        assert self._process is not None
        return self._process.pid

    @property
    def pids(self) -> dict[str, int]:
        """Process ids of the children, by name."""
        pids: dict[str, int] = self._running["processes"]
        return pids

    @property
    def qdrant_url(self) -> str:
        """Where its vectors are."""
        return str(self._running["stores"]["qdrant_url"])

    @property
    def _running(self) -> Any:
        return json.loads((self.data / "running.json").read_text())

    @property
    def output(self) -> str:
        """All that the launcher has printed since it was last started."""
        return self._output.read_text(errors="replace")

    def start(self) -> System:
        """Start it and wait until it says that it is ready."""
        self.launch()
        until(
            lambda: self.ended() is not None or "Souvenir is ready." in self.output,
            f"a start; so far:\n{self.output}",
        )
        if self.ended() is not None:
            raise AssertionError(
                f"souvenir up ended with {self.ended()}:\n{self.output}"
            )
        return self

    def launch(self) -> None:
        """Start it and do not wait."""
        environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        environment |= {
            "PYTHONPATH": str(ROOT),
            "SOUVENIR_PORT": str(self.port),
            "SOUVENIR_DATA": str(self.data),
            **self.settings,
        }
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "services.launcher.cli", "up"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )  # a test run that is killed leaves nothing, either

    def ended(self) -> int | None:
        """The launcher's exit code, once it has ended."""
        return None if self._process is None else self._process.poll()

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """End it as Ctrl-C does; its exit code."""
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.send_signal(how)
        return self._process.wait(PATIENCE_S)

    def restart(self) -> System:
        """Stop it and start it again on the same data."""
        self.stop()
        return self.start()

    def kill(self, name: str, how: signal.Signals = signal.SIGKILL) -> int:
        """Kill one child; its process id."""
        pid = self.pids[name]
        os.kill(pid, how)
        return pid

    def environment(self, name: str) -> dict[str, str]:
        """The environment of one child."""
        entries = Path(f"/proc/{self.pids[name]}/environ").read_bytes().split(b"\0")
        return dict(entry.decode().partition("=")[::2] for entry in entries if entry)

    def redis(self, **options: Any) -> Redis:
        """A client of its Redis."""
        return Redis.from_url(self._running["stores"]["redis_url"], **options)

    def log(self, name: str) -> str:
        """What one child has logged."""
        return (self.data / "logs" / f"{name}.log").read_text(errors="replace")

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        """Any request, with the key; `url` is a path on the gateway."""
        headers = {"Authorization": f"Token {self.key}", **options.pop("headers", {})}
        return httpx.request(
            method, f"{self.url}{url}", headers=headers, timeout=60, **options
        )

    @contextmanager
    def stream(self, url: str) -> Iterator[httpx.Response]:
        """A GET whose answer is read while it comes."""
        headers = {"Authorization": f"Token {self.key}"}
        with httpx.stream(
            "GET", f"{self.url}{url}", headers=headers, timeout=60
        ) as answer:
            yield answer.raise_for_status()

    def metrics(self, name: str) -> dict[str, dict[tuple[str, ...], float]]:
        """What a service shows to Prometheus: by the name of a sample and its labels'
        values.
        """
        settings = self.environment(name)
        ports = {
            "gateway": self.port,
            "status": urlsplit(settings["SOUVENIR_STATUS_URL"]).port,
        }
        text = httpx.get(f"http://127.0.0.1:{ports[name]}/metrics", timeout=60).text
        found: dict[str, dict[tuple[str, ...], float]] = {}
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                labels = tuple(sample.labels.values())
                found.setdefault(sample.name, {})[labels] = sample.value
        return found

    def post(self, route: str, **body: Any) -> Any:
        """Call a Cloud route; the `data` of its answer. An answer other than ok is an
        AssertionError.
        """
        answer = self.request("POST", f"/api/openmem/v1/{route}", json=body)
        envelope = answer.json()
        assert (answer.status_code, envelope["code"], envelope["message"]) == (
            200,
            0,
            "ok",
        ), answer.text
        return envelope["data"]

    def finished(self, task: str) -> dict[str, Any]:
        """Wait for the end of a task; the last answer of get/status."""

        def look() -> dict[str, Any] | None:
            status: dict[str, Any] = self.post("get/status", task_id=task)
            return None if status["status"] == "running" else status

        return until(look, f"the end of task {task}")
