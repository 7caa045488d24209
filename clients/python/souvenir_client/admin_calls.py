"""Calls about keys, audit log and quotas of a project. Only Souvenir has them; see
`calls`.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from souvenir_client.values import Call, Json, unchanged, without_none


def keys(*, project: str | None = None) -> Call[list[Json]]:
    """The API keys of a project, without their secrets; `project`: another one than the
    key's own, by an admin key of the project `default`. Souvenir only.
    """
    query = without_none({"project": project})
    return Call("/project/keys", query, unchanged, method="GET")


def create_key(
    name: str,
    *,
    scopes: Sequence[str] | None = None,
    user_id: str | None = None,
    agent_id: str | None = None,
    expires_at: int | None = None,
    project: str | None = None,
) -> Call[Json]:
    """A new key; its secret is in `key`, this once. `scopes` are of read, write and
    admin (default: read and write); `expires_at` is in epoch milliseconds. Souvenir only.
    """
    body = {
        "name": name,
        "scopes": scopes,
        "user_id": user_id,
        "agent_id": agent_id,
        "expires_at": expires_at,
        "project": project,
    }
    return Call("/project/keys", without_none(body), unchanged, idempotent=False)


def rotate_key(
    key_id: str, *, overlap_s: float | None = None, project: str | None = None
) -> Call[Json]:
    """A new secret for the same rights; the old one works for `overlap_s` seconds more.
    Souvenir only.
    """
    body = without_none({"overlap_s": overlap_s, "project": project})
    return Call(_key_path(key_id, "rotate"), body, unchanged, idempotent=False)


def revoke_key(key_id: str, *, project: str | None = None) -> Call[Json]:
    """A key that opens nothing any more. Souvenir only."""
    body = without_none({"project": project})
    return Call(_key_path(key_id, "revoke"), body, unchanged, idempotent=False)


def audit(
    *,
    user_id: str | None = None,
    key: str | None = None,
    before: int | None = None,
    limit: int | None = None,
    project: str | None = None,
) -> Call[Json]:
    """What was changed and what was refused, the latest first: `entries`, and `before`
    for the next page. Souvenir only.
    """
    query = {
        "user_id": user_id,
        "key": key,
        "before": before,
        "limit": limit,
        "project": project,
    }
    return Call("/project/audit", without_none(query), unchanged, method="GET")


def quota(*, project: str | None = None) -> Call[Json]:
    """What a project may store, and has stored. Souvenir only."""
    query = without_none({"project": project})
    return Call("/project/quota", query, unchanged, method="GET")


def set_quota(
    *,
    memories: int | None = None,
    stored_bytes: int | None = None,
    daily_tokens: int | None = None,
    monthly_tokens: int | None = None,
    project: str | None = None,
) -> Call[Json]:
    """What a project may store from now on, 0 for any number; by an admin key of the
    project `default`. Souvenir only.
    """
    body = {
        "memories": memories,
        "stored_bytes": stored_bytes,
        "daily_tokens": daily_tokens,
        "monthly_tokens": monthly_tokens,
        "project": project,
    }
    return Call("/project/quota", without_none(body), unchanged, method="PUT")


def backup() -> Call[None]:
    """A backup of everything, as a stream of bytes: see `download_backup` of the client.
    Souvenir only.
    """
    return Call("/backup", {}, unchanged, method="GET")


def _key_path(key_id: str, action: str) -> str:
    return f"/project/keys/{quote(key_id, safe='')}/{action}"
