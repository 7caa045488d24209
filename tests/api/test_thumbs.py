"""rate/memory: thumbs on memories and on recalls, and decay of what is never recalled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from services.gateway.routes.mem0 import PREFIX
from shared.domain.memory import Embedded
from shared.ports import Embedder
from tests.api.world import OTHER_KEY, World

HOME, CAT = "The user lives in Lisbon.", "The user has a cat called Tom."
WHERE = "Where do I live?"


async def rate(world: World, *ids: str, thumb: str = "down", **more: Any) -> Any:
    return await world.post(
        "rate/memory", {"memory_ids": list(ids), "thumb": thumb, **more}
    )


async def terms(world: World, query: str, user: str = "ann") -> dict[str, Any]:
    """The terms of each memory's score, and its relativity, by its text."""
    body = {"user_id": user, "query": query, "relativity": 0, "explain": True}
    data = (await world.post("search/memory", body)).data
    rows = data["explanation"]["considered"]
    return {r["text"]: {**r["terms"], "relativity": r["relativity"]} for r in rows}


async def test_a_thumb_on_a_recall_counts_for_such_questions_and_is_taken_back(
    world: World,
) -> None:
    home, cat = await world.remember(HOME), await world.remember(CAT)
    before = await terms(world, WHERE)
    answer = await rate(world, home.id, cat.id, query=WHERE, reason="moved")
    thumb = {"thumb": "down", "query": WHERE, "user_id": "", "reason": "moved"}
    for row in answer.data["rated"]:
        assert thumb.items() <= row["thumbs"][0].items()
    after = await terms(world, WHERE)
    assert (after[HOME]["thumbs"], after[CAT]["thumbs"]) == (-3.0, -3.0)
    assert after[HOME]["relativity"] < before[HOME]["relativity"]
    assert (await terms(world, "What is the cat called?"))[HOME]["thumbs"] == 0
    shown = (await world.get(f"get/memory/{home.id}")).data
    assert shown["thumbs"][0]["query"] == WHERE and "vector" not in shown["thumbs"][0]
    await rate(world, home.id, cat.id, thumb="none", query=WHERE)
    assert await terms(world, WHERE) == before
    assert "thumbs" not in (await world.get(f"get/memory/{home.id}")).data


async def test_a_thumb_without_a_question_counts_a_little_for_all(
    world: World,
) -> None:
    home = await world.remember(HOME)
    await rate(world, home.id, thumb="up")
    for query in (WHERE, "What do I drink?"):
        assert (await terms(world, query))[HOME]["thumbs"] == 1.0


async def test_a_thumb_on_what_many_see_can_be_that_of_one(world: World) -> None:
    shared = await world.remember("The office is in Porto.", user="bob", public=True)
    text = shared.text
    await rate(world, shared.id, user_id="ann")
    assert (await terms(world, "office"))[text]["thumbs"] == -1.0
    assert (await terms(world, "office", user="eve"))[text]["thumbs"] == 0.0


async def test_a_thumb_of_another_embedder_gets_a_vector_from_a_search(
    world: World,
) -> None:
    home = await world.remember(HOME)
    await rate(world, home.id, query=WHERE)
    (thumb,) = (await world.memories.get("one", [home.id]))[0].thumbs
    words_only = replace(thumb, embedder="another", vector="")
    await world.memories.update_thumbs([replace(home, thumbs=(words_only,))])
    asked = "Which town is my home in?"
    assert (await terms(world, asked))[HOME]["thumbs"] == 0
    await world.app.state.background.close()
    assert (await world.memories.get("one", [home.id]))[0].thumbs == (thumb,)
    assert (await terms(world, asked))[HOME]["thumbs"] < 0


async def test_nothing_is_rated_where_one_is_unknown(world: World) -> None:
    home = await world.remember(HOME)
    refused = await rate(world, home.id, "0a89db3a-2061-4c97-a1b8-45700f8745bc")
    assert (refused.status, refused.code) == (404, 40307)
    other = {"Authorization": f"Token {OTHER_KEY}"}
    body = {"memory_ids": [home.id], "thumb": "down"}
    assert (await world.post("rate/memory", body, headers=other)).code == 40307
    assert (await world.memories.get("one", [home.id]))[0].thumbs == ()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"memory_ids": [], "thumb": "up"}, 40003),
        ({"memory_ids": ["x"] * 101, "thumb": "up"}, 40000),
        ({"memory_ids": ["x"], "thumb": "sideways"}, 40000),
        ({"memory_ids": ["x"], "thumb": "up", "query": "q" * 2001}, 40000),
    ],
)
async def test_what_is_no_thumb_is_refused(
    world: World, body: dict[str, Any], code: int
) -> None:
    refused = await world.post("rate/memory", body)
    assert (refused.status in (400, 422), refused.code) == (True, code)


async def test_changes_by_hand_and_exports_keep_the_thumbs(world: World) -> None:
    home = await world.remember(HOME)
    await rate(world, home.id, query=WHERE)
    change = {"memory_id": home.id, "content": "The user lives in Faro."}
    await world.post("update/memory", change)
    records: list[Any] = []
    page: dict[str, Any] = {"after": None}
    while not records or page["after"]:
        whose = {"user_id": "ann", "after": page["after"]}
        page = (await world.post("export/memory", whose)).data
        records += page["records"]
    assert (await world.post("delete/memory", {"memory_ids": [home.id]})).data
    back = await world.post("import/memory", {"user_id": "ann", "records": records})
    assert back.data["memories"] == 1, back.data
    found = await terms(world, WHERE)
    assert found["The user lives in Faro."]["thumbs"] == -3.0


async def test_feedback_of_mem0s_clients_is_a_thumb(world: World) -> None:
    home = await world.remember(HOME)
    body = {"memory_id": home.id, "feedback": "VERY_NEGATIVE"}
    await world.client.post(f"{PREFIX}/v1/feedback/", json=body)
    assert (await terms(world, WHERE))[HOME]["thumbs"] == -1.0
    await world.client.post(f"{PREFIX}/v1/feedback/", json={**body, "feedback": None})
    assert (await terms(world, WHERE))[HOME]["thumbs"] == 0.0


async def test_decay_marks_what_searches_give_once_a_day_and_off_never(
    world: World, embedder: Embedder
) -> None:
    home = await world.remember(HOME)
    await terms(world, WHERE)
    assert (await world.memories.get("one", [home.id]))[0].recalled_at == 0
    async with World(embedder, decay_days=30) as decaying:
        home = await decaying.remember(HOME)
        old = Embedded(home, decaying.memories.stored[home.id].lexical)
        await decaying.memories.put([old])
        assert (await terms(decaying, WHERE))[HOME]["decay"] <= 0
        await decaying.app.state.background.close()
        (marked,) = await decaying.memories.get("one", [home.id])
        assert marked.recalled_at > 0
        await terms(decaying, WHERE)
        await decaying.app.state.background.close()
        assert await decaying.memories.get("one", [home.id]) == [marked]
