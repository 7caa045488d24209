"""Jobs in flight: senders who do not give up, a watcher who asks how every task stands,
and the count of what is remembered in the end.

Each job says where one box is stored; so what is lost and what is there twice can be
counted. A sender whose request was refused, or not answered, sends the same request
again, as clients do.
"""

from __future__ import annotations

import base64
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from tests.support.system import System

SENDERS = 4
USERS = 4
PATIENCE_S = 900.0
"""For the end of all jobs: those whose model was away twice rest for 4 minutes."""
UNKNOWN_TASK = 50131
_PAUSE_S = 0.2
_POLL_S = 0.1
_BOX = re.compile(r"box number (\d+)")


def sentence(number: int) -> str:
    """What one job says."""
    return f"The archive box number {number} is stored in the attic of house {number + 500}."


@dataclass(frozen=True)
class Outcome:
    """What became of a load."""

    jobs: int
    found: int
    lost: tuple[int, ...]
    doubled: tuple[int, ...]
    unknown: int
    """Answers of get/status that did not know an accepted task."""
    asked: int
    """Answers of get/status."""
    open: int
    """Jobs that have not ended."""
    failed: int
    """Jobs that ended in another way than completed."""
    recovered_s: float
    """From the repair to the end of the last job."""

    @property
    def well(self) -> bool:
        """Nothing lost, nothing doubled, everything ended and known."""
        return not (
            self.lost or self.doubled or self.unknown or self.open or self.failed
        )


