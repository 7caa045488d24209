"""reindex: who may ask for it, that it is one task, and how the store stands."""

from __future__ import annotations

from shared.domain.job_payload import Queue, ReindexPayload
from shared.domain.vector_space import space_beside
from tests.api.world import FIRST_KEY, World
from tests.fakes.embedder import FakeEmbedder

OPERATOR = {"Authorization": f"Token {FIRST_KEY}"}


async def test_it_is_one_task_in_the_queue_of_files() -> None:
    async with World(FakeEmbedder(), working=False) as world:
        first = await world.post("reindex", headers=OPERATOR)
        again = await world.post("reindex", {}, headers=OPERATOR)
        assert first.body["data"]["status"] == "running"
        assert first.body["data"] == again.body["data"]
        (job,) = world.jobs.stored.values()
        assert isinstance(job.payload, ReindexPayload)
        assert (job.queue, job.scope.project) == (Queue.FILES, "default")
        id = first.body["data"]["task_id"]
        task = (await world.get(f"tasks/{id}", headers=OPERATOR)).body["data"]
        assert (task["work"], task["state"]) == ("reindex", "queued")


async def test_it_concerns_every_project_so_only_the_operator_may() -> None:
    async with World(FakeEmbedder()) as world:
        answer = await world.post("reindex")
        assert (answer.status, answer.code) == (403, 40306)
        assert not world.jobs.stored


async def test_how_the_store_stands() -> None:
    async with World(FakeEmbedder()) as world:
        await world.remember("Tom sails.")
        said = (await world.get("reindex")).body["data"]
        assert said == {
            "embedder": "letters",
            "size": 384,
            "older": False,
            "wanted": said["wanted"],
            "next": None,
            "memories": 1,
            "lacking": 0,
            "calibrated": False,
        }
        assert said["wanted"].startswith("souvenir-embedder-")
        await world.spaces.begin(space_beside("other", 5))
        said = (await world.get("reindex")).body["data"]
        assert (said["next"], said["lacking"]) == ("other", 1)
