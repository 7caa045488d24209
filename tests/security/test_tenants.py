"""Canaries of another project, and of another user under a key for one user: through
every route that reads, nothing comes back; through every route that writes, nothing
changes.
"""

from __future__ import annotations

import pytest

from services.gateway.context.route_access import NEEDS
from shared.domain.thumb import MOST_OF_ONE, MOST_THUMBS
from tests.api.world import KEY, World
from tests.security.canaries import CANARY, Planted, bound_key, plant
from tests.security.requests import (
    NOT_ABOUT_OTHERS,
    Asked,
    ask,
    owned,
    reading,
    seen,
    writing,
)


def test_every_route_is_asked() -> None:
    nobody = Planted("p", "u", *"abcdefghijkl")
    asked = {a.route for a in (*reading(nobody), *writing(nobody))}
    assert asked | NOT_ABOUT_OTHERS == set(NEEDS)


async def test_the_owner_sees_the_canaries(world: World) -> None:
    """Else the tests below would show nothing."""
    own = await plant(world, "one", "ben")
    found: set[str] = set()
    for asked in reading(own):
        status, text = await ask(world, asked, KEY)
        assert status < 500 or status in (501, 503), (asked, text)
        found |= seen(text, own, asked)
    never_answered = {w for w in own.words if "secret" in w}
    assert own.words - found <= never_answered, own.words - found - never_answered


@pytest.mark.parametrize("project_of_the_key", ["one", "default"])
async def test_nothing_of_another_project_is_read(
    world: World, project_of_the_key: str
) -> None:
    other = await plant(world, "other", "ben")
    own = await plant(world, "one", "ann")
    secret = KEY
    if project_of_the_key == "default":
        secret = await bound_key(world, "default", other.user)
    for asked in reading(other):
        status, text = await ask(world, asked, secret)
        assert not seen(text, other, asked), (asked, text)
        assert status < 500 or status in (501, 503), (asked, text)
    assert own.words


async def test_nothing_of_another_project_is_changed(world: World) -> None:
    other = await plant(world, "other", "ben")
    before = owned(world, other)
    assert len(before) > 10
    for asked in writing(other):
        status, text = await ask(world, asked, KEY)
        assert status < 500, (asked, text)
        mine = [v for v in owned(world, other) if "'one'" not in repr(v)]
        assert mine == before, asked


@pytest.mark.parametrize("is_agent", [False, True])
async def test_a_key_for_one_user_reads_nothing_of_another(
    world: World, is_agent: bool
) -> None:
    ben = await plant(world, "one", "agent:ben" if is_agent else "ben")
    await plant(world, "one", "ann")
    searchable = {w for w in ben.words if "passage" in w}
    for asked in reading(ben):
        status, text = await ask(world, asked, await bound_key(world, "one", "ann"))
        # Knowledge bases belong to the project: a search may name them.
        assert seen(text, ben, asked) <= searchable, (asked, text)
        assert status < 500 or status in (501, 503), (asked, text)


async def test_a_key_for_one_user_reads_that_user(world: World) -> None:
    ann = await plant(world, "one", "ann")
    secret = await bound_key(world, "one", "ann")
    found: set[str] = set()
    for asked in reading(ann):
        _, text = await ask(world, asked, secret)
        found |= seen(text, ann, asked)
    for place in ("fact", "preference", "message", "reasoning", "skillname", "remark"):
        assert any(word.startswith(CANARY + place) for word in found), place
    of_the_project = (
        "keyname",
        "audit",
        "logged",
        "instruction",
        "kb",
    )
    for place in of_the_project:
        assert not any(word.startswith(CANARY + place) for word in found), place


async def test_a_key_for_one_user_asks_as_a_client_of_mem0(world: World) -> None:
    """Its filters may name everybody: what comes back is the key's user's all the same."""
    own = await world.remember("Ann keeps bees.", "ann")
    other = await world.remember("Ben keeps goats.", "ben")
    secret = await bound_key(world, "one", "ann")
    everybody = {"filters": {"user_id": "*"}}
    for path, body in (
        ("/mem0/v2/memories", everybody),
        ("/mem0/v2/memories/search", {"query": "bees?", "threshold": 0, **everybody}),
    ):
        status, text = await ask(world, Asked(f"POST {path}", path, body), secret)
        assert status == 200, text
        assert own.id in text and other.id not in text


async def test_a_key_for_one_user_changes_nothing_of_another(world: World) -> None:
    ben = await plant(world, "one", "ben")
    before = owned(world, ben)
    secret = await bound_key(world, "one", "ann")
    for asked in writing(ben):
        status, text = await ask(world, asked, secret)
        assert owned(world, ben) == before, (asked, status, text)
        assert status < 500, (asked, text)


async def test_a_refusal_writes_nothing_for_anybody(world: World) -> None:
    """An add for oneself and another is refused whole."""
    secret = await bound_key(world, "one", "ann")
    said = {"messages": [{"role": "user", "content": "We were here."}]}
    for path, body in (
        ("add/message", {"user_id": ["ann", "ben"], **said}),
        (
            "/product/add",
            {"user_id": "ann", "writable_cube_ids": ["ann", "ben"], **said},
        ),
        ("add/message", {"user_id": "ann", "allow_public": True, **said}),
    ):
        asked = Asked("POST", path, body)
        status, text = await ask(world, asked, secret)
        assert status == 403, (asked, text)
        assert not world.jobs.stored and not world.memories.stored
        assert not world.messages.stored