@dataclass
class Load:
    """So many jobs of some users; 0: until `enough`. `files`: each sentence comes in a
    file. `extra_urls`: other gateways that are tried before the system's own.
    """

    system: System
    name: str
    jobs: int
    files: bool = False
    most_in_flight: int = 1000
    """Senders wait while so many have not ended."""
    extra_urls: list[str] = field(default_factory=list)
    accepted: dict[int, str] = field(default_factory=dict)
    """Task by number."""
    ended: dict[str, str] = field(default_factory=dict)
    """Status by task."""
    unknown: list[str] = field(default_factory=list)
    asked: int = 0
    """Answers of get/status."""
    repaired_at: float = 0.0

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._enough = threading.Event()
        self._key = self.system.key
        self._pool = ThreadPoolExecutor(SENDERS + 1, thread_name_prefix=self.name)
        self._senders: list[Future[None]] = []
        self._last_end = 0.0

    def start(self) -> None:
        """Send everything, from several threads, and watch; returns at once."""
        for sender in range(SENDERS):
            numbers: Iterable[int] = count(sender, SENDERS)
            if self.jobs:
                numbers = range(sender, self.jobs, SENDERS)
            self._senders.append(self._pool.submit(self._send_all, numbers))
        self._pool.submit(self._watch)

    def enough(self) -> None:
        """Send no more; returns when all that was sent is accepted."""
        self._enough.set()
        for sender in self._senders:
            sender.result()
        self.jobs = len(self.accepted)

    def send(self, numbers: Iterable[int]) -> None:
        """Send these now, one after another, each until it is accepted."""
        self._send_all(numbers)

    def watch(self) -> None:
        """Only watch; returns at once."""
        self._pool.submit(self._watch)

    def accepted_at_least(self, count: int) -> None:
        """Wait until so many are accepted."""
        self.until(lambda: len(self.accepted) >= min(count, self.jobs))

    def ended_at_least(self, count: int) -> None:
        """Wait until so many have ended."""
        self.until(lambda: len(self.ended) >= min(count, self.jobs))

    def until(self, true: Callable[[], bool]) -> None:
        """Wait until it is true; fails past PATIENCE_S."""
        deadline = time.monotonic() + PATIENCE_S
        while not true():
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.name}: waited in vain")
            time.sleep(_POLL_S)

    def repaired(self) -> None:
        """From now on the time to recover is counted."""
        self.repaired_at = time.monotonic()

    def outcome(self) -> Outcome:
        """Wait for the end of all jobs, at most PATIENCE_S, and count."""
        if not self.repaired_at:
            self.repaired()
        deadline = time.monotonic() + PATIENCE_S
        while len(self.ended) < self.jobs and time.monotonic() < deadline:
            time.sleep(_PAUSE_S)
        self.stop()
        boxes = self.boxes()
        return Outcome(
            jobs=self.jobs,
            found=len(boxes),
            lost=tuple(n for n in sorted(self.accepted) if n not in boxes),
            doubled=tuple(n for n, times in boxes.items() if times > 1),
            unknown=len(self.unknown),
            asked=self.asked,
            open=self.jobs - len(self.ended),
            failed=sum(status != "completed" for status in self.ended.values()),
            recovered_s=max(0.0, self._last_end - self.repaired_at),
        )

    def stop(self) -> None:
        """Send and watch no more."""
        self._stop.set()
        self._pool.shutdown(wait=True)

    def boxes(self) -> Counter[int]:
        """How often each box is remembered; raw turns that still wait count too."""
        return Counter(
            int(number)
            for user in range(USERS)
            for text in self._memories(f"{self.name}-{user}")
            for number in set(_BOX.findall(text))
        )

    def body(self, number: int) -> dict[str, Any]:
        """The request of one job."""
        content: Any = sentence(number)
        if self.files:
            data = base64.b64encode(content.encode()).decode()
            content = [{"type": "file", "file": {"file_data": data}}]
        return {
            "user_id": f"{self.name}-{number % USERS}",
            "conversation_id": f"c{number}",
            "messages": [{"role": "user", "content": content}],
        }

    def _send_all(self, numbers: Iterable[int]) -> None:
        with self._client() as client:
            for number in numbers:
                while len(self.accepted) - len(self.ended) >= self.most_in_flight:
                    if self._stop.is_set():
                        return
                    time.sleep(_POLL_S)
                if self._enough.is_set():
                    return
                self._send(client, number)

    def _send(self, client: httpx.Client, number: int) -> None:
        """Again and again, here and there, until it is accepted."""
        body, tries = self.body(number), 0
        while not self._stop.is_set():
            urls = [*self.extra_urls, self.system.url]
            url = f"{urls[tries % len(urls)]}/api/openmem/v1/add/message"
            tries += 1
            try:
                answer = client.post(url, json=body)
            except httpx.HTTPError:
                time.sleep(_PAUSE_S)
                continue
            if answer.status_code == httpx.codes.OK:
                self.accepted[number] = answer.json()["data"]["task_id"]
                return
            if answer.status_code < 500 and answer.status_code != 429:
                raise AssertionError(f"{self.name}: refused: {answer.text}")
            time.sleep(_PAUSE_S)

    def _watch(self) -> None:
        with self._client() as client:
            while not self._stop.is_set():
                running = set(self.accepted.values()) - set(self.ended)
                for task in running:
                    self._look(client, task)
                    time.sleep(_POLL_S)
                time.sleep(_POLL_S)

    def _look(self, client: httpx.Client, task: str) -> None:
        url = f"{self.system.url}/api/openmem/v1/get/status"
        try:
            answer = client.post(url, json={"task_id": task}).json()
        except (httpx.HTTPError, ValueError):
            return
        self.asked += 1
        if answer["code"] == UNKNOWN_TASK:
            self.unknown.append(f"{task} at {time.time():.3f}")
        elif answer["code"] == 0 and answer["data"]["status"] != "running":
            self.ended[task] = answer["data"]["status"]
            self._last_end = time.monotonic()

    def _memories(self, user: str) -> list[str]:
        texts: list[str] = []
        page = 1
        with self._client() as client:
            while True:
                answer = client.post(
                    f"{self.system.url}/api/openmem/v1/get/memory",
                    json={"user_id": user, "page": page, "size": 50},
                ).json()
                data = answer.get("data") or {}
                if answer["code"] != 0 or not data.get("memory_detail_list"):
                    return texts
                texts += [
                    memory["memory_value"] for memory in data["memory_detail_list"]
                ]
                page += 1

    def _client(self) -> httpx.Client:
        headers = {"Authorization": f"Token {self._key}"}
        return httpx.Client(headers=headers, timeout=30)
