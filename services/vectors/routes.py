"""The routes: each takes its body apart in `translate`, asks the engine, and gives back
what goes into `result`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from services.vectors.registry import Registry
from services.vectors.shards import Shard
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


def parsed(read: Callable[[Body], T], body: Body) -> T:
    """Translate a body; what the engine's own types refuse is the caller's mistake."""
    try:
        return read(body)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Malformed(f"Format error in JSON body: {error}") from error


def write_handler(read: Callable[[Body], Iterator[Change]]) -> Handler:
    """A handler that carries out what `read` makes of the body. `wait` or not, it is
    done when it answers.
    """

    async def handler(call: Call) -> dict[str, Any]:
        shard = call.shard
        # All of a big body is understood before any of it is carried out, with turns
        # for others in between.
        changes: list[Change] = []
        upcoming = parsed(read, call.body)
        while (change := parsed(lambda _: next(upcoming, None), call.body)) is not None:
            changes.append(change)
            await asyncio.sleep(0)
        number = await shard.write(changes)
        waits = call.params.get("wait") == "true"
        status = "completed" if waits else "acknowledged"
        return {"operation_id": number, "status": status}

    return handler


async def batch_update(call: Call) -> Any:
    """Several writes, in order; one result for each."""
    result = await write_handler(writes.batch)(call)
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
    parsed(lambda body: call.registry.create(call.name, body), call.body)
    return True


async def delete_collection(call: Call) -> Any:
    """A collection and all that is in it."""
    return await call.registry.delete(call.name)


async def drop_index(call: Call) -> Any:
    """An index on one payload field."""
    return await write_handler(
        lambda _: collections.drop_field_index(call.path["field"])
    )(call)


async def create_vector(call: Call) -> Any:
    """Room for one more named vector a point; nothing to do where there is the same."""
    name, shard = call.path["vector"], call.shard
    change, params = parsed(lambda body: collections.new_vector(name, body), call.body)
    number = await shard.write([change])
    shard.describe_vectors({**shard.vectors, name: params})
    return {"operation_id": number, "status": "completed"}


async def drop_vector(call: Call) -> Any:
    """A named vector of all points."""
    name, shard = call.path["vector"], call.shard
    number = await shard.write([collections.drop_vector(name)])
    others = {key: of for key, of in shard.vectors.items() if key != name}
    shard.describe_vectors(others)
    return {"operation_id": number, "status": "completed"}


async def retrieve(call: Call) -> Any:
    """Points by id; unknown ids are left out."""
    ids, payload, vector = parsed(reads.retrieve, call.body)
    points = call.shard.engine.retrieve(ids, payload, vector)
    return [answers.record(point) for point in points]


async def scroll(call: Call) -> Any:
    """A page of points."""
    page, after = call.shard.engine.scroll(parsed(reads.scroll, call.body))
    return {
        "points": [answers.record(point) for point in page],
        "next_page_offset": after,
    }


async def count(call: Call) -> Any:
    """How many points."""
    return {"count": call.shard.engine.count(parsed(reads.count, call.body))}


async def facet(call: Call) -> Any:
    """Values of a field with their counts."""
    result = call.shard.engine.facet(parsed(reads.facet, call.body))
    return {"hits": [{"value": hit.value, "count": hit.count} for hit in result.hits]}


async def query(call: Call) -> Any:
    """The best points for one query."""
    points = call.shard.engine.query(parsed(reads.query, call.body))
    return answers.scored_points(points)


async def query_batch(call: Call) -> Any:
    """The best points for each of several queries."""
    results = call.shard.engine.query_batch(parsed(reads.query_batch, call.body))
    return [answers.scored_points(points) for points in results]


_COLLECTION = "/collections/{name}"
_POINTS = _COLLECTION + "/points"
ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", _POINTS + "/query", query),
    ("POST", _POINTS + "/query/batch", query_batch),
    ("PUT", _POINTS, write_handler(writes.upsert)),
    ("POST", _POINTS, retrieve),
    ("POST", _POINTS + "/scroll", scroll),
    ("POST", _POINTS + "/count", count),
    ("POST", _POINTS + "/delete", write_handler(writes.delete)),
    ("POST", _POINTS + "/batch", batch_update),
    ("POST", _POINTS + "/payload", write_handler(writes.set_payload)),
    ("PUT", _POINTS + "/payload", write_handler(writes.overwrite_payload)),
    ("POST", _POINTS + "/payload/delete", write_handler(writes.delete_payload)),
    ("POST", _POINTS + "/payload/clear", write_handler(writes.clear_payload)),
    ("PUT", _POINTS + "/vectors", write_handler(writes.update_vectors)),
    ("POST", _POINTS + "/vectors/delete", write_handler(writes.delete_vectors)),
    ("POST", _COLLECTION + "/facet", facet),
    ("GET", "/collections", list_collections),
    ("GET", _COLLECTION + "/exists", collection_exists),
    ("GET", _COLLECTION, describe_collection),
    ("PUT", _COLLECTION, create_collection),
    ("DELETE", _COLLECTION, delete_collection),
    ("PUT", _COLLECTION + "/vectors/{vector}", create_vector),
    ("DELETE", _COLLECTION + "/vectors/{vector}", drop_vector),
    ("PUT", _COLLECTION + "/index", write_handler(collections.field_index)),
    ("DELETE", _COLLECTION + "/index/{field}", drop_index),
)
