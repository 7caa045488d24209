"""Jobs that generate profiles, as mem0 shows them.

A profile is read from the memories whenever it is asked for, so there is nothing to
generate: a job has ended when it is answered. Its id is what was asked for, written down;
what it says of itself is what is known now.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence

from services.gateway.context.request_context import RequestContext
from services.gateway.mem0.entities import Entity
from services.gateway.mem0.present import Item
from services.gateway.mem0.user_profile import SUCCEEDED, profile_of
from services.gateway.memories.delete_memories import user_exists
from services.gateway.memories.export_import import users
from services.gateway.schemas.mem0 import (
    MOST_SAMPLED,
    EditedProfiles,
    GeneratedProfiles,
)
from shared.contract import Code
from shared.domain.scope import is_of_user
from shared.errors import BadRequest, NotFound, NotSupported

PATH = "/v2/profiles/jobs/"
SETTINGS: Item = {
    "enabled": True,
    "capabilities": {},
    "entities": {"user": {"schema": None, "custom_instructions": None}},
}
"""Profiles of all users, with the fields that are known for certain."""


async def generate(context: RequestContext, request: GeneratedProfiles) -> Item:
    """A job that has ended, for one user or some of them. Raises `NotFound`,
    `BadRequest`.
    """
    if request.entity_type != Entity.USER:
        raise BadRequest("profiles are of users only")
    if request.operation == "sample":
        names = list(filter(is_of_user, await users(context)))[: request.limit]
    elif await user_exists(context, request.entity_id):
        names = [request.entity_id]
    else:
        raise NotFound(f"no user {request.entity_id}", code=Code.UNKNOWN_USER)
    id = _id_of(names)
    return {
        "job_id": id,
        "status": SUCCEEDED,
        "status_url": f"{PATH}{id}/",
        "operation": request.operation,
        "entity_type": request.entity_type,
        "entity_count_reserved": len(names),
        "sampled": len(names),
        "entity_ids": names,
        "event_id": None,
        "replayed": False,
    }


async def job(context: RequestContext, id: str) -> Item:
    """How many of its users have a profile. Raises `NotFound` for an id that is none."""
    names = _users_of(id)
    existing = [name for name in names if await user_exists(context, name)]
    profiles = [await profile_of(context, Entity.USER, name) for name in existing]
    filled = sum(profile["status"] == SUCCEEDED for profile in profiles)
    return {
        "job": {
            "job_id": id,
            "status": SUCCEEDED,
            "enumeration_complete": True,
            "total": len(names),
            "completed": len(names),
            "succeeded": filled,
            "failed": len(names) - len(existing),
            "skipped": len(existing) - filled,
        }
    }


def edited_settings(change: EditedProfiles) -> Item:
    """The settings, which are what they are. Raises `NotSupported` for others."""
    if change.enabled is False or any((change.entities.get("user") or {}).values()):
        raise NotSupported(
            "profile settings: not served; profiles of templates are, on the Cloud's"
            " routes (add/profile_template)"
        )
    return SETTINGS


def _id_of(names: Sequence[str]) -> str:
    written = json.dumps(names).encode()
    return base64.urlsafe_b64encode(written).decode().rstrip("=")


def _users_of(id: str) -> list[str]:
    try:
        names = json.loads(base64.urlsafe_b64decode(id + "=" * (-len(id) % 4)))
    except (ValueError, RecursionError):  # neither base64 nor JSON
        names = None
    if not isinstance(names, list) or not 0 < len(names) <= MOST_SAMPLED:
        raise NotFound(f"no job {id}")
    return [str(name) for name in names]
