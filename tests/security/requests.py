"""A request, or several, to every route, about what another owner has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.security.canaries import Planted

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


def _administration(of: Planted) -> Iterator[Asked]:
    for project in ({}, {"project": of.project}):
        yield Asked("GET /project/keys", "project/keys", query=project)
        yield Asked("GET /project/audit", "project/audit", query=project)
        yield Asked("GET /project/quota", "project/quota", query=project)
    yield Asked("GET /project/settings", "project/settings")
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
    for action in ("cancel", "replay"):
        route = f"POST /tasks/{{task_id}}/{action}"
        yield Asked(route, f"tasks/{of.dead}/{action}", {})
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
    for project in ({}, {"project": of.project}):
        for action in ("rotate", "revoke"):
            route = f"POST /project/keys/{{key_id}}/{action}"
            yield Asked(route, f"project/keys/{of.key}/{action}", project)


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


NOT_ABOUT_OTHERS = frozenset(
    (
        "POST /create/knowledgebase",
        "POST /add/profile_template",
        "PUT /project/settings",
        "POST /project/keys",
        "PUT /project/quota",
        "POST /reindex",
    )
)
"""Routes that name nothing of another's; what they need is in test_keys and test_quotas."""
