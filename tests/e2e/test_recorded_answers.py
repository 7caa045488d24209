"""Recorded answers of a model, end to end: the same talks remembered with it and without,
asked the same questions by default search. And a worker that is killed while the model
answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from shared.language.token_estimate import tokens
from tests.recorded_answers import Talk, answer_to, users
from tests.support.model_server import Body, ModelServer, Say
from tests.support.system import System, until

FIRST = next(iter(users()))


@dataclass(frozen=True)
class Recall:
    """What the questions of all users brought up."""

    answered: int
    questions: int
    tokens: int
    """Of all that was returned."""
    missed: tuple[str, ...]


def recorded(body: Body) -> Say:
    """The recorded answer to a request."""
    data = json.loads(body["messages"][1]["content"])
    return Say(json.dumps(answer_to(data), ensure_ascii=False))


def with_model(server: ModelServer) -> dict[str, str]:
    """Settings of a system that extracts by the model."""
    return {"OPENAI_BASE_URL": server.url, "SOUVENIR_EXTRACT_MODEL": "recorded"}


def add(system: System, user: str, talk: Talk, **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = system.post(
        "add/message",
        user_id=user,
        conversation_id=talk.conversation,
        messages=talk.wire,
        **more,
    )
    return given


def remember_all(system: System) -> None:
    for user in users():
        for talk in user.talks:
            task = add(system, user.name, talk)["task_id"]
            until(lambda task=task: ended(system, task), f"the end of {task}")


def ended(system: System, task: str) -> bool:
    status = system.post("get/status", task_id=task)["status"]
    assert status != "failed", status
    return bool(status == "completed")


def recall(system: System) -> Recall:
    answered, size, count, missed = 0, 0, 0, []
    for user in users():
        for question, words in user.questions:
            count += 1
            found = system.post("search/memory", user_id=user.name, query=question)
            texts = [row["memory_value"] for row in found["memory_detail_list"]]
            texts += [row["preference"] for row in found["preference_detail_list"]]
            size += sum(map(tokens, texts))
            if any(all(word in text for word in words) for text in texts):
                answered += 1
            else:
                missed.append(question)
    return Recall(answered, count, size, tuple(missed))


def dated(system: System, first: str, last: str) -> list[str]:
    """Titles of Ana's memories that tell of these days."""
    period = {"memory_time": {"gte": first, "lte": last}}
    listed = system.post("get/memory", user_id="ana", filter=period)
    rows = listed["memory_detail_list"]
    assert all(row["memory_time"] for row in rows)
    return [row["memory_key"] for row in rows]


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(recorded) as running:
        yield running


def test_a_model_recalls_more_with_fewer_tokens(
    systems: Callable[..., System], server: ModelServer
) -> None:
    figures = []
    for name, settings in (("model", with_model(server)), ("rules", {})):
        system = systems(name, **settings).start()
        remember_all(system)
        figures.append(recall(system))
        if name == "model":
            assert dated(system, "2026-06-19", "2026-06-21") == ["Porto weekend moved"]
        system.stop()
    model, rules = figures
    print(f"model {model}\nrules {rules}")
    assert len(server.requests) == sum(len(user.talks) for user in users())
    assert model.answered > rules.answered
    assert model.tokens < rules.tokens
    assert model.answered >= 0.9 * model.questions, model.missed


def test_a_worker_that_dies_while_the_model_answers_loses_nothing_and_asks_once_more(
    systems: Callable[..., System],
) -> None:
    hangs = True

    def answer(body: Body) -> Say:
        return Say(hangs=True) if hangs else recorded(body)

    with ModelServer(answer) as server:
        system = systems(
            "killed", SOUVENIR_SWEEP_AFTER_S="2", **with_model(server)
        ).start()
        task = add(system, "wei", FIRST.talks[0])["task_id"]
        until(lambda: server.requests, "a request")
        hangs = False
        system.kill("worker-text")
        until(lambda: ended(system, task), "the end")
        assert len(server.requests) == 2
        listed = system.post("get/memory", user_id="wei", include_preference=True)
        entries = FIRST.talks[0].answer
        assert len(listed["memory_detail_list"]) == len(entries["facts"])
        assert len(listed["preference_detail_list"]) == len(entries["preferences"])
