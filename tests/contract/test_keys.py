"""API keys: each opens one project, and none can be read back."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.domain.api_key import ALL_SCOPES, ApiKey, KeyScope, key_id
from shared.domain.identity import digest
from tests.contract.conftest import Stores


def made(secret: str, project: str, **more: object) -> ApiKey:
    hashed = digest(secret.encode())
    return replace(ApiKey(key_id(hashed), project, hashed), **more)


def new_secret() -> str:
    return f"mpg-{uuid4().hex}"


async def test_a_key_opens_its_project(stores: Stores, project: str) -> None:
    secret, other = new_secret(), new_secret()
    key = made(
        secret,
        project,
        name="reader",
        scopes=(KeyScope.READ,),
        user="ana",
        hint=secret[-4:],
        created_at=1,
        expires_at=1 << 41,
    )
    await stores.keys.put(key)
    await stores.keys.put(made(other, f"{project}-2"))
    assert await stores.keys.find(secret) == key
    found = await stores.keys.find(other)
    assert found is not None and found.project == f"{project}-2"


async def test_an_unknown_key_opens_nothing(stores: Stores, project: str) -> None:
    secret = new_secret()
    await stores.keys.put(made(secret, project))
    hashed = digest(secret.encode())
    for wrong in (
        "",
        secret[:-1],
        secret.upper(),
        f"{secret} ",
        hashed,
        "密钥",
        "\ud800",
    ):
        assert await stores.keys.find(wrong) is None


async def test_the_keys_of_a_project_are_listed(stores: Stores, project: str) -> None:
    keys = [made(new_secret(), project, created_at=at) for at in (3, 1, 2)]
    for key in [*keys, made(new_secret(), f"{project}-2")]:
        await stores.keys.put(key)
    listed = await stores.keys.of_project(project)
    assert [key.created_at for key in listed] == [1, 2, 3]
    assert await stores.keys.of_project(f"{project}-3") == []


async def test_a_removed_key_opens_nothing_and_is_not_marked(
    stores: Stores, project: str
) -> None:
    secret = new_secret()
    key = made(secret, project)
    await stores.keys.put(key)
    await stores.keys.delete(f"{project}-2", key.id)
    assert await stores.keys.find(secret) == key, "another project removes nothing"
    await stores.keys.delete(project, key.id)
    await stores.keys.delete(project, "no id at all")
    await stores.keys.mark_used(project, key.id, 7)
    assert await stores.keys.find(secret) is None
    assert await stores.keys.of_project(project) == []


async def test_it_is_let_expire_unless_it_was_removed(
    stores: Stores, project: str
) -> None:
    secret = new_secret()
    key = made(secret, project, name="reader")
    await stores.keys.put(key)
    await stores.keys.expire(f"{project}-2", key.id, 6)
    assert await stores.keys.find(secret) == key
    await stores.keys.expire(project, key.id, 7)
    assert await stores.keys.find(secret) == replace(key, expires_at=7)
    await stores.keys.delete(project, key.id)
    await stores.keys.expire(project, key.id, 8)
    assert await stores.keys.find(secret) is None


async def test_its_last_use_is_marked(stores: Stores, project: str) -> None:
    secret = new_secret()
    key = made(secret, project, name="ci", scopes=(KeyScope.WRITE,))
    await stores.keys.put(key)
    await stores.keys.mark_used(f"{project}-2", key.id, 6)
    await stores.keys.mark_used(project, "no id at all", 6)
    await stores.keys.mark_used(project, key.id, 7)
    assert await stores.keys.find(secret) == replace(key, last_used_at=7)


async def test_a_key_of_an_older_release_may_do_everything(
    stores: Stores, prepared: tuple[str, str] | None, project: str
) -> None:
    """Such a release stored the hash and the project, and nothing else."""
    if prepared is None:
        return
    secret = new_secret()
    hashed = digest(secret.encode())
    payload = {"hash": hashed, "project": project}
    client = AsyncQdrantClient(url=prepared[0])
    point = q.PointStruct(id=key_id(hashed), vector={}, payload=payload)
    await client.upsert(f"{prepared[1]}_keys", [point], wait=True)
    await client.close()
    key = await stores.keys.find(secret)
    assert key is not None
    assert (key.project, key.scopes, key.owner) == (project, ALL_SCOPES, "")
    await stores.keys.mark_used(project, key.id, 7)
    assert [k.last_used_at for k in await stores.keys.of_project(project)] == [7]
    await stores.keys.delete(project, key.id)
    assert await stores.keys.find(secret) is None


async def test_only_the_hash_is_kept(
    stores: Stores, prepared: tuple[str, str] | None, project: str
) -> None:
    """Everything that the collection holds, searched for the key itself."""
    secret = new_secret()
    await stores.keys.put(made(secret, project))
    assert await stores.keys.find(secret)
    if prepared is None:
        return
    client = AsyncQdrantClient(url=prepared[0])
    points, _ = await client.scroll(
        f"{prepared[1]}_keys", limit=1_000, with_vectors=True
    )
    await client.close()
    assert project in str(points)
    assert secret not in str(points)
