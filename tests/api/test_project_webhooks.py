"""Webhooks of projects: registered, listed, changed and removed on routes of our own and
on mem0's; what the gateway changes by hand leaves its event, the private network is out
of reach, and who registers an address needs an admin key.
"""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from services.gateway.admin.manage_webhooks import (
    MAX_SECRETS,
    MAX_WEBHOOKS,
    WebhookPorts,
    rotate_secret,
)
from shared.adapters.webhook import HttpWebhooks, key_of
from shared.domain.webhook_endpoint import MemoryEvent, WebhookEndpoint
from shared.jobs.clock import now
from tests.api.hooks import HOOKS, URL, register, world_with_webhooks
from tests.api.world import World
from tests.fakes.webhook_endpoints import FakeWebhookEndpoints

MEM0 = "/mem0/api/v1/webhooks"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return world_with_webhooks(monkeypatch)


async def ask(world: World, method: str, path: str, body: Any = None) -> Any:
    response = await world.client.request(method, path, json=body)
    return response.status_code, response.json()


def events(world: World) -> list[MemoryEvent]:
    return [event.event for event in world.outbox.stored.values()]


async def test_a_webhook_is_registered_with_a_secret_that_is_answered_once(
    world: World,
) -> None:
    made = await register(world, name="log", event_types=["memory_add"])
    assert len(key_of(made["secret"])) == 24
    (listed,) = (await world.get(HOOKS)).data
    assert {**listed, "secret": made["secret"]} == made
    assert (listed["name"], listed["url"], listed["event_types"]) == (
        "log",
        URL,
        ["memory_add"],
    )
    assert (listed["project"], listed["is_active"], listed["waiting"]) == (
        "one",
        True,
        0,
    )


async def test_it_is_changed_and_removed(world: World) -> None:
    made = await register(world)
    path = f"/api/openmem/v1/{HOOKS}/{made['webhook_id']}"
    _, changed = await ask(world, "PUT", path, {"name": "x", "is_active": False})
    assert (changed["data"]["name"], changed["data"]["is_active"]) == ("x", False)
    assert changed["data"]["url"] == URL
    _, changed = await ask(world, "PUT", path, {"event_types": ["memory:delete"]})
    assert changed["data"]["event_types"] == ["memory_delete"]
    assert (await ask(world, "DELETE", path))[0] == 200
    assert (await world.get(HOOKS)).data == []
    assert (await ask(world, "DELETE", path))[0] == 404
    assert (await ask(world, "PUT", path, {"name": "x"}))[0] == 404


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "http://169.254.169.254/latest",
        "http://10.0.0.1/x",
        "http://[::1]/x",
        "ftp://example.com/x",
        "http://2130706433/x",
        "no url",
    ],
)
async def test_an_address_that_must_not_be_reached_is_refused(
    world: World, url: str
) -> None:
    made = await register(world)
    assert (await world.post(HOOKS, {"url": url})).status == 400
    path = f"/api/openmem/v1/{HOOKS}/{made['webhook_id']}"
    assert (await ask(world, "PUT", path, {"url": url}))[0] == 400
    created = await ask(world, "POST", f"{MEM0}/projects/one/", {"url": url})
    assert created[0] == 400
    assert len((await world.get(HOOKS)).data) == 1


async def test_an_inner_network_may_be_allowed(world: World) -> None:
    world.signed_calls = HttpWebhooks("", allow=("10.0.0.0/8",))  # type: ignore[assignment]
    world.app.state.ports = world.ports
    assert (await world.post(HOOKS, {"url": "http://10.0.0.1/x"})).status == 200


async def test_other_events_none_and_too_many_webhooks_are_refused(
    world: World,
) -> None:
    for wrong in (["memory_read"], []):
        body = {"url": URL, "event_types": wrong}
        assert (await world.post(HOOKS, body)).status == 422
    for _ in range(MAX_WEBHOOKS):
        await register(world)
    assert (await world.post(HOOKS, {"url": URL})).status == 400


