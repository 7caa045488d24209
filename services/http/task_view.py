"""A job as the wire shows it, where it is called a task: the status service fills this
in, the gateway documents it.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from shared.contract import DeliveryState, FileStatus, WireStatus

StatusWord = Literal[WireStatus.RUNNING, WireStatus.COMPLETED, WireStatus.FAILED]
"""The type of a model's field `status`."""
StateWord = Literal["queued", "running", "completed", "failed", "dead", "cancelled"]
"""The type of a model's field `state`: the words of `shared.domain.job.State`."""
DeliveryWord = Literal[
    DeliveryState.WAITING, DeliveryState.DELIVERED, DeliveryState.FAILED
]

TASK = "0a89db3a-2061-4c97-a1b8-45700f8745bc"

REMARKS = (
    "What went less well than it could have, and what was done instead. A completed task"
    " with remarks can be replayed."
)


def where_it_applies(description: str, **more: Any) -> Any:
    """A field that is left out, not null, where it does not apply."""
    return Field(
        default=None,
        description=description,
        exclude_if=lambda value: value is None,
        **more,
    )


class File(BaseModel):
    """How one file fares."""

    name: str = Field(examples=["report.pdf"])
    status: str = Field(
        description="waiting, completed or failed.",
        examples=[FileStatus.COMPLETED.value],
    )
    code: int = Field(default=0, description="0, or why it failed.", examples=[0])
    message: str = Field(
        default="",
        description="Why it failed, or what of it could not be done, for people.",
    )
    media_type: str = Field(default="", examples=["application/pdf"])
    pages: int = Field(default=0, description="0 where there are none.", examples=[12])
    size: int = Field(default=0, description="Bytes.", examples=[482113])


class Figures(BaseModel):
    """How far the steps are."""

    files: int = Field(default=0, examples=[1])
    files_done: int = Field(default=0, examples=[0])
    pages: int = Field(default=0, examples=[12])
    pages_done: int = Field(default=0, examples=[7])
    passages: int = Field(
        default=0, description="Stretches of text that are read at once.", examples=[30]
    )
    passages_done: int = Field(default=0, examples=[8])
    memories: int = Field(default=0, description="Found so far.", examples=[11])
    memories_done: int = Field(
        default=0, description="Of these, made ready to be searched.", examples=[8]
    )
    file: str = Field(
        default="", description="The one that is being read.", examples=["report.pdf"]
    )


class Outcome(BaseModel):
    """What became of one memory that was found."""

    memory_id: str = Field(examples=[TASK])
    outcome: str = Field(
        description="stored, merged (into `other`), superseded (it took the place of `other`) or dropped; "
        'archived or restored by an order of the user ("forget ...", "undo").',
        examples=["stored"],
    )
    kind: str = Field(description="fact, preference, tool or skill.", examples=["fact"])
    reason: str = Field(
        description="Why, where there is something to say.", examples=[""]
    )
    other: str = Field(
        description="The memory that was there before, if any.", examples=[""]
    )


class Delivery(BaseModel):
    """How far the delivery of the task's end to its webhook is."""

    url: str = Field(examples=["https://example.com/hooks/souvenir"])
    state: DeliveryWord = Field(
        description="waiting: for the end, or for the next try.", examples=["delivered"]
    )
    attempts: int = Field(description="How often it was told in vain.", examples=[0])
    error: str = Field(description="What the last try ran into.", examples=[""])


class ModelCost(BaseModel):
    """What calls of language models cost."""

    calls: int = Field(examples=[1])
    prompt_tokens: int = Field(examples=[812])
    completion_tokens: int = Field(examples=[164])
    milliseconds: int = Field(
        description="From each request to the end of its answer, added up.",
        examples=[2140],
    )


class Task(BaseModel):
    """Accepted work, and how it stands."""

    task_id: str = Field(examples=[TASK])
    status: StatusWord = Field(
        description="As get/status says it.", examples=["running"]
    )
    state: StateWord = Field(
        description="More exactly: dead is out of tries and can be replayed, cancelled was called off.",
        examples=["running"],
    )
    step: str = Field(
        description="queued, parse, split, extract, embed, merge, store or done, in this order; some may be "
        "left out. Many memories are stored batch by batch: from the first batch on it stays at store.",
        examples=["extract"],
    )
    work: str = Field(
        description="add, feedback, document (of a knowledge base), extract or reindex.",
        examples=["add"],
    )
    user_id: str = Field(
        description="Whose; empty for a knowledge base's document.",
        examples=["memos_user_123"],
    )
    conversation_id: str = Field(examples=["0928"])
    attempts: int = Field(description="Tries begun.", examples=[1])
    created_at: int = Field(description="Epoch milliseconds.", examples=[1765376340736])
    updated_at: int = Field(description="Epoch milliseconds.", examples=[1765376341022])
    progress: Figures = Field(description="How far it is.")
    files: list[File] = Field(description="Its files, as far as they are known yet.")
    counts: dict[str, int] = Field(
        description="How many memories were stored, merged, superseded, dropped, archived, restored.",
        examples=[{"stored": 11, "merged": 2}],
    )
    knowledgebase_id: str | None = where_it_applies(
        "Only of a document.", examples=[TASK]
    )
    file_id: str | None = where_it_applies("Only of a document.", examples=[TASK])
    webhook: Delivery | None = where_it_applies("Only where one was asked for.")
    memory_views: dict[str, Any] | None = where_it_applies(
        "What was added and updated, once it has ended.",
        examples=[
            {
                "added": 1,
                "updated": 0,
                "deleted": 0,
                "detail_factual": {"memory_ids": [TASK]},
            }
        ],
    )
    usage: ModelCost | None = where_it_applies(
        "What its calls of language models cost; only where there were any."
    )
    waiting_because: str | None = where_it_applies(
        "Why a running task rests: a language model is away, or the last try failed.",
        examples=["the model has no room now (429): Rate limit reached"],
    )
    remarks: list[str] = Field(
        default=[], description=REMARKS, exclude_if=lambda value: not value
    )
    redacted: list[str] = Field(
        default=[],
        description="Secrets that were taken out before anything was stored "
        "(SOUVENIR_REDACT); only where there were any.",
        examples=[["1 password in the messages", "2 API keys in report.pdf"]],
        exclude_if=lambda value: not value,
    )
    error_code: int | None = where_it_applies("Why it failed.", examples=[50104])
    error_message: str | None = where_it_applies(
        "Why it failed, for people.", examples=["report.pdf: larger than 100 MB"]
    )


class WholeTask(Task):
    """A task with what became of every memory."""

    receipts: list[Outcome] = Field(
        description="In the order in which they were found."
    )
    remarks: list[str] = Field(
        default=[],
        description=REMARKS,
        examples=[["read by the built-in extractor, since the model failed: ..."]],
    )
