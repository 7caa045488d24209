"""Keys over the wire: made, listed, rotated, revoked; scopes, owners, expiry, last use;
and a first key that can be guessed is refused at the start.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from shared.domain.api_key import KeyScope
from shared.domain.key_strength import weakness
from shared.jobs.clock import now
from shared.settings import Settings
from tests.api.world import FIRST_KEY, KEY, OTHER_KEY, Answer, World
from tests.security.canaries import bound_key, new_key

SEARCH = {"user_id": "ann", "query": "x"}
ADD = {"user_id": "ann", "messages": [{"role": "user", "content": "I like tea."}]}
DAY_MS = 86_400_000


def by(secret: str) -> dict[str, Any]:
    return {"headers": {"Authorization": f"Token {secret}"}}


async def made(world: World, secret: str = KEY, **body: Any) -> dict[str, Any]:
    answer = await world.post("project/keys", {"name": "ci", **body}, **by(secret))
    data: dict[str, Any] = answer.data
    return data


async def searched(world: World, secret: str) -> Answer:
    return await world.post("search/memory", SEARCH, **by(secret))


async def test_a_key_is_made_and_its_secret_answered_once(world: World) -> None:
    key = await made(world, name="reader", scopes=["read"])
    assert key["key"].startswith("mpg-") and len(key["key"]) > 30
    assert (key["project"], key["scopes"], key["hint"]) == (
        "one",
        ["read"],
        key["key"][-4:],
    )
    assert (await searched(world, key["key"])).status == 200
    listed = await world.get("project/keys")
    assert key["key"] not in listed.response.text
    assert "reader" in {entry["name"] for entry in listed.data}
    stored = repr(world.keys.stored)
    assert key["key"] not in stored, "only the hash is stored"


@pytest.mark.parametrize(
    "scopes, allowed",
    [
        (["read"], {"search/memory"}),
        (["write"], {"add/message"}),
        (["admin"], {"project/keys"}),
        (["read", "write"], {"search/memory", "add/message"}),
    ],
)
async def test_a_key_does_what_its_scopes_say(
    world: World, scopes: list[str], allowed: set[str]
) -> None:
    secret = (await made(world, scopes=scopes))["key"]
    bodies = {
        "search/memory": SEARCH,
        "add/message": ADD,
        "project/keys": {"name": "x"},
    }
    for path, body in bodies.items():
        answer = await world.post(path, body, **by(secret))
        expected = (200, 0) if path in allowed else (403, 40103)
        assert (answer.status, answer.code) == expected, (path, answer.body)


async def test_a_reader_chats_and_nothing_is_remembered(world: World) -> None:
    secret = await new_key(world, "one", scopes=(KeyScope.READ,))
    answer = await world.post("chat", SEARCH, **by(secret))
    assert answer.status == 200
    asked = {**SEARCH, "add_message_on_answer": True}
    assert (await world.post("chat", asked, **by(secret))).code == 40103
    await world.app.state.background.close()
    assert not world.messages.stored


async def test_a_key_for_one_user_names_that_user(world: World) -> None:
    key = await made(world, user_id="ann")
    assert (key["user_id"], key["agent_id"]) == ("ann", None)
    assert (await searched(world, key["key"])).status == 200
    refused = await world.post(
        "search/memory", {**SEARCH, "user_id": "ben"}, **by(key["key"])
    )
    assert (refused.status, refused.code) == (403, 40103)
    of_agent = await made(world, agent_id="helper")
    for body, status in (
        ({"agent_id": "helper", "query": "x"}, 200),
        ({"agent_id": "other", "query": "x"}, 403),
        (SEARCH, 403),
    ):
        answer = await world.post("search/memory", body, **by(of_agent["key"]))
        assert answer.status == status, body


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "x" * 101},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["root"]},
        {"name": "x", "user_id": "a", "agent_id": "b"},
        {"name": "x", "user_id": "a", "scopes": ["admin"]},
        {"name": "x", "expires_at": 5},
        {"name": "x", "user_id": "a" * 101},
        {"name": "x", "project": "a project"},
    ],
)
async def test_a_key_that_makes_no_sense_is_refused(
    world: World, body: dict[str, Any]
) -> None:
    answer = await world.post("project/keys", body, **by(FIRST_KEY))
    assert answer.status in (400, 422) and answer.code and answer.body["data"] is None
    assert len(world.keys.stored) == 2


async def test_only_the_operator_makes_keys_for_another_project(world: World) -> None:
    refused = await world.post("project/keys", {"name": "x", "project": "other"})
    assert (refused.status, refused.code) == (403, 40103)
    key = await made(world, FIRST_KEY, project="customer-a", scopes=["read", "admin"])
    assert key["project"] == "customer-a"
    listed = await world.get("project/keys", **by(key["key"]))
    assert [entry["id"] for entry in listed.data] == [key["id"]]
    other = await world.get("project/keys?project=one", **by(key["key"]))
    assert other.code == 40103


async def test_an_administrator_of_a_user_is_no_operator(world: World) -> None:
    secret = await bound_key(world, "default", "ann")
    for path in ("project/keys", "project/keys?project=one", "project/audit"):
        assert (await world.get(path, **by(secret))).code == 40103


async def test_a_rotated_key_has_a_new_secret_and_the_same_rights(world: World) -> None:
    old = await made(world, scopes=["read"], user_id="ann")
    assert (await searched(world, old["key"])).status == 200, "and is remembered"
    new = (await world.post(f"project/keys/{old['id']}/rotate", {})).data
    assert new["key"] != old["key"] and new["id"] != old["id"]
    assert {n: new[n] for n in ("scopes", "user_id", "name")} == {
        n: old[n] for n in ("scopes", "user_id", "name")
    }
    assert (await searched(world, new["key"])).status == 200
    assert (await searched(world, old["key"])).code == 40132


async def test_the_old_secret_may_overlap(world: World) -> None:
    old = await made(world)
    path = f"project/keys/{old['id']}/rotate"
    new = (await world.post(path, {"overlap_s": 3600})).data
    for key in (old, new):
        assert (await searched(world, key["key"])).status == 200
    ends = {
        entry["id"]: entry["expires_at"]
        for entry in (await world.get("project/keys")).data
    }
    assert ends[new["id"]] is None and ends[old["id"]] > now()


async def test_a_revoked_key_opens_nothing(world: World) -> None:
    key = await made(world)
    assert (await searched(world, key["key"])).status == 200, "and is remembered"
    path = f"project/keys/{key['id']}/revoke"
    assert (await world.post(path, {}, **by(OTHER_KEY))).code == 40001, "another's"
    assert (await world.post(path, {})).data == {"success": True}
    assert (await searched(world, key["key"])).code == 40132
    assert (await world.post(path, {})).code == 40001


async def test_the_first_key_is_listed_and_changed_elsewhere(world: World) -> None:
    listed = (await world.get("project/keys", **by(FIRST_KEY))).data
    assert [entry["id"] for entry in listed] == ["first"]
    answer = await world.post("project/keys/first/revoke", {}, **by(FIRST_KEY))
    assert answer.status == 400 and "SOUVENIR_API_KEY" in answer.message


async def test_an_expired_key_opens_nothing(world: World) -> None:
    good = await new_key(world, "one", expires_at=now() + DAY_MS)
    over = await new_key(world, "one", expires_at=now() - 1)
    assert (await searched(world, good)).status == 200
    refused = await searched(world, over)
    assert (refused.status, refused.code) == (401, 40132)


async def test_the_last_use_is_written_once_in_a_while(world: World) -> None:
    writes = []
    mark_used = world.keys.mark_used

    async def counted(project: str, id: str, at: int) -> None:
        writes.append(id)
        await mark_used(project, id, at)

    world.keys.mark_used = counted  # type: ignore[method-assign]
    key = await made(world)
    for _ in range(5):
        await searched(world, key["key"])
    await asyncio.sleep(0)
    await world.app.state.background.close()
    assert writes.count(key["id"]) == 1
    listed = {entry["id"]: entry for entry in (await world.get("project/keys")).data}
    assert listed[key["id"]]["last_used_at"] > key["created_at"] - 1


@pytest.mark.parametrize(
    "key, reason",
    [
        ("secret", "shorter"),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", "repeats"),
        ("abababababababababab", "repeats"),
        ("changeme-changeme-1234", "words"),
        ("password123456789", "words"),
        ("souvenir-api-key-12345", "words"),
        ("aaaaaaabaaaaaaaab", "few different"),
        ("пароль-пароль-пароль", "header"),
        ("has a blank in it, here", "header"),
    ],
)
def test_a_key_that_can_be_guessed_is_refused_at_the_start(
    key: str, reason: str
) -> None:
    assert reason in weakness(key)
    with pytest.raises(ValueError, match=f"SOUVENIR_API_KEY.*{reason}.*openssl"):
        Settings.from_env({"SOUVENIR_API_KEY": key})


@pytest.mark.parametrize(
    "key",
    [
        "",
        "a-key-from-outside",
        "mpg-Jk3_x0Qd8mTzv5RbWcY1LpHnUeGsAo7f",
        "5f4dcc3b5aa765d61d8327deb882cf99",
        "correct-horse-battery-staple",
    ],
)
def test_a_good_key_is_taken(key: str) -> None:
    assert Settings.from_env({"SOUVENIR_API_KEY": key}).api_key == key
