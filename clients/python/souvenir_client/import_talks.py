"""Has conversations of other systems read anew, as if they had been said here on the day
that they were said.

Every message carries the id that it has in the export. What a conversation has already
is asked of the server first, so an import that was broken off goes on where it was, and
a later export brings only what is new.
"""

from __future__ import annotations

import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from souvenir_client.client import Client
from souvenir_client.importers.contents import Conversation, Json, SaidMessage
from souvenir_client.patience import passes
from souvenir_client.portions import cut, grouped, weight
from souvenir_client.values import ApiError, Task

IMPORTED_ID = "imported_id"
"""The field of a message with its id in the export; the server gives it back."""
KNOWN_MESSAGES = 50
"""The latest messages of a conversation by which it is seen where to go on."""
UNDER_WAY = 4
"""Requests that are worked on at a time."""
PATIENCE, LONGEST_PAUSE_S = 60, 10.0
"""How often a request is sent to a server that is busy or away, and how long apart."""
REFUSED = (400, 413, 422)
"""Statuses that speak of one conversation: the next one may be taken."""


@dataclass(slots=True)
class Read:
    """What has become of the conversations."""

    new: int = 0
    continued: int = 0
    unchanged: int = 0
    messages: int = 0

    failed: list[tuple[str, Task]] = field(default_factory=list)
    """Titles of conversations, and the tasks of theirs that came to nothing."""


def import_talks(
    client: Client,
    talks: Iterable[Conversation],
    user_id: str,
    origin: str,
    on_done: Callable[[int], object] = lambda done: None,
) -> Read:
    """Send what the server does not have and wait until it has been read. `origin` is
    the system that the talks come from; `on_done` gets the number of talks that are
    done. A conversation that is refused is among the failed ones, and the next goes on.
    Raises ApiError for what concerns them all.
    """
    result = Read()
    under_way: deque[tuple[str, str]] = deque()
    for done, talk in enumerate(talks):
        on_done(done)
        owner = talk.user_id or user_id
        pieces = list(_pieces(talk.messages))
        first = _first_unknown(client, owner, talk, pieces)
        if first == len(pieces):
            result.unchanged += 1
            continue
        title = talk.title or talk.id
        try:
            for request in grouped(pieces[first:], lambda piece: weight(piece.text)):
                task = _sent(client, request, owner, talk.id, origin)
                under_way.append((title, task.task_id))
                result.messages += len(request)
                while len(under_way) >= UNDER_WAY:
                    _await_one(client, under_way, result)
        except ApiError as error:
            if error.status not in REFUSED:
                raise
            result.failed.append((title, _refused(error)))
        else:
            result.continued += first > 0
            result.new += first == 0
    while under_way:
        _await_one(client, under_way, result)
    return result


def _refused(error: ApiError) -> Task:
    """In place of the task that the server has not begun."""
    return Task("", "failed", error.code, error.message)


def _first_unknown(
    client: Client, user: str, talk: Conversation, pieces: Sequence[SaidMessage]
) -> int:
    """The place of the first message that the server does not have."""
    latest = client.get(user, talk.id, message_limit_number=KNOWN_MESSAGES)
    unchanged = {message.get(IMPORTED_ID) for message in latest}
    places = (place for place, piece in enumerate(pieces) if piece.id in unchanged)
    return max(places, default=-1) + 1


def _pieces(messages: Iterable[SaidMessage]) -> Iterator[SaidMessage]:
    """The messages, those that are too long for one request in pieces."""
    for message in messages:
        texts = list(cut(message.text))
        for place, text in enumerate(texts):
            name = message.id if len(texts) == 1 else f"{message.id}/{place}"
            yield SaidMessage(name, message.role, text, message.said_at)


def _sent(
    client: Client, pieces: Sequence[SaidMessage], user: str, talk: str, origin: str
) -> Task:
    """The task of a request. A server that is busy or away is asked again."""
    messages = [_message(piece) for piece in pieces]
    info, key = {"imported_from": origin}, uuid.uuid4().hex
    for attempt in range(PATIENCE):
        try:
            return client.add(messages, user, talk, info=info, idempotency_key=key)
        except ApiError as error:
            if not passes(error) or attempt == PATIENCE - 1:
                raise
            time.sleep(min(0.5 * 2**attempt, LONGEST_PAUSE_S))
    raise AssertionError("unreachable: the last attempt returns or raises")


def _message(piece: SaidMessage) -> Json:
    message = {"role": piece.role, "content": piece.text, IMPORTED_ID: piece.id}
    return {**message, "chat_time": piece.said_at} if piece.said_at else message


def _await_one(client: Client, under_way: deque[tuple[str, str]], result: Read) -> None:
    """Until the oldest request has been read."""
    title, task_id = under_way.popleft()
    task = client.wait_for(task_id)
    if task.status == "failed":
        result.failed.append((title, task))
