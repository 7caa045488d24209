"""The routes: each takes its body apart in `translate`, asks the engine, and gives back
what goes into `result`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from services.vectors.shards import Registry, Shard
from services.vectors.translate import answers, collections
from services.vectors.translate import read_requests as reads
from services.vectors.translate import write_requests as writes
from services.vectors.translate.validation import Body, Malformed
from services.vectors.translate.write_requests import Change

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read: `path` and `params` are those of its URL."""

    registry: Registry
    path: Mapping[str, str]
    params: Mapping[str, str] = field(default_factory=dict)
    body: Body = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The collection that the URL names."""
        return self.path["name"]

    @property
    def shard(self) -> Shard:
        """That collection, or UnknownCollection."""
        return self.registry.get(self.name)


Handler = Callable[[Call], Awaitable[Any]]


def understood(read: Callable[[Body], T], body: Body) -> T:
    """Translate a body; what the engine's own types refuse is the caller's mistake."""
    try:
        return read(body)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Malformed(f"Format error in JSON body: {error}") from error


async def _understood_in_turns(
    read: Callable[[Body], Iterator[Change]], body: Body
) -> AsyncIterator[Change]:
    """All of a big body is understood before any of it is carried out, with turns for
    others in between.
    """
    changes = understood(read, body)
    while (change := understood(lambda _: next(changes, None), body)) is not None:
        yield change
        await asyncio.sleep(0)


def carries_out(read: Callable[[Body], Iterator[Change]]) -> Handler:
    """A handler that carries out what `read` makes of the body. `wait` or not, it is
    done when it answers.
    """

    async def handler(call: Call) -> dict[str, Any]:
        shard = call.shard
        number = await shard.write(
            [change async for change in _understood_in_turns(read, call.body)]
        )
        return {
            "operation_id": number,
            "status": "completed"
            if call.params.get("wait") == "true"
            else "acknowledged",
        }

    return handler


async def batch_update(call: Call) -> Any:
    """Several writes, in order; one result for each."""
    result = await carries_out(writes.batch)(call)
    return [result] * len(call.body["operations"])


async def list_collections(call: Call) -> Any:
    """All collections."""
    return {"collections": [{"name": name} for name in call.registry.names()]}


async def describe_collection(call: Call) -> Any:
    """One collection: configuration and counts."""
    return collections.description(call.shard.record.created, call.shard.engine.info())


async def collection_exists(call: Call) -> Any:
    """Whether there is one of that name."""
    return {"exists": call.name in call.registry.names()}


async def create_collection(call: Call) -> Any:
    """A new, empty collection."""
    understood(lambda body: call.registry.create(call.name, body), call.body)
    return True


async def delete_collection(call: Call) -> Any:
    """A collection and all that is in it."""
    return await call.registry.delete(call.name)


async def drop_index(call: Call) -> Any:
    """An index on one payload field."""
    return await carries_out(
        lambda _: collections.drop_field_index(call.path["field"])
    )(call)


async def retrieve(call: Call) -> Any:
    """Points by id; unknown ids are left out."""
    ids, payload, vector = understood(reads.retrieve, call.body)
    return [
        answers.record(each)
        for each in call.shard.engine.retrieve(ids, payload, vector)
    ]


async def scroll(call: Call) -> Any:
    """A page of writes."""
    page, after = call.shard.engine.scroll(understood(reads.scroll, call.body))
    return {
        "points": [answers.record(each) for each in page],
        "next_page_offset": after,
    }


async def count(call: Call) -> Any:
    """How many writes."""
    return {"count": call.shard.engine.count(understood(reads.count, call.body))}


async def facet(call: Call) -> Any:
    """Values of a field with their counts."""
    found = call.shard.engine.facet(understood(reads.facet, call.body))
    return {"hits": [{"value": each.value, "count": each.count} for each in found.hits]}


async def query(call: Call) -> Any:
    """The best points for one query."""
    return answers.scored_points(
        call.shard.engine.query(understood(reads.query, call.body))
    )


async def query_batch(call: Call) -> Any:
    """The best points for each of several reads."""
    found = call.shard.engine.query_batch(understood(reads.query_batch, call.body))
    return [answers.scored_points(each) for each in found]


_C = "/collections/{name}"
_P = _C + "/points"
ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", _P + "/query", query),
    ("POST", _P + "/query/batch", query_batch),
    ("PUT", _P, carries_out(writes.upsert)),
    ("POST", _P, retrieve),
    ("POST", _P + "/scroll", scroll),
    ("POST", _P + "/count", count),
    ("POST", _P + "/delete", carries_out(writes.delete)),
    ("POST", _P + "/batch", batch_update),
    ("POST", _P + "/payload", carries_out(writes.set_payload)),
    ("PUT", _P + "/payload", carries_out(writes.overwrite_payload)),
    ("POST", _P + "/payload/delete", carries_out(writes.delete_payload)),
    ("POST", _P + "/payload/clear", carries_out(writes.clear_payload)),
    ("PUT", _P + "/vectors", carries_out(writes.update_vectors)),
    ("POST", _P + "/vectors/delete", carries_out(writes.delete_vectors)),
    ("POST", _C + "/facet", facet),
    ("GET", "/collections", list_collections),
    ("GET", _C + "/exists", collection_exists),
    ("GET", _C, describe_collection),
    ("PUT", _C, create_collection),
    ("DELETE", _C, delete_collection),
    ("PUT", _C + "/index", carries_out(collections.field_index)),
    ("DELETE", _C + "/index/{field}", drop_index),
)
