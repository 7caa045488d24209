"""Keys made, listed, rotated and revoked. A secret is answered once, when it is made;
what is stored is its hash.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

from services.gateway.schemas.keys import CreateKey, KeyMade, KeyView
from services.http.auth import FIRST_KEY, HINT
from shared.contract import Code
from shared.domain.api_key import DEFAULT_PROJECT, ApiKey, KeyScope, key_id
from shared.domain.identity import digest
from shared.errors import BadRequest, NotFound
from shared.jobs.clock import now
from shared.ports import Keys
from shared.settings import Settings

PREFIX = "mpg-"
"""Keys of the hosted service begin like that (contract, section 0)."""
RANDOM_BYTES = 24
"""192 bits: nothing is gained by trying, and one round of hashing hides them."""
MAX_KEYS = 1000
"""Keys of one project."""


async def create_key(keys: Keys, project: str, request: CreateKey) -> KeyMade:
    """A new key of a project. Raises `BadRequest` where it has too many, or the key
    would have expired already.
    """
    at = now()
    if request.expires_at and request.expires_at <= at:
        raise BadRequest("expires_at: is over")
    if len(await keys.of_project(project)) >= MAX_KEYS:
        raise BadRequest(f"a project has at most {MAX_KEYS} keys")
    template = ApiKey(
        id="",
        project=project,
        name=request.name.strip(),
        scopes=tuple(map(KeyScope, dict.fromkeys(request.scopes))),
        user=request.user_id,
        agent=request.agent_id,
        created_at=at,
        expires_at=request.expires_at,
    )
    return await _with_new_secret(keys, template)


async def listed_keys(keys: Keys, project: str, settings: Settings) -> list[KeyView]:
    """The keys of a project, oldest first; that of the settings, of which nothing is
    stored, before all others of its project.
    """
    stored = [key_view(key) for key in await keys.of_project(project)]
    if project != DEFAULT_PROJECT or not settings.api_key:
        return stored
    hint = settings.api_key[-HINT:]
    first = ApiKey(FIRST_KEY, DEFAULT_PROJECT, name="first key", hint=hint)
    return [key_view(first), *stored]


async def rotate_key(
    keys: Keys, project: str, id: str, overlap_s: float
) -> tuple[KeyMade, ApiKey]:
    """A new secret for the same rights, and the key that it takes the place of, which
    works for `overlap_s` seconds more. Raises `NotFound`, for a key that is revoked
    meanwhile as well: then neither opens anything.
    """
    old = await key_of(keys, project, id)
    at = now()
    made = await _with_new_secret(keys, replace(old, created_at=at, last_used_at=0))
    end = at + round(overlap_s * 1000)
    if overlap_s and (not old.expires_at or end < old.expires_at):
        await keys.expire(project, old.id, end)
    try:
        await key_of(keys, project, old.id)
    except NotFound:
        await keys.delete(project, made.id)
        raise
    if not overlap_s:
        await keys.delete(project, old.id)
    return made, old


async def revoke_key(keys: Keys, project: str, id: str) -> ApiKey:
    """The key, which opens nothing any more. Raises `NotFound`."""
    key = await key_of(keys, project, id)
    await keys.delete(project, key.id)
    return key


async def key_of(keys: Keys, project: str, id: str) -> ApiKey:
    """A key by its id. Raises `NotFound` 40001, `BadRequest` for that of the settings."""
    if id == FIRST_KEY:
        raise BadRequest(
            "the first key is that of SOUVENIR_API_KEY or of the data folder (api_key):"
            " it is changed there"
        )
    for key in await keys.of_project(project):
        if key.id == id:
            return key
    raise NotFound(f"no key {id}", code=Code.NOT_THERE)


async def _with_new_secret(keys: Keys, template: ApiKey) -> KeyMade:
    secret = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    hashed = digest(secret.encode())
    key = replace(template, id=key_id(hashed), hash=hashed, hint=secret[-HINT:])
    await keys.put(key)
    return KeyMade(key=secret, **key_view(key).model_dump())


def key_view(key: ApiKey) -> KeyView:
    """A key as it is listed."""
    fields = {
        "id": key.id,
        "name": key.name,
        "project": key.project,
        "scopes": [scope.value for scope in key.scopes],
        "user_id": key.user or None,
        "agent_id": key.agent or None,
        "hint": key.hint,
        "created_at": key.created_at or None,
        "expires_at": key.expires_at or None,
        "last_used_at": key.last_used_at or None,
    }
    return KeyView.model_validate(fields)