async def test_categories_are_told_to_who_asks_for_it(world: World) -> None:
    every = [event.value for event in MemoryEvent]
    assert (await register(world))["event_types"] == every[:3]
    wanted = {"url": URL, "event_types": ["memory_categorize"]}
    status, made = await ask(world, "POST", f"{MEM0}/projects/one/", wanted)
    assert (status, made["event_types"]) == (201, ["memory_categorize"])
    said = {"messages": [{"role": "user", "content": "I like tea."}], "user_id": "ana"}
    await world.post("add/message", {**said, "tags": ["drinks"], "async_mode": False})
    told = [
        (event.endpoint == made["webhook_id"], event.event)
        for event in world.outbox.stored.values()
    ]
    assert set(told) == {(False, MemoryEvent.ADD), (True, MemoryEvent.CATEGORIZE)}


async def test_a_secret_is_rotated_and_the_old_one_signs_for_a_day(
    world: World,
) -> None:
    made = await register(world)
    id = made["webhook_id"]
    before = now()
    rotated = (await world.post(f"{HOOKS}/{id}/rotate", {})).data
    assert len(key_of(rotated["secret"])) == 24
    assert rotated["secret"] != made["secret"]
    day = 24 * 3600 * 1000
    assert before + day <= rotated["old_secret_until"] <= now() + day
    (listed,) = (await world.get(HOOKS)).data
    assert {**listed, "secret": rotated["secret"]} == rotated
    stored = world.webhook_endpoints.stored[id]
    assert stored.signing_secrets(now()) == (rotated["secret"], made["secret"])
    await ask(world, "PUT", f"/api/openmem/v1/{HOOKS}/{id}", {"name": "x"})
    stored = world.webhook_endpoints.stored[id]
    assert stored.signing_secrets(now()) == (rotated["secret"], made["secret"])
    _, shown = await ask(world, "GET", f"{MEM0}/projects/one/")
    assert made["secret"] not in str(shown) and rotated["secret"] not in str(shown)


async def test_an_old_secret_ends_when_it_is_told_to(world: World) -> None:
    id = (await register(world))["webhook_id"]
    path = f"{HOOKS}/{id}/rotate"
    soon = (await world.post(path, {"overlap_s": 60})).data
    assert soon["old_secret_until"] <= now() + 60_000
    ended = (await world.post(path, {"overlap_s": 0})).data
    assert ended["old_secret_until"] is None
    stored = world.webhook_endpoints.stored[id]
    assert stored.signing_secrets(now()) == (ended["secret"],)
    for wrong in (-1, 8 * 24 * 3600, "soon"):
        assert (await world.post(path, {"overlap_s": wrong})).status == 422
    assert world.webhook_endpoints.stored[id] == stored
    assert (await world.post(f"{HOOKS}/{uuid4()}/rotate", {})).status == 404


async def test_no_more_secrets_sign_than_a_few(world: World) -> None:
    id = (await register(world))["webhook_id"]
    path = f"{HOOKS}/{id}/rotate"
    for _ in range(MAX_SECRETS - 1):
        assert (await world.post(path, {})).status == 200
    assert (await world.post(path, {})).status == 400
    assert (await world.post(path, {"overlap_s": 0})).status == 200


async def test_of_two_who_rotate_at_once_neither_loses_its_secret(
    world: World,
) -> None:
    class BothReadFirst(FakeWebhookEndpoints):
        """Lets nobody read for a second time before two have read."""

        def __init__(self) -> None:
            super().__init__()
            self.barrier, self.asked = asyncio.Barrier(2), 0

        async def get(self, project: str | None, id: str) -> WebhookEndpoint | None:
            found = await super().get(project, id)
            self.asked += 1
            if self.asked <= 2:
                await self.barrier.wait()
            return found

    id = (await register(world))["webhook_id"]
    endpoints = BothReadFirst()
    endpoints.stored = world.webhook_endpoints.stored
    ports = WebhookPorts(endpoints, world.outbox, world.signed_calls)
    one, two = await asyncio.gather(
        *(rotate_secret(ports, "one", id, 60) for _ in range(2))
    )
    assert one.secret != two.secret
    assert {one.secret, two.secret} <= set(endpoints.stored[id].signing_secrets(now()))


