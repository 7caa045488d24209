"""Pages as mem0's clients read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request

from services.gateway.mem0.present import Item


def with_links(
    request: Request, items: Sequence[Item], total: int, page: int, size: int
) -> dict[str, Any]:
    """One page (from 1) of `size`, with the addresses of those beside it."""
    pages = -(-total // size)

    def link(number: int) -> str | None:
        if not 1 <= number <= pages:
            return None
        return str(request.url.include_query_params(page=number, page_size=size))

    return {
        "count": total,
        "next": link(page + 1),
        "previous": link(page - 1),
        "results": list(items),
    }
