"""Knowledge bases and their files (contract 1.10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import AliasChoices, Field, model_validator

from services.gateway.schemas.base import (
    EXAMPLE_ID,
    EXAMPLE_WEBHOOK,
    WEBHOOK,
    Incoming,
    MaybeId,
    OneOrMore,
    Outgoing,
    PageNumber,
    StoredId,
    StoredIds,
    Words,
    counted,
)
from services.gateway.schemas.items import optional
from services.gateway.schemas.lost_conditions import WholeDeletion
from services.gateway.schemas.remarked import RemarkedPart, RemarkedRequest
from services.http.errors import refused
from shared.contract import Code

FileType = Literal["document", "skill"]
FileStatus = Literal["running", "completed", "failed"]


class CreateKnowledgeBase(RemarkedRequest):
    """A new knowledge base."""

    knowledgebase_name: Words = Field(description="Its name.", examples=["产品手册"])
    knowledgebase_description: str = Field(
        default="", description="What is on it.", examples=["全部产品的使用说明"]
    )


class KnowledgeBaseId(Incoming):
    """Which knowledge base."""

    knowledgebase_id: StoredId = Field(
        description="From create/knowledgebase.", examples=[EXAMPLE_ID]
    )


class DeleteKnowledgeBase(KnowledgeBaseId, WholeDeletion):
    """A knowledge base to delete, with its files."""


class Created(Outgoing):
    """The new knowledge base."""

    id: str = Field(examples=[EXAMPLE_ID])


class FileIn(RemarkedPart):
    """A document to read."""

    sent_in_vain: ClassVar[frozenset[str]] = frozenset(("mime_type",))

    content: Annotated[str, Field(min_length=1)] = Field(
        description="An http(s) URL, base64, or a data URI.",
        examples=["https://example.com/manual.pdf"],
    )
    name: str = Field(
        default="",
        validation_alias=AliasChoices("name", "file_name", "filename"),
        description="Its name.",
        examples=["manual.pdf"],
    )
    type: FileType | None = Field(
        default=None,
        description="skill: a Markdown file or a zip that describes a skill. When absent,"
        " the `type` of the query, which is document without one.",
    )


class AddFiles(RemarkedRequest):
    """Documents to add to a knowledge base: at most 20, each at most 100 MB and 500 pages,
    together at most 300 MB.
    """

    knowledgebase_id: StoredId = Field(
        description="From create/knowledgebase.", examples=[EXAMPLE_ID]
    )
    file: Annotated[list[FileIn], Field(min_length=1), OneOrMore] = Field(
        description="The documents. One that is over a limit or cannot be read fails by itself."
    )
    webhook_url: str = Field(
        default="",
        description=f"{WEBHOOK} Each document is a task of its own.",
        examples=[EXAMPLE_WEBHOOK],
    )


class AddedFile(Outgoing):
    """A document that has been added."""

    id: str = Field(
        description="To ask get/knowledgebase-file with.", examples=[EXAMPLE_ID]
    )
    name: str = Field(examples=["manual.pdf"])
    sizeMB: float = Field(
        description="0 while it is still to be fetched.", examples=[1.25]
    )
    status: FileStatus = Field(examples=["running"])
    type: str = Field(examples=["document"])
    task_id: str | None = optional(
        "To watch it being read; not of one that failed at once.", examples=[EXAMPLE_ID]
    )


class GetFiles(RemarkedRequest):
    """Which files: by id, or a page of a knowledge base."""

    file_ids: StoredIds = Field(
        default=[], description="From add/knowledgebase-file.", examples=[[EXAMPLE_ID]]
    )
    knowledgebase_id: MaybeId = Field(
        default="",
        description="Instead of file_ids: all files of this knowledge base, page by page.",
    )
    type: Literal["", "document", "skill"] = Field(
        default="", description="Only files of this type: document or skill."
    )
    page: PageNumber = Field(default=1, description="From 1.")
    page_size: Annotated[int, *counted(1, 100)] = Field(
        default=20, description="Files on a page; at most 100."
    )

    @model_validator(mode="after")
    def _require_target(self) -> GetFiles:
        if not (self.file_ids or self.knowledgebase_id):
            raise refused(
                "file_ids or knowledgebase_id: required field missing or empty",
                Code.MISSING,
            )
        return self

    def remarks(self) -> tuple[str, ...]:
        """Also what would choose among the files of a knowledge base."""
        return (*super().remarks(), *self._in_vain())

    def _in_vain(self) -> Iterator[str]:
        named = len(self.file_ids)
        asked = {
            "type": bool(self.type),
            "page": self.page > 1,
            "page_size": self.page_size < named
            and "page_size" in self.model_fields_set,
        }
        for name in filter(asked.get, asked if named else ()):
            yield f"{name}: beside file_ids it means nothing; all of them are answered"


class FileDetail(Outgoing):
    """The state of a document. A failed one says why."""

    id: str = Field(examples=[EXAMPLE_ID])
    name: str = Field(examples=["manual.pdf"])
    size: str = Field(examples=["1.25MB"])
    status: FileStatus = Field(examples=["completed"])
    type: str = Field(examples=["document"])
    task_id: str | None = optional(
        "To watch it being read; not of one that failed at once.", examples=[EXAMPLE_ID]
    )
    error_code: int | None = optional("Why it failed.", examples=[50107])
    error_message: str | None = optional("Why it failed, for people.")


class Files(Outgoing):
    """A page of files."""

    file_detail_list: list[FileDetail]
    total: int = Field(examples=[1])
    page: int = Field(examples=[1])
    page_size: int = Field(examples=[20])
    remarks: list[str] | None = optional(
        "What of the request counts otherwise or means nothing here. Souvenir's own."
    )


class DeleteFiles(RemarkedRequest):
    """Which files to delete."""

    file_ids: Annotated[StoredIds, Field(min_length=1)] = Field(
        description="From add/knowledgebase-file.", examples=[[EXAMPLE_ID]]
    )
    knowledgebase_id: MaybeId = Field(
        default="", description="Not needed; must be right where it is given."
    )
