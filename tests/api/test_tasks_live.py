"""The stream of a task over real sockets: each event at once, and nobody watches for a
client that has left.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from services.status.app import build_app as build_status
from shared.domain.job import Progress, State, Step
from tests.api.world import KEY, World
from tests.support.served import served

PATIENCE = 60.0


@asynccontextmanager
async def live(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the world's gateway, with the status service behind it, on sockets."""
    async with (
        served(build_status(world.settings, world.ports)) as status,
        httpx.AsyncClient(base_url=status) as asked,
    ):
        world.app.state.status = asked
        async with (
            served(world.app) as url,
            httpx.AsyncClient(
                base_url=url,
                headers={"Authorization": f"Token {KEY}"},
                timeout=PATIENCE,
            ) as client,
        ):
            yield client


async def watched(world: World, id: str, times: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while world.progress_bus.watchers(id) != times:
            await asyncio.sleep(0.01)


async def accepted(client: httpx.AsyncClient) -> str:
    body = {"user_id": "ann", "messages": [{"role": "user", "content": "hello"}]}
    return str((await client.post("/add/message", json=body)).json()["data"]["task_id"])


async def test_every_event_comes_when_it_happens(idle: World) -> None:
    async with live(idle) as client:
        id = await accepted(client)
        async with client.stream("GET", f"/tasks/{id}/events") as answer:
            task = answer.aiter_lines()

            async def following() -> tuple[str, dict[str, object]]:
                name, data = [await anext(task) for _ in range(3)][:2]
                return name.removeprefix("event: "), json.loads(
                    data.removeprefix("data: ")
                )

            name, data = await following()
            assert (name, data["step"], data["task_id"]) == ("progress", "queued", id)
            for step in (Step.PARSE, Step.EXTRACT):
                await watched(idle, id, 1)
                await idle.progress_bus.publish(Progress(id, State.RUNNING, step))
                (
                    name,
                    data,
                ) = (
                    await following()
                )  # it would wait for ever if anything on the way kept it
                assert (name, data["step"]) == ("progress", step)
            await idle.work_off()
            name, data = await following()
            assert (name, data["status"]) == ("end", "completed")
            assert [line async for line in task] == []


async def test_who_leaves_is_not_watched_for(idle: World) -> None:
    async with live(idle) as client:
        id = await accepted(client)
        async with client.stream("GET", f"/tasks/{id}/events") as answer:
            await anext(answer.aiter_lines())
            await watched(idle, id, 1)
        await watched(idle, id, 0)
