"""One user's bulk import does not delay another's single add. Asserted on the order in
which work ends, never on time; `tests.benchmarks.overload` has the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.support.system import System, halted, until

pytestmark = pytest.mark.slow  # accepting so many takes a minute

BULK = 200
NEAR_THE_FRONT = 10
"""Of the bulk: that many could be worked on before, and are far from all."""


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system of this module's own: it is left with a long queue."""
    with System(tmp_path_factory.mktemp("fair") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def other_key(system: System) -> str:
    """A key of another project."""
    made = system.post("project/keys", project="other", name="another project")
    return str(made["key"])


def adder(system: System, key: str, user: str) -> Callable[..., str]:
    client = httpx.Client(
        base_url=system.base_url, headers={"Authorization": f"Token {key}"}, timeout=60
    )

    def add(number: int = 0, **more: Any) -> str:
        said = f"The archive box number {number} of {user} stands in the attic."
        body = {"user_id": user, "messages": [{"role": "user", "content": said}]}
        answer = client.post("add/message", json=body | more).raise_for_status()
        return str(answer.json()["data"]["task_id"])

    return add


def status(system: System, key: str, task: str) -> str:
    answer = httpx.post(
        f"{system.base_url}/get/status",
        json={"task_id": task},
        headers={"Authorization": f"Token {key}"},
        timeout=60,
    )
    return str(answer.raise_for_status().json()["data"]["status"])


def test_a_bulk_import_delays_nobody_elses_single_add(
    system: System, other_key: str
) -> None:
    with halted(system, "worker-text"):
        bulk = adder(system, system.key, "ana")
        with ThreadPoolExecutor(4) as callers:
            tasks = list(callers.map(bulk, range(BULK)))
        same = adder(system, system.key, "ben")()
        other = adder(system, other_key, "ben")()
    until(lambda: status(system, system.key, same) == "completed", "the same project's")
    until(lambda: status(system, other_key, other) == "completed", "the other's")
    assert status(system, system.key, tasks[-1]) == "running"
    done = sum(is_done(system, task) for task in tasks[:: BULK // 50])
    assert done <= NEAR_THE_FRONT, "of every fourth"
    # Who waits for the answer goes before all of them too.
    waiting = adder(system, other_key, "cy")(async_mode=False)
    until(lambda: status(system, other_key, waiting) == "completed", "who waits")
    assert status(system, system.key, tasks[-1]) == "running"


def is_done(system: System, task: str) -> bool:
    return status(system, system.key, task) == "completed"
