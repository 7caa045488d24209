"""What a key needs for each route: one table, and one place that asks it.

A route that is missing here is for unrestricted keys only, and
`tests/security/test_routes.py` fails until it has its line. Which user's data a key may
touch is not asked here but by the ports themselves (`shared.access`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.contract import Code
from shared.domain.api_key import ApiKey, KeyScope
from shared.errors import Forbidden

PREFIXES = ("/api/openmem/v1", "/product")
"""Under which the same routes are found."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a key must have."""

    scope: KeyScope
    for_users: bool = True
    """Whether a key that is bound to one user will do."""


READ, WRITE = Need(KeyScope.READ), Need(KeyScope.WRITE)
READ_PROJECT = Need(KeyScope.READ, for_users=False)
WRITE_PROJECT = Need(KeyScope.WRITE, for_users=False)
ADMIN = Need(KeyScope.ADMIN, for_users=False)

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
"""Of a route that answers what is not served."""

NEEDS: Mapping[str, Need] = {
    "POST /add/message": WRITE,
    "POST /add/feedback": WRITE,
    "POST /search/memory": READ,
    "POST /get/message": READ,
    "POST /get/memory": READ,
    "GET /get/memory/{memory_id}": READ,
    "GET /v1/get/memory/{memory_id}": READ,
    "POST /delete/memory": WRITE,
    "POST /update/memory": WRITE,
    "POST /restore/memory": WRITE,
    "POST /rate/memory": WRITE,
    "POST /get/status": READ,
    "GET /tasks": READ,
    "GET /tasks/dead": READ,
    "GET /tasks/remarked": READ,
    "GET /tasks/{task_id}": READ,
    "GET /tasks/{task_id}/events": READ,
    "POST /tasks/{task_id}/cancel": WRITE,
    "POST /tasks/{task_id}/replay": WRITE,
    "POST /tasks/{task_id}/undo": WRITE,
    "POST /create/knowledgebase": WRITE_PROJECT,
    "POST /delete/knowledgebase": WRITE_PROJECT,
    "POST /add/knowledgebase-file": WRITE_PROJECT,
    "POST /get/knowledgebase-file": READ_PROJECT,
    "POST /delete/knowledgebase-file": WRITE_PROJECT,
    "POST /chat": READ,
    "POST /chat/complete": READ,
    "POST /chat/stream": READ,
    "POST /v1/chat/completions": READ,
    "POST /users/{user_id}/v1/chat/completions": READ,
    "GET /v1/models": READ,
    "GET /users/{user_id}/v1/models": READ,
    "GET /v1/models/{name:path}": READ,
    "GET /users/{user_id}/v1/models/{name:path}": READ,
    "POST /configure": READ,
    "POST /rerank": READ,
    "POST /extract/memory": READ_PROJECT,
    "GET /extract/memory/{task_id}": READ_PROJECT,
    "POST /export/memory": READ,
    "POST /import/memory": WRITE,
    "POST /list/user": READ,
    "POST /add/profile_template": WRITE_PROJECT,
    "POST /list/profile_template": READ_PROJECT,
    "POST /get/profile_template": READ_PROJECT,
    "POST /update/profile_template": WRITE_PROJECT,
    "POST /delete/profile_template": WRITE_PROJECT,
    "POST /bind/profile_template": WRITE,
    "POST /edit/profile": WRITE,
    "POST /delete/profile": WRITE,
    "GET /project/settings": ADMIN,
    "PUT /project/settings": ADMIN,
    "GET /project/keys": ADMIN,
    "POST /project/keys": ADMIN,
    "POST /project/keys/{key_id}/rotate": ADMIN,
    "POST /project/keys/{key_id}/revoke": ADMIN,
    "GET /project/webhooks": ADMIN,
    "POST /project/webhooks": ADMIN,
    "PUT /project/webhooks/{webhook_id}": ADMIN,
    "DELETE /project/webhooks/{webhook_id}": ADMIN,
    "POST /project/webhooks/{webhook_id}/rotate": ADMIN,
    "GET /project/audit": ADMIN,
    "GET /project/quota": ADMIN,
    "PUT /project/quota": ADMIN,
    "GET /erasures": READ_PROJECT,
    "POST /delete/project": ADMIN,
    "GET /backup": ADMIN,
    "GET /reindex": READ_PROJECT,
    "POST /reindex": ADMIN,
    "GET /console/overview": READ_PROJECT,
    "GET /console/users": READ,
    "GET /console/memory/{memory_id}": READ,
    "GET /console/map": READ,
    "GET /console/tasks": READ,
    "GET /console/requests": ADMIN,
    "GET /console/models": ADMIN,
    "GET /console/queues": READ_PROJECT,
    "GET /console/settings": ADMIN,
    "GET /console/knowledgebases": READ_PROJECT,
    "GET /skills/{memory_id}/SKILL.md": READ,
    "GET /mem0/v1/ping": READ,
    "POST /mem0/v1/memories": WRITE,
    "POST /mem0/v3/memories/add": WRITE,
    "POST /mem0/v1/memories/search": READ,
    "POST /mem0/v2/memories/search": READ,
    "POST /mem0/v3/memories/search": READ,
    "POST /mem0/v2/memories": READ,
    "POST /mem0/v3/memories": READ,
    "GET /mem0/v1/memories": READ,
    "DELETE /mem0/v1/memories": WRITE,
    "GET /mem0/v1/memories/{memory_id}": READ,
    "PUT /mem0/v1/memories/{memory_id}": WRITE,
    "DELETE /mem0/v1/memories/{memory_id}": WRITE,
    "GET /mem0/v1/memories/{memory_id}/history": READ,
    "GET /mem0/v1/memories/{entity_type}/{entity_id}": READ_PROJECT,
    "PUT /mem0/v1/batch": WRITE,
    "DELETE /mem0/v1/batch": WRITE,
    "POST /mem0/v1/feedback": WRITE,
    "GET /mem0/v1/entities": READ_PROJECT,
    "GET /mem0/v2/entities/{type}/{name}": READ_PROJECT,
    "GET /mem0/v2/entities/{type}/{name}/profile": READ_PROJECT,
    "DELETE /mem0/v1/entities/{type}/{name}": WRITE_PROJECT,
    "DELETE /mem0/v2/entities/{type}/{name}": WRITE_PROJECT,
    "POST /mem0/v2/profiles/jobs": READ_PROJECT,
    "GET /mem0/v2/profiles/jobs/{job_id}": READ_PROJECT,
    "GET /mem0/v2/profiles/settings": READ_PROJECT,
    "POST /mem0/v2/profiles/settings": WRITE_PROJECT,
    "GET /mem0/v1/events": READ,
    "GET /mem0/v1/event/{event_id}": READ,
    "POST /mem0/v1/exports": READ,
    "POST /mem0/v1/exports/get": READ,
    "GET /mem0/api/v1/orgs/organizations/{org_id}/projects/{project_id}": ADMIN,
    "PATCH /mem0/api/v1/orgs/organizations/{org_id}/projects/{project_id}": ADMIN,
    "GET /mem0/api/v1/webhooks/projects/{project_id}": ADMIN,
    "POST /mem0/api/v1/webhooks/projects/{project_id}": ADMIN,
    "PUT /mem0/api/v1/webhooks/{webhook_id}": ADMIN,
    "DELETE /mem0/api/v1/webhooks/{webhook_id}": ADMIN,
    **{f"{method} /mem0/{{path:path}}": READ for method in METHODS},
    # The open-source server's own, which are found under /product alone.
    "POST /search": READ,
    "POST /add": WRITE,
    "POST /get_memory": READ,
    "GET /get_memory/{memory_id}": READ,
    "POST /get_memory_by_ids": READ,
    "POST /get_all": READ,
    "POST /delete_memory": WRITE,
    "POST /feedback": WRITE,
    "POST /suggestions": READ,
    "POST /exist_mem_cube_id": READ,
    "GET /scheduler/status": READ,
    "GET /scheduler/task_queue_status": READ,
    "GET /scheduler/allstatus": READ,
    "POST /scheduler/wait": READ,
    "GET /scheduler/wait/stream": READ,
}
"""By method and path, without the prefix."""


def need_of(method: str, path: str) -> Need | None:
    """What a route needs, by its path with names of parameters; None where it is not
    in the table.
    """
    for prefix in PREFIXES:
        if path.startswith(f"{prefix}/"):
            path = path.removeprefix(prefix)
    return NEEDS.get(f"{method} {path}")


def require(key: ApiKey, method: str, path: str) -> None:
    """Raises `Forbidden` where the key is not for such a route."""
    need = need_of(method, path) or ADMIN
    if need.scope not in key.scopes:
        raise Forbidden(
            f"this key has no scope {need.scope.value!r}", code=Code.KEY_NOT_ALLOWED
        )
    if key.owner and not need.for_users:
        raise Forbidden(
            "this key is for one user, and that concerns the whole project",
            code=Code.KEY_NOT_ALLOWED,
        )
