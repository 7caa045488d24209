"""Categories: the tags of memories.

mem0's custom categories are `[{"name": "what it is for"}, ...]`; here the names are
candidates, of which a memory gets those that fit it by meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.gateway.context.request_context import RequestContext
from shared.errors import BadRequest

MOST = 100


async def candidate_tags(
    context: RequestContext, given: Sequence[Any] | None
) -> list[str]:
    """The names of the categories of one add, or else of the project. Raises
    `BadRequest`.
    """
    if given is not None:
        return list(read_categories(given))
    stored = await context.ports.projects.get(context.project)
    return list(stored.categories)


def read_categories(given: Sequence[Any]) -> dict[str, str]:
    """Categories by name, with what they are for. Raises `BadRequest`."""
    read: dict[str, str] = {}
    for entry in given:
        named = {entry: ""} if isinstance(entry, str) else entry
        if not isinstance(named, dict) or not all(
            isinstance(text, str) for text in [*named, *named.values()]
        ):
            raise BadRequest(
                'custom_categories: a list of {"name": "what it is for"} is expected'
            )
        read |= {name.strip(): text for name, text in named.items() if name.strip()}
    if len(read) > MOST:
        raise BadRequest(f"custom_categories: more than {MOST}")
    return read
