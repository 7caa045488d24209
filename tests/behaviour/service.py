"""The system under test, spoken to in the words of the wire.

`InProcess` is the real gateway and the real worker pipeline, with the extractor and the
embedder of a default installation, on fakes of storage, queue and locks. `OverHttp` is a
running system.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from types import TracebackType
from typing import Any, Protocol

import httpx

from shared.adapters.onnx.classifier import best_judge, best_reader
from shared.adapters.onnx.embedder import best_embedder
from shared.ports import MessageReader
from shared.settings import Settings
from shared.wiring import Ports, WorkerPorts
from tests.api.world import World
from workers.build_context import build_context
from workers.pipeline.runner import run_job
from workers.pipeline.worker_context import WorkerContext

CLOUD = "/api/openmem/v1"
POLL_S = 0.05


class Service(Protocol):
    """Takes requests of the wire."""

    async def post(self, route: str, **body: Any) -> Mapping[str, Any]:
        """The `data` of the answer. Raises AssertionError for one that is not ok."""
        ...

    async def finish(self, task: str) -> str:
        """How a task ended, as get/status words it."""
        ...


class InProcess:
    """Gateway and workers in this process. Each has stores of its own, and all have the
    same models.
    """

    def __init__(self) -> None:
        self._world = World(_embedder(), working=False)
        self._worker = _worker_context(self._world)

    async def __aenter__(self) -> InProcess:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._world.client.aclose()

    async def post(self, route: str, **body: Any) -> Mapping[str, Any]:
        return await _post(self._world.client, route, body)

    async def finish(self, task: str) -> str:
        await self._work_off()
        status: str = (await self.post("get/status", task_id=task))["status"]
        return status

    @property
    def waiting(self) -> list[str]:
        """The tasks in the queue, the next one first."""
        return [job for job, _ in self._world.queue.waiting]

    async def _work_off(self) -> None:
        """Everything that waits in the queue, the most urgent first."""
        jobs = self.waiting
        self._world.queue.wipe()
        for job in jobs:
            again = await run_job(job, self._worker)
            assert again is None, f"job {job} wants another try in {again} s"


class OverHttp:
    """A running system."""

    def __init__(self, url: str, key: str) -> None:
        self._client = httpx.AsyncClient(
            base_url=url.rstrip("/"),
            timeout=120,
            headers={"Authorization": f"Token {key}"},
        )

    async def __aenter__(self) -> OverHttp:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.aclose()

    async def post(self, route: str, **body: Any) -> Mapping[str, Any]:
        return await _post(self._client, route, body)

    async def finish(self, task: str) -> str:
        while True:
            status: str = (await self.post("get/status", task_id=task))["status"]
            if status != "running":
                return status
            await asyncio.sleep(POLL_S)


_embedder = cache(best_embedder)
_judge = cache(best_judge)


@cache
def _reader() -> MessageReader:
    return best_reader(_embedder())


def _worker_context(world: World) -> WorkerContext:
    """A worker as an installation without a model has it, on the world's fakes."""
    ports = world.ports
    return build_context(
        Settings(),
        WorkerPorts(
            **{port.name: getattr(ports, port.name) for port in fields(Ports)},
            embedder=ports.embedder,
            reader=_reader(),
            judge=_judge(),
            embedder_of_names=_embedder(),
        ),
    )


async def _post(
    client: httpx.AsyncClient, route: str, body: Mapping[str, Any]
) -> Mapping[str, Any]:
    answer = await client.post(f"{CLOUD}/{route}", json=body)
    envelope = answer.json()
    assert envelope["code"] == 0, f"{route}: {envelope['code']} {envelope['message']}"
    data: Mapping[str, Any] = envelope["data"]
    return data
