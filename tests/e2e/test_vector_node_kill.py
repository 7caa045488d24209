"""kill -9, again and again, under several writers, while the node flushes and indexes:
what was acknowledged is there.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q
from qdrant_client.http.exceptions import ResponseHandlingException

from tests.support.vector_node import VectorNode, vector_node

WRITERS = 4
ROUNDS = 6
SIZE = 8
STRIDE = 1_000_000


@dataclass
class Writer:
    """Puts, replaces and deletes points of its own. `known`: id -> acknowledged
    version, None once deleted. `open`: what the write says that was under way when the
    node died; it may have happened or not.
    """

    number: int
    known: dict[int, int | None] = field(default_factory=dict)
    open: dict[int, int | None] = field(default_factory=dict)
    version: int = 0

    async def write(self, client: AsyncQdrantClient, dice: random.Random) -> None:
        """One acknowledged write of 1 to 20 points."""
        self.version += 1
        if self.known and dice.random() < 0.2:
            await self._delete(client, dice)
        else:
            await self._put(client, dice)
        self.known |= self.open
        self.open = {}

    async def _put(self, client: AsyncQdrantClient, dice: random.Random) -> None:
        fresh = range(
            self.number * STRIDE + len(self.known),
            self.number * STRIDE + len(self.known) + dice.randint(1, 15),
        )
        again = dice.sample(
            sorted(self.known), min(len(self.known), dice.randint(0, 5))
        )
        self.open = dict.fromkeys([*fresh, *again], self.version)
        vector = [1.0 + self.version % 7, *([1.0] * (SIZE - 1))]
        await client.upsert(
            "c",
            [
                q.PointStruct(
                    id=id, vector={"dense": vector}, payload={"version": self.version}
                )
                for id in self.open
            ],
        )

    async def _delete(self, client: AsyncQdrantClient, dice: random.Random) -> None:
        self.open = dict.fromkeys(
            dice.sample(sorted(self.known), min(len(self.known), 3)), None
        )
        await client.delete("c", list(self.open))


async def write_until(
    node: VectorNode, writers: list[Writer], acknowledged: int, dice: random.Random
) -> int:
    """Let all write at once, kill the node after that many acknowledged writes; returns
    how many there were in the end.
    """
    count = 0

    async def keep_writing(writer: Writer) -> None:
        nonlocal count
        client = AsyncQdrantClient(url=node.url, check_compatibility=False)
        while True:
            try:
                await writer.write(client, dice)
            except ResponseHandlingException:
                return
            count += 1
            if count == acknowledged:
                node.kill()

    await asyncio.gather(*(keep_writing(writer) for writer in writers))
    return count


async def stored(client: AsyncQdrantClient) -> dict[int, int]:
    """id -> version of everything in the collection."""
    found: dict[int, int] = {}
    after = None
    while True:
        page, after = await client.scroll("c", limit=2000, offset=after)
        found |= {each.id: each.payload["version"] for each in page}
        if after is None:
            return found


def settle(writer: Writer, found: dict[int, int]) -> list[str]:
    """What is wrong; and from here on, what is there is known."""
    wrong = [
        f"point {id}: acknowledged as {version}, found {found.get(id)}"
        for id, version in writer.known.items()
        if found.get(id) not in {version, writer.open.get(id, version)}
    ]
    writer.known |= {id: found.get(id) for id in writer.open}
    writer.open = {}
    return wrong


@pytest.mark.e2e
async def test_no_acknowledged_write_is_lost(tmp_path: Path) -> None:
    dice = random.Random(20)
    writers = [Writer(number) for number in range(1, WRITERS + 1)]
    total = moves = 0
    with vector_node(
        tmp_path, "--flush-s", "0.3", "--index-after", "1000", "--quiet-s", "0.2"
    ) as node:
        client = AsyncQdrantClient(url=node.url, check_compatibility=False)
        await client.create_collection(
            "c",
            vectors_config={
                "dense": q.VectorParams(size=SIZE, distance=q.Distance.COSINE)
            },
            optimizers_config=q.OptimizersConfigDiff(indexing_threshold=1),
        )
        await client.create_payload_index("c", "version", field_schema="integer")
        record = (tmp_path / "collections" / "c" / "collection.json").read_bytes()
        for _ in range(ROUNDS):
            total += await write_until(node, writers, dice.randint(400, 1200), dice)
            moves += record != (
                record := (
                    tmp_path / "collections" / "c" / "collection.json"
                ).read_bytes()
            )
            node.start()
            found = await stored(client)
            assert [line for writer in writers for line in settle(writer, found)] == []
            assert set(found) <= {id for writer in writers for id in writer.known}
        assert total >= ROUNDS * 400
        assert moves > 0, (
            "the collection was never indexed meanwhile: the test proves less than it says"
        )
