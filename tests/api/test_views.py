"""The views profile and event in searches and listings (contract 1.2, 1.4)."""

from __future__ import annotations

from typing import Any

import pytest

from shared.domain.memory import Type
from tests.api.world import World

DAY = 86_400_000
SAID = 1_773_173_100_000
"""2026-03-10 20:05 UTC."""
REVIEW = "The user reviews the proposal with Li Si on 12 April at 9:30."
TRIP = "The user goes to Porto from 12 to 14 June."


async def remembered(world: World) -> None:
    """A name, a home that has changed, two dated plans, a fact and a preference."""
    fields: dict[str, Any] = {"said_at": SAID, "happened_at": SAID}
    await world.remember("The user's name is Ada.", type=Type.USER, **fields)
    await world.remember("The user lives in Rome.", type=Type.USER, **fields)
    later = {"said_at": SAID + DAY, "happened_at": SAID + DAY}
    await world.remember("The user moved to Oslo.", **later)
    april, june = 1_775_995_200_000, 1_781_265_600_000
    await world.remember(REVIEW, said_at=SAID, happened_at=april)
    await world.remember(TRIP, said_at=SAID, happened_at=june)
    await world.remember("The cat likes fish.", **fields)
    await world.remember("The user wants no meat.", type=Type.EXPLICIT, **fields)
    await world.remember("Assistant: fly on 12 June.", said_at=SAID, happened_at=june)


async def search(world: World, *views: str, **more: Any) -> dict[str, Any]:
    body = {
        "user_id": "ann",
        "query": "What is planned with Li Si?",
        "relativity": 0,
        "memory_limit_number": 25,
        "include_memory_view": list(views),
        **more,
    }
    data: dict[str, Any] = (await world.post("search/memory", body)).data
    return data


async def test_without_views_nothing_is_new(world: World) -> None:
    await remembered(world)
    answer = await search(world)
    assert "profile_detail_list" not in answer and "event_detail_list" not in answer
    assert len(answer["memory_detail_list"]) == 7


async def test_the_profile_holds_what_is_certain_and_current(world: World) -> None:
    await remembered(world)
    answer = await search(world, "profile")
    items = answer["profile_detail_list"]
    assert {item["profile_path"]: item["value"] for item in items} == {
        "basic.name": "Ada",
        "basic.home": "Oslo",
    }
    first = next(item for item in items if item["profile_field"] == "name")
    assert (first["memory"], first["memory_type"], first["profile_category"]) == (
        "basic.name: Ada",
        "ProfileMemory",
        "basic",
    )
    assert answer["memory_detail_list"] == answer["preference_detail_list"] == []


async def test_events_have_their_days(world: World) -> None:
    await remembered(world)
    answer = await search(world, "event")
    events = {event["event_value"]: event for event in answer["event_detail_list"]}
    assert set(events) == {REVIEW, TRIP}
    assert events[REVIEW]["event_time"] == ["2026-04-12"]
    assert events[TRIP]["event_time"] == ["2026-06-12", "2026-06-14"]
    assert events[REVIEW]["event_type"] == "EventMemory"
    assert answer["memory_detail_list"] == [] and "profile_detail_list" not in answer
    ratings = [event["relativity"] for event in answer["event_detail_list"]]
    assert ratings == sorted(ratings, reverse=True)


async def test_views_share_the_limit_and_take_the_place_of_the_old_fields(
    world: World,
) -> None:
    await remembered(world)
    views = ("detail_factual", "event", "preference")
    answer = await search(
        world, *views, memory_limit_number=3, include_preference=False
    )
    lists = ("memory_detail_list", "event_detail_list", "preference_detail_list")
    assert sum(len(answer[name]) for name in lists) == 3
    everything = await search(world, *views)
    assert [p["preference"] for p in everything["preference_detail_list"]]
    facts = {fact["memory_value"] for fact in everything["memory_detail_list"]}
    assert not facts & {REVIEW, TRIP} and "The cat likes fish." in facts


async def test_views_that_do_not_exist_are_ignored(world: World) -> None:
    await remembered(world)
    answer = await search(world, "dreams")
    assert len(answer["memory_detail_list"]) == 7
    assert (await search(world, "dreams", "preference"))["memory_detail_list"] == []


async def test_listings_have_the_views_too(world: World) -> None:
    await remembered(world)
    body = {"user_id": "ann", "include_memory_view": ["event", "profile"], "size": 1}
    page = (await world.post("get/memory", body)).data
    assert [event["event_value"] for event in page["event_detail_list"]] in (
        [REVIEW],
        [TRIP],
    )
    assert (page["total"], page["pages"], page["memory_detail_list"]) == (2, 2, [])
    [profile] = page["profile_detail_list"]
    assert profile["properties"]["basic"]["home"] == {
        "value": "Oslo",
        "algorithm_updatable": True,
    }
    second = (await world.post("get/memory", {**body, "page": 2})).data
    assert second["event_detail_list"] != page["event_detail_list"]


async def test_prompts_hold_what_the_views_hold(world: World) -> None:
    await remembered(world)
    options = {
        "context_tokens": 1000,
        "return_instruction": True,
        "explain": True,
        "context_format": "mixed",
    }
    for views in (("event", "detail_factual"), ("event", "profile"), ("profile",)):
        answer = await search(world, *views, **options)
        held = [event["event_value"] for event in answer.get("event_detail_list") or []]
        items = answer.get("memory_detail_list") or []
        held += [item["memory_value"] for item in items]
        profile = answer.get("profile_detail_list") or []
        assert held or profile
        for text in (*held, *(entry["value"] for entry in profile)):
            assert text in answer["context"] and text in answer["instruction"]
        assert all("sources" in item for item in items)
        assert any("explain" in remark for remark in answer["remarks"])


@pytest.mark.parametrize("view", ["profile", "event"])
async def test_nobody_has_empty_views(world: World, view: str) -> None:
    answer = await search(world, view, user_id="nobody")
    assert answer[f"{view}_detail_list"] == []


async def test_archived_events_are_listed_where_archived_memories_are(
    world: World,
) -> None:
    await remembered(world)
    body = {"user_id": "ann", "include_memory_view": ["event"]}
    events = (await world.post("get/memory", body)).data["event_detail_list"]
    (gone, *others) = events
    change = {"memory_id": gone["id"], "status": "archived"}
    assert (await world.post("update/memory", change)).data["success"]
    archived = await world.post("get/memory", {**body, "status": "archived"})
    shown = [event["id"] for event in archived.data["event_detail_list"]]
    assert shown == [gone["id"]]
    page = (await world.post("get/memory", body)).data
    assert [event["id"] for event in page["event_detail_list"]] == [
        event["id"] for event in others
    ]
    change = {"memory_id": others[0]["id"], "expiration_date": "2001-01-01"}
    assert (await world.post("update/memory", change)).data["success"]
    page = (await world.post("get/memory", body)).data
    assert page["event_detail_list"] == []
    page = (await world.post("get/memory", {**body, "show_expired": True})).data
    assert [event["id"] for event in page["event_detail_list"]] == [others[0]["id"]]
