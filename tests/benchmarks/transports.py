"""What one read from the vector store costs its caller: `python -m tests.benchmarks.transports`.

Requests one after the other on one connection, through httpx alone and through aiohttp
(`shared.adapters.qdrant.transport`), in turns; milliseconds of this process's time.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

import httpx
import uvloop
from qdrant_client import AsyncQdrantClient

from shared.adapters.qdrant.collections import prepare
from shared.adapters.qdrant.projects import QdrantProjects
from shared.adapters.qdrant.transport import transport
from tests.support.vector_node import vector_node

READS = 400
TURNS = 5
PREFIX = "transports"


def main() -> None:
    """Prints the medians."""
    spent: dict[str, list[float]] = {"httpx": [], "aiohttp": []}
    with (
        tempfile.TemporaryDirectory() as folder,
        vector_node(Path(folder) / "node") as node,
    ):
        for _ in range(TURNS):
            for name, milliseconds in spent.items():
                milliseconds.append(uvloop.run(_read(node.url, name)))
    for name, milliseconds in spent.items():
        print(f"{name:8} {median(milliseconds):.2f} ms of processor a read")


async def _read(url: str, name: str) -> float:
    through = httpx.AsyncHTTPTransport() if name == "httpx" else transport(url)
    client = AsyncQdrantClient(url=url, check_compatibility=False, transport=through)
    try:
        await prepare(client, PREFIX)
        projects = QdrantProjects(client, PREFIX)
        await projects.get("warm")
        began = time.process_time()
        for _ in range(READS):
            await projects.get("any")
        return (time.process_time() - began) * 1000 / READS
    finally:
        await client.close()


if __name__ == "__main__":
    main()
