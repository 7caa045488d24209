"""Exports everything of a user or a project as JSON Lines, and imports it again; also
from mem0.

A line is a record: {"record": "message" | "memory", "user_id": ..., ...}. Memories come
back as they were: nothing is read anew, what was corrected stays corrected, what was
deleted stays deleted. Importing twice is importing once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from souvenir_client import mem0
from souvenir_client.client import Client
from souvenir_client.values import ApiError

Json = dict[str, Any]
KNOWLEDGE_OWNER = "knowledge-bases"
"""Sent as the user of records that belong to a knowledge base and to no user."""
BATCH = 100
"""Records in a request: what a server embeds in about a second."""


class Writer(Protocol):
    """What takes a text."""

    def write(self, text: str, /) -> object:
        """Write it."""


def export_user(
    client: Client, user_id: str, *, superseded: bool = False
) -> Iterator[Json]:
    """Everything of a user: the messages, the oldest first, then the memories of each
    kind; with `superseded` also those that newer ones took the place of.
    """
    yield from _pages(client, user_id=user_id, superseded=superseded)


def export_project(client: Client, *, superseded: bool = False) -> Iterator[Json]:
    """Everything of everybody whom the key can see, and of all knowledge bases where it
    may see them.
    """
    for user in client.users():
        yield from export_user(client, user, superseded=superseded)
    try:
        bases = client.knowledgebases()
    except ApiError as error:
        if error.status not in (403, 404):  # a key of one user; another server
            raise
        bases = []
    for base in bases:
        yield from _pages(client, knowledgebase_id=base["id"], superseded=superseded)


def _pages(client: Client, **whose: Any) -> Iterator[Json]:
    after: str | None = ""
    while after is not None:
        page = client.export(after=after, **whose)
        yield from page["records"]
        after = page["after"]


def write_lines(records: Iterable[Json], out: Writer) -> int:
    """Write records as JSON Lines; gives how many. Half an emoji, which no file in UTF-8
    can hold as it is, stays as an escape.
    """
    count = 0
    for record in records:
        line = json.dumps(record, ensure_ascii=False)
        if not _is_unicode(line):
            line = json.dumps(record)
        out.write(line + "\n")
        count += 1
    return count


def _is_unicode(text: str) -> bool:
    """Whether a text can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def read_records(text: str) -> list[Json]:
    """The records in an export of Souvenir or of mem0. Raises ValueError naming the line
    that cannot be read.
    """
    try:
        entries = list(mem0.entries(json.loads(text)))
    except ValueError:
        entries = list(_lines(text))
    records = [entry if "record" in entry else mem0.record(entry) for entry in entries]
    return [record for record in records if record is not None]


def import_records(
    client: Client,
    records: Iterable[Json],
    user_id: str = "",
    on_batch: Callable[[int], object] | None = None,
    default_user: str = "",
) -> Json:
    """Import records, all under `user_id` where it is given, those that name no user
    under `default_user`; `on_batch` gets the number of records that are done. Records of
    knowledge bases stay with those.

    Gives how many `messages` and `memories` are new and how many records were `known`.
    Raises ValueError, before anything is sent, for a record without a user.
    """
    total = {"messages": 0, "memories": 0, "known": 0}
    done = 0
    for owner, owned in _by_owner(records, user_id, default_user).items():
        for start in range(0, len(owned), BATCH):
            batch = owned[start : start + BATCH]
            written = client.import_(owner, batch)
            total = {name: count + written[name] for name, count in total.items()}
            done += len(batch)
            if on_batch is not None:
                on_batch(done)
    return total


def _lines(text: str) -> Iterator[Json]:
    lines = text.split("\n")  # not splitlines: U+2028 may stand in a JSON text
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except ValueError as error:
            raise ValueError(f"line {number} is not JSON: {error}") from error
        if not isinstance(entry, dict):
            raise ValueError(f"line {number} is no object")
        yield entry


def _by_owner(
    records: Iterable[Json], user_id: str, default_user: str
) -> dict[str, list[Json]]:
    owned: dict[str, list[Json]] = {}
    for number, record in enumerate(records, 1):
        owner = user_id or record.get("user_id") or default_user
        if record.get("knowledgebase_id"):
            owner = KNOWLEDGE_OWNER
        if not owner:
            raise ValueError(f"record {number} names no user: say whose it shall be")
        owned.setdefault(str(owner), []).append(record)
    return owned
