"""The collections of one data folder: one engine shard each, and the order in which they are written.

Every call into the engine holds Python's interpreter lock for as long as it lasts (measured for 0.9.0: another thread stands
still during upsert, query, flush and optimize alike). A thread pool would add hand-overs and no parallel work, and let writers
starve readers. So calls are made on the event loop itself, which serves the connections in turn; one call is kept short
(`points.SLICE`), and between the slices of a big write everybody else gets theirs.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import orjson
import qdrant_edge as edge

from services.vectors.translate import collections as wording
from services.vectors.translate.reading import Body, Malformed

log = logging.getLogger(__name__)

_CREATED = "collection.json"
_ENGINE = "shard"


class UnknownCollection(Exception):
    """There is no collection of that name: answered 404."""


class CollectionExists(Exception):
    """There is one of that name already: answered 409."""


class Shard:
    """One collection: `body` is the request that created it."""

    def __init__(self, folder: Path, body: Body, engine: Any) -> None:
        self.folder = folder
        self.body = body
        self.engine = engine
        self.operations = 0
        self._turn = asyncio.Lock()

    async def write(self, operations: Iterable[Any]) -> int:
        """Carry out engine operations in order, nobody else's in between; returns the number of the last one."""
        async with self._turn:
            for operation in operations:
                self.engine.update(operation)
                self.operations += 1
                await asyncio.sleep(0)
            return self.operations

    def close(self) -> None:
        """Everything to disk, then let go."""
        self.engine.flush()
        self.engine.close()


class Registry:
    """All collections under one folder. A collection exists once its `collection.json` does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shards: dict[str, Shard] = {}

    def open(self) -> None:
        """Open every collection; leftovers of a create or delete that was cut short are removed."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for folder in sorted(each for each in self._folder.iterdir() if each.is_dir()):
            if (folder / _CREATED).exists():
                self._shards[unquote(folder.name)] = _opened(folder)
            else:
                shutil.rmtree(folder)

    def names(self) -> list[str]:
        """The names of all collections."""
        return list(self._shards)

    def get(self, name: str) -> Shard:
        """The collection of that name, or UnknownCollection."""
        try:
            return self._shards[name]
        except KeyError:
            raise UnknownCollection(f"Not found: Collection `{name}` doesn't exist!") from None

    def create(self, name: str, body: Body) -> None:
        """Create a collection as its request says."""
        if name in self._shards:
            raise CollectionExists(f"Wrong input: Collection `{name}` already exists!")
        folder = self._folder / _folder_name(name)
        self._shards[name] = Shard(folder, body, _created(folder, body))

    def delete(self, name: str) -> bool:
        """Delete a collection and its files; False when there was none."""
        shard = self._shards.pop(name, None)
        if shard is None:
            return False
        (shard.folder / _CREATED).unlink()
        shard.engine.close()
        shutil.rmtree(shard.folder)
        return True

    def close(self) -> None:
        """Close every collection."""
        while self._shards:
            self._shards.popitem()[1].close()


def _folder_name(name: str) -> str:
    quoted = quote(name, safe="")
    if not name or len(quoted) > 255 or name.startswith("."):
        raise Malformed(f"collection name `{name}` cannot be used")
    return quoted


def _created(folder: Path, body: Body) -> Any:
    config = wording.engine_config(body)
    shutil.rmtree(folder, ignore_errors=True)
    (folder / _ENGINE).mkdir(parents=True)
    engine = edge.EdgeShard.create(str(folder / _ENGINE), config)
    if not wording.has_vectors(body):
        engine.update(wording.forget_no_vectors())
    engine.flush()
    _write(folder / _CREATED, body)
    return engine


def _opened(folder: Path) -> Shard:
    body = orjson.loads((folder / _CREATED).read_bytes())
    return Shard(folder, body, edge.EdgeShard.load(str(folder / _ENGINE)))


def _write(path: Path, body: Body) -> None:
    draft = path.with_suffix(".draft")
    draft.write_bytes(orjson.dumps(body))
    draft.replace(path)
