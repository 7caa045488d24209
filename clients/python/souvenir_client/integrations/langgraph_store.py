"""LangGraph: `SouvenirStore`, a BaseStore whose items are memories.

An item is one memory, written as it is: its text is what the item's index names, its
value and its place stand in the memory's `info`. It needs import/memory, which only
Souvenir has. An item that is put again is a new memory; the former one is deleted once
the new one is there, so a reader sees one of the two and never none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, Literal

from langgraph.store.base import (
    BaseStore,
    GetOp,
    Item,
    ListNamespacesOp,
    MatchCondition,
    Op,
    PutOp,
    Result,
    SearchItem,
    SearchOp,
)

from souvenir_client.client import Client
from souvenir_client.integrations.langgraph_items import (
    RECORDS,
    STORE,
    StoredItem,
    item_id,
    prefix_id,
    record_of,
    stored_item,
)
from souvenir_client.values import ApiError, Json

PAGE = 50
"""Memories of a page (contract 1.4)."""

MAX_MATCHES = 25
"""Memories that a search gives at most (contract 1.2)."""

ALREADY_GONE = 40307
"""The contract's code for a memory that is not there to be deleted."""


ANY_RELEASE = {"app_id": {"in": [RECORDS, ""]}}
"""Items, and those that were put before there were records."""


class SouvenirStore(BaseStore):
    """Items of namespaces, kept as memories of one Souvenir user."""

    def __init__(self, client: Client, user_id: str) -> None:
        self.client = client
        self.user_id = user_id

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """Carry operations out: what is read is as it was before what is written."""
        listed = list(ops)
        results = [self._read(op) for op in listed]
        puts = {(op.namespace, op.key): op for op in listed if isinstance(op, PutOp)}
        for put in puts.values():
            self._put(put)
        return results

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """The same, in a thread."""
        return await asyncio.to_thread(self.batch, list(ops))

    def _read(self, op: Op) -> Result:
        match op:
            case GetOp():
                stored = self._newest({"store_item": item_id(op.namespace, op.key)})
                return stored[0].item if stored else None
            case SearchOp():
                return self._search(op)
            case ListNamespacesOp():
                return list_namespaces(op, self._newest(STORE))
            case PutOp():
                return None
        raise ValueError(f"unknown operation: {type(op).__name__}")

    def _search(self, op: SearchOp) -> list[SearchItem]:
        if op.query:
            candidates = self._relevant(op.query, op.namespace_prefix)
        else:
            stored = self._newest(within(op.namespace_prefix))
            candidates = [as_search_item(entry.item, None) for entry in stored]
        matching = [item for item in candidates if matches(item.value, op.filter)]
        return matching[op.offset : op.offset + op.limit]

    def _relevant(self, query: str, prefix: tuple[str, ...]) -> list[SearchItem]:
        """Items by relevance; at most the best 25, which is what a search gives."""
        result = self.client.search(
            query,
            self.user_id,
            memory_limit_number=MAX_MATCHES,
            include_preference=False,
            relativity=0,
            filter={"and": [ANY_RELEASE, within(prefix), {"store_indexed": "yes"}]},
        )
        scores = {memory["id"]: memory["relativity"] for memory in result.memories}
        if not scores:
            return []
        stored = self._newest({"id": {"in": list(scores)}})
        ranked = sorted(stored, key=lambda entry: -scores[entry.memory_id])
        return [as_search_item(entry.item, scores[entry.memory_id]) for entry in ranked]

    def _put(self, op: PutOp) -> None:
        place = {"store_item": item_id(op.namespace, op.key)}
        former = list(self._stored(place))
        if op.value is not None:
            record = record_of(op, min(former, key=attrgetter("order"), default=None))
            self.client.import_(self.user_id, [record])
        self._delete([entry.memory_id for entry in former])

    def _delete(self, memory_ids: Sequence[str]) -> None:
        if not memory_ids:
            return
        try:
            self.client.delete(memory_ids, user_id=self.user_id)
        except ApiError as error:
            if error.code != ALREADY_GONE:
                raise
            if len(memory_ids) == 1:
                return
            for memory_id in memory_ids:  # one that is gone refuses them all
                self._delete([memory_id])

    def _newest(self, condition: Json) -> list[StoredItem]:
        """The items that match, each in its latest version, in the order of their places."""
        latest: dict[tuple[tuple[str, ...], str], StoredItem] = {}
        for entry in sorted(self._stored(condition), key=attrgetter("version")):
            latest[entry.item.namespace, entry.item.key] = entry
        return sorted(latest.values(), key=attrgetter("order"))

    def _stored(self, condition: Json) -> list[StoredItem]:
        """All memories of the store that match. What was put again while several pages were
        read has a new memory, before all of them: so the newest are looked at once more,
        until there is none that was not seen.
        """
        seen: dict[str, Json] = {}
        pages = 0
        for page in self._pages(condition):
            seen |= page
            pages += 1
        is_new = pages > 1
        while is_new:
            is_new = False
            for page in self._pages(condition):
                if page.keys() <= seen.keys():
                    break
                seen |= page
                is_new = True
        return list(map(stored_item, seen.values()))

    def _pages(self, condition: Json) -> Iterator[dict[str, Json]]:
        """The memories that match, by id, the newest first. Every page begins at the moment
        where the one before ended, not behind a number of memories: as many would be left
        out as were deleted meanwhile.
        """
        conditions, page, end = [STORE, condition], 1, None
        while True:
            since: list[Json] = [] if end is None else [{"create_time": {"lte": end}}]
            answer = self.client.memories(
                self.user_id,
                page=page,
                size=PAGE,
                include_preference=False,
                include_tool_memory=False,
                filter={"and": [*conditions, *since]},
            )
            memories = answer["memory_detail_list"]
            if memories:
                yield {memory["id"]: memory for memory in memories}
            if not memories or page >= answer["pages"]:
                return
            last = memories[-1]["create_time"]
            page, end = (page + 1 if last == end else 1), last


