"""How a tool asks the API: as its own client would, with the key of the MCP request.

So what a tool may do, what it costs of the rate limits and what is refused with which
words is decided in one place, that of the routes.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

import httpx
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from starlette.requests import Request

from services.gateway.mcp.scope_keys import GATEWAY, USER

API = "/api/openmem/v1"
_ID = re.compile(r"[\w-]+", re.ASCII)
DEFAULT_USER = "mcp"
"""The user of a call that names none, at an address that names none."""


async def post(context: Context, path: str, **body: Any) -> Any:
    """The data of the answer to a POST; what is None is left out. Raises `ToolError`."""
    given = {name: value for name, value in body.items() if value is not None}
    return await _data(context, "POST", path, json=given)


async def get(context: Context, path: str, **query: Any) -> Any:
    """The data of the answer to a GET; what is None is left out. Raises `ToolError`."""
    given = {name: value for name, value in query.items() if value is not None}
    return await _data(context, "GET", path, params=given)


def segment(id: str) -> str:
    """An id as a segment of a path. Raises `ToolError` for what would be another path."""
    if not _ID.fullmatch(id):
        raise ToolError(f"{id!r} is not an id")
    return id


def user_of(context: Context, user_id: str | None) -> str:
    """Whose memory a call is about. Raises `ToolError` for another user than that of
    the address.
    """
    own = str(_request(context).scope.get(USER, ""))
    if own and user_id and user_id != own:
        raise ToolError(f"this address is that of user {own!r}")
    return own or user_id or DEFAULT_USER


def talk_of(
    user: str, conversation_id: str | None, first_message: str | None
) -> str | None:
    """The conversation of a call: named, or known by its first message, from which the
    published MCP server makes the same id (contract 4).
    """
    if conversation_id is not None or not first_message:
        return conversation_id
    seen = f"{user}\n{first_message}".encode()
    return hashlib.md5(seen, usedforsecurity=False).hexdigest()


async def _data(context: Context, method: str, path: str, **arguments: Any) -> Any:
    request = _request(context)
    headers = {"Authorization": request.headers.get("authorization", "")}
    transport = httpx.ASGITransport(request.scope[GATEWAY])
    async with httpx.AsyncClient(transport=transport, base_url="http://mcp") as client:
        answer = await client.request(
            method, f"{API}{path}", headers=headers, **arguments
        )
    envelope = answer.json()
    if envelope["code"] != 0:
        raise ToolError(f"{envelope['message']} (code {envelope['code']})")
    return envelope["data"]


def _request(context: Context) -> Request:
    """The HTTP request that carries the call."""
    request = context.request_context.request
    if not isinstance(request, Request):
        raise ToolError("the tools are for MCP over HTTP")
    return request
