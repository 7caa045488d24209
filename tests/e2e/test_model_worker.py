"""A worker with a language model, with real processes and an endpoint on loopback: many
calls at a time in one process, nothing lost when the model or the worker goes away.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.model_server import Body, ModelServer, Say
from tests.support.scripted_model import good, slow
from tests.support.system import System, alive, until

pytestmark = pytest.mark.e2e
CALLS = 6


def fact(text: str) -> dict[str, Any]:
    """An answer that any schema of the extractor reads."""
    entry = {"text": text, "title": text, "tags": [], "lasting": "long", "lines": [1]}
    return {"facts": [entry], "preferences": []}


def answer(body: Body) -> Say:
    """About the town that is named, slowly."""
    said = str(body["messages"][-1])
    for town in ("Porto", "Lisbon", "Faro", "Braga", "Evora", "Sintra"):
        if town in said:
            return slow(good(fact(f"The user visits {town}.")), 3.0)
    return good({"facts": [], "preferences": []})


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with ModelServer(answer) as server:
        yield server


@pytest.fixture(scope="module")
def system(
    tmp_path_factory: pytest.TempPathFactory, model: ModelServer
) -> Iterator[System]:
    data: Path = tmp_path_factory.mktemp("model") / "data"
    with System(
        data,
        OPENAI_BASE_URL=model.url,
        SOUVENIR_EXTRACT_MODEL="m",
        SOUVENIR_EXTRACT_CALLS=str(CALLS),
        SOUVENIR_SWEEP_AFTER_S="2",
    ) as running:
        yield running


def add(system: System, user: str, town: str) -> str:
    said = {"role": "user", "content": f"Next week I will go to {town} by train."}
    return str(system.post("add/message", user_id=user, messages=[said])["task_id"])


def ended(system: System, task: str) -> dict[str, Any] | None:
    answer = system.request("GET", f"/api/openmem/v1/tasks/{task}")
    data: dict[str, Any] = answer.raise_for_status().json()["data"]
    return data if data["status"] != "running" else None


def test_one_process_waits_for_many_answers_at_a_time(
    system: System, model: ModelServer
) -> None:
    towns = ("Porto", "Lisbon", "Faro", "Braga", "Evora")
    tasks = {town: add(system, f"user-{town}", town) for town in towns}
    for town, task in tasks.items():
        data = until(lambda task=task: ended(system, task), f"the memory of {town}")
        assert data["status"] == "completed" and not data["remarks"]
        assert data["usage"]["calls"] >= 1 and data["usage"]["prompt_tokens"] >= 100
    assert model.most_at_once > 1


def test_a_worker_that_is_asked_to_end_while_it_waits_loses_nothing(
    system: System, model: ModelServer
) -> None:
    before = len(model.requests)
    task = add(system, "user-Sintra", "Sintra")
    until(lambda: len(model.requests) > before, "the model to be asked")
    killed = system.kill("worker-text", signal.SIGTERM)
    until(lambda: not alive(killed), "the worker's end")
    data = until(lambda: ended(system, task), "the memory of Sintra")
    assert data["status"] == "completed"
    shown = system.post("search/memory", user_id="user-Sintra", query="Sintra")
    assert "Sintra" in str(shown["memory_detail_list"])
