"""Recorded answers of a model, end to end: the same talks remembered with it and without,
asked the same questions by default search. And a worker that is killed while the model
answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
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


class RecordedModel:
    """Gives the recorded answer to each request; while it is `hanging`, none."""

    hanging = False

    def __call__(self, body: Body) -> Say:
        if self.hanging:
            return Say(hangs=True)
        data = json.loads(body["messages"][1]["content"])
        return Say(json.dumps(answer_to(data), ensure_ascii=False))


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


@pytest.fixture(scope="module")
def model() -> RecordedModel:
    return RecordedModel()


@pytest.fixture(scope="module")
def server(model: RecordedModel) -> Iterator[ModelServer]:
    with ModelServer(model) as running:
        yield running


@pytest.fixture(scope="module")
def reading(
    tmp_path_factory: pytest.TempPathFactory, server: ModelServer
) -> Iterator[System]:
    """A system that extracts by the model, and finds lost work after two seconds."""
    with System(
        tmp_path_factory.mktemp("reading") / "data",
        OPENAI_BASE_URL=server.url,
        SOUVENIR_EXTRACT_MODEL="recorded",
        SOUVENIR_SWEEP_AFTER_S="2",
    ) as running:
        yield running


def test_a_model_recalls_more_with_fewer_tokens(
    system: System, reading: System, server: ModelServer
) -> None:
    before = len(server.requests)
    remember_all(reading)
    assert len(server.requests) - before == sum(len(user.talks) for user in users())
    assert dated(reading, "2026-06-19", "2026-06-21") == ["Porto weekend moved"]
    remember_all(system)
    by_model, by_rules = recall(reading), recall(system)
    print(f"model {by_model}\nrules {by_rules}")
    assert by_model.answered > by_rules.answered
    assert by_model.tokens < by_rules.tokens
    assert by_model.answered >= 0.9 * by_model.questions, by_model.missed


def test_a_worker_that_dies_while_the_model_answers_loses_nothing_and_asks_once_more(
    reading: System, model: RecordedModel, server: ModelServer, user: str
) -> None:
    before = len(server.requests)
    model.hanging = True
    task = add(reading, user, FIRST.talks[0])["task_id"]
    until(lambda: len(server.requests) > before, "a request")
    model.hanging = False
    reading.kill("worker-text")
    until(lambda: ended(reading, task), "the end")
    assert len(server.requests) == before + 2
    listed = reading.post("get/memory", user_id=user, include_preference=True)
    entries = FIRST.talks[0].answer
    assert len(listed["memory_detail_list"]) == len(entries["facts"])
    assert len(listed["preference_detail_list"]) == len(entries["preferences"])
