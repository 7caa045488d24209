"""Taking memories out as JSON Lines and bringing them in again; also from a mem0 export."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TextIO

from souvenir_client.client import Client

Json = dict[str, Any]
KINDS = ("memory_detail_list", "preference_detail_list", "tool_memory_detail_list", "skill_detail_list")
BATCH = 20
"""Messages an add carries: well under the limit of 20,000 tokens."""


def export_user(client: Client, user_id: str) -> Iterator[Json]:
    """Everything of a user, one record a line: first the messages ({"type": "message"}), then the memories of each kind."""
    for message in client.get(user_id, message_limit_number=50, conversation_limit_number=1000):
        yield {"type": "message", "user_id": user_id, **message}
    page, pages = 1, 1
    while page <= pages:
        data = client.memories(user_id, page=page, size=50, include_preference=True, include_tool_memory=True)
        for kind in KINDS:
            for row in data.get(kind) or ():
                yield {"type": kind.removesuffix("_detail_list"), "user_id": user_id, **row}
        page, pages = page + 1, data.get("pages") or 1


def write_lines(records: Iterable[Json], out: TextIO) -> int:
    """Writes records as JSON Lines; gives how many."""
    return sum(1 for record in records if out.write(json.dumps(record, ensure_ascii=False) + "\n"))


def read_records(lines: Iterable[str]) -> Iterator[Json]:
    """Records of an export of ours (JSON Lines) or of mem0 ({"results": [...]} or a list, in one JSON document).

    Raises ValueError naming the line that cannot be read.
    """
    text = "".join(lines).strip()
    try:
        whole = json.loads(text)
    except ValueError:
        yield from _lines(text.splitlines())
        return
    entries = whole.get("results") or whole.get("memories") or [whole] if isinstance(whole, dict) else whole
    yield from (entry for entry in entries if isinstance(entry, dict))


def _lines(lines: Iterable[str]) -> Iterator[Json]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError as error:
                raise ValueError(f"line {number} is not JSON: {error}") from error


def as_message(record: Json) -> Json | None:
    """The message that brings a record back: the words as they were, at their time; None for what has no words.

    Exported memories come back through the messages they were read from; where a user's messages are not in the export, their text is said.
    """
    text = record.get("content") or record.get("memory_value") or record.get("preference") or record.get("memory") or record.get("text")
    if not text:
        return None
    at = record.get("createTime") or record.get("chat_time") or record.get("created_at") or record.get("create_time")
    return {"role": record.get("role") or "user", "content": text, **({"chat_time": str(at)} if at else {})}


def import_records(
    client: Client, records: Iterable[Json], user_id: str | None = None, on_batch: Callable[[int], object] | None = None
) -> int:
    """Adds records, in batches by user and conversation, and waits for each; gives how many were added.

    Of a user whose messages are in the export only the messages are added: the memories follow from them.
    """
    groups: dict[tuple[str, str], list[Json]] = {}
    records = list(records)
    with_messages = {record.get("user_id") for record in records if record.get("type") == "message"}
    for record in records:
        if record.get("type", "message") != "message" and record.get("user_id") in with_messages:
            continue
        message = as_message(record)
        if message is not None:
            owner = user_id or str(record.get("user_id") or "imported")
            groups.setdefault((owner, str(record.get("conversation_id") or "import")), []).append(message)
    added = 0
    for (owner, conversation), messages in groups.items():
        for start in range(0, len(messages), BATCH):
            batch = messages[start : start + BATCH]
            client.wait_for(client.add(batch, owner, conversation).task_id)
            added += len(batch)
            if on_batch is not None:
                on_batch(added)
    return added
