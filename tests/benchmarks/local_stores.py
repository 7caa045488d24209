"""Redis, Qdrant, gateway and one worker for benchmarks that look inside: real servers, and
our own code in this process, so that calls can be counted.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from services.gateway.app import build_app
from shared.settings import Settings
from shared.wiring import GatewayPorts, wire_gateway, wire_worker
from tests.support.valkey import valkey
from tests.support.vector_node import vector_node
from workers.build_context import build_context
from workers.pipeline.runner import run_job
from workers.pipeline.warm_up import warm_up
from workers.pipeline.worker_context import WorkerContext

CLOUD = "/api/openmem/v1"
KEY = "key-of-the-benchmark"


@dataclass
class InThisProcess:
    """Gateway and worker on real stores."""

    ports: GatewayPorts
    context: WorkerContext
    client: httpx.AsyncClient

    async def post(self, route: str, **body: Any) -> Any:
        """The `data` of the gateway's answer. Raises AssertionError for a refusal."""
        answer = await self.client.post(f"{CLOUD}/{route}", json=body)
        envelope = answer.json()
        assert envelope["code"] == 0, envelope
        return envelope["data"]

    async def work_off(self, job: str) -> None:
        """What a worker does for a message of the queue (`workers.process.Process`)."""
        message = uuid4().hex
        taken = await self.context.queue.take(message, job, "text")
        assert taken is not None, "nothing waits"
        again = await run_job(taken.job, self.context)
        assert again is None, f"{job} wants another try in {again} s"
        await self.context.queue.done(message, "text")


@asynccontextmanager
async def in_this_process(
    folder: Path, **settings: Any
) -> AsyncIterator[InThisProcess]:
    """Running, with the models loaded."""
    redis_folder = folder / "redis"
    redis_folder.mkdir()
    with valkey(redis_folder) as redis, vector_node(folder / "vectors") as vectors:
        chosen = Settings(
            redis_url=redis.url,
            qdrant_url=vectors.url,
            data=folder,
            api_key=KEY,
            **settings,
        )
        async with wire_gateway(chosen) as ports, wire_worker(chosen) as worker:
            app = build_app(chosen, replace(ports))
            context = build_context(chosen, worker)
            await warm_up(context.reader, context.judge, context.embedder)
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app=app),
                base_url="http://gateway",
                headers={"Authorization": f"Token {KEY}"},
            ) as client:
                yield InThisProcess(ports, context, client)
