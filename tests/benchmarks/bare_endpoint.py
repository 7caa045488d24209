"""The least that an add can be: an endpoint that makes a message durable and enqueues its
id, and nothing else. The limit beside which the gateway is measured.

    python -m tests.benchmarks.bare_endpoint --qdrant URL --redis URL --port N
"""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import uvicorn
from fastapi import FastAPI, Request
from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q
from redis.asyncio import Redis

COLLECTION = "bare"


def build(qdrant_url: str, redis_url: str) -> FastAPI:
    """The application; its collection is made when it starts."""
    qdrant = AsyncQdrantClient(url=qdrant_url, check_compatibility=False)
    redis = Redis.from_url(redis_url)

    @asynccontextmanager
    async def prepared(_: FastAPI) -> AsyncIterator[None]:
        if not await qdrant.collection_exists(COLLECTION):
            await qdrant.create_collection(COLLECTION, vectors_config={})
        yield
        await qdrant.close()
        await redis.aclose()

    app = FastAPI(lifespan=prepared)

    @app.get("/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/add")
    async def add(request: Request) -> dict[str, Any]:
        id = str(uuid4())
        point = q.PointStruct(id=id, vector={}, payload=await request.json())
        await qdrant.upsert(COLLECTION, [point], wait=True)
        await redis.lpush("bare:queue", id)  # type: ignore[misc]
        await redis.expire("bare:queue", 600)
        return {"code": 0, "data": {"task_id": id}}

    return app


def main() -> None:
    """Serve until it is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--qdrant", required=True)
    parser.add_argument("--redis", required=True)
    parser.add_argument("--port", type=int, required=True)
    said = parser.parse_args()
    app = build(said.qdrant, said.redis)
    uvicorn.run(
        app, host="127.0.0.1", port=said.port, log_level="warning", access_log=False
    )


if __name__ == "__main__":
    main()
