"""Calls about knowledge bases and their files; see `calls`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from souvenir_client.file_parts import file_part
from souvenir_client.values import Call, Json, success_of, unchanged, without_none


def create_knowledgebase(
    knowledgebase_name: str, knowledgebase_description: str = ""
) -> Call[str]:
    """A new knowledge base; gives its id."""
    body = {
        "knowledgebase_name": knowledgebase_name,
        "knowledgebase_description": knowledgebase_description,
    }
    return Call(
        "/create/knowledgebase", body, lambda data: str(data["id"]), idempotent=False
    )


def delete_knowledgebase(knowledgebase_id: str) -> Call[bool]:
    """Remove a knowledge base with all its files and memories."""
    return Call(
        "/delete/knowledgebase",
        {"knowledgebase_id": knowledgebase_id},
        success_of,
        idempotent=False,
    )


def knowledgebases() -> Call[list[Json]]:
    """All knowledge bases of the project with `files`, how many there are by status; the
    oldest first. Souvenir only.
    """
    return Call("/console/knowledgebases", {}, unchanged, method="GET")


def add_knowledgebase_file(
    knowledgebase_id: str, files: Sequence[str | Path]
) -> Call[list[Json]]:
    """Put files (paths or URLs) into a knowledge base."""
    entries = [
        {
            "content": file_part(file)["file"]["file_data"],
            "name": str(file).rsplit("/", 1)[-1],
        }
        for file in files
    ]
    return Call(
        "/add/knowledgebase-file",
        {"knowledgebase_id": knowledgebase_id, "file": entries},
        list,
        idempotent=False,
    )


def get_knowledgebase_file(
    file_ids: Sequence[str] | None = None,
    *,
    knowledgebase_id: str | None = None,
    **more: Any,
) -> Call[list[Json]]:
    """The files of a knowledge base with their status."""
    body = {"file_ids": file_ids, "knowledgebase_id": knowledgebase_id, **more}
    return Call(
        "/get/knowledgebase-file",
        without_none(body),
        lambda data: list(data["file_detail_list"]),
    )


def delete_knowledgebase_file(file_ids: Sequence[str]) -> Call[bool]:
    """Remove files of knowledge bases with their memories."""
    return Call(
        "/delete/knowledgebase-file",
        {"file_ids": list(file_ids)},
        success_of,
        idempotent=False,
    )
