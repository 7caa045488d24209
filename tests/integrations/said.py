"""What the checks tell a memory, and how they look at it from outside."""

from __future__ import annotations

import time
from collections.abc import Callable

from souvenir_client import Client

FACT = "I live in Rome with two greyhounds."
QUESTION = "Where do I live, and with which animals?"
WORD = "greyhounds"
"""Stands in every memory of the fact."""

PATIENCE_S = 120.0


def tell(user: str) -> None:
    """Let the memory know the fact."""
    with Client() as client:
        client.add(FACT, user, wait=True)


def memories(user: str) -> list[str]:
    """The facts about a user."""
    with Client() as client:
        page = client.memories(user, size=50)
    return [memory["memory_value"] for memory in page["memory_detail_list"]]


def knows(user: str) -> bool:
    """Whether the fact is remembered."""
    return any(WORD in memory for memory in memories(user))


def ids(user: str) -> list[str]:
    """The ids of the facts about a user."""
    with Client() as client:
        page = client.memories(user, size=50)
    return [memory["id"] for memory in page["memory_detail_list"]]


def until(look: Callable[[], object], what: str) -> None:
    """Look again and again until it is so."""
    deadline = time.monotonic() + PATIENCE_S
    while not look():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.1)
