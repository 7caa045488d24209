"""Items of LangGraph's store as memories of Souvenir, and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from time import time_ns
from typing import Any
from uuid import uuid4

from langgraph.store.base import Item, PutOp, get_text_at_path

from souvenir_client.values import Json

RECORDS = "souvenir:records"
"""The app of what is kept word for word: nothing that is said changes it, and only a
filter that names it finds it.
"""

CONVERSATION = "langgraph-store"
"""Of the items: what deletes another conversation leaves them alone."""

STORE = {"store": "langgraph"}
"""Marks the memories of the store among the user's others."""


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item, and the memory that holds it."""

    memory_id: str
    item: Item
    order: int
    """When its place was first taken, in nanoseconds: the order of lists."""
    version: int
    """When it was written, in nanoseconds."""


def record_of(op: PutOp, former: StoredItem | None) -> Json:
    """The memory of an item as a record of import/memory."""
    now = time_ns()
    order = former.order if former else now
    created = former.item.created_at if former else datetime.now(UTC)
    text = "\n".join(indexed_texts(op)).strip()
    return {
        "record": "memory",
        "id": str(uuid4()),
        "type": "LongTermMemory",
        "app_id": RECORDS,
        "conversation_id": CONVERSATION,
        "title": op.key,
        "text": text or op.key or "-",
        "info": {
            **STORE,
            "store_item": item_id(op.namespace, op.key),
            "store_place": json.dumps([*op.namespace, op.key]),
            "store_prefixes": prefixes(op.namespace),
            "store_value": json.dumps(op.value),
            "store_indexed": "yes" if text else "no",
            "store_order": str(order),
            "store_version": str(now),
            "store_created": created.isoformat(),
        },
    }


def stored_item(memory: Json) -> StoredItem:
    """The item that a memory holds."""
    info = memory["info"]
    *namespace, key = json.loads(info["store_place"])
    version = int(info["store_version"])
    item = Item(
        value=json.loads(info["store_value"]),
        key=key,
        namespace=tuple(namespace),
        created_at=datetime.fromisoformat(info["store_created"]),
        updated_at=datetime.fromtimestamp(version / 1e9, UTC),
    )
    return StoredItem(memory["id"], item, int(info["store_order"]), version)


def indexed_texts(op: PutOp) -> list[str]:
    """The texts by which an item is found; none where it is not to be indexed."""
    if op.index is False or op.value is None:
        return []
    if op.index is None:
        return list(texts_within(op.value))
    texts = (get_text_at_path(op.value, path) for path in op.index)
    return list(chain.from_iterable(texts))


def texts_within(value: Any) -> Iterator[str]:
    """Every text and number of a JSON value, with the name of its field."""
    if isinstance(value, dict):
        for name, inner in value.items():
            for text in texts_within(inner):
                yield f"{name}: {text}"
    elif isinstance(value, list):
        for inner in value:
            yield from texts_within(inner)
    elif value is not None and str(value).strip():
        yield str(value)


def item_id(namespace: tuple[str, ...], key: str) -> str:
    """One short text for a place, which a filter can compare."""
    place = json.dumps([*namespace, key])
    return hashlib.sha256(place.encode()).hexdigest()


def prefixes(namespace: tuple[str, ...]) -> list[str]:
    """Every beginning of a namespace, for filters."""
    return [prefix_id(namespace[:depth]) for depth in range(1, len(namespace) + 1)]


def prefix_id(prefix: tuple[str, ...]) -> str:
    """A beginning of a namespace as one text."""
    return hashlib.sha256(json.dumps(prefix).encode()).hexdigest()
