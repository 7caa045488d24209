"""Two projects full of canaries, and a request to every route that names what is
another's: words and ids that must come back to nobody but their owner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from services.gateway.console.request_log import LoggedRequest
from shared.domain.api_key import ApiKey, KeyScope, key_id
from shared.domain.audit import AuditEntry
from shared.domain.identity import computed_id, digest
from shared.domain.job import (
    ExtractedMemory,
    FileReport,
    Job,
    Outcome,
    Receipt,
    State,
)
from shared.domain.job_payload import ExtractPayload
from shared.domain.knowledge import KnowledgeBase, KnowledgeFile
from shared.domain.memory import Embedded, Memory, Origin, Status, Type
from shared.domain.message import Message
from shared.domain.profile import (
    ProfileBinding,
    ProfileTemplate,
    TemplateField,
    binding_id,
    field_memory,
)
from shared.domain.project_settings import ProjectSettings
from shared.domain.scope import Scope, agent_user
from shared.domain.searched_text import Searched
from shared.domain.webhook_endpoint import WebhookEndpoint
from shared.jobs.clock import milliseconds, now
from shared.language.lexical import weigh
from tests.api.world import World

CANARY = "zq7canary"
"""Begins every word that must not be seen."""
ARRIVED = 1_765_376_340_736


class Flat:
    """An Embedder to which everything means the same: so everything that may be found
    is found.
    """

    name, size = "flat", 4

    async def passages(self, texts: Sequence[Searched]) -> list[tuple[float, ...]]:
        return [(1.0, 0.0, 0.0, 0.0)] * len(texts)

    async def query(self, text: str) -> tuple[float, ...]:
        return (1.0, 0.0, 0.0, 0.0)


@dataclass
class Planted:
    """What one owner has, all of it named by its id."""

    project: str
    user: str
    memory: str = ""
    skill: str = ""
    archived: str = ""
    message: str = ""
    job: str = ""
    extraction: str = ""
    dead: str = ""
    knowledge_base: str = ""
    file: str = ""
    template: str = ""
    webhook: str = ""
    key: str = ""
    secret: str = ""
    words: set[str] = field(default_factory=set)
    """Every canary."""

    def word(self, place: str) -> str:
        """A canary, by where it is put."""
        made = f"{CANARY}{place}{digest(f'{self.project}{self.user}'.encode())[:6]}"
        self.words.add(made)
        return made

    @property
    def scope(self) -> Scope:
        return Scope(self.project, self.user, self.word("talk"), "helper", "app")


async def plant(world: World, project: str, user: str) -> Planted:
    """Everything that a user can have, and that a project can."""
    planted = Planted(project, user)
    await _plant_talk(world, planted)
    await _plant_memories(world, planted)
    await _plant_project(world, planted)
    return planted


async def _plant_talk(world: World, planted: Planted) -> None:
    planted.job = computed_id("job", planted.project, planted.user)
    planted.message = computed_id("message", planted.project, planted.user)
    from datetime import UTC, datetime

    spoken = datetime.fromtimestamp(ARRIVED / 1000, UTC)
    text = f"I said {planted.word('message')} to you."
    message = Message(
        planted.message,
        planted.scope,
        "user",
        text,
        text,
        spoken,
        milliseconds(spoken),
        0,
        planted.job,
    )
    await world.messages.put([message])
    base = Job(
        planted.job,
        planted.scope,
        state=State.COMPLETED,
        message_ids=(planted.message,),
        created_at=ARRIVED,
        updated_at=ARRIVED,
        files=(FileReport(planted.word("filename"), status="completed"),),
        receipts=(Receipt(planted.memory, Outcome.STORED, reason=planted.word("why")),),
        remarks=(planted.word("remark"),),
    )
    await world.jobs.put(base)
    planted.dead = computed_id("dead", planted.project, planted.user)
    error = planted.word("error")
    dead = Job(
        planted.dead,
        planted.scope,
        state=State.DEAD,
        created_at=ARRIVED,
        updated_at=ARRIVED,
        error_code=50000,
        error_message=error,
    )
    await world.jobs.put(dead)
    planted.extraction = computed_id("extraction", planted.project, planted.user)
    extraction = Job(
        planted.extraction,
        Scope(planted.project, f"extract:{planted.user}"),
        ExtractPayload(is_kept=True),
        state=State.COMPLETED,
        created_at=ARRIVED,
        updated_at=ARRIVED,
        extracted=(ExtractedMemory(Type.WORKING, planted.word("extracted")),),
    )
    await world.jobs.put(extraction)


async def _plant_memories(world: World, planted: Planted) -> None:
    at = now()

    def memory(kind: str, type: Type, **more: Any) -> Memory:
        return Memory(
            **{
                "id": computed_id(kind, planted.project, planted.user),
                "scope": planted.scope,
                "type": type,
                "text": f"What is {planted.word(kind)} about?",
                "title": planted.word(f"{kind}title"),
                "tags": (planted.word(f"{kind}tag"),),
                "info": {"scene": planted.word(f"{kind}info")},
                "origins": (Origin(message_ids=(planted.message,)),),
                "job": planted.job,
                "created_at": at,
                "updated_at": at,
                **more,
            }
        )

    skill = {"skill_value": {"name": planted.word("skillname"), "procedure": "x"}}
    stored = {
        "fact": memory("fact", Type.WORKING),
        "preference": memory(
            "preference", Type.EXPLICIT, reasoning=planted.word("reasoning")
        ),
        "tool": memory("tool", Type.TRAJECTORY, experience=planted.word("experience")),
        "skill": memory("skill", Type.SKILL, detail=skill),
        "archived": memory("archived", Type.WORKING, status=Status.ARCHIVED),
        "fast": memory("fast", Type.WORKING, fast=True),
    }
    planted.memory, planted.skill = stored["fact"].id, stored["skill"].id
    planted.archived = stored["archived"].id
    template_field = TemplateField("name", planted.word("profilevalue"))
    profile = field_memory(planted.scope, "a-template", template_field, at)
    for each in (*stored.values(), profile):
        vector = (1.0, 0.0, 0.0, 0.0)
        await world.memories.put([Embedded(each, weigh(each.text), vector)])


async def _plant_project(world: World, planted: Planted) -> None:
    project = planted.project
    planted.webhook = computed_id("webhook", project, planted.user)
    webhook = WebhookEndpoint(
        planted.webhook,
        project,
        f"https://hooks.example/{planted.word('webhookurl')}",
        planted.word("webhooksecret"),
        f"{planted.word('webhookname')} of {planted.user}",
    )
    await world.webhook_endpoints.put(webhook)
    planted.knowledge_base = computed_id("kb", project, planted.user)
    knowledge_base = KnowledgeBase(
        planted.knowledge_base, project, planted.word("kb"), planted.word("kbabout")
    )
    await world.knowledge_bases.put(knowledge_base)
    planted.file = computed_id("file", project, planted.user)
    file = KnowledgeFile(
        planted.file,
        planted.knowledge_base,
        project,
        planted.word("kbfile"),
        source=digest(planted.user.encode()),
        status="completed",
    )
    await world.knowledge_bases.put_file(file)
    passage = f"The document says {planted.word('passage')}."
    read = Memory(
        computed_id("passage", project, planted.user),
        Scope(project, ""),
        Type.WORKING,
        passage,
        knowledge_base=planted.knowledge_base,
    )
    await world.memories.put([Embedded(read, weigh(passage), (1.0, 0.0, 0.0, 0.0))])
    planted.template = computed_id("template", project, planted.user)
    template = ProfileTemplate(
        planted.template,
        project,
        planted.word("template"),
        (TemplateField(planted.word("templatefield"), "x"),),
    )
    await world.profile_templates.put(template)
    bound = binding_id(project, planted.user, planted.template)
    binding = ProfileBinding(bound, project, planted.user, planted.template)
    await world.profile_templates.bind([binding])
    await world.projects.put(
        ProjectSettings(project, {"all": planted.word("instruction")})
    )
    planted.secret = f"mpg-{planted.word('secret')}-0123456789"
    hashed = digest(planted.secret.encode())
    planted.key = key_id(hashed)
    key = ApiKey(planted.key, project, hashed, name=planted.word("keyname"))
    await world.keys.put(key)
    entry = AuditEntry(
        computed_id("audit", project, planted.user),
        project,
        ARRIVED,
        "POST /add/message",
        200,
        "a-key",
        planted.word("auditkey"),
        users=(planted.word("audituser"),),
    )
    await world.audit.put([entry])
    logged = LoggedRequest(ARRIVED, "GET", f"/{planted.word('logged')}", 200, 1.0, "x")
    world.app.state.request_log.add(project, logged)


async def bound_key(world: World, project: str, user: str, **more: Any) -> str:
    """The secret of a new key for one user."""
    return await new_key(
        world, project, user=user, scopes=(KeyScope.READ, KeyScope.WRITE), **more
    )


async def new_key(world: World, project: str, **fields: Any) -> str:
    """The secret of a new key with these fields."""
    secret = f"mpg-{digest(repr((project, fields)).encode())[:32]}"
    hashed = digest(secret.encode())
    await world.keys.put(ApiKey(key_id(hashed), project, hashed, **fields))
    return secret


def as_agent(name: str) -> str:
    """The user id of an agent's own memories."""
    return agent_user(name)
