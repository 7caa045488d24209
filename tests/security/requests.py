"""A request, or several, to every route, about what another owner has."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from httpx import Response

from services.gateway.context.route_access import METHODS
from tests.api.world import CLOUD, World
from tests.security.canaries import Planted

STORES = (
    "memories",
    "messages",
    "jobs",
    "knowledge_bases",
    "profile_templates",
    "projects",
    "keys",
    "webhook_endpoints",
)
"""Where something is kept that has an owner."""
QUERY = "What is about the document, the memory and what I said?"


@dataclass(frozen=True)
class Asked:
    """One request: `route` is the line of the table of `route_access`, `path` what is
    asked, below the Cloud's prefix or, with a slash, from the root.
    """

    route: str
    path: str
    body: Any = None
    query: dict[str, Any] | None = None

    @property
    def method(self) -> str:
        return self.route.partition(" ")[0]


def reading(of: Planted) -> Iterator[Asked]:
    """Every route that gives something back, in the forms that name an owner."""
    user, knowledge = {"user_id": of.user}, [of.knowledge_base]
    wide = {
        "query": QUERY,
        "relativity": 0,
        "include_tool_memory": True,
        "include_skill": True,
        "knowledgebase_ids": knowledge,
        "memory_limit_number": 25,
    }
    yield Asked("POST /search/memory", "search/memory", {**user, **wide})
    views = {"include_memory_view": ["profile", "event", "detail_factual"]}
    yield Asked("POST /search/memory", "search/memory", {**user, **wide, **views})
    told = {"return_instruction": True, "return_full_instruction": True, "explain": 1}
    yield Asked("POST /search/memory", "search/memory", {**user, **wide, **told})
    yield Asked("POST /get/message", "get/message", user)
    talk = {"conversation_id": of.scope.conversation}
    yield Asked("POST /get/message", "get/message", {**user, **talk})
    yield Asked("POST /get/memory", "get/memory", {**user, "include_skill": True})
    yield Asked("POST /get/memory", "get/memory", {**user, **views})
    yield Asked("POST /get/memory", "get/memory", {**user, "status": "archived"})
    day = {"as_of": "2100-01-01"}
    yield Asked("POST /get/memory", "get/memory", {**user, **day})
    yield Asked("POST /search/memory", "search/memory", {**user, **wide, **day})
    for memory in (of.memory, of.archived, of.skill):
        route = "GET /get/memory/{memory_id}"
        yield Asked(route, f"get/memory/{memory}")
        yield Asked(f"GET /v1{route[4:]}", f"/v1/get/memory/{memory}")
        route = "GET /console/memory/{memory_id}"
        yield Asked(route, f"console/memory/{memory}")
    skill_route = "GET /skills/{memory_id}/SKILL.md"
    yield Asked(skill_route, f"/skills/{of.skill}/SKILL.md")
    for job in (of.job, of.dead):
        yield Asked("POST /get/status", "get/status", {"task_id": job})
        yield Asked("GET /tasks/{task_id}", f"tasks/{job}")
        yield Asked("GET /tasks/{task_id}/events", f"tasks/{job}/events")
    yield Asked("GET /tasks", "tasks", query=user)
    yield Asked("GET /tasks/dead", "tasks/dead")
    yield Asked("GET /tasks/remarked", "tasks/remarked")
    files = {"file_ids": [of.file]}
    route = "POST /get/knowledgebase-file"
    yield Asked(route, "get/knowledgebase-file", files)
    base = {"knowledgebase_id": of.knowledge_base}
    yield Asked(route, "get/knowledgebase-file", base)
    chat = {**user, **wide, "add_message_on_answer": False}
    yield Asked("POST /chat", "chat", chat)
    yield Asked("POST /chat/complete", "/product/chat/complete", chat)
    yield Asked("POST /chat/stream", "/product/chat/stream", chat)
    asked = {"messages": [{"role": "user", "content": QUERY}], "store": False}
    path = "/v1/chat/completions"
    yield Asked(f"POST {path}", path, {**asked, "user": of.user})
    path = f"/users/{of.user}{path}"
    yield Asked("POST /users/{user_id}/v1/chat/completions", path, asked)
    yield Asked("GET /v1/models", "/v1/models")
    yield Asked("GET /users/{user_id}/v1/models", f"/users/{of.user}/v1/models")
    yield Asked("GET /v1/models/{name:path}", "/v1/models/souvenir")
    path = f"/users/{of.user}/v1/models/souvenir"
    yield Asked("GET /users/{user_id}/v1/models/{name:path}", path)
    yield Asked("POST /configure", "/product/configure", {})
    yield Asked("POST /rerank", "rerank", {"query": "x", "documents": ["a", "b"]})
    said = [{"role": "user", "content": "hello"}]
    yield Asked("POST /extract/memory", "extract/memory", {"messages": said})
    route = "GET /extract/memory/{task_id}"
    yield Asked(route, f"extract/memory/{of.extraction}")
    yield Asked("POST /export/memory", "export/memory", user)
    for part in ("fact:0", "preference:0", "tool:0", "skill:0"):
        yield Asked("POST /export/memory", "export/memory", {**user, "after": part})
    yield Asked("POST /list/user", "list/user", {})
    yield Asked("POST /list/profile_template", "list/profile_template", {})
    template = {"profile_template_id": of.template}
    yield Asked("POST /get/profile_template", "get/profile_template", template)
    yield from _administration(of)
    yield from _console(of)
    yield from _open_source(of)
    yield from _mem0(of)


def _administration(of: Planted) -> Iterator[Asked]:
    for project in ({}, {"project": of.project}):
        yield Asked("GET /project/keys", "project/keys", query=project)
        yield Asked("GET /project/webhooks", "project/webhooks", query=project)
        yield Asked("GET /project/audit", "project/audit", query=project)
        yield Asked("GET /project/quota", "project/quota", query=project)
    yield Asked("GET /project/settings", "project/settings")
    yield Asked("GET /erasures", "erasures", query={"id": of.user})
    yield Asked("GET /backup", "backup")
    yield Asked("GET /reindex", "reindex")


def _console(of: Planted) -> Iterator[Asked]:
    for name in (
        "overview",
        "users",
        "tasks",
        "requests",
        "settings",
        "models",
        "queues",
    ):
        yield Asked(f"GET /console/{name}", f"console/{name}")
    yield Asked("GET /console/knowledgebases", "console/knowledgebases")
    yield Asked("GET /console/map", "console/map", query={"user_id": of.user})


def _open_source(of: Planted) -> Iterator[Asked]:
    user, cube = {"user_id": of.user}, {"mem_cube_id": of.user}
    search = {"query": QUERY, "relativity": 0, "include_skill_memory": True}
    for cubes in ({}, cube, {"readable_cube_ids": [of.user]}):
        asked = {"user_id": "ann" if cubes else of.user, **search, **cubes}
        yield Asked("POST /search", "/product/search", asked)
    yield Asked("POST /get_memory", "/product/get_memory", {**cube, **user})
    route = "GET /get_memory/{memory_id}"
    yield Asked(route, f"/product/get_memory/{of.memory}")
    route = "POST /get_memory_by_ids"
    yield Asked(route, "/product/get_memory_by_ids", [of.memory, of.skill])
    every = {**user, "memory_type": "text_mem", "mem_cube_ids": [of.user]}
    yield Asked("POST /get_all", "/product/get_all", every)
    asked = {**every, "search_query": QUERY}
    yield Asked("POST /get_all", "/product/get_all", asked)
    yield Asked("POST /suggestions", "/product/suggestions", user)
    yield Asked("POST /suggestions", "/product/suggestions", {"user_id": "ann", **cube})
    yield Asked("POST /exist_mem_cube_id", "/product/exist_mem_cube_id", cube)
    path = "/product/scheduler"
    for query in (
        user,
        {**user, "task_id": of.job},
        {"user_id": "", "task_id": of.job},
    ):
        yield Asked("GET /scheduler/status", f"{path}/status", query=query)
    route = "GET /scheduler/task_queue_status"
    yield Asked(route, f"{path}/task_queue_status", query=user)
    yield Asked("GET /scheduler/allstatus", f"{path}/allstatus")
    waited = {"user_name": of.user, "timeout_seconds": 0.01}
    yield Asked("POST /scheduler/wait", f"{path}/wait", query=waited)
    yield Asked("GET /scheduler/wait/stream", f"{path}/wait/stream", query=waited)


def _mem0(of: Planted) -> Iterator[Asked]:
    yield Asked("GET /mem0/v1/ping", "/mem0/v1/ping")
    user, filters = {"user_id": of.user}, {"filters": {"user_id": of.user}}
    for version, named in (("v1", user), ("v2", filters), ("v3", filters)):
        asked = {"query": QUERY, "threshold": 0, **named}
        path = f"/mem0/{version}/memories/search"
        yield Asked(f"POST {path}", path, asked)
    for version in ("v2", "v3"):
        for named in (filters, {"filters": {"user_id": "*"}}):
            path = f"/mem0/{version}/memories"
            yield Asked(f"POST {path}", path, named)
    yield Asked("GET /mem0/v1/memories", "/mem0/v1/memories", query=user)
    for memory in (of.memory, of.archived, of.skill):
        route, path = "/mem0/v1/memories/{memory_id}", f"/mem0/v1/memories/{memory}"
        yield Asked(f"GET {route}", path)
        yield Asked(f"GET {route}/history", f"{path}/history")
    route = "GET /mem0/v1/memories/{entity_type}/{entity_id}"
    yield Asked(route, f"/mem0/v1/memories/user/{of.user}")
    yield Asked("GET /mem0/v1/entities", "/mem0/v1/entities")
    route, path = "GET /mem0/v2/entities/{type}/{name}", "/mem0/v2/entities/user"
    yield Asked(route, f"{path}/{of.user}")
    yield Asked(f"{route}/profile", f"{path}/{of.user}/profile")
    jobs, settings = "/mem0/v2/profiles/jobs", "/mem0/v2/profiles/settings"
    yield Asked(f"POST {jobs}", jobs, {"operation": "trigger", "entity_id": of.user})
    yield Asked(f"POST {jobs}", jobs, {"operation": "sample"})
    id = base64.urlsafe_b64encode(json.dumps([of.user]).encode()).decode()
    yield Asked(f"GET {jobs}/{{job_id}}", f"{jobs}/{id}")
    yield Asked(f"GET {settings}", settings)
    yield Asked(f"POST {settings}", settings, {"enabled": True})
    yield Asked("GET /mem0/v1/events", "/mem0/v1/events")
    for job in (of.job, of.dead):
        yield Asked("GET /mem0/v1/event/{event_id}", f"/mem0/v1/event/{job}")
    schema = {"schema": {"properties": {"name": {"type": "string"}}}, **filters}
    yield Asked("POST /mem0/v1/exports", "/mem0/v1/exports", schema)
    fetched = {"memory_export_id": of.job}
    yield Asked("POST /mem0/v1/exports/get", "/mem0/v1/exports/get", fetched)
    yield Asked(f"GET {MEM0_PROJECT}", _mem0_project(of))
    hooks = "/mem0/api/v1/webhooks/projects"
    yield Asked(f"GET {hooks}/{{project_id}}", f"{hooks}/{of.project}")


MEM0_PROJECT = "/mem0/api/v1/orgs/organizations/{org_id}/projects/{project_id}"


def _mem0_project(of: Planted) -> str:
    return MEM0_PROJECT.format(org_id="any", project_id=of.project)


def writing(of: Planted) -> Iterator[Asked]:
    """Every route that changes something, on what the owner has."""
    user = {"user_id": of.user}
    said = {"messages": [{"role": "user", "content": "I was here."}]}
    yield Asked("POST /add/message", "add/message", {**user, **said})
    both = {"user_id": ["ann", of.user], **said}
    yield Asked("POST /add/message", "add/message", both)
    feedback = {**user, "feedback_content": "Replace canary with nothing."}
    yield Asked("POST /add/feedback", "add/feedback", feedback)
    ids = {"memory_ids": [of.memory]}
    yield Asked("POST /delete/memory", "delete/memory", ids)
    yield Asked("POST /delete/memory", "delete/memory", {**ids, **user})
    yield Asked("POST /delete/memory", "delete/memory", user)
    scene = {"filter": {"scene": of.word("factinfo")}}
    yield Asked("POST /delete/memory", "delete/memory", scene)
    changed = {"memory_id": of.memory, "content": "I was here."}
    yield Asked("POST /update/memory", "update/memory", changed)
    gone = {"memory_id": of.memory, "status": "deleted"}
    yield Asked("POST /update/memory", "update/memory", gone)
    restored = {"memory_id": of.memory, "version_id": of.archived}
    yield Asked("POST /restore/memory", "restore/memory", restored)
    rated = {"memory_ids": [of.memory], "thumb": "down", "query": QUERY}
    yield Asked("POST /rate/memory", "rate/memory", rated)
    for action in ("cancel", "replay", "undo"):
        route = f"POST /tasks/{{task_id}}/{action}"
        yield Asked(route, f"tasks/{of.dead}/{action}", {})
    yield Asked("POST /tasks/{task_id}/undo", f"tasks/{of.job}/undo", {})
    base = {"knowledgebase_id": of.knowledge_base}
    yield Asked("POST /delete/knowledgebase", "delete/knowledgebase", base)
    file = {**base, "file": [{"content": "data:text/plain;base64,eA=="}]}
    route = "POST /add/knowledgebase-file"
    yield Asked(route, "add/knowledgebase-file", file)
    route = "POST /delete/knowledgebase-file"
    yield Asked(route, "delete/knowledgebase-file", {"file_ids": [of.file]})
    shared = {"user_id": "ann", **said, "allow_knowledgebase_ids": [of.knowledge_base]}
    yield Asked("POST /add/message", "add/message", shared)
    record = {"record": "memory", "type": "LongTermMemory", "text": "I was here."}
    imported = {**user, "records": [{**record, "id": of.memory}]}
    yield Asked("POST /import/memory", "import/memory", imported)
    template = {"profile_template_id": of.template}
    named = {**template, "name": "x"}
    yield Asked("POST /update/profile_template", "update/profile_template", named)
    yield Asked("POST /delete/profile_template", "delete/profile_template", template)
    binding = {"bind_list": [{**user, **template}]}
    yield Asked("POST /bind/profile_template", "bind/profile_template", binding)
    edited = {**user, **template, "metadata": {"name": {"value": "x"}}}
    yield Asked("POST /edit/profile", "edit/profile", edited)
    yield Asked("POST /delete/profile", "delete/profile", user)
    yield from _writing_open_source(of)
    yield from _writing_mem0(of)
    project_id = {"project_id": of.project}
    yield Asked("POST /delete/project", "delete/project", project_id)
    for project in ({}, {"project": of.project}):
        for action in ("rotate", "revoke"):
            route = f"POST /project/keys/{{key_id}}/{action}"
            yield Asked(route, f"project/keys/{of.key}/{action}", project)
        hook, path = "/project/webhooks/{webhook_id}", f"project/webhooks/{of.webhook}"
        stolen = {"url": "https://hooks.example/mine"}
        yield Asked(f"PUT {hook}", path, {**stolen, **project})
        yield Asked(f"DELETE {hook}", path, query=project)
        yield Asked(f"POST {hook}/rotate", f"{path}/rotate", project)


def _writing_open_source(of: Planted) -> Iterator[Asked]:
    user, cube = {"user_id": of.user}, {"writable_cube_ids": [of.user]}
    said = {"messages": [{"role": "user", "content": "I was here."}]}
    yield Asked("POST /add", "/product/add", {**user, **said})
    yield Asked("POST /add", "/product/add", {"user_id": "ann", **cube, **said})
    both = {"user_id": "ann", "writable_cube_ids": ["ann", of.user], **said}
    yield Asked("POST /add", "/product/add", both)
    deleted = {**cube, "memory_ids": [of.memory]}
    yield Asked("POST /delete_memory", "/product/delete_memory", deleted)
    yield Asked(
        "POST /delete_memory", "/product/delete_memory", {"file_ids": [of.file]}
    )
    history = [{"role": "user", "content": "x"}]
    words = {"history": history, "feedback_content": "Forget it all."}
    yield Asked("POST /feedback", "/product/feedback", {**user, **words})


def _writing_mem0(of: Planted) -> Iterator[Asked]:
    user = {"user_id": of.user}
    said = {"messages": [{"role": "user", "content": "I was here."}]}
    for path in ("/mem0/v1/memories", "/mem0/v3/memories/add"):
        for infer in (True, False):
            yield Asked(f"POST {path}", path, {**user, **said, "infer": infer})
    route, path = "/mem0/v1/memories/{memory_id}", f"/mem0/v1/memories/{of.memory}"
    yield Asked(f"PUT {route}", path, {"text": "I was here."})
    several = {"memories": [{"memory_id": of.memory, "text": "I was here."}]}
    yield Asked("PUT /mem0/v1/batch", "/mem0/v1/batch", several)
    thumb = {"memory_id": of.memory, "feedback": "NEGATIVE"}
    yield Asked("POST /mem0/v1/feedback", "/mem0/v1/feedback", thumb)
    yield Asked(f"DELETE {route}", path, query={"delete_linked": True})
    gone = {"memories": [{"memory_id": of.memory}]}
    yield Asked("DELETE /mem0/v1/batch", "/mem0/v1/batch", gone)
    yield Asked("DELETE /mem0/v1/memories", "/mem0/v1/memories", query=user)
    for version in ("v1", "v2"):
        route = f"DELETE /mem0/{version}/entities/{{type}}/{{name}}"
        yield Asked(route, f"/mem0/{version}/entities/user/{of.user}")
    edited = {"custom_instructions": "Remember nothing."}
    yield Asked(f"PATCH {MEM0_PROJECT}", _mem0_project(of), edited)
    hooks = "/mem0/api/v1/webhooks"
    mine = {"url": "https://hooks.example/mine"}
    route = f"POST {hooks}/projects/{{project_id}}"
    yield Asked(route, f"{hooks}/projects/{of.project}", mine)
    yield Asked(f"PUT {hooks}/{{webhook_id}}", f"{hooks}/{of.webhook}", mine)
    yield Asked(f"DELETE {hooks}/{{webhook_id}}", f"{hooks}/{of.webhook}")


NOT_ABOUT_OTHERS = frozenset(
    (
        *(f"{method} /mem0/{{path:path}}" for method in METHODS),
        "POST /create/knowledgebase",
        "POST /add/profile_template",
        "PUT /project/settings",
        "POST /project/keys",
        "POST /project/webhooks",
        "PUT /project/quota",
        "POST /reindex",
    )
)
"""Routes that name nothing of another's; what they need is in test_keys and test_quotas."""


async def ask(world: World, asked: Asked, secret: str) -> tuple[int, str]:
    """Status and text of an answer."""
    response = await response_to(world, asked, secret)
    return response.status_code, response.text


async def response_to(world: World, asked: Asked, secret: str) -> Response:
    """The whole answer."""
    path = asked.path if asked.path.startswith("/") else f"{CLOUD}/{asked.path}"
    return await world.client.request(
        asked.method,
        path,
        json=asked.body,
        params=asked.query,
        headers={"Authorization": f"Token {secret}"},
    )


def seen(text: str, planted: Planted, asked: Asked) -> set[str]:
    """The canaries in an answer, but for those that the request itself names."""
    sent = f"{asked.path} {asked.body} {asked.query}"
    return {word for word in planted.words if word in text and word not in sent}


def owned(world: World, planted: Planted) -> list[Any]:
    """All that an owner has in the stores, to be compared."""
    kept = []
    for name in STORES:
        for value in vars(getattr(world, name)).values():
            if isinstance(value, dict):
                kept += [v for v in value.values() if planted.user in repr(v)]
    return copy.deepcopy(sorted(kept, key=repr))
