"""Streams of server-sent events: bytes as they come, events as they are whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from souvenir_client.values import ApiError, Task, task_of

UNREADABLE, STREAM_FAILED = 50000, 50002
"""Codes of the contract for what the server does not say itself."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event."""

    name: str
    data: str

    def json(self) -> Any:
        """The data. Raises ApiError for what is no JSON."""
        try:
            return json.loads(self.data)
        except ValueError:
            message = f"an event that cannot be read: {self.data[:200]!r}"
            raise ApiError(UNREADABLE, message, 200) from None


class EventReader:
    """Cuts a stream into events. Lines end at a line feed alone: U+2028, U+0085 and their
    like, at which `str.splitlines` cuts too, stand in the texts of users.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._name = ""
        self._data: list[str] = []

    def read(self, piece: bytes) -> Iterator[Event]:
        """The events that a piece completes."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        for line in lines:
            yield from self._line(line.removesuffix(b"\r").decode("utf-8", "replace"))

    def end(self) -> Iterator[Event]:
        """The last event of a stream that ends without a blank line. A line that was
        broken off is left out.
        """
        yield from self._line("")

    def _line(self, line: str) -> Iterator[Event]:
        name, _, value = line.partition(":")
        if name == "event":
            self._name = value.strip()
        elif name == "data":
            self._data.append(value.removeprefix(" "))
        elif not line:
            if self._data:
                yield Event(self._name, "\n".join(self._data))
            self._name, self._data = "", []


def chat_words(event: Event) -> str:
    """The words in an event of a chat, '' where there are none. Raises ApiError for an
    error event.
    """
    said = event.json()
    if said.get("type") == "error":
        code = int(said.get("code") or STREAM_FAILED)
        raise ApiError(code, str(said.get("content") or said.get("data")), 200)
    return str(said["data"]) if said.get("type") == "text" else ""


def task_in(event: Event) -> Task:
    """The task in an event."""
    return task_of(event.json())


def is_last(event: Event) -> bool:
    """Whether a task has ended with an event."""
    return event.name == "end"
