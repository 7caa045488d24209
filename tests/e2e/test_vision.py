"""Pictures described by a vision model, with real processes and a model's endpoint on loopback."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.test_documents import send
from tests.e2e.test_multimodal import image, picture
from tests.support.model_server import Body, ModelServer, Say
from tests.support.system import System

PARROT = (
    "A green parrot sits on the handlebar of a parked bicycle in front of a bakery."
)


def answer(body: Body) -> Say:
    """Describes what is green, refuses what is not."""
    url = next(
        part["image_url"]["url"]
        for part in body["messages"][-1]["content"]
        if part["type"] == "image_url"
    )
    assert base64.b64decode(url.partition(",")[2]).startswith(b"\xff\xd8\xff")
    return (
        Say("I'm sorry, I can't help with that.")
        if "refuse" in str(body["messages"][-1])
        else Say(f"<think>hm</think>{PARROT}")
    )


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with ModelServer(answer) as server:
        yield server


@pytest.fixture(scope="module")
def seeing(
    tmp_path_factory: pytest.TempPathFactory, model: ModelServer
) -> Iterator[System]:
    data: Path = tmp_path_factory.mktemp("vision") / "data"
    with System(
        data, OPENAI_BASE_URL=model.url, SOUVENIR_VISION_MODEL="eyes"
    ) as running:
        yield running


def data_uri(words: str) -> dict[str, Any]:
    return image(f"data:image/png;base64,{base64.b64encode(picture(words)).decode()}")


def test_a_picture_is_found_by_what_it_shows_and_by_its_text(
    seeing: System, user: str, model: ModelServer
) -> None:
    assert (
        send(seeing, user, data_uri("Platform 9 closes at 21:30"))["status"]
        == "completed"
    )
    found = seeing.post(
        "search/memory",
        user_id=user,
        query="Which bird sat on the bicycle?",
        relativity=0,
    )["memory_detail_list"]
    shown = next(row for row in found if PARROT in row["memory_value"])
    assert {"image", "visual"} <= set(shown["tags"])
    assert any("21:30" in row["memory_value"] for row in found), (
        "its text is kept beside"
    )
    assert [request["model"] for request in model.requests] == ["eyes"]


def test_a_refusal_costs_the_description_only(seeing: System, user: str) -> None:
    ended = send(
        seeing, user, {"type": "text", "text": "refuse"}, data_uri("Gate code 4471")
    )
    assert ended["status"] == "completed" and "refused" in ended["files"][0]["message"]
    found = seeing.post(
        "search/memory", user_id=user, query="What is the gate code?", relativity=0
    )["memory_detail_list"]
    assert any("4471" in row["memory_value"] for row in found) and not any(
        "parrot" in row["memory_value"] for row in found
    )
