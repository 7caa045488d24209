"""A running system whose embedder is changed: what it tells, and what it finds."""

from __future__ import annotations

from typing import Any

from shared.adapters.onnx.model_folders import model_folder
from shared.adapters.onnx.session import read_card
from tests.support.system import System

OWN = read_card(model_folder("embedder")).identity
"""The embedder that comes along."""


def embedder(system: System) -> Any:
    """The embedder of the store, and the one that is wanted."""
    return system.request("GET", "/api/openmem/v1/reindex").json()["data"]


def task(system: System, id: str) -> Any:
    """All that is known of a task."""
    return system.request("GET", f"/api/openmem/v1/tasks/{id}").json()["data"]


def reindex(system: System) -> Any:
    """Change the embedder and wait for the end; the whole task."""
    id = system.post("reindex")["task_id"]
    system.finished(id)
    return task(system, id)


def has_followed(system: System) -> bool:
    """Whether the gateway has noticed the change."""
    return "embedder_changed" in system.log("gateway")


def texts(system: System, query: str, user: str) -> list[str]:
    """What a search finds."""
    found = system.post("search/memory", user_id=user, query=query)
    return [memory["memory_value"] for memory in found["memory_detail_list"]]


def add(system: System, words: str, user: str) -> None:
    """Have something said and wait until it is remembered."""
    said = [{"role": "user", "content": words}]
    added = system.post("add/message", user_id=user, messages=said)
    system.finished(added["task_id"])