async def test_a_public_memory_is_read_and_not_changed(world: World) -> None:
    memory = await world.remember("Lunch is at noon.", "ben", public=True)
    private = await world.remember("Ben is in debt.", "ben")
    secret = await bound_key(world, "one", "ann")
    search = {"user_id": "ann", "query": "When is lunch?", "relativity": 0}
    _, text = await ask(world, Asked("POST", "search/memory", search), secret)
    assert memory.id in text and private.id not in text
    for body in (
        {"memory_id": memory.id, "content": "Lunch is at one."},
        {"memory_id": memory.id, "status": "deleted"},
    ):
        status, _ = await ask(world, Asked("POST", "update/memory", body), secret)
        assert status == 403
    assert world.memories.stored[memory.id].memory.text == "Lunch is at noon."


async def test_what_others_see_too_is_rated_by_each_for_oneself(world: World) -> None:
    memory = await world.remember("Lunch is at noon.", "ben", public=True)
    ann, eve = [await bound_key(world, "one", user) for user in ("ann", "eve")]
    rated = {"memory_ids": [memory.id], "thumb": "down", "query": "ann asks"}
    for secret, body, expected in (
        (ann, rated, 200),
        (eve, {**rated, "query": "eve asks"}, 200),
        (eve, {**rated, "user_id": "ann", "thumb": "none"}, 403),
        (eve, {**rated, "thumb": "none"}, 200),
        (KEY, {**rated, "query": "all ask"}, 200),
    ):
        status, text = await ask(world, Asked("POST", "rate/memory", body), secret)
        assert status == expected, text
        assert secret != eve or "ann asks" not in text
    kept = world.memories.stored[memory.id].memory.thumbs
    asked = [(thumb.user, thumb.query) for thumb in kept]
    assert asked == [("ann", "ann asks"), ("eve", "eve asks"), ("", "all ask")]
    path = f"get/memory/{memory.id}"
    _, text = await ask(world, Asked(f"GET {path}", path, None), eve)
    assert ("eve asks" in text, "all ask" in text, "ann asks" in text) == (
        True,
        True,
        False,
    )


async def test_who_rates_a_lot_leaves_room_for_others(world: World) -> None:
    memory = await world.remember("Lunch is at noon.", "ben", public=True)
    for user, times in (("eve", 1), ("ann", 2 * MOST_THUMBS)):
        secret = await bound_key(world, "one", user)
        for number in range(times):
            body = {"memory_ids": [memory.id], "thumb": "up", "query": f"{number}?"}
            await ask(world, Asked("POST", "rate/memory", body), secret)
    kept = world.memories.stored[memory.id].memory.thumbs
    assert [thumb.user for thumb in kept] == ["eve", *["ann"] * MOST_OF_ONE]


async def test_what_changed_a_public_memory_stays_private(world: World) -> None:
    """A note on an outdated memory, and the newer one before it, are for those only who
    may read the newer one.
    """
    newer = await world.remember(f"The user lives in {CANARY}.", "ben")
    text = "The user lives in Rome."
    clause = {"start": 0, "end": len(text), "was": text, "part": [0, 20]}
    change = {"by": newer.id, "said_at": 1, **clause}
    await world.remember(text, "ben", public=True, detail={"changes": [change]})
    for user, sees in (("ben", True), ("ann", False)):
        body = {"user_id": user, "query": "Where does the user live?", "relativity": 0}
        _, text = await ask(world, Asked("POST", "search/memory", body), KEY)
        assert (CANARY in text) is sees, user


@pytest.mark.parametrize("path", ["chat", "add/message"])
async def test_what_others_are_to_find_is_refused_before_anything_is_stored(
    world: World, path: str
) -> None:
    secret = await bound_key(world, "one", "ann")
    headers = {"Authorization": f"Token {secret}"}
    said = [{"role": "user", "content": "I moved to Lisbon."}]
    body = {"user_id": "ann", "query": "I moved to Lisbon.", "messages": said}
    refused = await world.post(path, {**body, "allow_public": True}, headers=headers)
    assert (refused.status, refused.code) == (403, 40103)
    unknown = {**body, "allow_knowledgebase_ids": ["nowhere"]}
    for sender in ({}, {"headers": headers}):
        refused = await world.post(path, unknown, **sender)
        assert (refused.status, refused.code) == (404, 50120)
    await world.app.state.background.close()
    assert not world.messages.stored
    assert not world.jobs.stored


async def test_a_chat_that_is_not_remembered_needs_no_right_to_share(
    world: World,
) -> None:
    secret = await bound_key(world, "one", "ann")
    body = {"user_id": "ann", "query": "Where do I live?", "allow_public": True}
    headers = {"Authorization": f"Token {secret}"}
    answer = await world.post(
        "chat", {**body, "add_message_on_answer": False}, headers=headers
    )
    assert answer.status == 200
