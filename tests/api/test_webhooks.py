"""webhook_url: where it is taken, what is refused at once, and who is called."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from shared.adapters.webhook import HttpWebhooks
from tests.api.world import World

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
URL = "https://hooks.example/souvenir"
SAID = {"user_id": "ann", "messages": [{"role": "user", "content": "hello"}]}
CORRECTED = {"user_id": "ann", "feedback_content": "Replace tea with coffee"}
TEXT = base64.b64encode(b"The harbour closes at nine.").decode()


def world_with(embedder: Any, **settings: Any) -> World:
    return World(
        embedder,
        working=False,
        webhooks=HttpWebhooks(SECRET, allow=("127.0.0.1/32",)),
        **settings,
    )


async def knowledge_base(world: World) -> str:
    return str(
        (await world.post("create/knowledgebase", {"knowledgebase_name": "b"})).data[
            "id"
        ]
    )


@pytest.mark.parametrize(
    "path, body", [("add/message", SAID), ("add/feedback", CORRECTED)]
)
async def test_it_is_written_down_with_the_task(
    embedder: Any, prefix: str, path: str, body: dict[str, Any]
) -> None:
    async with world_with(embedder) as world:
        id = (await world.post(f"{prefix}/{path}", {**body, "webhook_url": URL})).data[
            "task_id"
        ]
        assert (await world.get(f"tasks/{id}")).data["webhook"] == {
            "url": URL,
            "state": "waiting",
            "attempts": 0,
            "error": "",
        }


async def test_each_document_tells_for_itself(embedder: Any) -> None:
    async with world_with(embedder) as world:
        files = [
            {"content": TEXT, "name": "a.txt"},
            {"content": "https://example.com/b.pdf"},
        ]
        added = (
            await world.post(
                "add/knowledgebase-file",
                {
                    "knowledgebase_id": await knowledge_base(world),
                    "file": files,
                    "webhook_url": URL,
                },
            )
        ).data
        for file in added:
            task = (await world.get(f"tasks/{file['task_id']}")).data
            assert (task["webhook"]["url"], task["work"], task["file_id"]) == (
                URL,
                "document",
                file["id"],
            )


async def test_in_a_form_it_stands_in_the_query(embedder: Any) -> None:
    async with world_with(embedder) as world:
        query = {"knowledgebase_id": await knowledge_base(world), "webhook_url": URL}
        (added,) = (
            await world.client.post(
                "/add/knowledgebase-file",
                params=query,
                files={"file": ("a.txt", b"hello")},
            )
        ).json()["data"]
        assert (await world.get(f"tasks/{added['task_id']}")).data["webhook"][
            "url"
        ] == URL


async def test_a_group_is_delivered_once(embedder: Any) -> None:
    async with world_with(embedder) as world:
        await world.post(
            "add/message", {**SAID, "user_id": ["ann", "ben"], "webhook_url": URL}
        )
        assert sorted(job.webhook for job in world.jobs.stored.values()) == ["", URL]


async def test_the_url_of_the_settings_is_called_when_none_is_named(
    embedder: Any,
) -> None:
    async with world_with(embedder, webhook_url="https://default.example/") as world:
        await world.post("add/message", SAID)
        await world.post("add/message", {**SAID, "user_id": "ben", "webhook_url": URL})
        assert sorted(job.webhook for job in world.jobs.stored.values()) == [
            "https://default.example/",
            URL,
        ]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.2/",
        "http://10.0.0.1/hook",
        "http://[::1]/",
        "http://169.254.169.254/",
        "ftp://a.example/",
        "x",
    ],
)
@pytest.mark.parametrize(
    "path, body", [("add/message", SAID), ("add/feedback", CORRECTED)]
)
async def test_an_address_that_is_never_called_is_refused(
    embedder: Any, path: str, body: dict[str, Any], url: str
) -> None:
    async with world_with(embedder) as world:
        refused = await world.post(path, {**body, "webhook_url": url})
        assert (refused.status, refused.code, refused.body["data"]) == (
            400,
            40000,
            None,
        )
        assert world.jobs.stored == {} and world.queue.waiting == []


async def test_an_inner_one_that_is_allowed_is_not(embedder: Any) -> None:
    async with world_with(embedder) as world:
        assert (
            await world.post(
                "add/message", {**SAID, "webhook_url": "http://127.0.0.1:9/hook"}
            )
        ).status == 200


async def test_a_server_that_tells_nobody_says_so(idle: World) -> None:
    refused = await idle.post("add/message", {**SAID, "webhook_url": URL})
    assert (refused.status, refused.code) == (501, 40000)
    assert "SOUVENIR_WEBHOOK_SECRET" in refused.message
    assert (await idle.post("add/message", {**SAID, "webhook_url": None})).status == 200