async def test_where_they_are_turned_off_they_are_refused(world: World) -> None:
    world.webhook_endpoints = None  # type: ignore[assignment]
    world.app.state.ports = world.ports
    assert (await world.post(HOOKS, {"url": URL})).status == 501
    assert (await ask(world, "GET", f"{MEM0}/projects/one/"))[0] == 501


async def test_mem0s_routes_are_about_the_same_webhooks(world: World) -> None:
    body = {"url": URL, "name": "log", "event_types": ["memory_add", "memory_update"]}
    status, made = await ask(world, "POST", f"{MEM0}/projects/one/", body)
    assert (status, made["event_types"]) == (201, body["event_types"])
    assert made["secret"].startswith("whsec_")
    _, listed = await ask(world, "GET", f"{MEM0}/projects/one/")
    assert listed == [{k: v for k, v in made.items() if k != "secret"}]
    assert listed[0]["created_at"].startswith("20")
    assert [h["webhook_id"] for h in (await world.get(HOOKS)).data] == [
        made["webhook_id"]
    ]
    path = f"{MEM0}/{made['webhook_id']}/"
    assert await ask(world, "PUT", path, {"name": "y"}) == (
        200,
        {"message": "Webhook updated successfully"},
    )
    assert (await world.get(HOOKS)).data[0]["name"] == "y"
    assert (await ask(world, "GET", f"{MEM0}/projects/other/"))[0] == 404
    assert (await ask(world, "DELETE", path))[0] == 200
    assert (await ask(world, "DELETE", path))[0] == 404
    assert (await ask(world, "DELETE", f"{MEM0}/{uuid4()}/"))[0] == 404


async def test_each_change_by_a_request_leaves_its_event(world: World) -> None:
    await register(world)
    said = {"messages": [{"role": "user", "content": "I like tea."}], "user_id": "ana"}
    await world.post("add/message", {**said, "async_mode": False})
    assert set(events(world)) == {MemoryEvent.ADD}
    (memory,) = (await world.post("get/memory", {"user_id": "ana"})).data[
        "memory_detail_list"
    ]
    assert (await world.get(HOOKS)).data[0]["waiting"] == len(events(world))
    world.outbox.stored.clear()
    change = {"memory_id": memory["id"], "content": "I like coffee."}
    await world.post("update/memory", change)
    assert events(world) == [MemoryEvent.UPDATE]
    world.outbox.stored.clear()
    await world.post("rate/memory", {"memory_ids": [memory["id"]], "thumb": "up"})
    assert events(world) == []
    await world.post("delete/memory", {"user_id": "ana"})
    assert events(world) == [MemoryEvent.DELETE]
    (event,) = world.outbox.stored.values()
    assert (event.memory, event.user) == (memory["id"], "ana")
    assert "coffee" not in repr(event)


async def test_a_key_of_another_project_leaves_no_event_here(world: World) -> None:
    await register(world)
    said = {"messages": [{"role": "user", "content": "I like tea."}], "user_id": "ana"}
    other = {"Authorization": "Token mpg-other"}
    await world.post("add/message", {**said, "async_mode": False}, headers=other)
    assert events(world) == []


async def test_a_key_without_admin_registers_nothing(world: World) -> None:
    body = {"name": "w", "scopes": ["read", "write"]}
    key = (await world.post("project/keys", body)).data["key"]
    headers = {"Authorization": f"Token {key}"}
    made = await register(world)
    rotated = await world.post(
        f"{HOOKS}/{made['webhook_id']}/rotate", {}, headers=headers
    )
    assert rotated.status == 403
    for path in (f"/api/openmem/v1/{HOOKS}", f"{MEM0}/projects/one/"):
        for method in ("GET", "POST"):
            response = await world.client.request(
                method, path, json={"url": URL}, headers=headers
            )
            assert response.status_code == 403, (method, path)
