"""One user's bulk import does not delay another's single add. Asserted on the order in
which work ends, never on time; `tests.benchmarks.overload` has the figures.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from qdrant_client import AsyncQdrantClient

from shared.adapters.qdrant.keys import QdrantKeys
from shared.settings import Settings
from tests.support.system import System, halted, until

pytestmark = pytest.mark.slow  # accepting so many takes a minute

BULK = 500
NEAR_THE_FRONT = 10
"""Of the bulk: that many could be worked on before, and are far from all."""
OTHER_KEY = "mpg-another-project"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system of this module's own: it is left with a long queue."""
    with System(tmp_path_factory.mktemp("fair") / "data") as running:
        url = running.environment("status")["QDRANT_URL"]
        asyncio.run(let_in(url, OTHER_KEY, "other"))
        yield running


async def let_in(url: str, key: str, project: str) -> None:
    client = AsyncQdrantClient(url=url)
    await QdrantKeys(client, Settings().prefix).put(key, project)
    await client.close()


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


def test_a_bulk_import_delays_nobody_elses_single_add(system: System) -> None:
    with halted(system, "worker-text"):
        bulk = adder(system, system.key, "ana")
        with ThreadPoolExecutor(4) as callers:
            tasks = sorted(callers.map(lambda n: (n, bulk(n)), range(BULK)))
        same = adder(system, system.key, "ben")()
        other = adder(system, OTHER_KEY, "ben")()
    until(lambda: status(system, system.key, same) == "completed", "the same project's")
    until(lambda: status(system, OTHER_KEY, other) == "completed", "the other's")
    _, waiting = tasks[-1]
    assert status(system, system.key, waiting) == "running"
    done = [task for _, task in tasks[:: BULK // 50] if is_done(system, task)]
    assert len(done) <= NEAR_THE_FRONT, "of every tenth"


def test_who_waits_goes_before_the_bulk(system: System) -> None:
    task = adder(system, OTHER_KEY, "cy")(async_mode=False)
    assert status(system, OTHER_KEY, task) == "completed"
    waiting = system.metrics("status")["souvenir_jobs_waiting"]
    assert sum(waiting.values()) > BULK / 2


def is_done(system: System, task: str) -> bool:
    return status(system, system.key, task) == "completed"
