"""The routes of the console, and the page's headers."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from services.gateway.console.map import plane
from services.gateway.console.model_costs import model_call_view
from services.gateway.console.page import asset
from services.gateway.console.request_log import (
    LoggedRequest,
    RequestLog,
    percentile_95,
)
from services.gateway.console.settings_view import settings_view
from shared.domain.heartbeat import Heartbeat
from shared.domain.identity import computed_id
from shared.domain.job import Job, Outcome, Receipt
from shared.domain.job_payload import AddPayload
from shared.domain.memory import Origin, Status, Type
from shared.domain.model_answer import Usage
from shared.domain.model_call import ModelCall
from shared.domain.scope import Scope
from shared.settings import Settings
from tests.api.world import FIRST_KEY, KEY, OTHER_KEY, World

MINUTE = 60_000
JOB = computed_id("job")


async def add(world: World, text: str, user: str = "ann") -> str:
    body = {
        "user_id": user,
        "conversation_id": "c",
        "async_mode": False,
        "messages": [{"role": "user", "content": text}],
    }
    return str((await world.post("add/message", body)).data["task_id"])


async def test_the_overview_counts_what_there_is(world: World) -> None:
    await add(world, "I live in Lisbon.")
    await world.remember("Ann likes tea.", type=Type.EXPLICIT)
    await world.post("search/memory", {"user_id": "ann", "query": "tea"})
    overview = (await world.get("console/overview")).data
    assert {health["name"]: health["state"] for health in overview["health"]} == {
        "gateway": "ok",
        "redis": "ok",
        "qdrant": "ok",
        "status": "ok",
    }
    assert (overview["users"], overview["memories"]["fact"]) == (1, 1)
    assert overview["memories"]["preference"] == 1
    assert overview["today"]["outcomes"] == {"stored": 1}
    counts = [period["counts"] for period in overview["traffic"]]
    assert sum(count.get("add", 0) for count in counts) == 1
    assert sum(count.get("search", 0) for count in counts) == 1
    assert (overview["waiting"], overview["dead"]) == (0, 0)


async def test_a_dead_status_service_is_said_to_be_down(world: World) -> None:
    world.app.state.status = httpx.AsyncClient(base_url="http://127.0.0.1:1")
    overview = (await world.get("console/overview")).data
    states = {health["name"]: health["state"] for health in overview["health"]}
    assert states["status"] == "down" and states["qdrant"] == "ok"
    assert (await world.get("console/tasks")).status == 503


async def test_users_come_with_their_counts(world: World) -> None:
    await world.remember("one", user="ben")
    await world.remember("two", user="ben")
    await world.remember("three", user="ann", type=Type.SKILL)
    users = (await world.get("console/users")).data
    assert [user["user_id"] for user in users] == ["ben", "ann"]
    assert users[0]["counts"]["fact"] == 2 and users[1]["counts"]["skill"] == 1


async def test_a_memory_is_shown_with_its_conversation(world: World) -> None:
    await add(world, "I live in Lisbon.")
    task = await add(world, "I drink tea.")
    (memory,) = [
        item
        for item in (await world.post("get/memory", {"user_id": "ann"})).data[
            "memory_detail_list"
        ]
        if item["memory_value"] == "I drink tea."
    ]
    whole = (await world.get(f"console/memory/{memory['id']}")).data
    assert (whole["kind"], whole["user_id"], whole["task_id"]) == ("fact", "ann", task)
    assert [(one["text"], one["marked"]) for one in whole["messages"]] == [
        ("I live in Lisbon.", False),
        ("I drink tea.", True),
    ]


async def test_an_archived_memory_can_be_found_and_restored(world: World) -> None:
    memory = await world.remember("old news")
    change = {"memory_id": memory.id, "status": "archived"}
    await world.post("update/memory", change)
    assert (await world.get(f"get/memory/{memory.id}")).status == 404
    whole = (await world.get(f"console/memory/{memory.id}")).data
    assert whole["memory"]["status"] == Status.ARCHIVED
    question = {"user_id": "ann", "status": "archived"}
    page = (await world.post("get/memory", question)).data
    assert [item["id"] for item in page["memory_detail_list"]] == [memory.id]
    await world.post("update/memory", {**change, "status": "activated"})
    assert (await world.get(f"get/memory/{memory.id}")).status == 200


async def test_a_memory_of_another_project_is_not_there(world: World) -> None:
    memory = await world.remember("mine")
    headers = {"Authorization": f"Token {OTHER_KEY}"}
    path = f"console/memory/{memory.id}"
    assert (await world.get(path, headers=headers)).code == 40001


async def test_the_map_places_what_means_the_same_together(world: World) -> None:
    tea = await world.remember("Ann drinks green tea every morning.")
    more_tea = await world.remember("Ann drinks black tea every evening.")
    for text in ("The rent is due on Monday.", "The rent was paid.", "Rent went up."):
        await world.remember(text)
    points = {
        point["id"]: point
        for point in (await world.get("console/map?user_id=ann")).data["points"]
    }
    assert len(points) == 5
    first, second = points[tea.id], points[more_tea.id]
    others = [points[id] for id in points if id not in (tea.id, more_tea.id)]

    def distance(one: dict[str, float], other: dict[str, float]) -> float:
        return (one["x"] - other["x"]) ** 2 + (one["y"] - other["y"]) ** 2

    assert distance(first, second) < min(distance(first, each) for each in others)


def test_a_map_of_few_is_no_error() -> None:
    assert plane([]) == []
    assert plane([(1.0, 0.0)]) == [(0.0, 0.0)]
    assert all(-1 <= value <= 1 for place in plane([(1, 0)] * 5) for value in place)


async def test_requests_are_logged_for_their_project_only(world: World) -> None:
    await world.post("search/memory", {"user_id": "ann", "query": "tea"})
    await world.post("search/memory", {})
    await world.get("console/overview")
    logged = (await world.get("console/requests")).data
    assert [(entry["status"], entry["key"]) for entry in logged] == [
        (422, KEY[-4:]),
        (200, KEY[-4:]),
    ]
    headers = {"Authorization": f"Token {OTHER_KEY}"}
    assert (await world.get("console/requests", headers=headers)).data == []


def test_traffic_is_counted_by_minute() -> None:
    log = RequestLog()
    for at, path, status in (
        (0, "/add/message", 200),
        (30 * MINUTE, "/api/openmem/v1/search/memory", 200),
        (31 * MINUTE, "/product/search", 500),
        (31 * MINUTE, "/tasks", 0),
    ):
        log.add("p", LoggedRequest(at, "POST", path, status, 10.0, "last"))
    early, empty, late = log.periods("p", 31 * MINUTE, 15, 3)
    assert (early.at, early.counts, early.failed) == (0, {"add": 1}, 0)
    assert empty.counts == {} and empty.p95 == {}
    assert (late.counts, late.failed) == ({"search": 2, "other": 1}, 2)
    assert late.p50["search"] == 10.0
    assert log.latest("p", 1)[0].path == "/tasks"
    assert log.latest("q", 1) == []


def test_of_many_durations_the_95th_is_told() -> None:
    assert percentile_95([5.0]) == 5.0
    assert percentile_95([float(value) for value in range(101)]) == 95.0


def test_no_secret_is_told() -> None:
    secret = "s3cret-value"
    names = (
        "api_key",
        "qdrant_api_key",
        "openai_api_key",
        "webhook_secret",
        "redis_url",
    )
    settings = replace(Settings(), **dict.fromkeys(names, secret))
    settings = replace(settings, chat_models={"m": {"api_key": secret}})
    listed = settings_view(settings)
    assert secret not in str(listed)
    by_name = {setting.name: setting for setting in listed}
    assert by_name["SOUVENIR_API_KEY"].value == "set"
    assert by_name["SOUVENIR_PORT"].value == "8000"
    assert not by_name["SOUVENIR_MAX_QUERY_TOKENS"].secret


async def test_knowledge_bases_are_listed(world: World) -> None:
    await world.post("create/knowledgebase", {"knowledgebase_name": "Manuals"})
    (base,) = (await world.get("console/knowledgebases")).data
    assert (base["name"], base["files"]) == ("Manuals", {})


async def test_calls_of_models_are_told_without_contents(world: World) -> None:
    usage = Usage(calls=1, prompt_tokens=70, completion_tokens=30, milliseconds=400)
    await world.model_usage.record("one", "extract", "answered", usage, "small")
    await world.model_usage.record("other", "chat", "answered", usage, "large")
    (call,) = (await world.get("console/models")).data
    assert call.pop("at") > 0
    assert call == {
        "role": "extract",
        "model": "small",
        "outcome": "answered",
        "prompt_tokens": 70,
        "completion_tokens": 30,
        "ms": 400,
        "cost": None,
        "currency": "USD",
    }


def test_tokens_of_question_and_answer_have_their_own_prices() -> None:
    prices = {"small": {"prompt": 0.25, "completion": 2}}
    settings = Settings(model_prices=prices, price_currency="EUR")
    usage = Usage(calls=1, prompt_tokens=800, completion_tokens=100)
    priced, free = (
        model_call_view(ModelCall(1, "chat", model, "answered", usage), settings)
        for model in ("small", "large")
    )
    assert (priced.cost, priced.currency) == (pytest.approx(0.0004), "EUR")
    assert free.cost is None


async def test_only_an_operator_sees_what_waits_of_others(idle: World) -> None:
    for key in (KEY, OTHER_KEY):
        body = {
            "user_id": "ann",
            "conversation_id": "c",
            "messages": [{"role": "user", "content": "I live in Lisbon."}],
        }
        await idle.post("add/message", body, headers={"Authorization": f"Token {key}"})
    own = (await idle.get("console/queues")).data
    assert own == {"waiting": 1, "lanes": [], "projects": []}
    operator = {"Authorization": f"Token {FIRST_KEY}"}
    all_of_it = (await idle.get("console/queues", headers=operator)).data
    assert all_of_it["waiting"] == 0
    assert {one["project"] for one in all_of_it["projects"]} == {"one", "other"}
    lanes = {(one["queue"], one["lane"]): one["waiting"] for one in all_of_it["lanes"]}
    assert lanes["text", "bulk"] == 2 and len(lanes) == 6


async def test_a_passage_is_shown_on_its_page(world: World) -> None:
    memories = [
        await world.remember(
            f"Passage {number} of the lease.",
            job=JOB,
            origins=(Origin(file="lease.pdf", source="abc", page=1 + number // 3),),
        )
        for number in range(6)
    ]
    receipts = tuple(Receipt(memory.id, Outcome.STORED) for memory in memories)
    payload = AddPayload()
    scope = Scope("one", "ann", "c")
    await world.jobs.put(Job(JOB, scope, payload, receipts=receipts))
    whole = (await world.get(f"console/memory/{memories[4].id}")).data
    assert whole["pages"] == [{"file": "lease.pdf", "page": 2}]
    assert [(one["text"], one["marked"]) for one in whole["passages"]] == [
        ("Passage 3 of the lease.", False),
        ("Passage 4 of the lease.", True),
        ("Passage 5 of the lease.", False),
    ]


async def test_without_pages_the_passages_around_it_are_shown(world: World) -> None:
    memories = [
        await world.remember(
            f"Passage {number} of the manual.",
            job=JOB,
            origins=(Origin(file="manual.md", source="abc"),),
        )
        for number in range(12)
    ]
    receipts = tuple(Receipt(memory.id, Outcome.STORED) for memory in memories)
    scope = Scope("one", "ann", "c")
    await world.jobs.put(Job(JOB, scope, AddPayload(), receipts=receipts))
    whole = (await world.get(f"console/memory/{memories[5].id}")).data
    shown = [one["text"].split()[1] for one in whole["passages"]]
    assert shown == ["2", "3", "4", "5", "6", "7", "8"]


async def test_passages_of_a_task_that_is_gone_are_no_error(world: World) -> None:
    memory = await world.remember(
        "Rent.", job=JOB, origins=(Origin(file="lease.pdf", source="abc", page=1),)
    )
    whole = (await world.get(f"console/memory/{memory.id}")).data
    assert whole["passages"] == [] and whole["pages"][0]["page"] == 1


@pytest.mark.parametrize(
    "route", ["overview", "users", "tasks", "requests", "settings", "models", "queues"]
)
async def test_nothing_is_told_without_a_key(world: World, route: str) -> None:
    headers = {"Authorization": "Token wrong"}
    assert (await world.get(f"console/{route}", headers=headers)).status == 401


@pytest.mark.parametrize("path", ["/console", "/console/", "/console/users/ann"])
async def test_the_page_is_there_wherever_one_is(world: World, path: str) -> None:
    response = await world.client.get(path)
    assert response.headers["content-type"].startswith("text/html")
    policy = response.headers["content-security-policy"]
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert nonce and nonce in response.text
    assert "unsafe" not in policy and "http" not in policy
    again = await world.client.get(path)
    assert nonce not in again.text


async def test_files_are_kept_for_ever_and_compressed(world: World) -> None:
    page = (await world.client.get("/console")).text
    script = page.partition('src="')[2].partition('"')[0]
    response = await world.client.get(script)
    assert "immutable" in response.headers["cache-control"]
    assert response.headers["content-encoding"] == "gzip"
    plain = await world.client.get(script, headers={"Accept-Encoding": "identity"})
    assert plain.content == response.content and "content-encoding" not in plain.headers


@pytest.mark.parametrize(
    "path",
    ["assets/none.js", "assets/../page.py", "assets/%2e%2e/page.py", "assets//x"],
)
async def test_no_other_file_is_given_out(world: World, path: str) -> None:
    response = await world.client.get(f"/console/{path}")
    assert (
        response.status_code == 404 or "text/html" in response.headers["content-type"]
    )
    assert "NONCE" not in response.text


async def test_workers_are_listed_with_the_tasks_of_the_project(world: World) -> None:
    task = await add(world, "I live in Lisbon.")
    await world.heartbeats.write(Heartbeat("text", "north", 7, 1, (task, "other's")))
    await world.heartbeats.write(Heartbeat("files", "north", 8, 2))
    files, text = (await world.get("console/overview")).data["workers"]
    assert (text["pid"], text["busy"], text["task_ids"]) == (7, True, [task])
    assert (files["pid"], files["busy"], files["task_ids"]) == (8, False, [])
    assert text["host"] == ""
    as_operator = {"headers": {"Authorization": f"Token {FIRST_KEY}"}}
    overview = (await world.get("console/overview", **as_operator)).data
    seen = {worker["host"]: worker["task_ids"] for worker in overview["workers"]}
    assert seen == {"north": []}, "its own project has none of these tasks"


def test_a_name_that_no_file_can_have_is_no_file() -> None:
    assert asset("a" * 300 + ".js") is None