def within(prefix: tuple[str, ...]) -> Json:
    """The condition that an item lies below a prefix."""
    return {"store_prefixes": {"contains": prefix_id(prefix)}} if prefix else STORE


def as_search_item(item: Item, score: float | None) -> SearchItem:
    """An item as a search gives it."""
    return SearchItem(
        namespace=item.namespace,
        key=item.key,
        value=item.value,
        created_at=item.created_at,
        updated_at=item.updated_at,
        score=score,
    )


def matches(value: Json, conditions: Json | None) -> bool:
    """Whether an item's value meets a filter of the store's interface."""
    return all(
        compare(value.get(name), expected)
        for name, expected in (conditions or {}).items()
    )


def compare(value: Any, expected: Any) -> bool:
    """A value against a value, or against `{"$eq": ..., "$gt": ...}`; numbers are
    ordered as numbers.
    """
    if not isinstance(expected, dict):
        return bool(value == expected)
    operators = {name for name in expected if name.startswith("$")}
    if not operators:
        return isinstance(value, dict) and all(
            compare(value.get(name), inner) for name, inner in expected.items()
        )
    return all(apply(value, name, expected[name]) for name in operators)


def apply(value: Any, operator: str, operand: Any) -> bool:
    """One comparison. Raises ValueError for an unknown operator."""
    match operator:
        case "$eq":
            return bool(value == operand)
        case "$ne":
            return bool(value != operand)
        case "$gt":
            return float(value) > float(operand)
        case "$gte":
            return float(value) >= float(operand)
        case "$lt":
            return float(value) < float(operand)
        case "$lte":
            return float(value) <= float(operand)
    raise ValueError(f"Unsupported operator: {operator}")


def list_namespaces(
    op: ListNamespacesOp, stored: Sequence[StoredItem]
) -> list[tuple[str, ...]]:
    """The namespaces that have an item, as the operation asks for them."""
    namespaces = {
        entry.item.namespace[: op.max_depth]
        for entry in stored
        if all(
            lies_at(entry.item.namespace, condition)
            for condition in op.match_conditions or ()
        )
    }
    return sorted(namespaces)[op.offset : op.offset + op.limit]


def lies_at(namespace: tuple[str, ...], condition: MatchCondition) -> bool:
    """Whether a namespace begins or ends with a path; `*` stands for any part."""
    path = tuple(condition.path)
    if len(namespace) < len(path):
        return False
    kind: Literal["prefix", "suffix"] = condition.match_type
    ours = namespace[: len(path)] if kind == "prefix" else namespace[-len(path) :]
    return not path or all(
        part in ("*", mine) for part, mine in zip(path, ours, strict=True)
    )
