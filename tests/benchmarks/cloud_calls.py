"""A running system as the benchmarks speak to it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx

from services.launcher.child import die_with_parent
from services.launcher.network import free_ports
from services.launcher.programs import gateway_command, worker_command
from tests.support.system import System, until

POLL_S = 0.05
END_S = 30.0
"""For a process that was asked to end."""


class CloudCalls:
    """Posts to one gateway; may be used from several threads."""

    def __init__(self, base_url: str, key: str) -> None:
        self._http = httpx.Client(
            base_url=base_url,
            headers={"Authorization": f"Token {key}"},
            timeout=300,
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=64),
        )

    def post(self, route: str, **body: Any) -> Any:
        """The `data` of the answer. Raises httpx.HTTPStatusError for a refusal."""
        answer = self._http.post(route, json=body)
        answer.raise_for_status()
        return answer.json()["data"]

    def add(
        self, user: str, *texts: str, waits: bool = False, talk: str = "talk"
    ) -> str:
        """The task of an add of a user's messages."""
        accepted = self.post(
            "add/message",
            user_id=user,
            conversation_id=talk,
            messages=[{"role": "user", "content": text} for text in texts],
            async_mode=not waits,
        )
        task: str = accepted["task_id"]
        return task

    def search(self, user: str, query: str, **more: Any) -> Any:
        """What a search finds, whatever its relativity."""
        return self.post(
            "search/memory", user_id=user, query=query, relativity=0, **more
        )

    def finish(self, tasks: Iterable[str]) -> list[str]:
        """The states in which the tasks ended, once all have."""
        states = []
        for task in tasks:
            while (
                state := self.post("get/status", task_id=task)["status"]
            ) == "running":
                time.sleep(POLL_S)
            states.append(state)
        return states

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


@contextmanager
def calls_of(system: System) -> Iterator[CloudCalls]:
    """Calls of its own gateway."""
    calls = CloudCalls(system.base_url, system.key)
    try:
        yield calls
    finally:
        calls.close()


@contextmanager
def more_workers(system: System, count: int) -> Iterator[None]:
    """So many workers of text beside the system's own."""
    environment = system.environment("worker-text")
    with ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(_running(worker_command("text"), environment, system))
        yield


@contextmanager
def more_gateways(system: System, count: int) -> Iterator[list[CloudCalls]]:
    """Calls of so many gateways beside the system's own, on the same stores."""
    environment = system.environment("gateway")
    ports = free_ports(count) if count else []
    with ExitStack() as stack:
        for port in ports:
            command = gateway_command("127.0.0.1", port)
            stack.enter_context(_running(command, environment, system))
        gateways = []
        for port in ports:
            url = f"http://127.0.0.1:{port}"
            until(lambda url=url: _is_ready(url), f"the gateway at {url}")
            calls = CloudCalls(f"{url}/api/openmem/v1", system.key)
            stack.callback(calls.close)
            gateways.append(calls)
        yield gateways


@contextmanager
def _running(
    command: Sequence[str], environment: dict[str, str], system: System
) -> Iterator[None]:
    log = (system.data / "logs" / "more.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, *command],
        env={**os.environ, **environment},
        cwd=system.data,
        stdout=log,
        stderr=log,
        preexec_fn=die_with_parent(),
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(END_S)
        except subprocess.TimeoutExpired:  # a busy machine: the system ends with it
            process.kill()
            process.wait()
        log.close()


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/ready", timeout=5).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
