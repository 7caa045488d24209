"""API keys: each opens one project, and none can be read back."""

from __future__ import annotations

from uuid import uuid4

from qdrant_client import AsyncQdrantClient

from tests.contract.conftest import Stores


async def test_a_key_opens_its_project(stores: Stores, project: str) -> None:
    key, other = f"mpg-{uuid4().hex}", f"mpg-{uuid4().hex}"
    await stores.keys.put(key, project)
    await stores.keys.put(other, f"{project}-2")
    assert await stores.keys.project_of(key) == project
    assert await stores.keys.project_of(other) == f"{project}-2"


async def test_an_unknown_key_opens_nothing(stores: Stores, project: str) -> None:
    key = f"mpg-{uuid4().hex}"
    await stores.keys.put(key, project)
    for wrong in ("", key[:-1], key.upper(), f"{key} ", "密钥", "\ud800"):
        assert await stores.keys.project_of(wrong) is None


async def test_a_key_can_be_given_another_project(stores: Stores, project: str) -> None:
    key = f"mpg-{uuid4().hex}"
    await stores.keys.put(key, "before")
    await stores.keys.put(key, project)
    assert await stores.keys.project_of(key) == project


async def test_only_the_hash_is_kept(
    stores: Stores, prepared: tuple[str, str] | None, project: str
) -> None:
    """Everything that the collection holds, searched for the key itself."""
    key = f"mpg-{uuid4().hex}"
    await stores.keys.put(key, project)
    assert await stores.keys.project_of(key) == project
    if prepared is None:
        return
    client = AsyncQdrantClient(url=prepared[0])
    points, _ = await client.scroll(
        f"{prepared[1]}_keys", limit=1_000, with_vectors=True
    )
    await client.close()
    assert project in str(points)
    assert key not in str(points)
